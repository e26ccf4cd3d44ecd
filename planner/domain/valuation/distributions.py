"""Uncertain amounts: what they are, their means and their quantiles.

Every distribution answers `quantile`, the inverse of its cumulative probability; `slices.py` makes its draws of it.
Shares are plain numbers (0.2 is 20 %).

A 90 % interval "20 to 40" is a normal distribution with 5 % below 20 and 5 % above 40; where both ends are positive and
the high end is ten times the low end or more, it is log-normal with the same two quantiles, since a normal one would
reach below zero. PERT is a beta distribution stretched over low..high with weight 4 on the mode (Malcolm et al. 1959).
"""

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]

Z90 = 1.6448536269514722
"""95 % quantile of the standard normal: half the width of a 90 % interval in standard deviations."""

DECADE = 10.0
WIDEST_RATIO = 1e6
_GRID = (np.arange(4000) + 0.5) / 4000
_MARKS = np.array([0.1, 0.5, 0.9])
_ENDS = np.array([0.0, 1.0])


class InvalidDistribution(ValueError):
    """The numbers do not make a distribution. The text says which and shows one that would do."""


class Distribution(Hashable, Protocol):
    """What every uncertain amount answers. Equal ones have equal hashes, so that what is computed once is kept."""

    @property
    def mean(self) -> float:
        """Expected value."""
        ...

    def quantile(self, p: Array) -> Array:
        """The value below which lies the share `p` (0 to 1, exclusive) of outcomes, elementwise."""
        ...


def median(distribution: Distribution) -> float:
    """The value below and above which half of the outcomes lie.

    >>> median(Normal.interval(20, 40))
    30.0
    """
    return marks(distribution)[1]


@lru_cache(maxsize=4096)
def marks(distribution: Distribution) -> tuple[float, float, float]:
    """P10, median and P90.

    >>> [round(mark, 3) for mark in marks(Normal.interval(20, 40))]
    [22.209, 30.0, 37.791]
    """
    if isinstance(distribution, Constant):
        return (distribution.value,) * 3
    low, middle, high = distribution.quantile(_MARKS).tolist()
    return low, middle, high


def quantile(distribution: Distribution, p: float) -> float:
    """One quantile.

    >>> round(quantile(Normal.interval(20, 40), 0.95), 6)
    40.0
    """
    return float(distribution.quantile(np.array([p]))[0])


def is_certain(distribution: Distribution) -> bool:
    """True for a plain number."""
    if isinstance(distribution, Bounded):
        return is_certain(distribution.inner)
    return isinstance(distribution, Constant)


@dataclass(frozen=True)
class Constant:
    """A plain number, held for certain."""

    value: float

    def __post_init__(self) -> None:
        _finite(self.value)

    @property
    def mean(self) -> float:
        return self.value

    def quantile(self, p: Array) -> Array:
        return np.full(np.shape(p), self.value)


@dataclass(frozen=True)
class Normal:
    """Normal with the given mean and standard deviation (above zero)."""

    mean: float
    deviation: float

    def __post_init__(self) -> None:
        _finite(self.mean, self.deviation)
        if self.deviation <= 0:
            raise InvalidDistribution(f"A spread of {self.deviation:g} is not above zero: write normal(30, 5).")

    @classmethod
    def interval(cls, low: float, high: float) -> "Normal":
        """The normal distribution of which 90 % lies between low and high.

        >>> round(Normal.interval(20, 40).deviation, 3)
        6.08
        """
        _finite(low, high)
        return cls((low + high) / 2, (high - low) / (2 * Z90))

    def quantile(self, p: Array) -> Array:
        return self.mean + self.deviation * special.ndtri(p)


