"""Cases over time: how many begin and end in each period, how many are under way, and how long the queues are."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from planner.domain.discovery.grouped import Ints
from planner.domain.discovery.traces import Traces

QUEUES_KEPT = 5
PERIODS_AT_MOST = 200


class PeriodUnit(StrEnum):
    """How long a period is; the shortest is chosen that gives at most PERIODS_AT_MOST of them, weeks before days."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class Period:
    """One period, `begins` its first day as ISO 8601 (weeks begin on Monday, UTC).

    `arrived` cases began in it, `completed` had their last completion in it, `under_way` had begun and not completed
    when it ended (at the end of the log for the last).
    """

    begins: str
    arrived: int
    completed: int
    under_way: int


@dataclass(frozen=True)
class Queue:
    """How many cases wait before an activity at the end of each period, and the most at any moment."""

    activity: str
    waiting: tuple[int, ...]
    most: int


@dataclass(frozen=True)
class WorkInProgress:
    """`open_cases` look as if the log ended before they did (`Traces.is_open`)."""

    unit: PeriodUnit
    periods: tuple[Period, ...]
    queues: tuple[Queue, ...]
    open_cases: int


def work_in_progress(traces: Traces, queued: tuple[str, ...] = ()) -> WorkInProgress:
    """Cases by period; queues before the first QUEUES_KEPT of the activities in `queued`."""
    begun, completed = np.sort(traces.begun), np.sort(traces.completed)
    unit, edges = periods(int(begun[0]), int(completed[-1]))
    ends = np.minimum(edges[1:], completed[-1])
    arrived, over = _counts(begun, edges), _counts(completed, edges)
    under_way = np.searchsorted(begun, ends, "right") - np.searchsorted(completed, ends, "right")
    starts = edges[:-1].view("datetime64[us]").astype("datetime64[D]").astype(str)
    found = tuple(Period(str(starts[n]), int(arrived[n]), int(over[n]), int(under_way[n])) for n in range(len(starts)))
    queues = tuple(_queue(traces, name, ends) for name in queued[:QUEUES_KEPT])
    return WorkInProgress(unit, found, queues, int(traces.is_open.sum()))


def periods(low: int, high: int) -> tuple[PeriodUnit, Ints]:
    """The unit and the edges, in microseconds since 1970, of the periods that hold everything from low to high.

    >>> unit, edges = periods(0, 20 * 86_400_000_000)
    >>> unit.value, edges.view("datetime64[us]").astype("datetime64[D]").astype(str).tolist()
    ('week', ['1969-12-29', '1970-01-05', '1970-01-12', '1970-01-19', '1970-01-26'])
    """
    first, last = (np.datetime64(value, "us") for value in (low, high))
    days = (last - first) / np.timedelta64(1, "D")
    if days <= 14:
        return PeriodUnit.DAY, _edges(first.astype("datetime64[D]"), last, 1)
    if days / 7 <= PERIODS_AT_MOST:
        day = first.astype("datetime64[D]")
        return PeriodUnit.WEEK, _edges(day - (day.astype(np.int64) + 3) % 7, last, 7)
    if days / 30 <= PERIODS_AT_MOST:
        return PeriodUnit.MONTH, _edges(first.astype("datetime64[M]"), last, 1)
    return PeriodUnit.YEAR, _edges(first.astype("datetime64[Y]"), last, 1)


def _edges(first: np.datetime64, last: np.datetime64, step: int) -> Ints:
    """From `first` in steps of its own unit until past `last`."""
    unit = np.datetime_data(first.dtype)[0]
    steps = int((last.astype(f"datetime64[{unit}]") - first).astype(np.int64)) // step + 1
    edges = first + np.arange(steps + 1) * step
    return np.asarray(edges.astype("datetime64[us]").view("int64"))


def _counts(ordered: Ints, edges: Ints) -> Ints:
    return np.diff(np.searchsorted(ordered, edges, "left"))


def _queue(traces: Traces, activity: str, ends: Ints) -> Queue:
    """Those whose instance before has completed and whose instance of the activity has not begun."""
    after = traces.follows
    here = after[traces.activity[after] == traces.activities.index(activity)]
    since, until = traces.end[here - 1], traces.begin[here]
    waits = since < until
    came, left = np.sort(since[waits]), np.sort(until[waits])
    at_ends = np.searchsorted(came, ends, "right") - np.searchsorted(left, ends, "right")
    most = (np.arange(1, len(came) + 1) - np.searchsorted(left, came, "right")).max(initial=0)
    return Queue(activity, tuple(at_ends.tolist()), int(most))
