"""How the tasks of a process stand in the questions of suitability, without valuing any of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from common.formatting import share, things
from planner.domain.suitability.suitability import QUESTIONS, Standing, standing
from planner.domain.suitability.verdicts import Finding
from planner.models import Process, Task, automatic_of
from planner.selectors.task_verdict import answers_of, is_aside, said_of, verdict_of
from planner.selectors.value_evidence import process_evidence


class AskedTask(NamedTuple):
    """The columns of a task that its standing rests on: rows of thousands of tasks would take half the page."""

    pk: int
    process_id: int
    name: str
    volume_a_year: float | None
    automatic: bool | None
    automatic_proposed: bool
    handling_source: str
    handling_minutes: float | None

    @property
    def is_automatic(self) -> bool:
        """A machine does it already."""
        return automatic_of(self.automatic, self.automatic_proposed, self.handling_source, self.handling_minutes)


@dataclass(frozen=True, eq=False)
class TaskStanding:
    """Points of a task; `finding` is the verdict as far as it does not ask what the task is worth."""

    task: AskedTask
    standing: Standing
    finding: Finding | None

    @property
    def percent(self) -> str:
        """The share of the points, in words."""
        return share(self.standing.share)

    @property
    def open(self) -> int:
        """How many questions nobody has answered, nor the log."""
        return len(QUESTIONS) - self.standing.answered

    @property
    def is_aside(self) -> bool:
        """Set aside by a verdict that no value can change."""
        return is_aside(self.finding)


def standings_of(process: Process) -> list[TaskStanding]:
    """Every task of a process, in its order: seven queries, however many there are."""
    found = Task.objects.of(process.workspace).work().filter(process=process)
    columns = found.order_by("position", "id").values_list(*AskedTask._fields)
    tasks = [AskedTask(*each) for each in columns]
    evidence, said = process_evidence(process, tasks), said_of(tasks)
    lines = []
    for task in tasks:
        foreseen = evidence.of(task)
        answers, measured = answers_of(said.answers.get(task.pk, ()), foreseen), said.measured.get(task.pk)
        lines.append(TaskStanding(task, standing(answers), verdict_of(task, foreseen, answers, None, measured)))
    return lines


def suitability_headline(lines: Sequence[TaskStanding]) -> str:
    """Which task suits a model best, with its points."""
    able = _able(lines)
    if not able:
        return "No task suits a model so far" if lines else "This process has no tasks yet"
    best = _best(able)
    whom = "Of the tasks not set aside, " if _fitter_aside(lines, best) else ""
    return f"{whom}{best.task.name} suits a model best, at {best.percent} of the points"


def suitability_lede(lines: Sequence[TaskStanding]) -> str:
    """What is still open, and which task with more points is set aside."""
    still = sum(line.open for line in lines)
    if not lines:
        return "A task suits a model when knowing one thing in advance would settle it."
    if not still:
        return f"{_aside_words(lines)}Every question is answered, by the log or by people."
    open_words = "1 answer is open" if still == 1 else f"{things(still, 'answer')} are open"
    return (
        f"{_aside_words(lines)}The log answers what it can; {open_words}. "
        "Only people can say whether an error is tolerable and would be seen."
    )


def _able(lines: Sequence[TaskStanding]) -> list[TaskStanding]:
    """Those with points that no verdict sets aside."""
    return [line for line in lines if line.standing.share is not None and not line.is_aside]


def _best(lines: Sequence[TaskStanding]) -> TaskStanding:
    return max(lines, key=lambda line: (line.standing.share or 0.0, line.standing.answered))


def _fitter_aside(lines: Sequence[TaskStanding], best: TaskStanding) -> TaskStanding | None:
    """A task with more of the points than the best, which a verdict sets aside."""
    aside = [line for line in lines if line.is_aside and line.standing.share is not None]
    first = _best(aside) if aside else None
    more = first is not None and (first.standing.share or 0.0) > (best.standing.share or 0.0)
    return first if more else None


def _aside_words(lines: Sequence[TaskStanding]) -> str:
    """Why the task with the most points is not the one in the headline, "" where it is."""
    able = _able(lines)
    fitter = _fitter_aside(lines, _best(able)) if able else None
    if fitter is None or fitter.finding is None:
        return ""
    return f"{fitter.task.name} has {fitter.percent}, and is set aside: {fitter.finding.verdict.label}. "
