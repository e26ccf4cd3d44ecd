"""Scenarios drawn: a row for each task, a mark for each scenario, all on one axis of money."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.formatting import thousands
from planner.charts.marks import Scale, Tick, at, round_ticks

WIDTH, LEFT, RIGHT, TOP, STEP = 720, 212, 24, 22, 34
HALF = 5.5
LONGEST_NAME = 30


@dataclass(frozen=True)
class Dot:
    """One scenario of one task: a shape as a path, or the letter of one's own; teal above zero, rust below."""

    shape: str
    x: str
    y: str
    letter: str
    tone: str
    words: str


@dataclass(frozen=True)
class DotRow:
    """One task: its name, the line between its lowest and its highest scenario, its dots."""

    label: str
    y: str
    line: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class DotDrawing:
    """All rows on one axis. `height` of the viewBox, `foot` where the axis ends."""

    ticks: tuple[Tick, ...]
    rows: tuple[DotRow, ...]
    height: str
    foot: str
    width: str = str(WIDTH)


@dataclass(frozen=True)
class Scored:
    """What is drawn of a task: its name, and (sign, name, value in currency) of each scenario."""

    label: str
    values: Sequence[tuple[str, str, float]]


def draw_dots(rows: Sequence[Scored]) -> DotDrawing:
    """Every row on one axis that holds all values, and zero."""
    values = [value for row in rows for _, _, value in row.values]
    low, high = min([*values, 0.0]), max([*values, 0.0])
    x = Scale(low, high if high > low else low + 1, LEFT, WIDTH - RIGHT)
    foot = TOP + STEP * len(rows)
    return DotDrawing(
        ticks=tuple(Tick(at(x(tick)), thousands(tick), tick == 0) for tick in round_ticks(x.low, x.high, 6)),
        rows=tuple(_row(row, TOP + STEP * (place + 0.5), x) for place, row in enumerate(rows)),
        height=str(foot + 44),
        foot=at(foot),
    )


def _row(row: Scored, y: float, x: Scale) -> DotRow:
    places = [x(value) for _, _, value in row.values]
    label = row.label if len(row.label) <= LONGEST_NAME else f"{row.label[: LONGEST_NAME - 1]}…"
    dots = tuple(_dot(sign, name, value, x(value), y) for sign, name, value in row.values)
    return DotRow(label, at(y + 4), f"M{at(min(places))} {at(y)}H{at(max(places))}", dots)


def _dot(sign: str, name: str, value: float, x: float, y: float) -> Dot:
    draw = _SHAPES.get(sign)
    words = f"{name}: {thousands(float(f'{value:.3g}'))} k"
    tone = "gain" if value >= 0 else "loss"
    return Dot(draw(x, y) if draw else _square(x, y), at(x), at(y + 4), "" if draw else sign, tone, words)


def shape_of(sign: str) -> str:
    """The shape alone, for a legend: 16 by 16.

    >>> shape_of("low")
    'M2.5 3.6H13.5L8.0 13.5Z'
    """
    draw = _SHAPES.get(sign, _square)
    return draw(8.0, 8.0)


def _circle(x: float, y: float) -> str:
    return f"M{at(x - HALF)} {at(y)}a{HALF} {HALF} 0 1 0 {2 * HALF} 0a{HALF} {HALF} 0 1 0 {-2 * HALF} 0Z"


def _down(x: float, y: float) -> str:
    return f"M{at(x - HALF)} {at(y - 0.8 * HALF)}H{at(x + HALF)}L{at(x)} {at(y + HALF)}Z"


def _up(x: float, y: float) -> str:
    return f"M{at(x - HALF)} {at(y + 0.8 * HALF)}H{at(x + HALF)}L{at(x)} {at(y - HALF)}Z"


def _square(x: float, y: float) -> str:
    return f"M{at(x - 8)} {at(y - 8)}h16v16h-16Z"


_SHAPES = {"base": _circle, "low": _down, "high": _up}
