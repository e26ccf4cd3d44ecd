"""Uncertain amounts: what they are, their quantiles, their draws.

Every distribution answers `quantile`, the inverse of its cumulative probability, so that draws are made from uniform
numbers handed in and the same uniform numbers always give the same draws. Shares are plain numbers (0.2 is 20 %).

A 90 % interval "20 to 40" is a normal distribution with 5 % below 20 and 5 % above 40; where both ends are positive and
the high end is ten times the low end or more, it is log-normal with the same two quantiles, since a normal one would
reach below zero. PERT is a beta distribution stretched over low..high with weight 4 on the mode (Malcolm et al. 1959).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
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


class InvalidDistribution(ValueError):
    """The numbers do not make a distribution. The text says which and shows one that would do."""


class Distribution(Protocol):
    """What every uncertain amount answers."""

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
    return quantile(distribution, 0.5)


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


def draw(distribution: Distribution, rng: np.random.Generator, count: int) -> Array:
    """`count` draws, stratified: one from each of `count` equally likely slices, in random order (McKay et al. 1979).

    Stratification leaves the distribution as it is and makes the mean of the draws far steadier.

    >>> draws = draw(Normal.interval(20, 40), np.random.default_rng(1), 2000)
    >>> draws.shape, bool(abs(draws.mean() - 30) < 0.05)
    ((2000,), True)
    """
    if isinstance(distribution, Constant):
        return np.full(count, distribution.value)
    return distribution.quantile((rng.permutation(count) + rng.random(count)) / count)


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
    def _scale(self) -> tuple[float, float]:
        low, high = math.log(self.low), math.log(self.high)
        return (low + high) / 2, (high - low) / (2 * Z90)

    @property
    def mean(self) -> float:
        centre, sigma = self._scale
        return math.exp(centre + sigma**2 / 2)

    def quantile(self, p: Array) -> Array:
        centre, sigma = self._scale
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

    def quantile(self, p: Array) -> Array:
        width = self.high - self.low
        alpha = 1 + 4 * (self.mode - self.low) / width
        beta = 1 + 4 * (self.high - self.mode) / width
        return self.low + width * _beta_quantile(alpha, beta, p)


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
        return _beta_quantile(self.alpha, self.beta, p)


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
        return float(self.quantile(_GRID).mean())

    def quantile(self, p: Array) -> Array:
        values = self.inner.quantile(p)
        if self.lower is None and self.upper is None:
            return values
        return np.clip(values, self.lower, self.upper)


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


def _beta_quantile(alpha: float, beta: float, p: Array) -> Array:
    """Inverse of the incomplete beta function, read from a table of 4,000 slices (faster, exact to 1e-4)."""
    if np.size(p) <= len(_GRID):
        return np.asarray(special.betaincinv(alpha, beta, p), dtype=np.float64)
    edges = np.linspace(0.0, 1.0, len(_GRID) + 1)
    return np.interp(p, edges, special.betaincinv(alpha, beta, edges))


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
