"""Whether a prediction could do a task: eight questions, answered 0 to 5, some of them by the log itself.

A task is a set of decisions; a decision is a prediction, a judgment and an action. Each question points the same way:
5 speaks for a model. An answer the log proposes carries its evidence in words and gives way to a person's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from planner.domain.suitability.stability import Stability
from planner.domain.suitability.verdicts import RULE_SHARE, TRIVIAL_AUC
from planner.domain.valuation.amounts import write_number

HIGHEST = 5
LONGEST_OUTCOME = 60


class Source(StrEnum):
    """Who answered."""

    PERSON = "person"
    LOG = "log"
    OPEN = "open"


@dataclass(frozen=True)
class Question:
    """One question with the words at its ends, and what is meant by it in a sentence."""

    key: str
    short: str
    text: str
    lowest: str
    highest: str
    meaning: str


QUESTIONS = (
    Question(
        "prediction",
        "Prediction",
        "Is there a prediction at its core?",
        "no, judgment or contact is the task",
        "yes, knowing one thing in advance would settle it",
        "Does the person who does the task guess at something that shows itself later, or weigh and talk?",
    ),
    Question(
        "inputs",
        "Inputs",
        "Are its inputs digital and known at the moment of the decision?",
        "in heads and on paper",
        "all in fields of a system",
        "Could a program read what the person looks at, at the moment when the person decides?",
    ),
    Question(
        "outcomes",
        "Outcomes",
        "Do labelled outcomes exist, and how many?",
        "none",
        "thousands, of every kind",
        "Past cases of which it is known how they came out: a model learns from nothing else.",
    ),
    Question(
        "stable",
        "Stable",
        "Is the pattern stable?",
        "changes every month",
        "the same for years",
        "Would what was right last year be right today? Laws, products and customers change it.",
    ),
    Question(
        "error",
        "Error",
        "Is an error tolerable, and would it be seen?",
        "one does great harm, and nobody sees it",
        "cheap, seen and mended at once",
        "Every model is wrong at times. What does a wrong answer cost, and would anybody notice?",
    ),
    Question(
        "feedback",
        "Feedback",
        "Does feedback arrive, and how late?",
        "never",
        "within the day",
        "How long after the decision is it known whether it was right?",
    ),
    Question(
        "volume",
        "Volume",
        "Is the volume high?",
        "a few a year",
        "tens of thousands a year",
        "How often a year the task is done: what a model saves is saved each time.",
    ),
    Question(
        "rule",
        "No rule",
        "Is today's rule too intricate to write down?",
        "it is written: no model needed",
        "nobody can write it down",
        "Where people can say how they decide, write that rule: it is cheaper than a model, and explains itself.",
    ),
)
"""The questions, in the order of the page."""

ONLY_PEOPLE = "error"
"""The question that no log answers."""

BY_KEY: Mapping[str, Question] = {question.key: question for question in QUESTIONS}


@dataclass(frozen=True, kw_only=True)
class TaskFacts:
    """What the log and the checks on it say of a task. None: not known.

    `branches` is the number of tasks that follow it, `attributes` the names of case and event attributes, `labelled`
    the cases with an observed outcome, `rates` how often it was seen over time, `feedback_days` the median wait until
    the outcome shows, `rule_share` the cases a rule of two fields decides.
    """

    volume_a_year: float | None = None
    branches: int | None = None
    attributes: tuple[str, ...] | None = None
    labelled: int | None = None
    outcome: str = ""
    rates: Stability | None = None
    feedback_days: float | None = None
    rule_share: float | None = None
    trivial_auc: float | None = None


@dataclass(frozen=True)
class Answer:
    """A score 0 to 5, None while open, with the evidence or reason in words and who gave it."""

    question: str
    score: int | None
    evidence: str
    source: Source


@dataclass(frozen=True)
class Standing:
    """Points of the answered questions."""

    points: int
    answered: int

    @property
    def share(self) -> float | None:
        """Points over those that could be reached by the answered questions; None while nothing is answered.

        >>> Standing(30, 8).share, Standing(0, 0).share
        (0.75, None)
        """
        return self.points / (HIGHEST * self.answered) if self.answered else None


def propose(facts: TaskFacts) -> tuple[Answer, ...]:
    """An answer to each question from the facts; open, with what would answer it, where they say nothing.

    >>> [answer.score for answer in propose(TaskFacts(volume_a_year=31000.0, branches=3))]
    [4, None, None, None, None, None, 4, None]
    """
    return tuple(_PROPOSALS[question.key](facts) for question in QUESTIONS)


def merged(given: Mapping[str, Answer], proposed: Sequence[Answer]) -> tuple[Answer, ...]:
    """A person's answer where there is one, else the proposed."""
    return tuple(given.get(answer.question, answer) for answer in proposed)


def standing(answers: Sequence[Answer]) -> Standing:
    """
    >>> standing(propose(TaskFacts(volume_a_year=31000.0, branches=3)))
    Standing(points=8, answered=2)
    """
    scores = [answer.score for answer in answers if answer.score is not None]
    return Standing(sum(scores), len(scores))


