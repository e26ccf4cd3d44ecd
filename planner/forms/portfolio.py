"""The limits of a portfolio as a form: budget, capacity and processes, and a line for each task."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from common.errors import FieldProblem
from common.formatting import written
from common.paged_rows import rows_with
from planner.domain.valuation.amount_units import CURRENCY, without_unit
from planner.domain.valuation.amounts import UnreadableAmount, read_amount
from planner.domain.valuation.distributions import Constant
from planner.forms.task_names import TaskNames, UnknownTask
from planner.models import PortfolioPlan, Process, Task
from planner.models.portfolio import MOST_QUARTERS
from planner.services import PortfolioEntry

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SOME = "some"
"""Stands in a form that shows only some of the lines: what is set for the other tasks stays."""
MOST_LINES = 60
STATES = (("", "if it pays"), ("must", "must be in it"), ("must_not", "must not"))


class AmountField(forms.CharField):
    """One amount as people write it, `400 k`; None where it is empty. Its `unit` may stand beside it."""

    unit, currency = CURRENCY, ""

    def clean(self, value: Any) -> float | None:
        text = super().clean(value).strip()
        if not text:
            return None
        try:
            found = read_amount(without_unit(text, self.unit, self.currency, "400 k"), lower=0.0)
        except UnreadableAmount as problem:
            raise forms.ValidationError(str(problem)) from problem
        if not isinstance(found, Constant):
            raise forms.ValidationError("A limit is one amount, not a range: 400 k.")
        return found.value


class PortfolioForm(forms.Form):
    """What is not said a task."""

    name = forms.CharField(max_length=120)
    budget = AmountField(
        label="Budget",
        required=False,
        max_length=40,
        help_text="for one-off costs in total, such as 400 k; empty: none",
    )
    days_a_quarter = AmountField(
        label="Person-days a quarter", required=False, max_length=40, help_text="of those who build; empty: no limit"
    )
    quarters = forms.IntegerField(label="Quarters planned for", min_value=1, max_value=MOST_QUARTERS)
    processes = forms.MultipleChoiceField(
        label="Processes", required=False, widget=forms.CheckboxSelectMultiple, help_text="none ticked: all of them"
    )

    def __init__(self, *args: Any, among: Sequence[Process], currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        budget, days = self.fields["budget"], self.fields["days_a_quarter"]
        assert isinstance(budget, AmountField)
        assert isinstance(days, AmountField)
        budget.currency, days.unit = currency, "days"
        choices = self.fields["processes"]
        assert isinstance(choices, forms.MultipleChoiceField)
        choices.choices = [(str(process.pk), process.name) for process in among]

    @staticmethod
    def values(plan: PortfolioPlan) -> dict[str, Any]:
        """What the form begins with."""
        amounts = {name: _text(getattr(plan, name)) for name in ("budget", "days_a_quarter")}
        named = [str(process.pk) for process in plan.processes.all()]
        return {"name": plan.name, "quarters": plan.quarters, "processes": named, **amounts}

    def told(self, problems: Sequence[FieldProblem]) -> None:
        """Put what a service refused beside its field; that of a line stands beside the line."""
        for problem in problems:
            if problem.path in self.fields:
                self.add_error(problem.path, problem.message)


@dataclass
class TaskLine:
    """A task in the table of limits, as typed: its state, the tasks it needs, the letters of its groups.

    `needed` are the ids of the tasks that `needs` says by name or number.
    """

    task: Task
    state: str
    needs: str
    groups: str
    problem: str = ""
    needed: tuple[int, ...] = ()

    @property
    def says(self) -> bool:
        """Something is set for the task, or wrong."""
        return bool(self.state or self.needs or self.groups or self.problem)


def lines_of(plan: PortfolioPlan, tasks: Sequence[Task]) -> list[TaskLine]:
    """The table of a plan."""
    names = TaskNames(tasks)
    groups: dict[int, list[str]] = defaultdict(list)
    for place, group in enumerate(plan.exclusions):
        for task in group:
            groups[task].append(letter_of(place))
    return [
        TaskLine(
            task,
            "must" if task.pk in plan.must else "must_not" if task.pk in plan.must_not else "",
            names.written(plan.needs.get(str(task.pk), ())),
            ", ".join(groups[task.pk]),
        )
        for task in tasks
    ]


@dataclass(frozen=True)
class ShownLines:
    """The lines of a form: those that say something, and others whose task's name holds the words; `of` all there are.

    `idle` are those of tasks that cannot be chosen yet.
    """

    lines: Sequence[TaskLine]
    idle: Sequence[TaskLine]
    of: int
    words: str

    @property
    def is_cut(self) -> bool:
        return self.of > len(self.lines) + len(self.idle)


def shown_lines(rows: Sequence[TaskLine], unvalued: Collection[int], words: str) -> ShownLines:
    """Of many lines, those that are shown: a page of thousands of fields takes seconds to be made and to be read."""
    said = [line for line in rows if line.says]
    rest = rows_with([line for line in rows if not line.says], text=lambda line: line.task.name, words=words)
    open_ones = [line for line in rest if line.task.pk not in unvalued]
    idle = [line for line in rest if line.task.pk in unvalued]
    if len(rows) <= MOST_LINES and not words:
        kept = [line for line in rows if line.says or line.task.pk not in unvalued]
        return ShownLines(kept, idle, len(rows), words)
    return ShownLines([*said, *open_ones[:MOST_LINES]], idle[:MOST_LINES], len(rows), words)


def letter_of(place: int) -> str:
    """
    >>> letter_of(0), letter_of(25), letter_of(26)
    ('A', 'Z', 'A2')
    """
    again, at = divmod(place, len(LETTERS))
    return LETTERS[at] + (str(again + 1) if again else "")


def posted_lines(posted: QueryDict, tasks: Sequence[Task]) -> list[TaskLine]:
    """The table as it was sent; what cannot be read has its problem. Where only some lines were shown, only these."""
    found, names = [], TaskNames(tasks)
    for task in tasks:
        if SOME in posted and f"state-{task.pk}" not in posted:
            continue
        state, needs, groups = (posted.get(f"{name}-{task.pk}", "")[:4000] for name in ("state", "needs", "groups"))
        line = TaskLine(task, state if state in dict(STATES) else "", needs.strip(), groups.strip().upper())
        try:
            line.needed = names.read(line.needs)
        except UnknownTask as problem:
            line.problem = str(problem)
        if not line.problem and not re.fullmatch(r"[A-Z0-9,;\s]*", line.groups):
            line.problem = "Write the letter of a group: A."
        found.append(line)
    return found


def entry_of(cleaned: Mapping[str, Any], lines: Sequence[TaskLine], plan: PortfolioPlan) -> PortfolioEntry:
    """What the service takes. What the plan says of tasks of other processes stays."""
    here = {line.task.pk for line in lines}
    groups: dict[str, list[int]] = defaultdict(list)
    for place, group in enumerate(plan.exclusions):
        groups[letter_of(place)] += [task for task in group if task not in here]
    for line in lines:
        for letter in _parts(line.groups):
            groups[letter].append(line.task.pk)
    needs = {int(task): needed for task, needed in dict(plan.needs).items() if int(task) not in here}
    needs |= {line.task.pk: list(line.needed) for line in lines if line.needed}
    return PortfolioEntry(
        **{name: cleaned[name] for name in ("name", "budget", "days_a_quarter", "quarters")},
        processes=[int(pk) for pk in cleaned["processes"]],
        must=[task for task in plan.must if task not in here] + [one.task.pk for one in lines if one.state == "must"],
        must_not=[task for task in plan.must_not if task not in here]
        + [one.task.pk for one in lines if one.state == "must_not"],
        needs=needs,
        exclusions=[group for group in groups.values() if group],
    )


def told_lines(lines: Sequence[TaskLine], problems: Sequence[FieldProblem]) -> list[str]:
    """Put what a service refused beside its line; what belongs to no line is returned."""
    by_task = {f"needs.{line.task.pk}": line for line in lines}
    rest = []
    for problem in problems:
        if problem.path in by_task:
            by_task[problem.path].problem = problem.message
        elif problem.path in ("must", "must_not", "needs", "exclusions"):
            rest.append(problem.message)
    return rest


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[,;\s]+", text) if part]


def _text(amount: float | None) -> str:
    return "" if amount is None else written(amount, 2)
