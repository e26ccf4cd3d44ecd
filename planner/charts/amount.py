"""The small drawing beside an amount as it is typed: how likely each value is, and where nine in ten lie."""

from dataclasses import dataclass

import numpy as np

from planner.charts.marks import Rect, Scale, Tick, at, rect, round_ticks
from planner.domain.valuation.amounts import write_number
from planner.domain.valuation.distributions import Distribution, is_certain, marks

WIDTH, HEIGHT, FLOOR = 260, 74, 52.0
_BARS = 36
_GRID = (np.arange(2_000) + 0.5) / 2_000
_EDGES = np.array([0.005, 0.05, 0.95, 0.995])


@dataclass(frozen=True)
class AmountDrawing:
    """Bars, of which those between the 5 % and the 95 % quantile are dark, the mean, and a few values across."""

    bars: tuple[Rect, ...]
    mean: str
    across: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    floor: str = at(FLOOR)


def draw_amount(distribution: Distribution, *, share: bool = False) -> AmountDrawing:
    """In a frame 260 wide and 74 high; a plain number is one bar. Values across are percentages for a share."""
    middle = distribution.mean
    if is_certain(distribution):
        tick = Tick(at(WIDTH / 2), write_number(marks(distribution)[1], share=share))
        return AmountDrawing((rect(WIDTH / 2 - 2, 6, 4, FLOOR - 6, css="f-ink3"),), at(WIDTH / 2), (tick,))
    left, low, high, right = (float(edge) for edge in distribution.quantile(_EDGES))
    if left >= right:
        left, right = float(distribution.quantile(_GRID)[0]), float(distribution.quantile(_GRID)[-1])
    counts, edges = np.histogram(np.clip(distribution.quantile(_GRID), left, right), bins=_BARS, range=(left, right))
    x, y = Scale(left, right, 6, WIDTH - 6), Scale(0.0, float(counts.max()) or 1.0, FLOOR, 6)
    bars = []
    for count, start, end in zip(counts.tolist(), edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        inside = low <= (start + end) / 2 <= high
        if count:
            bars.append(rect(x(start), y(count), x(end) - x(start), FLOOR - y(count), css=_css(inside=inside)))
    ticks = tuple(Tick(at(x(tick)), write_number(tick, share=share)) for tick in round_ticks(left, right, 4))
    return AmountDrawing(tuple(bars), at(x(min(max(middle, left), right))), ticks)


def _css(*, inside: bool) -> str:
    return "f-ink3" if inside else "f-line"
