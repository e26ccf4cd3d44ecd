"""Drawings of a value: how it is spread, what drives it, how the money comes back. Money is drawn in thousands."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.formatting import number, share, thousands
from planner.charts.marks import Rect, Scale, Tick, at, path, rect, round_ticks
from planner.domain.valuation.uncertainty import Bar, Swing

FLOOR = 196.0
CEILING = 22.0


@dataclass(frozen=True)
class HistogramDrawing:
    """Bars of losses and gains, the band of 90 % of draws, zero and median; the outline before the last edit."""

    bars: tuple[Rect, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    band_from: str
    band_width: str
    zero: str
    median: str
    median_words: str
    median_end: bool
    ghost: str


@dataclass(frozen=True)
class Spread:
    """What a histogram shows: bars and three quantiles, in currency."""

    bars: Sequence[Bar]
    p5: float
    p50: float
    p95: float


def draw_histogram(now: Spread, before: Spread | None = None) -> HistogramDrawing:
    """Bars from 44 to 806 across and 196 up to 22; what lies beyond the bars stays within the frame."""
    both = [*now.bars, *(before.bars if before else ())]
    x = Scale(min(bar.low for bar in both), max(bar.high for bar in both), 44, 806)
    y = Scale(0.0, max(bar.share for bar in both) * 1.06, FLOOR, CEILING)
    left, right = x(_held(now.p5, x)), x(_held(now.p95, x))
    middle = x(_held(now.p50, x))
    return HistogramDrawing(
        bars=tuple(_bar(bar, x, y) for bar in now.bars if bar.share > 0),
        across=tuple(Tick(at(x(tick)), thousands(tick), tick == 0) for tick in round_ticks(x.low, x.high, 12)),
        up=tuple(Tick(at(y(tick)), number(100 * tick)) for tick in round_ticks(0.0, y.high, 6)),
        band_from=at(left),
        band_width=at(right - left),
        zero=at(x(0.0)),
        median=at(middle),
        median_words=f"median {thousands(now.p50)} k",
        median_end=middle > 690,
        ghost=_outline(before.bars, x, y) if before else "",
    )


def _held(value: float, x: Scale) -> float:
    return min(max(value, x.low), x.high)


def _bar(bar: Bar, x: Scale, y: Scale) -> Rect:
    left, right, top = x(bar.low), x(bar.high), y(bar.share)
    words = f"{thousands(bar.low)} to {thousands(bar.high)} k: {share(bar.share, 1)} of draws"
    gap = min(1.5, (right - left) / 4)
    return rect(
        left + gap / 2, top, right - left - gap, FLOOR - top, css="loss" if bar.high <= 0 else "gain", words=words
    )


def _outline(bars: Sequence[Bar], x: Scale, y: Scale) -> str:
    points = [(x(bars[0].low), FLOOR)]
    for bar in bars:
        points += [(x(bar.low), y(bar.share)), (x(bar.high), y(bar.share))]
    return path([*points, (x(bars[-1].high), FLOOR)])


@dataclass(frozen=True)
class SwingDrawing:
    """One row of a tornado: two bars from the middle, each with its end in words."""

    label: str
    text: str
    y: str
    y_text: str
    y_below: str
    y_bar: str
    low: Rect
    low_words: str
    low_end: bool
    low_at: str
    high: Rect
    high_words: str
    high_end: bool
    high_at: str


@dataclass(frozen=True)
class TornadoDrawing:
    """Rows under each other, widest first, on one axis."""

    rows: tuple[SwingDrawing, ...]
    across: tuple[Tick, ...]
    middle: str
    middle_words: str
    height: int
    foot: str


def draw_tornado(swings: Sequence[Swing], texts: Sequence[str], at_medians: float, most: int = 8) -> TornadoDrawing:
    """The `most` widest swings; `texts` are the assumptions as written, one a swing. Names stand left of 230."""
    shown = list(zip(swings, texts, strict=True))[:most]
    ends = [end for swing, _ in shown for end in (swing.npv_low, swing.npv_high)] + [at_medians]
    x = Scale(min(ends), max(ends), 292, 480)
    foot = 30 + 30 * len(shown)
    rows = tuple(_swing(swing, text, x, at_medians, row=row) for row, (swing, text) in enumerate(shown))
    return TornadoDrawing(
        rows=rows,
        across=tuple(Tick(at(x(tick)), thousands(tick), tick == 0) for tick in round_ticks(x.low, x.high, 5)),
        middle=at(x(at_medians)),
        middle_words=f"all at median: {thousands(at_medians)} k",
        height=foot + 42,
        foot=at(foot),
    )


def _swing(swing: Swing, text: str, x: Scale, middle: float, *, row: int) -> SwingDrawing:
    y = 30.0 + 30 * row
    low, low_at, low_end = _end(swing.npv_low, x, middle, y)
    high, high_at, high_end = _end(swing.npv_high, x, middle, y)
    if low_end == high_end:
        high_at, high_end = (at(x(middle) + 6), False) if low_end else (at(x(middle) - 6), True)
    return SwingDrawing(
        *(swing.label, text, at(y), at(y + 7), at(y + 20), at(y + 12)),
        *(low, f"low, {thousands(swing.npv_low)}", low_end, low_at),
        *(high, f"high, {thousands(swing.npv_high)}", high_end, high_at),
    )


def _end(value: float, x: Scale, middle: float, y: float) -> tuple[Rect, str, bool]:
    """The bar from the middle to a value, where its words stand and whether they end there."""
    start, end = sorted((x(middle), x(value)))
    below = value < middle
    bar = rect(start, y, end - start, 16, css="f-loss-mid" if below else "f-gain-mid")
    return bar, at(start - 5 if below else end + 5), below


@dataclass(frozen=True)
class CashDrawing:
    """Benefits, costs and the running sum of each year at the medians."""

    bars: tuple[Rect, ...]
    years: tuple[Tick, ...]
    up: tuple[Tick, ...]
    line: str
    points: tuple[tuple[str, str], ...]
    zero: str


def draw_cash(benefits: Sequence[float], costs: Sequence[float]) -> CashDrawing:
    """One pair of bars a year from t = 0 on, costs downward, and the net so far. Both sequences are above zero."""
    net = [gain - cost for gain, cost in zip(benefits, costs, strict=True)]
    so_far = [sum(net[: year + 1]) for year in range(len(net))]
    y = Scale(min(*so_far, -max(costs), 0.0), max(*so_far, *benefits, 0.0), 200, 20)
    x = Scale(-0.5, len(net) - 0.5, 46, 416)
    width = min(22.0, (x(1) - x(0)) / 3)
    bars = [_column(x(year) - width - 1, gain, y, width, "f-gain-mid") for year, gain in enumerate(benefits) if gain]
    bars += [_column(x(year) + 1, -cost, y, width, "f-loss-mid") for year, cost in enumerate(costs) if cost]
    points = [(x(year), y(amount)) for year, amount in enumerate(so_far)]
    return CashDrawing(
        bars=tuple(bars),
        years=tuple(Tick(at(x(year)), "start" if year == 0 else f"y {year}") for year in _shown_years(len(net))),
        up=tuple(Tick(at(y(tick)), thousands(tick), tick == 0) for tick in round_ticks(y.low, y.high, 6)),
        line=path(points),
        points=tuple((at(px), at(py)) for px, py in points),
        zero=at(y(0.0)),
    )


def _column(left: float, amount: float, y: Scale, width: float, css: str) -> Rect:
    top, foot = sorted((y(amount), y(0.0)))
    return rect(left, top, width, foot - top, css=css)


def _shown_years(count: int) -> range:
    """Every year, or every few where they would touch."""
    return range(0, count, max(1, count // 11 + 1 if count > 12 else 1))
