"""What the Tasks screen shows: a row a task with its cost, the whole process, a title that states the finding."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from common.formatting import DASH, count, listed, minutes, money, share, spelled, things
from planner.domain.discovery.remeasuring import same
from planner.domain.scale import scale_bounds, scale_step
from planner.models import Process, Source, Task

MEASURES = {"cost": "Cost", "waiting": "Waiting", "rework": "Rework"}
FRACTIONS = ((0.98, "nearly all"), (2 / 3, "two thirds"), (0.5, "half"), (1 / 3, "a third"), (0.25, "a quarter"))
NEAR = 0.02
"""A share so close to a fraction is called that; in any other a reader would find another figure."""


@dataclass(frozen=True)
class TaskRow:
    """One task as people compare it: `cost` in money a year, `cost_share` of the whole, steps 1 to 5 of the scale."""

    task: Task
    cost: float | None
    cost_share: float | None
    step: int
    bar: float

    @property
    def handling_from(self) -> str:
        """Where the handling time comes from, "" while it is not known."""
        if self.task.handling_minutes is None:
            return ""
        return "set by hand" if self.task.handling_source == Source.USER else "from the log"

    @property
    def waiting_from(self) -> str:
        """Where the waiting time comes from, "" while it is not known."""
        hours, measured = self.task.waiting_hours, self.task.figures.get("waiting_median_hours")
        if hours is None:
            return ""
        return "from the log" if measured is not None and same(hours, measured) else "set by hand"

    @property
    def waiting(self) -> float | None:
        """Hours of waiting to the hundredth: what is shorter is no waiting people speak of."""
        return spoken_hours(self.task.waiting_hours)

    @property
    def gaps(self) -> list[str]:
        """In words, what is not known of it."""
        found = [("volume", self.task.volume_a_year), ("handling time", self.task.handling_minutes)]
        return [words for words, value in found if value is None]


@dataclass(frozen=True)
class TaskSheet:
    """All tasks of a process with totals, the bounds of the cost scale, and words; `cases` a year, None: not known."""

    rows: tuple[TaskRow, ...]
    cost: float | None
    minutes_a_case: float | None
    bounds: tuple[float, ...]
    currency: str
    cases: float | None

    @cached_property
    def dearest(self) -> TaskRow | None:
        """The task that costs most, where any cost is known."""
        known = [row for row in self.rows if row.cost]
        return max(known, key=lambda row: row.cost or 0.0, default=None)

    @cached_property
    def longest_wait(self) -> TaskRow | None:
        """The task of the log that cases wait for longest, where they wait at all."""
        waiting = [row for row in self.rows if row.waiting and row.task.activity]
        return max(waiting, key=lambda row: row.waiting or 0.0, default=None)

    @property
    def without_handling(self) -> list[TaskRow]:
        return [row for row in self.rows if row.task.handling_minutes is None and not row.task.is_automatic]

    @property
    def without_volume(self) -> list[TaskRow]:
        return [row for row in self.rows if row.task.volume_a_year is None]

    @property
    def missing(self) -> list[str]:
        """In words, what costs wait for."""
        found = []
        if self.without_volume:
            found.append("the cases a year" if self.cases is None else "their volumes")
        if self.without_handling:
            found.append("their handling times")
        return found

    @property
    def title(self) -> str:
        """The finding: what all tasks cost a year and which is the largest part; or what is missing to say so."""
        tasks = things(len(self.rows), "task")
        words = f"{spelled(len(self.rows)).capitalize()} {'task' if len(self.rows) == 1 else 'tasks'}"
        dearest = self.dearest
        if not self.rows:
            return "No task yet: draw the first one"
        if dearest is None:
            if self.missing:
                return f"{tasks}, and no cost can be told before {listed(self.missing)} are known"
            return f"{tasks}, and the work on them costs nothing"
        told = f"{words} cost" if len(self.rows) > 1 else f"{words} costs"
        whole = f"{told} {money(self.cost, self.currency)} a year"
        known = sum(row.cost is not None for row in self.rows)
        if known < len(self.rows):
            whole = f"{known} of {tasks} cost {money(self.cost, self.currency)} a year"
        return f"{whole}; {dearest.task.name} is {fraction(dearest.cost_share or 0.0)} of it"


def fraction(part: float) -> str:
    """A share as one says it.

    >>> fraction(0.34), fraction(0.12), fraction(0.61)
    ('a third', '12 %', '61 %')
    """
    close = [words for bound, words in FRACTIONS if abs(part - bound) < NEAR]
    return close[0] if close else share(part)


def task_sheet(process: Process) -> TaskSheet:
    """The tasks of a process with what they cost. One query."""
    tasks = Task.objects.of(process.workspace).work().filter(process=process)
    return sheet_of(list(tasks), process)


def sheet_of(tasks: Sequence[Task], process: Process) -> TaskSheet:
    """The sheet of tasks that are already at hand."""
    wage = float(process.workspace.hourly_wage)
    costs = [yearly_cost(task, wage) for task in tasks]
    known = [cost for cost in costs if cost is not None]
    total, most = sum(known), max(known, default=0.0)
    bounds = scale_bounds(known)
    rows = tuple(
        TaskRow(
            task=task,
            cost=cost,
            cost_share=cost / total if cost is not None and total else None,
            step=scale_step(cost, bounds),
            bar=round(64 * cost / most, 1) if cost and most else 0.0,
        )
        for task, cost in zip(tasks, costs, strict=True)
    )
    a_case = [
        task.handling_minutes * task.visits_a_case
        for task in tasks
        if task.handling_minutes is not None and task.visits_a_case is not None
    ]
    return TaskSheet(
        rows=rows,
        cost=total if known else None,
        minutes_a_case=sum(a_case) if a_case else None,
        bounds=bounds,
        currency=process.workspace.currency,
        cases=process.cases_a_year,
    )


def yearly_cost(task: Task, wage: float) -> float | None:
    """Volume × minutes ÷ 60 × wage, money a year; None while volume or handling time is not known."""
    if task.volume_a_year is None or task.handling_minutes is None:
        return None
    return task.volume_a_year * task.handling_minutes / 60 * wage


@dataclass(frozen=True)
class Factor:
    """One line of an opened formula: what, how much, where it comes from."""

    words: str
    value: str
    source: str


def cost_factors(task: Task, process: Process) -> list[Factor]:
    """The yearly cost opened to its factors, each with its source."""
    workspace = process.workspace
    measured = {Source.LOG: "log, median", Source.USER: "set by hand"}
    visits = "log" if task.volume_source == Source.LOG else Source(task.volume_source).label
    return [
        Factor("cases a year", count(process.cases_a_year), Source(process.cases_source).label),
        Factor("× visits a case", DASH if task.visits_a_case is None else f"{task.visits_a_case:.3f}", visits),
        Factor("= visits a year", count(task.volume_a_year), Source(task.volume_source).label),
        Factor(
            "× handling", minutes(task.handling_minutes), measured.get(Source(task.handling_source), "not known: ask")
        ),
        Factor(f"÷ 60 × {workspace.currency} an hour", f"{workspace.hourly_wage:.2f}", "workspace"),
    ]


def done_by(task: Task) -> str:
    """Who does a task, in words."""
    names = [str(one["name"]) for one in task.resources[:3]]
    total = int(task.figures.get("resource_count", len(task.resources)))
    if not total:
        return "the log names nobody"
    if total <= len(names):
        return listed(names)
    return f"{', '.join(names)} and {total - len(names)} more"


def spoken_hours(hours: float | None) -> float | None:
    """Hours to the hundredth: shorter than that is no waiting people speak of."""
    return None if hours is None else round(hours, 2)
