"""Five steps of a sequential scale, with bounds that read well."""

import math
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np


def scale_bounds(values: Sequence[float]) -> tuple[float, ...]:
    """Up to four rising bounds between the five steps: fifths of the values, rounded to two digits.

    >>> scale_bounds([48, 73, 106, 119, 160, 215, 228, 509])
    (86.0, 120.0, 170.0, 220.0)
    >>> scale_bounds([5, 5, 5])
    (5.0,)
    """
    positive = [value for value in values if value > 0 and math.isfinite(value)]
    if not positive:
        return ()
    fifths = np.quantile(positive, [0.2, 0.4, 0.6, 0.8])
    return tuple(sorted({_rounded(float(bound)) for bound in fifths}))


def scale_step(value: float | None, bounds: Sequence[float]) -> int:
    """The step from 1 to 5 that a value falls into; 0 where it is not known.

    >>> [scale_step(value, (60, 120, 180, 300)) for value in (None, 10, 60, 61, 500)]
    [0, 1, 1, 2, 5]
    """
    if value is None or not math.isfinite(value):
        return 0
    return bisect_left(bounds, value) + 1


def _rounded(value: float) -> float:
    """Two significant digits."""
    return float(f"{value:.1e}")