def judgment_is_the_task(answers: Sequence[Answer]) -> bool:
    """True where a person has said that there is no prediction at its core and no error can be borne."""
    given = _of_people(answers)
    return given.get("prediction") == 0 and given.get("error", HIGHEST) in (0, 1)


def rule_is_written(answers: Sequence[Answer]) -> bool:
    """True where a person has said that today's rule is written down, so that no model is needed."""
    return _of_people(answers).get("rule") == 0


def no_outcome_is_recorded(answers: Sequence[Answer]) -> bool:
    """True where a person has said that no past case carries its outcome."""
    return _of_people(answers).get("outcomes") == 0


def _of_people(answers: Sequence[Answer]) -> dict[str, int | None]:
    return {answer.question: answer.score for answer in answers if answer.source is Source.PERSON}


def _found(question: str, score: int, evidence: str) -> Answer:
    return Answer(question, score, evidence, Source.LOG)


def _open(question: str, evidence: str) -> Answer:
    return Answer(question, None, evidence, Source.OPEN)


def _prediction(facts: TaskFacts) -> Answer:
    if facts.trivial_auc is not None and facts.trivial_auc >= TRIVIAL_AUC:
        return _found("prediction", 0, "what already happened decides it")
    if facts.branches is None:
        return _open("prediction", "no log to see what follows it")
    if facts.branches >= 2:
        return _found("prediction", 4, f"{facts.branches} different steps follow it")
    return _found("prediction", 1, "always the same step follows it")


def _inputs(facts: TaskFacts) -> Answer:
    if facts.attributes is None:
        return _open("inputs", "no log to see its fields")
    if not facts.attributes:
        return _found("inputs", 1, "no fields but times and names")
    named = ", ".join(facts.attributes[:3]) + (" …" if len(facts.attributes) > 3 else "")
    return _found("inputs", _step(len(facts.attributes), (1, 1, 2, 4, 7)), f"{len(facts.attributes)} fields: {named}")


def _outcomes(facts: TaskFacts) -> Answer:
    if facts.labelled is None:
        return _open("outcomes", "no outcome is known of it")
    words = f"{_count(facts.labelled)} cases with an outcome" + (f": {facts.outcome}" if facts.outcome else "")
    return _found("outcomes", _step(facts.labelled, (1, 200, 500, 1500, 5000)), words)


def _stable(facts: TaskFacts) -> Answer:
    """By how far the halves differ; where chance alone would explain it, at least 4."""
    rates = facts.rates
    if rates is None:
        return _open("stable", "not compared over time")
    score = 5 - _step(round(abs(rates.drift), 9), (0.02, 0.05, 0.1, 0.15, 0.2))
    halves = f"{_percent(rates.earlier.share)} then {_percent(rates.later.share)} “{rates.outcome[:LONGEST_OUTCOME]}”"
    moved = f"{abs(100 * rates.drift):.1f} points between the halves of the log"
    spread = f"{_percent(rates.low)} to {_percent(rates.high)} in {len(rates.periods)} {rates.unit}s"
    if rates.moved:
        return _found("stable", score, f"{halves}: it moved by {moved}; {spread}")
    return _found("stable", max(score, 4), f"{halves}: {moved}, as chance alone would have it; {spread}")


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _error(facts: TaskFacts) -> Answer:
    return _open(ONLY_PEOPLE, "only people can say")


def _feedback(facts: TaskFacts) -> Answer:
    if facts.feedback_days is None:
        return _open("feedback", "not known how late an outcome shows")
    score = 5 - _step(facts.feedback_days, (1.0, 7.0, 30.0, 180.0, 720.0))
    return _found("feedback", score, f"the outcome shows after {_duration(facts.feedback_days)}, half of the time")


def _volume(facts: TaskFacts) -> Answer:
    if facts.volume_a_year is None:
        return _open("volume", "no volume yet")
    score = _step(facts.volume_a_year, (100, 500, 2000, 10_000, 50_000))
    return _found("volume", score, f"{_count(facts.volume_a_year)} a year")


def _rule(facts: TaskFacts) -> Answer:
    if facts.rule_share is None:
        return _open("rule", "no rule is known of it")
    share = f"{100 * facts.rule_share:.3g} %"
    if facts.rule_share >= RULE_SHARE:
        return _found("rule", 0, f"two fields decide {share} of cases")
    return _found("rule", 2 if facts.rule_share >= 0.9 else 4, f"the best rule of two fields decides {share}")


def _step(amount: float, bounds: Sequence[float]) -> int:
    """How many of the rising bounds the amount reaches.

    >>> _step(500, (100, 500, 2000))
    2
    """
    assert all(low <= high for low, high in pairwise(bounds))
    return sum(amount >= bound for bound in bounds)


def _count(amount: float) -> str:
    return write_number(float(f"{amount:.4g}") if amount >= 10_000 else float(round(amount)))


def _duration(days: float) -> str:
    if days < 1:
        return f"{24 * days:.3g} hours"
    return f"{days:.3g} days"


_PROPOSALS: Mapping[str, Callable[[TaskFacts], Answer]] = {
    "prediction": _prediction,
    "inputs": _inputs,
    "outcomes": _outcomes,
    "stable": _stable,
    "error": _error,
    "feedback": _feedback,
    "volume": _volume,
    "rule": _rule,
}
