"""The questionnaire of a process: tasks down, questions across, each answer with its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.formatting import number, share, things
from planner.domain.suitability.suitability import HIGHEST, QUESTIONS, Answer, Question, Source, propose
from planner.selectors.value_tasks import ValuedTask


@dataclass(frozen=True)
class Cell:
    """One answer: what a person said, else what the log proposes."""

    question: Question
    answer: Answer
    proposed: Answer

    @property
    def given(self) -> int | None:
        """A person's score."""
        return self.answer.score if self.answer.source is Source.PERSON else None

    @property
    def otherwise(self) -> str:
        """What holds while no person answers."""
        return "open" if self.proposed.score is None else f"{self.proposed.score} (log)"

    @property
    def leave(self) -> str:
        """The choice of not answering, in words."""
        return "Leave it open" if self.proposed.score is None else f"As the log says, {self.proposed.score}"

    @property
    def reason(self) -> str:
        """A person's own words."""
        return self.answer.evidence if self.answer.source is Source.PERSON else ""

    @property
    def evidence(self) -> str:
        """The words under the answer."""
        return self.answer.evidence or ("answered here" if self.given is not None else "")

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


def suitability_line(found: ValuedTask) -> Line:
    proposed = propose(found.foreseen.facts)
    cells = zip(QUESTIONS, found.answers, proposed, strict=True)
    return Line(found, tuple(Cell(question, answer, log) for question, answer, log in cells))


def suitability_headline(lines: Sequence[Line]) -> str:
    """Which task suits a model best, with its points."""
    able = [line for line in lines if line.found.standing.share is not None and not line.found.is_aside]
    if not able:
        return "No task suits a model so far" if lines else "This process has no tasks yet"
    best = max(able, key=lambda line: (line.found.standing.share or 0.0, line.found.standing.answered))
    points = number(100 * (best.found.standing.share or 0.0), 2)
    return f"{best.found.task.name} suits a model best, at {points} % of the points"


def suitability_lede(lines: Sequence[Line]) -> str:
    """What is still open."""
    still = sum(line.open for line in lines)
    if not lines:
        return "A task suits a model when knowing one thing in advance would settle it."
    if not still:
        return "Every question is answered, by the log or by people."
    return (
        f"The log answers what it can; {things(still, 'answer')} are open. "
        "Only people can say whether an error is tolerable and would be seen."
    )
