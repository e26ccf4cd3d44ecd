"""The questionnaire of a process: tasks down, questions across, each answer with its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.formatting import share, things
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
    able = _able(lines)
    if not able:
        return "No task suits a model so far" if lines else "This process has no tasks yet"
    best = _best(able)
    whom = "Of the tasks not set aside, " if _fitter_aside(lines, best) else ""
    return f"{whom}{best.found.task.name} suits a model best, at {best.percent} of the points"


def _able(lines: Sequence[Line]) -> list[Line]:
    """Those with points that no verdict sets aside."""
    return [line for line in lines if line.found.standing.share is not None and not line.found.is_aside]


def _best(lines: Sequence[Line]) -> Line:
    return max(lines, key=lambda line: (line.found.standing.share or 0.0, line.found.standing.answered))


def _fitter_aside(lines: Sequence[Line], best: Line) -> Line | None:
    """A task with more of the points than the best, which a verdict sets aside."""
    aside = [line for line in lines if line.found.is_aside and line.found.standing.share is not None]
    first = _best(aside) if aside else None
    more = first is not None and (first.found.standing.share or 0.0) > (best.found.standing.share or 0.0)
    return first if more else None


def _aside_words(lines: Sequence[Line]) -> str:
    """Why the task with the most points is not the one in the headline, "" where it is."""
    able = _able(lines)
    fitter = _fitter_aside(lines, _best(able)) if able else None
    if fitter is None or fitter.found.finding is None:
        return ""
    name, label = fitter.found.task.name, fitter.found.finding.verdict.label
    return f"{name} has {fitter.percent}, and is set aside: {label}. "


def suitability_lede(lines: Sequence[Line]) -> str:
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
