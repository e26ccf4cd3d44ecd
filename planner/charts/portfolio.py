"""The worth of the best portfolio against the budget, as steps. Money is drawn in thousands."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.formatting import thousands
from planner.charts.marks import Scale, Tick, at, path, round_ticks

BEYOND = 1.06
"""The last step is drawn a little on, since it holds for every larger budget."""


@dataclass(frozen=True)
class BudgetLine:
    """A budget upright in the drawing, its words to the left or the right of it."""

    at: str
    words: str
    is_left: bool


@dataclass(frozen=True)
class CurveDrawing:
    """Steps from 52 to 806 across and 196 up to 18; `here` is the budget in force, `after` that of the next step."""

    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    line: str
    here: BudgetLine | None
    after: BudgetLine | None


def draw_curve(points: Sequence[tuple[float, float]], budget: float | None, after: float | None = None) -> CurveDrawing:
    """`points` are (budget, worth) by budget, at least one; between two of them the worth of the lower holds."""
    worths = [worth for _, worth in points]
    x = Scale(0.0, BEYOND * max(points[-1][0], budget or 0.0), 52, 806)
    y = Scale(min(0.0, *worths), max(0.0, *worths), 196, 18)
    steps: list[tuple[float, float]] = []
    for amount, worth in points:
        if steps:
            steps.append((x(amount), steps[-1][1]))
        steps.append((x(amount), y(worth)))
    steps.append((x.end, steps[-1][1]))

    def line(amount: float, words: str, left_from: float) -> BudgetLine:
        return BudgetLine(at(x(amount)), f"{words} {thousands(amount)} k", x(amount) > left_from)

    return CurveDrawing(
        across=tuple(Tick(at(x(tick)), thousands(tick)) for tick in round_ticks(x.low, x.high, 8)),
        up=tuple(Tick(at(y(tick)), thousands(tick), tick == 0) for tick in round_ticks(y.low, y.high, 5)),
        line=path(steps),
        here=line(budget, "budget", 170) if budget is not None else None,
        after=line(after, "next step", 680) if after is not None else None,
    )
