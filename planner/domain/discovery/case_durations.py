"""How long cases take, how much of it somebody works on them, and how they spread."""

from dataclasses import dataclass

import numpy as np

from planner.domain.discovery.grouped import Floats
from planner.domain.discovery.traces import Traces

BARS = 30


@dataclass(frozen=True)
class DurationBar:
    """Cases whose duration lies from `low` (included) to `high` hours; `high` is None for all longer ones."""

    low: float
    high: float | None
    cases: int


@dataclass(frozen=True)
class CaseDurations:
    """Durations of cases in hours, from their beginning to their latest completion, open cases included.

    `idle_share` is the part of all durations together in which no activity of the case is under way, `working_share`
    the rest. `measured` is the share of instances with a start: where it is under 1, handling that was not measured
    lies in the idle part. Both shares are None where nothing was measured or no time passed.
    """

    cases: int
    total_hours: float | None
    mean_hours: float | None
    p10_hours: float | None
    p25_hours: float | None
    median_hours: float | None
    p75_hours: float | None
    p90_hours: float | None
    longest_hours: float | None
    steps_median: float
    steps_most: int
    measured: float
    working_share: float | None
    idle_share: float | None
    bars: tuple[DurationBar, ...]


def case_durations(traces: Traces) -> CaseDurations:
    """The distribution over all cases of a log."""
    hours = traces.duration
    p10, p25, median, p75, p90 = (float(value) for value in np.quantile(hours, (0.1, 0.25, 0.5, 0.75, 0.9)))
    steps = traces.last - traces.first + 1
    total, measured = float(hours.sum()), float(traces.started.mean())
    idle = float(traces.idle.sum()) / total if total and measured else None
    return CaseDurations(
        cases=traces.cases,
        total_hours=round(total, 6),
        mean_hours=round(float(hours.mean()), 6),
        p10_hours=round(p10, 6),
        p25_hours=round(p25, 6),
        median_hours=round(median, 6),
        p75_hours=round(p75, 6),
        p90_hours=round(p90, 6),
        longest_hours=round(float(hours.max()), 6),
        steps_median=float(np.median(steps)),
        steps_most=int(steps.max()),
        measured=measured,
        working_share=None if idle is None else 1 - idle,
        idle_share=idle,
        bars=_bars(hours),
    )


def _bars(hours: Floats) -> tuple[DurationBar, ...]:
    """Equal bars up to the 99th percentile, and one for all longer cases."""
    top = float(np.quantile(hours, 0.99))
    if top <= 0:
        return (DurationBar(0.0, None, len(hours)),)
    counts, edges = np.histogram(hours[hours <= top], bins=BARS, range=(0.0, top))
    bars = [
        DurationBar(round(float(low), 6), round(float(high), 6), int(count))
        for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
    ]
    longer = int((hours > top).sum())
    return (*bars, DurationBar(round(top, 6), None, longer)) if longer else tuple(bars)