@dataclass(frozen=True)
class Lognormal:
    """Log-normal of which 90 % lies between low and high, both above zero; its median is their geometric mean.

    >>> round(median(Lognormal(1, 100)), 6), round(Lognormal(1, 100).mean, 3)
    (10.0, 26.64)
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        _finite(self.low, self.high)
        if not 0 < self.low < self.high:
            raise InvalidDistribution("A log-normal range needs 0 < low < high: write lognormal(2, 50).")
        if self.high / self.low > WIDEST_RATIO:
            raise InvalidDistribution("The high end is over a million times the low end: that is no estimate yet.")

    @property
    def logarithm(self) -> tuple[float, float]:
        """Mean and standard deviation of the natural logarithm."""
        low, high = math.log(self.low), math.log(self.high)
        return (low + high) / 2, (high - low) / (2 * Z90)

    @property
    def mean(self) -> float:
        centre, sigma = self.logarithm
        return math.exp(centre + sigma**2 / 2)

    def quantile(self, p: Array) -> Array:
        centre, sigma = self.logarithm
        return np.exp(centre + sigma * special.ndtri(p))


@dataclass(frozen=True)
class Uniform:
    """Every value from low to high equally likely."""

    low: float
    high: float

    def __post_init__(self) -> None:
        _ordered(self.low, self.high, "uniform(10, 20)")

    @property
    def mean(self) -> float:
        return (self.low + self.high) / 2

    def quantile(self, p: Array) -> Array:
        return self.low + (self.high - self.low) * p


@dataclass(frozen=True)
class Triangular:
    """From low to high, most likely at mode, falling in straight lines.

    >>> round(Triangular(10, 20, 60).mean, 6), round(median(Triangular(0, 1, 2)), 6)
    (30.0, 1.0)
    """

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        _peaked(self.low, self.mode, self.high, "triangular(10, 20, 60)")

    @property
    def mean(self) -> float:
        return (self.low + self.mode + self.high) / 3

    def quantile(self, p: Array) -> Array:
        width = self.high - self.low
        rising = self.low + np.sqrt(p * width * (self.mode - self.low))
        falling = self.high - np.sqrt((1 - p) * width * (self.high - self.mode))
        return np.where(p * width < self.mode - self.low, rising, falling)


@dataclass(frozen=True)
class Beta:
    """Share that was seen `alpha` times for and `beta` times against, both above zero.

    >>> Beta(8, 2).mean
    0.8
    """

    alpha: float
    beta: float

    def __post_init__(self) -> None:
        _finite(self.alpha, self.beta)
        if min(self.alpha, self.beta) <= 0:
            raise InvalidDistribution("Both numbers of a beta must be above zero: write beta(8, 2).")

    @property
    def mean(self) -> float:
        return self.alpha / (self.alpha + self.beta)

    def quantile(self, p: Array) -> Array:
        return np.asarray(special.betaincinv(self.alpha, self.beta, p), dtype=np.float64)


@dataclass(frozen=True)
class Pert:
    """Beta distribution over low..high whose mean is (low + 4 mode + high) / 6.

    >>> Pert(10, 20, 60).mean
    25.0
    """

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        _peaked(self.low, self.mode, self.high, "pert(10, 20, 60)")

    @property
    def mean(self) -> float:
        return (self.low + 4 * self.mode + self.high) / 6

    @property
    def shape(self) -> Beta:
        """The same on a width of one."""
        width = self.high - self.low
        return Beta(1 + 4 * (self.mode - self.low) / width, 1 + 4 * (self.high - self.mode) / width)

    def quantile(self, p: Array) -> Array:
        return self.low + (self.high - self.low) * self.shape.quantile(p)


@dataclass(frozen=True)
class Bounded:
    """Another distribution, its outcomes below `lower` or above `upper` moved to that bound (None: no bound).

    The quantiles within the bounds stay what was written, so "80 % to 100 %" keeps both its ends.

    >>> quantile(Bounded(Normal.interval(0.8, 1.0), 0.0, 1.0), 0.99)
    1.0
    """

    inner: Distribution
    lower: float | None
    upper: float | None

    @property
    def mean(self) -> float:
        """Exact for a normal and a log-normal distribution and where no bound is reached, else to about 1e-6."""
        if isinstance(self.inner, Normal):
            return _bounded_mean(self.inner.mean, self.inner.deviation, self.lower, self.upper)
        if isinstance(self.inner, Lognormal) and self.upper is None and (self.lower or 0.0) <= 0:
            return self.inner.mean
        low, high = self.inner.quantile(_ENDS)
        if (self.lower is None or low >= self.lower) and (self.upper is None or high <= self.upper):
            return self.inner.mean
        return float(self.quantile(_GRID).mean())

    def quantile(self, p: Array) -> Array:
        return held(self.inner.quantile(p), self.lower, self.upper)


def held(values: Array, lower: float | None, upper: float | None) -> Array:
    """Each value, moved to the bound it lies beyond; for few values much faster than `numpy.clip`.

    >>> held(np.array([-1.0, 0.5, 3.0]), 0.0, None)
    array([0. , 0.5, 3. ])
    """
    above = values if lower is None else np.maximum(values, lower)
    return above if upper is None else np.minimum(above, upper)


def interval(low: float, high: float) -> Distribution:
    """The distribution meant by "low to high, nine times in ten"; a plain number where both ends are equal.

    >>> type(interval(20, 40)).__name__, type(interval(2, 20)).__name__, type(interval(5, 5)).__name__
    ('Normal', 'Lognormal', 'Constant')
    """
    _finite(low, high)
    if low > high:
        raise InvalidDistribution(f"The low end {low:g} is above the high end {high:g}: write {high:g} to {low:g}.")
    if low == high:
        return Constant(low)
    if low > 0 and high >= DECADE * low:
        return Lognormal(low, high)
    return Normal.interval(low, high)


@lru_cache(maxsize=4096)
def _bounded_mean(mean: float, deviation: float, lower: float | None, upper: float | None) -> float:
    """Mean of a normal outcome moved to the bound it lies beyond.

    >>> round(_bounded_mean(0.0, 1.0, 0.0, None), 6) == round(1 / math.sqrt(2 * math.pi), 6)
    True
    """
    low, low_share = _beyond(mean, deviation, lower, -math.inf)
    high, high_share = _beyond(mean, deviation, upper, math.inf)
    inside = 1 - low_share - (1 - high_share)
    density = math.exp(-(low**2) / 2) - math.exp(-(high**2) / 2)
    found = mean * inside + deviation * density / math.sqrt(2 * math.pi)
    return found + (lower or 0.0) * low_share + (upper or 0.0) * (1 - high_share)


def _beyond(mean: float, deviation: float, bound: float | None, missing: float) -> tuple[float, float]:
    """A bound in standard deviations, and the share of outcomes below it."""
    place = missing if bound is None else (bound - mean) / deviation
    return place, float(special.ndtr(place))


def _finite(*values: float) -> None:
    if not all(math.isfinite(value) for value in values):
        raise InvalidDistribution("Only finite numbers can be used: write 20 to 40.")


def _ordered(low: float, high: float, example: str) -> None:
    _finite(low, high)
    if low >= high:
        raise InvalidDistribution(f"The low end {low:g} is not below the high end {high:g}: write {example}.")


def _peaked(low: float, mode: float, high: float, example: str) -> None:
    _ordered(low, high, example)
    _finite(mode)
    if not low <= mode <= high:
        raise InvalidDistribution(f"The likeliest value {mode:g} is not between {low:g} and {high:g}: write {example}.")


BUILDERS: dict[str, tuple[int, Callable[..., Distribution]]] = {
    "pert": (3, Pert),
    "triangular": (3, Triangular),
    "normal": (2, Normal),
    "lognormal": (2, Lognormal),
    "uniform": (2, Uniform),
    "beta": (2, Beta),
}
"""How a distribution is called in text: name, count of numbers, what builds it."""
