"""The worth of the best portfolio against the budget, as steps. Money is drawn in thousands."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.formatting import thousands
from planner.charts.marks import Scale, Tick, at, path, round_ticks


@dataclass(frozen=True)
class CurveDrawing:
    """Steps from 52 to 806 across and 196 up to 18; `here` is where the budget in force stands, if there is one."""

    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    line: str
    here: str
    here_words: str
    here_end: bool


def draw_curve(points: Sequence[tuple[float, float]], budget: float | None) -> CurveDrawing:
    """`points` are (budget, worth) by budget, at least one; between two of them the worth of the lower holds."""
    worths = [worth for _, worth in points]
    x = Scale(0.0, max(points[-1][0], budget or 0.0), 52, 806)
    y = Scale(min(0.0, *worths), max(0.0, *worths), 196, 18)
    steps: list[tuple[float, float]] = []
    for amount, worth in points:
        if steps:
            steps.append((x(amount), steps[-1][1]))
        steps.append((x(amount), y(worth)))
    place = x(budget) if budget is not None else 0.0
    return CurveDrawing(
        across=tuple(Tick(at(x(tick)), thousands(tick)) for tick in round_ticks(x.low, x.high, 8)),
        up=tuple(Tick(at(y(tick)), thousands(tick), tick == 0) for tick in round_ticks(y.low, y.high, 5)),
        line=path(steps),
        here=at(place) if budget is not None else "",
        here_words=f"budget {thousands(budget)} k" if budget is not None else "",
        here_end=place > 690,
    )
