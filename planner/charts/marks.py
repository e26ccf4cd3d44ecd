"""The marks our own drawings are made of: places in a viewBox, written short. Colours are classes of the stylesheet."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


def at(place: float) -> str:
    """A coordinate with one decimal.

    >>> at(12.345), at(7.0)
    ('12.3', '7.0')
    """
    return f"{place:.1f}"


@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high` on places from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        span = (self.high - self.low) or 1.0
        return self.start + (value - self.low) / span * (self.end - self.start)


@dataclass(frozen=True)
class Tick:
    """A line of the grid and its label."""

    at: str
    label: str
    is_zero: bool = False


@dataclass(frozen=True)
class Rect:
    """A bar. `css` is its class, `words` what a pointer over it reads."""

    x: str
    y: str
    width: str
    height: str
    css: str
    words: str = ""


def rect(x: float, y: float, width: float, height: float, *, css: str, words: str = "") -> Rect:
    return Rect(at(x), at(y), at(width), at(height), css, words)


def round_ticks(low: float, high: float, most: int = 7) -> tuple[float, ...]:
    """Round numbers from low to high, at most `most` of them, zero among them where it lies between.

    >>> round_ticks(-280.0, 460.0, 6)
    (-200.0, 0.0, 200.0, 400.0)
    """
    span = high - low
    if span <= 0:
        return (low,)
    power = 10.0 ** np.floor(np.log10(span / most))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power * most >= span)
    first, last = int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9))
    return tuple(float(position * step) for position in range(first, last + 1))


def path(points: Sequence[tuple[float, float]]) -> str:
    """
    >>> path([(1, 2), (3, 4)])
    'M1.0 2.0L3.0 4.0'
    """
    return "M" + "L".join(f"{at(x)} {at(y)}" for x, y in points)
