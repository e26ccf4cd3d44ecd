"""What each input would have to be for the task to be worth nothing, and how far that is from what is assumed."""

from dataclasses import dataclass
from math import inf

from common.formatting import number, share, signed
from planner.domain.valuation.assumptions import INPUTS
from planner.domain.valuation.break_even import BreakEven, Found
from planner.domain.valuation.distributions import median
from planner.domain.valuation.outcome import Outcome
from planner.selectors.value_tasks import ValuedTask

SHOWN = 8


@dataclass(frozen=True)
class BreakEvenRow:
    """One input: its median and its break-even in its unit, and how far the one is from the other.

    `distance` is a share of the median, None where there is no single break-even or the median is zero.
    """

    key: str
    label: str
    unit: str
    median: str
    value: str
    far: str
    distance: float | None


@dataclass(frozen=True)
class BreakEvenTable:
    """The title says the nearest; `rows` and after them `farther` have a break-even, the nearest first, `others` none
    that can be."""

    title: str
    rows: tuple[BreakEvenRow, ...]
    farther: tuple[BreakEvenRow, ...]
    others: tuple[BreakEvenRow, ...]


def break_even_table(found: ValuedTask, outcome: Outcome) -> BreakEvenTable:
    """Every input of a task; at its break-even the mean net present value is zero, all others being as they are."""
    counted = [each for each in outcome.break_even if _counts(found, each)]
    near = sorted((_row(found, each) for each in counted if each.only is not None), key=_distance)
    far = [_row(found, each) for each in counted if each.only is None]
    if not near:
        return BreakEvenTable("No single input makes it worth nothing", (), (), tuple(far))
    first = near[0]
    return BreakEvenTable(
        f"{first.label} decides first: worth nothing at {first.value}",
        tuple(near[:SHOWN]),
        tuple(near[SHOWN:]),
        tuple(far),
    )


def _distance(row: BreakEvenRow) -> float:
    """How far it is; from a median of zero any value is endlessly far."""
    return inf if row.distance is None else abs(row.distance)


def _counts(found: ValuedTask, each: BreakEven) -> bool:
    """Not an input of zero that nothing depends on."""
    assert found.case is not None
    return each.found is not Found.NONE or median(found.case.amounts[each.key]) != 0


def _row(found: ValuedTask, each: BreakEven) -> BreakEvenRow:
    assert found.case is not None
    middle = median(found.case.amounts[each.key])
    unit = _unit(each.key, found.workspace.currency)
    known = (each.key, each.label, unit, _written(each.key, middle))
    if each.only is None:
        return BreakEvenRow(*known, _none(each), "–", None)
    moved = (each.only - middle) / abs(middle) if middle else None
    far = f"{signed(100 * moved, 2)} %" if moved is not None else f"from {_written(each.key, middle)}"
    return BreakEvenRow(*known, _written(each.key, each.only), far, moved)


def _none(each: BreakEven) -> str:
    if each.found is Found.OUTSIDE:
        return f"it would have to be {_written(each.key, each.values[0])}, which it cannot be"
    return each.found.value


def _written(key: str, value: float) -> str:
    return share(value, 1) if key in INPUTS and INPUTS[key].is_share else number(value, 3)


def _unit(key: str, currency: str) -> str:
    return INPUTS[key].unit.replace("{currency}", currency) if key in INPUTS else currency
