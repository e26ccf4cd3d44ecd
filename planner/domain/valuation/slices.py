"""Draws of a distribution before they are shuffled: one of each of many equally likely slices, from low to high.

A Latin hypercube (McKay, Beckman and Conover 1979) takes exactly one number from each slice of every input and leaves
to chance only in which order they meet those of the other inputs. The number of a slice is its middle, for normal and
log-normal amounts its mean, so that the mean of the slices is that of the distribution.

The quantiles of a beta are a smooth function of the normal score: they are computed at 32 Chebyshev nodes and carried
to all slices by the polynomial through them (barycentric, Berrut and Trefethen 2004), a hundred times faster than
inverting the incomplete beta function for each and, from shapes of one half on, exact to 1e-6 of a standard deviation.
"""

import math
from functools import lru_cache

import numpy as np
from scipy import special

from planner.domain.valuation.distributions import Array, Beta, Bounded, Distribution, Lognormal, Normal, Pert, held

DRAWS = 2048
"""Slices of an input, hence draws of a valuation."""

NODES = 32
SMOOTH = 0.5
"""From these shape numbers of a beta on the polynomial is as good as exact."""


@lru_cache(maxsize=512)
def slices(distribution: Distribution, count: int = DRAWS) -> Array:
    """`count` equally likely outcomes, rising; shape (count,), not to be written to.

    >>> slices(Normal.interval(20, 40), 4).round(2)
    array([22.27, 28.03, 31.97, 37.73])
    """
    found = _slices(distribution, count)
    found.flags.writeable = False
    return found


def middles(count: int) -> Array:
    """The middle of each slice, as a probability.

    >>> middles(4)
    array([0.125, 0.375, 0.625, 0.875])
    """
    return (np.arange(count) + 0.5) / count


def _slices(distribution: Distribution, count: int) -> Array:
    if isinstance(distribution, Bounded):
        return held(_slices(distribution.inner, count), distribution.lower, distribution.upper)
    if isinstance(distribution, Normal):
        return distribution.mean + distribution.deviation * _normal_means(count)
    if isinstance(distribution, Lognormal):
        return _lognormal_means(distribution, count)
    if isinstance(distribution, Pert):
        return distribution.low + (distribution.high - distribution.low) * _beta(distribution.shape, count)
    if isinstance(distribution, Beta):
        return _beta(distribution, count)
    return distribution.quantile(middles(count))


@lru_cache(maxsize=8)
def _edges(count: int) -> Array:
    """Normal scores of the edges between the slices, infinite at both ends."""
    return np.asarray(special.ndtri(np.arange(count + 1) / count), dtype=np.float64)


@lru_cache(maxsize=8)
def _normal_means(count: int) -> Array:
    """Mean of each slice of the standard normal distribution."""
    density = np.exp(-(_edges(count) ** 2) / 2) / math.sqrt(2 * math.pi)
    return -count * np.diff(density)


def _lognormal_means(distribution: Lognormal, count: int) -> Array:
    """A slice of a log-normal holds as much of its mean as the normal shifted by sigma holds of one."""
    shifted = np.asarray(special.ndtr(_edges(count) - distribution.logarithm[1]), dtype=np.float64)
    return distribution.mean * count * np.diff(shifted)


def _beta(shape: Beta, count: int) -> Array:
    if min(shape.alpha, shape.beta) < SMOOTH:
        return shape.quantile(middles(count))
    nodes, weights = _polynomial(count)
    return held(weights @ shape.quantile(nodes), 0.0, 1.0)


@lru_cache(maxsize=8)
def _polynomial(count: int) -> tuple[Array, Array]:
    """Probabilities of the nodes, and what each adds to each slice: shapes (NODES,), (count, NODES)."""
    scores = np.asarray(special.ndtri(middles(count)), dtype=np.float64)
    angles = (2 * np.arange(NODES) + 1) * math.pi / (2 * NODES)
    nodes = np.cos(angles) * scores[-1] * 1.001
    parts = (-1.0) ** np.arange(NODES) * np.sin(angles) / (scores[:, None] - nodes)
    return np.asarray(special.ndtr(nodes)), np.ascontiguousarray(parts / parts.sum(axis=1, keepdims=True))
