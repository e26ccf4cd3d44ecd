"""Which task first: orders, the chance that a task is first, and where the orders disagree."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

from planner.domain.valuation.cashflow import NO_COST, internal_rate_of_each, payback_of_each
from planner.domain.valuation.distributions import Array
from planner.domain.valuation.simulation import Simulation
from planner.domain.valuation.uncertainty import Summary


class RankBy(StrEnum):
    """The orders offered. The first is the one of the source (ml-ops.org); none is right for every purpose."""

    ROI = "roi"
    NPV = "npv"
    IRR = "irr"
    PAYBACK = "payback"
    NPV_PER_ONCE = "npv_per_once"
    CHANCE = "chance"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    RankBy.ROI: "ROI",
    RankBy.NPV: "NPV",
    RankBy.IRR: "IRR",
    RankBy.PAYBACK: "Payback",
    RankBy.NPV_PER_ONCE: "NPV per one-off",
    RankBy.CHANCE: "Chance of success",
}


@dataclass(frozen=True)
class Figures:
    """The figures a task is ranked by. None: undefined, never zero."""

    npv: float
    roi: float | None = None
    irr: float | None = None
    payback_years: float | None = None
    once: float = 0.0
    chance: float | None = None
    """Of success: that it loses nothing."""

    @property
    def npv_per_once(self) -> float | None:
        """Mean net present value of each unit paid at the start, None where nothing is."""
        return self.npv / self.once if self.once > NO_COST else None


def score(figures: Figures, by: RankBy) -> float | None:
    """The number an order goes by, larger is better; None is undefined and comes last.

    >>> score(Figures(npv=10.0, payback_years=2.0), RankBy.PAYBACK), score(Figures(npv=1.0), RankBy.ROI) is None
    (-2.0, True)
    """
    if by is RankBy.PAYBACK:
        return None if figures.payback_years is None else -figures.payback_years
    found: Mapping[RankBy, float | None] = {
        RankBy.ROI: figures.roi,
        RankBy.NPV: figures.npv,
        RankBy.IRR: figures.irr,
        RankBy.NPV_PER_ONCE: figures.npv_per_once,
        RankBy.CHANCE: figures.chance,
    }
    return found[by]


def order(figures: Sequence[Figures], by: RankBy) -> tuple[int, ...]:
    """Positions of the figures, best first; equals by NPV, then as given; undefined last.

    >>> small, large = Figures(npv=5.0, roi=2.0), Figures(npv=50.0, roi=0.5)
    >>> order([large, small], RankBy.ROI), order([small, large], RankBy.NPV)
    ((1, 0), (1, 0))
    """

    def place(position: int) -> tuple[bool, float, float]:
        found = score(figures[position], by)
        return found is None, -(found or 0.0), -figures[position].npv

    return tuple(sorted(range(len(figures)), key=place))


def figures_of(summary: Summary, *, irr: float | None, payback_years: float | None) -> Figures:
    """The figures of a simulated task; IRR and payback are those at the medians."""
    return Figures(summary.mean, summary.roi, irr, payback_years, summary.mean_once, 1 - summary.loss_probability)


def scores_of_each(simulation: Simulation, by: RankBy) -> Array:
    """The score of every draw, shape (draws,); minus infinity where it is undefined."""
    return _DRAWN[by](simulation)


def chance_of_places(scores: Sequence[Array] | Array, places: int) -> Array:
    """The share of draws in which each task stands at place 1, 2 … `places`: shape (places, tasks), no more places than
    tasks. Equal scores go to the earlier task.

    `scores` holds one array of draws a task, all of one length: shape (tasks, draws).

    >>> chance_of_places([np.array([1.0, 5.0, 3.0, 4.0]), np.array([2.0, 2.0, 2.0, 2.0])], 2)
    array([[0.75, 0.25],
           [0.25, 0.75]])
    """
    if not len(scores):
        return np.empty((0, 0))
    each = np.array(np.asarray(scores).T, order="C")
    np.maximum(each, _UNDEFINED, out=each)
    draws, tasks = each.shape
    counts = []
    for _ in range(min(places, tasks)):
        best = np.argmax(each, axis=1)
        counts.append(np.bincount(best, minlength=tasks))
        each[np.arange(draws), best] = -np.inf
    return np.asarray(np.array(counts) / draws, dtype=np.float64)


def chance_of_first(scores: Sequence[Array] | Array, first: int = 1) -> tuple[float, ...]:
    """For each task the share of draws in which it is among the `first` best.

    >>> chance_of_first([np.array([1.0, 5.0]), np.array([2.0, 2.0])])
    (0.5, 0.5)
    """
    return tuple(chance_of_places(scores, first).sum(axis=0).tolist())


_UNDEFINED = np.finfo(np.float64).min
"""What counts in the place of minus infinity, which marks a task that has its place already."""


def disagreements(figures: Sequence[Figures]) -> tuple[tuple[int, int], ...]:
    """Pairs (a, b) where a stands before b by ROI although b brings more, both defined: look at both before choosing.

    Only neighbours in the order by ROI are compared, and a difference under 5 % of the larger value is none.
    """
    by_roi = [position for position in order(figures, RankBy.ROI) if figures[position].roi is not None]
    pairs = pairwise(by_roi)
    return tuple((a, b) for a, b in pairs if figures[b].npv - figures[a].npv > 0.05 * abs(figures[b].npv))


def _ratio(above: Array, below: Array) -> Array:
    ratio = np.full(len(above), -np.inf)
    np.divide(above, below, out=ratio, where=below > NO_COST)
    return ratio


_DRAWN: Mapping[RankBy, Callable[[Simulation], Array]] = {
    RankBy.ROI: lambda found: _ratio(found.npv, found.pv_costs),
    RankBy.NPV: lambda found: found.npv,
    RankBy.IRR: lambda found: internal_rate_of_each(found.flows),
    RankBy.PAYBACK: lambda found: -payback_of_each(found.flows),
    RankBy.NPV_PER_ONCE: lambda found: _ratio(found.npv, found.once),
    RankBy.CHANCE: lambda found: found.npv,
}
