"""The mean of a valuation without any draws, and the straight lines it is made of.

The inputs are independent, and the net present value is a straight line in each of them but the discount rate (it is
multilinear: every line item is a sum of products in which no input stands twice). So its mean is found by putting in
the means, and the mean annuity where the rate is uncertain; and the mean for a given value of one input is the straight
line through two points. A controller can check both in a spreadsheet.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from planner.domain.valuation.alike import PRODUCTION, RATE, Alike
from planner.domain.valuation.assumptions import Case, Setting
from planner.domain.valuation.distributions import Array, Distribution, is_certain
from planner.domain.valuation.slices import slices
from planner.domain.valuation.valuation import Annuities, Valuation, Value, value_case


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
        return found if math.isfinite(found) else None


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
    return lines_of_each(Alike((case,)))[0]


def lines_of_each(together: Alike) -> list[dict[str, StraightLine]]:
    """`straight_lines` of each of many cases."""
    names = [name for name in together.shape.amounts if name != RATE]
    at_means = [[case.means[name] for name in names] for case in together.cases]
    elsewhere = [[0.0 if mean else 1.0 for mean in means] for means in at_means]
    changes = list(zip(names, np.array(elsewhere).T, strict=True))
    npv = one_at_a_time_of_each(together, together.means, changes, mean_annuities(together.shape)).tolist()
    return [
        {name: _line(whole, found, mean) for name, found, mean in zip(names, changed, means, strict=True)}
        for (whole, *changed), means in zip(npv, at_means, strict=True)
    ]


def _line(whole: float, changed: float, mean: float) -> StraightLine:
    """Through the value at the mean and the one at zero (at one, where the mean is zero)."""
    return StraightLine(changed, (whole - changed) / mean) if mean else StraightLine(whole, changed - whole)


def at_either_end(together: Alike) -> Array:
    """Net present value in production at the medians, then with each uncertain amount but the chance of production at
    its P10 and at its P90: shape (cases, 1 + 2 · amounts)."""
    changes = [
        (name, np.array([case.marks[name][end] for case in together.cases]))
        for name in together.shape.uncertain
        if name != PRODUCTION
        for end in (0, 2)
    ]
    return one_at_a_time_of_each(together, {**together.medians, PRODUCTION: 1.0}, changes)


def one_at_a_time(
    case: Case, base: Mapping[str, float], changes: Sequence[tuple[str, float]], annuities: Annuities | None = None
) -> Array:
    """Net present value at `base`, then with each change alone: shape (1 + changes,)."""
    (found,) = one_at_a_time_of_each(Alike((case,)), base, changes, annuities)
    return np.asarray(found, dtype=np.float64)


def one_at_a_time_of_each(
    together: Alike, base: Mapping[str, Value], changes: Sequence[tuple[str, Value]], annuities: Annuities | None = None
) -> Array:
    """The same for many cases: from columns, and for each change the amount of each case. (cases, 1 + changes)."""
    whole = len(together.cases), 1 + len(changes)
    changed: dict[str, Array] = {}
    for column, (name, amount) in enumerate(changes, start=1):
        if name not in changed:
            changed[name] = np.full(whole, base[name])
        changed[name][:, column] = amount
    npv = value_case(together.shape, {**base, **changed}, annuities).npv
    return np.asarray(np.full(whole, npv), dtype=np.float64)
