"""Cash flows over years: net present value, internal rates of return, payback.

A flow is a sequence of amounts for t = 0, 1, 2 … years, gains positive, costs negative. The one at t = 0 is not
discounted, the others fall at the end of their year (the convention of Forrester's Total Economic Impact).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pyxirr

from planner.domain.valuation.distributions import Array

_REAL = 1e-7
_NOTHING = 1e-12
NO_COST = 1e-9


@lru_cache(maxsize=256)
def discount_factors(rate: float, years: int) -> tuple[float, ...]:
    """Present value of one unit at t = 0 … years; `rate` is a share a year above −1, else ValueError.

    >>> [round(factor, 4) for factor in discount_factors(0.1, 2)]
    [1.0, 0.9091, 0.8264]
    """
    if not math.isfinite(rate) or rate <= -1:
        raise ValueError(_no_rate(rate))
    return tuple((1 + rate) ** -t for t in range(years + 1))


def _no_rate(rate: float) -> str:
    return f"A discount rate of {100 * rate:g} % a year is not above −100 %: write 8 %."


def present_value(flows: Sequence[float], rate: float) -> float:
    """Σ flow_t / (1 + rate)^t.

    >>> round(present_value([-40000, 8000, 9200, 10000, 12000, 14500], 0.08), 2)
    1922.06
    """
    if not math.isfinite(rate) or rate <= -1:
        raise ValueError(_no_rate(rate))
    return float(pyxirr.npv(rate, list(flows)) or 0.0)


def return_on_costs(npv: float, pv_costs: float) -> float | None:
    """ROI = NPV / PV(costs), a share of the present value of all costs; None, not zero, where there are no costs
    or less than a billionth of the currency.

    >>> return_on_costs(50.0, 200.0), return_on_costs(50.0, 0.0)
    (0.25, None)
    """
    return npv / pv_costs if pv_costs > NO_COST else None


@dataclass(frozen=True)
class InternalRates:
    """All rates above −100 % at which the flow is worth nothing: none, one, or several."""

    rates: tuple[float, ...]

    @property
    def only(self) -> float | None:
        """The internal rate of return, where there is exactly one."""
        return self.rates[0] if len(self.rates) == 1 else None

    @property
    def words(self) -> str:
        """What the page says instead of a number, empty where there is exactly one."""
        if not self.rates:
            return "no rate makes this flow worth nothing"
        return "" if self.only is not None else f"{len(self.rates)} rates, none of them means anything"


def internal_rates(flows: Sequence[float]) -> InternalRates:
    """The real roots of the net present value as a function of the rate.

    A flow whose sign changes once has exactly one (Descartes), found by Newton's method (pyxirr); for any other all
    are looked for, as roots of a polynomial.

    >>> round(internal_rates([-100, 39, 59, 55, 20]).only, 5), internal_rates([100, 50]).rates
    (0.28095, ())
    >>> [round(rate, 6) for rate in internal_rates([-100, 230, -132]).rates]
    [0.1, 0.2]
    """
    least = _NOTHING * max(map(abs, flows))
    amounts = [0.0 if abs(flow) < least else flow for flow in flows]
    if not any(amount > 0 for amount in amounts) or not any(amount < 0 for amount in amounts):
        return InternalRates(())
    gains = [amount > 0 for amount in amounts if amount]
    turns = sum(gain != before for before, gain in pairwise(gains))
    if turns == 1 and (only := pyxirr.irr(amounts, silent=True)) is not None:
        return InternalRates((float(only),))
    roots = np.roots(amounts)
    real = roots.real[(np.abs(roots.imag) < _REAL) & (roots.real > _REAL)]
    return InternalRates(_distinct(sorted(float(root) - 1 for root in real)))


def payback_years(flows: Sequence[float], rate: float = 0.0) -> float | None:
    """Years until the running sum reaches zero for the first time, None where it never does.

    Inside a year money comes in evenly (linear interpolation). `rate` above zero discounts each flow first.

    >>> round(payback_years([-14518, 4179, 8052, 13608, 8500]), 2), payback_years([-10, 2, 3]) is None
    (2.17, True)
    """
    factors = discount_factors(rate, len(flows) - 1)
    total = 0.0
    for year, (flow, factor) in enumerate(zip(flows, factors, strict=True)):
        amount = flow * factor
        if total + amount >= 0:
            return max(0.0, year - 1 + -total / amount) if year and amount > 0 else 0.0
        total += amount
    return None


def payback_of_each(flows: Array) -> Array:
    """`payback_years`, undiscounted, of many flows at once: shape (years + 1, n) to (n,); infinite where never."""
    totals = np.cumsum(flows, axis=0)
    reached = totals >= 0
    year = np.argmax(reached, axis=0)
    columns = np.arange(flows.shape[1])
    before, amount = totals[np.maximum(year - 1, 0), columns], flows[year, columns]
    with np.errstate(divide="ignore", invalid="ignore"):
        within = np.where(year > 0, year - 1 - before / amount, 0.0)
    return np.where(reached.any(axis=0), within, np.inf)


def internal_rate_of_each(flows: Array) -> Array:
    """The rate between −99 % and 1,000 % of many flows (years + 1, n) that first cost and then bring: shape (n,).

    Bisection to 1e-6; −1 where even −99 % does not repay the costs, 10 where 1,000 % still does.
    """
    low = np.full(flows.shape[1], -0.99)
    high = np.full(flows.shape[1], 10.0)
    hopeless, beyond = _values_at(flows, low) < 0, _values_at(flows, high) > 0
    for _ in range(24):
        middle = (low + high) / 2
        gains = _values_at(flows, middle) > 0
        low, high = np.where(gains, middle, low), np.where(gains, high, middle)
    return np.where(hopeless, -1.0, np.where(beyond, 10.0, (low + high) / 2))


def _values_at(flows: Array, rate: Array) -> Array:
    total = flows[-1]
    for flow in flows[-2::-1]:
        total = flow + total / (1 + rate)
    return np.asarray(total, dtype=np.float64)


def _distinct(rates: Sequence[float]) -> tuple[float, ...]:
    kept: list[float] = []
    for rate in rates:
        if not kept or rate - kept[-1] > 10 * _REAL:
            kept.append(rate)
    return tuple(kept)
