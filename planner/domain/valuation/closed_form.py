"""The mean of a valuation without any draws, and the straight lines it is made of.

The inputs are independent, and the net present value is a straight line in each of them but the discount rate (it is
multilinear: every line item is a sum of products in which no input stands twice). So its mean is found by putting in
the means, and the mean annuity where the rate is uncertain; and the mean for a given value of one input is the straight
line through two points. A controller can check both in a spreadsheet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from planner.domain.valuation.assumptions import Case, Setting
from planner.domain.valuation.distributions import Array, Distribution, is_certain
from planner.domain.valuation.slices import slices
from planner.domain.valuation.valuation import Annuities, Valuation, Value, value_case

RATE = "discount_rate"


@dataclass(frozen=True)
class StraightLine:
    """Mean net present value if one input is x, the others as uncertain as they are: at_zero + slope · x."""

    at_zero: float
    slope: float

    def at(self, x: Array) -> Array:
        return self.at_zero + self.slope * x

    @property
    def root(self) -> float | None:
        """Where it crosses zero, None where it is level.

        >>> StraightLine(-100.0, 4.0).root, StraightLine(5.0, 0.0).root
        (25.0, None)
        """
        if self.slope == 0:
            return None
        found = -self.at_zero / self.slope
        return found if np.isfinite(found) else None


def expected(case: Case) -> Valuation:
    """The valuation whose every sum is its mean: benefits, costs, net present value.

    >>> from planner.domain.valuation.distributions import Normal, Uniform
    >>> case = Case.of(Setting(1), {"labels": Normal.interval(900, 1100), "label_cost": Uniform(2, 4)})
    >>> round(float(expected(case).npv))
    -3000
    """
    return value_case(case, case.means, mean_annuities(case))


def mean_annuities(case: Case) -> Annuities:
    """Mean present values of one unit a year; at the rate itself where it is certain."""
    rate = case.amounts.get(RATE)
    return Annuities.at(0.0, case.setting) if rate is None else _mean_annuities(rate, case.setting)


@lru_cache(maxsize=256)
def _mean_annuities(rate: Distribution, setting: Setting) -> Annuities:
    if is_certain(rate):
        return Annuities.at(rate.mean, setting)
    each = Annuities.at(slices(rate), setting)
    return Annuities(float(np.mean(each.adopted)), float(np.mean(each.level)))


def straight_lines(case: Case) -> dict[str, StraightLine]:
    """The mean net present value as a function of each amount alone, all but the discount rate."""
    at_means = case.means
    changes = [(name, 0.0 if mean else 1.0) for name, mean in at_means.items() if name != RATE]
    whole, *changed = one_at_a_time(case, at_means, changes, mean_annuities(case)).tolist()
    lines: dict[str, StraightLine] = {}
    for (name, _), npv in zip(changes, changed, strict=True):
        mean = at_means[name]
        lines[name] = StraightLine(npv, (whole - npv) / mean) if mean else StraightLine(whole, npv - whole)
    return lines


def one_at_a_time(
    case: Case, base: Mapping[str, float], changes: Sequence[tuple[str, float]], annuities: Annuities | None = None
) -> Array:
    """Net present value at `base`, then with each change alone: shape (1 + changes,)."""
    count = 1 + len(changes)
    values: dict[str, Value] = dict(base)
    for column, (name, amount) in enumerate(changes, start=1):
        row = values[name]
        if not isinstance(row, np.ndarray):
            values[name] = row = np.full(count, row)
        row[column] = amount
    npv = value_case(case, values, annuities).npv
    return np.broadcast_to(np.asarray(npv, dtype=np.float64), (count,))
