"""Variants as rows of chevrons: each step named, tinted by the waiting before its activity, repeats marked."""

from dataclasses import dataclass
from itertools import groupby

from common.formatting import hours
from planner.domain.discovery.observed import Observed
from planner.domain.discovery.variants import VariantFacts
from planner.domain.scale import scale_bounds, scale_step

CHEVRONS_AT_MOST = 40
TOLD_HOURS = 1 / 60


@dataclass(frozen=True)
class Chevron:
    """One step, or several of one activity in a row (`times`). `again`: the activity came before in the case."""

    name: str
    step: int
    times: int
    again: bool


@dataclass(frozen=True)
class VariantRow:
    """A variant with its chevrons; `more` steps are not drawn."""

    facts: VariantFacts
    chevrons: tuple[Chevron, ...]
    more: int
    bar: float
    activities: frozenset[str]


def variant_rows(found: Observed) -> list[VariantRow]:
    """Every variant kept, the most frequent first."""
    bounds = waiting_bounds(found)
    waits = mean_waits(found)
    steps = {name: scale_step(waits.get(name, 0.0), bounds) for name in found.activities}
    most = max(each.share for each in found.variants.kept)
    return [_row(each, found.activities, steps, most) for each in found.variants.kept]


def mean_waits(found: Observed) -> dict[str, float]:
    """By activity: hours waited before it, on average; medians of many are nought and would tell nothing apart."""
    return {each.activity: each.mean_hours for each in found.bottlenecks.activities}


def waiting_bounds(found: Observed) -> tuple[float, ...]:
    """The bounds between the five steps of the scale of waiting."""
    return scale_bounds([each for each in mean_waits(found).values() if each >= TOLD_HOURS])


def waiting_legend(found: Observed) -> tuple[str, ...]:
    """What each step of the scale stands for, none where nothing waits."""
    bounds = [hours(bound) for bound in waiting_bounds(found)]
    if not bounds:
        return ()
    return (f"to {bounds[0]}", *(f"to {bound}" for bound in bounds[1:]), f"over {bounds[-1]}")


def _row(facts: VariantFacts, names: tuple[str, ...], steps: dict[str, int], most: float) -> VariantRow:
    drawn: list[Chevron] = []
    seen: set[int] = set()
    left = facts.length
    for place, group in groupby(facts.sequence):
        if len(drawn) == CHEVRONS_AT_MOST:
            break
        times = len(list(group))
        drawn.append(Chevron(names[place], steps[names[place]], times, place in seen))
        seen.add(place)
        left -= times
    bar = round(64 * facts.share / most, 1)
    return VariantRow(facts, tuple(drawn), left, bar, frozenset(names[place] for place in facts.sequence))
