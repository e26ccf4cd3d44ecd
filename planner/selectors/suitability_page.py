"""The questionnaire of a process: tasks down, questions across, each answer with its evidence."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from common.formatting import share
from common.paged_rows import PagedRows, paged_rows
from planner.domain.suitability.suitability import HIGHEST, QUESTIONS, Answer, Question, Source, propose
from planner.models import Process
from planner.selectors.suitability_standing import TaskStanding, standings_of, suitability_headline, suitability_lede
from planner.selectors.value_tasks import ValuedTask, valued_tasks

TASKS_A_PAGE = 25


@dataclass(frozen=True)
class Refusal:
    """What was written in cells and cannot be saved, and why, by the key of the cell."""

    written: Mapping[str, str]
    reasons: Mapping[str, str]


NONE_REFUSED = Refusal({}, {})


@dataclass(frozen=True)
class Cell:
    """One answer of a task: what a person said, else what the log proposes; `wrong` is why an edit was refused."""

    task_id: int
    question: Question
    answer: Answer
    proposed: Answer
    wrong: str = ""
    written: str | None = None

    @property
    def key(self) -> str:
        """What tells the cell from all others: `12-volume`."""
        return f"{self.task_id}-{self.question.key}"

    @property
    def given(self) -> int | None:
        """A person's score."""
        return self.answer.score if self.answer.source is Source.PERSON else None

    @property
    def text(self) -> str:
        """What stands in its field: a refused edit, else a person's score."""
        if self.written is not None:
            return self.written
        return "" if self.given is None else str(self.given)

    @property
    def reason(self) -> str:
        """A person's own words."""
        return self.answer.evidence if self.answer.source is Source.PERSON else ""

    @property
    def seen(self) -> str:
        """What a person said as an edit names it: `4|seen the same day`, `|` while nobody answered."""
        return f"{'' if self.given is None else self.given}|{self.reason}"

    @property
    def instead(self) -> str:
        """What stands in an empty field: the score of the log, or that it has none."""
        return "–" if self.proposed.score is None else str(self.proposed.score)

    @property
    def log(self) -> str:
        """What the log says, in a sentence."""
        if self.proposed.score is None:
            return f"The log cannot say: {self.proposed.evidence}."
        return f"The log says {self.proposed.score}: {self.proposed.evidence}."

    @property
    def leave(self) -> str:
        """The choice of not answering, in words."""
        return "Leave it open" if self.proposed.score is None else f"As the log says, {self.proposed.score}"

    @property
    def evidence(self) -> str:
        """The words under the answer."""
        return self.answer.evidence or ("by a person" if self.given is not None else "")

    @property
    def scores(self) -> range:
        return range(HIGHEST + 1)


@dataclass(frozen=True, eq=False)
class Line:
    """A task with its eight cells and its points in words."""

    found: ValuedTask
    cells: tuple[Cell, ...]

    @property
    def points(self) -> str:
        standing = self.found.standing
        return f"{standing.points} of {HIGHEST * standing.answered}" if standing.answered else "–"

    @property
    def percent(self) -> str:
        return share(self.found.standing.share)

    @property
    def open(self) -> int:
        return len(self.cells) - self.found.standing.answered


def suitability_line(found: ValuedTask, refusal: Refusal = NONE_REFUSED) -> Line:
    """The cells of one task, in the order of the questions."""
    pk, cells = found.task.pk, []
    for question, answer, log in zip(QUESTIONS, found.answers, propose(found.foreseen.facts), strict=True):
        key = f"{pk}-{question.key}"
        cells.append(Cell(pk, question, answer, log, refusal.reasons.get(key, ""), refusal.written.get(key)))
    return Line(found, tuple(cells))


@dataclass(frozen=True, eq=False)
class SuitabilityPage:
    """The headline over all tasks, and the lines of those shown."""

    headline: str
    lede: str
    rows: PagedRows[TaskStanding]
    lines: list[Line]


def suitability_page(
    process: Process,
    *,
    words: str = "",
    page: str = "",
    only: Collection[int] | None = None,
    refusal: Refusal = NONE_REFUSED,
) -> SuitabilityPage:
    """One page of the tasks whose name holds all words, or the tasks of `only`: a constant number of queries."""
    everyone = standings_of(process)
    rows = paged_rows(everyone, text=lambda line: line.task.name, words=words, page=page, size=TASKS_A_PAGE)
    wanted = [line.task.pk for line in rows.shown] if only is None else only
    lines = [suitability_line(found, refusal) for found in valued_tasks(process, only=wanted)] if wanted else []
    return SuitabilityPage(suitability_headline(everyone), suitability_lede(everyone), rows, lines)
