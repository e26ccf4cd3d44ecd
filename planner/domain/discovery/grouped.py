"""Counts, sums and quantiles of many groups at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]

COUNTED_GROUPS = 65_536
"""Up to this many groups their numbers fit 16 bits, which numpy sorts by counting."""
COUNTED_KEYS = 8_000_000
"""Up to this range a table of all keys is small; wider ones are sorted."""
SORTED_GROUPS = 10_000
"""Up to this many groups each is sorted by itself: values alone sort several times faster than places by value."""


@dataclass(frozen=True)
class Spreads:
    """By group: how many values are known, their sum, and quantiles; NaN where a group has none."""

    known: Ints
    total: Floats
    p10: Floats
    median: Floats
    p90: Floats

    @property
    def mean(self) -> Floats:
        return self.total / np.where(self.known, self.known, np.nan)


def where(mask: Mask, *arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    """The rows of some arrays under a mask; where it holds for all, the arrays themselves and no copies.

    >>> [each.tolist() for each in where(np.array([True, False]), np.array([1, 2]), np.array([3, 4]))]
    [[1], [3]]
    """
    return arrays if mask.all() else tuple(each[mask] for each in arrays)


def spreads(group: Ints, value: Floats, size: int) -> Spreads:
    """The spread of `value` within each of `size` groups; NaN values are not known and not counted.

    >>> found = spreads(np.array([0, 0, 1, 1]), np.array([1.0, 3.0, 7.0, np.nan]), 3)
    >>> found.known.tolist(), found.median.tolist(), found.total.tolist()
    ([2, 1, 0], [2.0, 7.0, nan], [4.0, 7.0, 0.0])
    """
    group, value = where(~np.isnan(value), group, value)
    known = np.bincount(group, minlength=size)
    low, middle, high = group_quantiles(group, value, size, (0.1, 0.5, 0.9))
    return Spreads(known, np.asarray(np.bincount(group, value, size), dtype=np.float64), low, middle, high)


def group_quantiles(group: Ints, value: Floats, size: int, shares: Sequence[float]) -> np.ndarray:
    """Quantiles of each group (rows: `shares`), interpolated linearly as numpy does; NaN for an empty group.

    NaN values are not known and not counted.

    >>> group_quantiles(np.array([0, 0, 2]), np.array([1.0, 2.0, 5.0]), 3, (0.5,)).tolist()
    [[1.5, nan, 5.0]]
    """
    found = np.full((len(shares), size), np.nan)
    group, value = where(~np.isnan(value), group, value)
    if not len(value):
        return found
    count = np.bincount(group, minlength=size)
    first = np.cumsum(count) - count
    ordered = _sorted_within(group, value, count)
    some = count > 0
    for row, share in enumerate(shares):
        place = share * (count[some] - 1)
        below = np.floor(place).astype(np.int64)
        above = np.minimum(below + 1, count[some] - 1)
        low, high = ordered[first[some] + below], ordered[first[some] + above]
        found[row, some] = low + (high - low) * (place - below)
    return found


def _sorted_within(group: Ints, value: Floats, count: Ints) -> Floats:
    """Values by group, rising within each; `count` is how many each group has."""
    if len(count) > SORTED_GROUPS:
        by_value = np.argsort(value)
        return np.asarray(value[by_value[group_order(group[by_value], len(count))]])
    ordered = np.asarray(value[group_order(group, len(count))])
    edges = np.concatenate([[0], np.cumsum(count)]).tolist()
    for low, high in pairwise(edges):
        ordered[low:high].sort()
    return ordered


def group_order(group: Ints, size: int) -> Ints:
    """Positions sorted by group, each group in the order it had. Few groups are sorted by counting, not comparing.

    >>> group_order(np.array([1, 0, 1, 0]), 2).tolist()
    [1, 3, 0, 2]
    """
    return np.argsort(group.astype(np.uint16) if size <= COUNTED_GROUPS else group, kind="stable")


def first_seen(key: Ints, width: int) -> tuple[Ints, Ints]:
    """The distinct values of `key` (from 0 to below `width`), rising, and each row's place among them.

    >>> values, place = first_seen(np.array([70, 3, 70]), 100)
    >>> values.tolist(), place.tolist()
    ([3, 70], [1, 0, 1])
    """
    if width > COUNTED_KEYS:
        values, place = np.unique(key, return_inverse=True)
        return values, place.astype(np.int64)
    there = np.zeros(width, dtype=bool)
    there[key] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[key]


def cases_of(group: Ints, case: Ints, size: int) -> Ints:
    """In how many different cases each group occurs, for rows sorted by case.

    >>> cases_of(np.array([0, 0, 1]), np.array([4, 4, 4]), 2).tolist()
    [1, 1]
    """
    order = group_order(group, size)
    group, case = group[order], case[order]
    return np.bincount(group[changes(group) | changes(case)], minlength=size)


def changes(ordered: Ints) -> Mask:
    """Which values differ from the one before; the first always does.

    >>> changes(np.array([4, 4, 7])).tolist()
    [True, False, True]
    """
    return np.concatenate([np.ones(min(1, len(ordered)), dtype=bool), ordered[1:] != ordered[:-1]])


def known(value: float, digits: int = 6) -> float | None:
    """A figure as JSON has it, to a few decimals; None where it is not known.

    >>> known(float("nan")), known(0.12345678)
    (None, 0.123457)
    """
    return None if np.isnan(value) else round(float(value), digits)
