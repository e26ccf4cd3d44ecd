"""How often a model is trained again, from how fast the rate of what it foretells moves in the log."""

from canvas.domain.facts import DriftFacts
from canvas.domain.wording import percent

STEP = 0.02
"""How far the rate may move before the model is trained again, as a share: two points."""

RHYTHMS = ((7.0, "every week"), (30.0, "every month"), (91.0, "every quarter"), (182.0, "every half year"))
SLOWEST = "every year"


def rhythm_of(drift: DriftFacts) -> str:
    """The slowest usual rhythm in which the rate moves by at most `STEP`; once a year where it does not move.

    >>> rhythm_of(DriftFacts(outcome="yes", earlier=0.1, later=0.14, days=180, moved=True))
    'every month'
    >>> rhythm_of(DriftFacts(outcome="yes", earlier=0.1, later=0.101, days=180, moved=False))
    'every year'
    """
    distance = abs(drift.later - drift.earlier)
    if not drift.moved or not distance:
        return SLOWEST
    days = drift.days * STEP / distance
    fitting = [words for length, words in (*RHYTHMS, (365.0, SLOWEST)) if length <= days]
    return fitting[-1] if fitting else RHYTHMS[0][1]


def rhythm_source(drift: DriftFacts) -> str:
    """Why, in words: the rates of both halves, and whether chance explains the difference."""
    rates = f"“{drift.outcome}” was {percent(drift.earlier)} in the first half of the log, {percent(drift.later)} then"
    said = "trained again before it moves by two points" if drift.moved else "no more than chance moves it"
    return f"from the log: {rates}; {said}"
