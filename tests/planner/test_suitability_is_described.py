"""docs/suitability.md says from where on the log gives which score."""

from pathlib import Path

import pytest

from planner.domain.suitability.stability import RatePeriod, Stability
from planner.domain.suitability.suitability import TaskFacts, propose

DOC = Path(__file__).resolve().parents[2] / "docs/suitability.md"
MANY = 100_000


def bounds(question: str) -> list[float]:
    """From where on the scores 1 to 5 are given."""
    row = next(line for line in DOC.read_text(encoding="utf-8").splitlines() if line.startswith(f"| {question} |"))
    return [float(cell.replace(" ", "")) for cell in row.strip("|").split("|")[2:]]


def score(question: str, amount: float) -> int | None:
    halves = RatePeriod("2025-01-01", MANY, 0), RatePeriod("2025-07-01", MANY, round(amount / 100 * MANY))
    facts = {
        "outcomes": TaskFacts(labelled=round(amount)),
        "volume": TaskFacts(volume_a_year=amount),
        "feedback": TaskFacts(feedback_days=amount),
        "stable": TaskFacts(rates=Stability("yes", "quarter", halves, *halves)),
    }[question]
    return next(answer.score for answer in propose(facts) if answer.question == question)


@pytest.mark.parametrize("name", ["Outcomes", "Volume"])
def test_more_is_better_from_the_amounts_described(name: str) -> None:
    for expected, bound in enumerate(bounds(name), start=1):
        assert (score(name.lower(), bound - 1), score(name.lower(), bound)) == (expected - 1, expected)


@pytest.mark.parametrize("name", ["Feedback", "Stable"])
def test_less_is_better_below_the_amounts_described(name: str) -> None:
    for expected, bound in enumerate(bounds(name), start=1):
        assert (score(name.lower(), bound), score(name.lower(), bound - 0.1)) == (expected - 1, expected)
