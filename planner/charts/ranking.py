"""Drawings of a ranking: every task's interval on one axis, and the map of benefit against suitability."""

import html
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from common.formatting import interval, thousands
from planner.charts.marks import Scale, Tick, at, round_ticks

WIDTH = 420
EDGE = 6
EVERY = slice(None)
MOST_TRIED = 150
"""Marks of the map that may get a name beside them: of thousands none would find room."""
PLOT, HEIGHT, LINE, LETTER, BESIDE = 800.0, 270.0, 15.0, 7.0, 16.0
"""Of the map, in pixels: as small as it gets on a desk, a line of text, a letter, a mark and its gap."""


@dataclass(frozen=True)
class Interval:
    """Five quantiles of a value, in currency."""

    p5: float
    p25: float
    p50: float
    p75: float
    p95: float


@dataclass(frozen=True)
class IntervalDrawing:
    """A line for 90 % of draws, a box for the middle half, a tick at the median."""

    line: str
    box_from: str
    box_width: str
    median: str
    tone: str
    words: str


@dataclass(frozen=True)
class AxisDrawing:
    """The axis all rows share."""

    ticks: tuple[Tick, ...]
    rows: tuple[IntervalDrawing, ...]


def draw_intervals(intervals: Sequence[Interval], shown: slice = EVERY) -> AxisDrawing:
    """Those `shown`, on one axis that holds every interval, and zero."""
    low = min([each.p5 for each in intervals] + [0.0])
    high = max([each.p95 for each in intervals] + [0.0])
    x = Scale(low, high if high > low else low + 1, EDGE, WIDTH - EDGE)
    ticks = tuple(Tick(at(x(tick)), thousands(tick), tick == 0) for tick in round_ticks(x.low, x.high, 5))
    return AxisDrawing(ticks, tuple(_interval(each, x) for each in intervals[shown]))


def _interval(each: Interval, x: Scale) -> IntervalDrawing:
    left, right = at(x(each.p5)), at(x(each.p95))
    return IntervalDrawing(
        line=f"M{left} 17H{right}M{left} 12v10M{right} 12v10",
        box_from=at(x(each.p25)),
        box_width=at(max(1.0, x(each.p75) - x(each.p25))),
        median=at(x(each.p50)),
        tone="gain" if each.p50 >= 0 else "loss",
        words=f"{interval(each.p5, each.p95)}, median {thousands(each.p50)} k",
    )


@dataclass(frozen=True)
class Place:
    """A task on the map: `suitability` a share of the points, `cost` today's a year, `npv` None if not ranked."""

    name: str
    suitability: float
    cost: float
    npv: float | None
    note: str = ""


def map_figure(places: Sequence[Place], currency: str) -> dict[str, Any]:
    """A Plotly figure: suitability across, cost of the task today up, the size of a mark its net present value."""
    sides = named(places)
    placed = [(each, sides.get(at, "")) for at, each in enumerate(places)]
    groups = (
        ("gains", [each for each in placed if each[0].npv is not None and each[0].npv >= 0], "circle", "gain-mid"),
        ("loses", [each for each in placed if each[0].npv is not None and each[0].npv < 0], "circle-open", "loss"),
        ("no model", [each for each in placed if each[0].npv is None], "square-open", "ink-3"),
    )
    widest = max((abs(each.npv) for each in places if each.npv is not None), default=0.0)
    return {
        "data": [_trace(group, widest) for group in groups if group[1]],
        "layout": {
            "height": 360,
            "xaxis": {
                "title": {"text": "suitability, share of the points, %"},
                "range": _across(places),
                "tickvals": [*range(0, 101, 10)],
            },
            "yaxis": {"title": {"text": f"cost today, k {currency} a year"}, "rangemode": "tozero"},
            "showlegend": True,
            "margin": {"l": 60, "r": 20, "t": 30, "b": 52},
        },
    }


def _across(places: Sequence[Place]) -> list[float]:
    """From a little left of the least suitable task, for names, to all points."""
    return [max(0.0, 100 * min(each.suitability for each in places) - 25), 110.0]


def named(places: Sequence[Place]) -> dict[int, str]:
    """By its place in the sequence, on which side of its mark each name stands that finds room.

    Ranked tasks are named first, then what costs most; a name that would cover another is left to the mark's own
    words and to the table.
    """
    found: dict[int, str] = {}
    if not places:
        return found
    low, high = _across(places)
    tallest = max(each.cost for each in places) or 1.0
    taken: list[tuple[float, float, float]] = []
    first = sorted(range(len(places)), key=lambda at: (places[at].npv is None, -places[at].cost))
    for place in first[:MOST_TRIED]:
        each = places[place]
        x, y = PLOT * (100 * each.suitability - low) / (high - low), HEIGHT * each.cost / tallest
        long = LETTER * len(plain(each.name)) + BESIDE
        for side, left in (("middle right", x), ("middle left", x - long)):
            if left >= -BESIDE and not any(_covers(left, left + long, y, other) for other in taken):
                found[place] = side
                taken.append((left, left + long, y))
                break
    return found


def _covers(left: float, right: float, y: float, other: tuple[float, float, float]) -> bool:
    return left < other[1] and other[0] < right and abs(y - other[2]) < LINE


def _trace(group: tuple[str, list[tuple[Place, str]], str, str], widest: float) -> dict[str, Any]:
    words, placed, symbol, token = group
    places = [each for each, _ in placed]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": words,
        "x": [round(100 * each.suitability, 1) for each in places],
        "y": [float(f"{each.cost / 1000:.4g}") for each in places],
        "text": [plain(each.name) if side else "" for each, side in placed],
        "hovertext": [plain(each.name) for each in places],
        "customdata": [_said(each) for each in places],
        "textposition": [side or "middle right" for _, side in placed],
        "cliponaxis": False,
        "hovertemplate": "<b>%{hovertext}</b><br>%{customdata}<extra></extra>",
        "marker": {
            "symbol": symbol,
            "size": [_size(each, widest) for each in places],
            "color": f"var(--{token})",
            "line": {"width": 1.75, "color": f"var(--{token})"},
        },
    }


def _said(place: Place) -> str:
    return plain(place.note) if place.npv is None else f"net present value {thousands(place.npv)} k"


def _size(place: Place, widest: float) -> float:
    if place.npv is None or not widest:
        return 10.0
    return round(10 + 22 * math.sqrt(abs(place.npv) / widest), 1)


def plain(text: str) -> str:
    """Text for Plotly, which would read tags in it: tags gone, a long name cut.

    >>> plain("<b>Pay</b> & file")
    'Pay & file'
    """
    bare = re.sub(r"<[^<>]*>", "", html.unescape(text)).replace("<", "‹").replace(">", "›").strip()
    return bare if len(bare) <= 40 else f"{bare[:39]}…"
