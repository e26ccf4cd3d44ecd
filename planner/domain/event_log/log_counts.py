"""Counts over the raw rows of a log, from arrays: the same for a table of codes and for a frame.

Case and activity are integer codes, times datetime64[us] in UTC.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from planner.domain.event_log.terms import Dropped, TimeMeaning


@dataclass(frozen=True)
class RowCounts:
    """Counts by the codes of activities.

    `source`, `target`, `count`: how often an activity is directly followed by another (or itself) within a case.
    `variants`: how many cases have a sequence of activities, 32 bits each. `starts` and `ends`: cases by their first
    and by their last activity.
    """

    source: np.ndarray
    target: np.ndarray
    count: np.ndarray
    variants: Counter[bytes]
    starts: np.ndarray
    ends: np.ndarray


@dataclass(frozen=True)
class LogStatistics:
    """Counts over the raw, unfiltered rows of a log."""

    events: int
    cases: int
    activities: int
    directly_follows_pairs: int
    variants: int
    first: str
    last: str
    has_start_times: bool
    resources: int
    dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = ()
    meaning: str = TimeMeaning.COMPLETION.value


def row_counts(case: np.ndarray, activity: np.ndarray, end: np.ndarray, start: np.ndarray | None = None) -> RowCounts:
    """Pairs, variants, first and last activities of rows in any order.

    >>> end = np.array(["2024-01-02", "2024-01-01", "2024-01-01"], dtype="datetime64[us]")
    >>> found = row_counts(np.array([0, 0, 1]), np.array([1, 0, 0]), end)
    >>> found.source.tolist(), found.target.tolist(), found.count.tolist(), found.starts.tolist(), found.ends.tolist()
    ([0], [1], [1], [2, 0], [1, 1])
    """
    order = case_order(case, end, start)
    case, activity = case[order], activity[order]
    change = np.ones(len(case) + 1, dtype=bool)
    change[1:-1] = case[1:] != case[:-1]
    size = int(activity.max(initial=-1)) + 1
    starts, ends = (np.bincount(activity[edge], minlength=size) for edge in (change[:-1], change[1:]))
    return RowCounts(*pair_counts(case, activity), Counter(sequences(case, activity)), starts, ends)


def row_statistics(
    counts: RowCounts,
    *,
    cases: int,
    activities: int,
    end: np.ndarray,
    has_start_times: bool,
    resources: int,
    dropped: tuple[Dropped, ...],
    notes: tuple[str, ...],
    meaning: TimeMeaning,
) -> LogStatistics:
    """What is said of the raw rows as a whole."""
    return LogStatistics(
        events=len(end),
        cases=cases,
        activities=activities,
        directly_follows_pairs=len(counts.count),
        variants=len(counts.variants),
        first=_iso(end.min()),
        last=_iso(end.max()),
        has_start_times=has_start_times,
        resources=resources,
        dropped=dropped,
        notes=notes,
        meaning=meaning.value,
    )


def case_order(case: np.ndarray, end: np.ndarray, start: np.ndarray | None = None) -> np.ndarray:
    """Row positions sorted by case, then by start (else completion), then completion; ties keep the order they had."""
    begin = end if start is None else np.where(np.isnat(start), end, start)
    return np.lexsort((end.view(np.int64), begin.view(np.int64), case))


def pair_counts(case: np.ndarray, activity: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sources, targets and counts of directly-follows pairs of rows sorted by case and time.

    >>> source, target, count = pair_counts(np.array([0, 0, 0, 1, 1]), np.array([0, 1, 1, 0, 1]))
    >>> list(zip(source.tolist(), target.tolist(), count.tolist()))
    [(0, 1, 2), (1, 1, 1)]
    """
    same = case[1:] == case[:-1]
    width = int(activity.max()) + 1 if len(activity) else 1
    keys = activity[:-1][same].astype(np.int64) * width + activity[1:][same]
    found, count = np.unique(keys, return_counts=True)
    return found // width, found % width, count


def cases_with(case: np.ndarray, activity: np.ndarray, size: int) -> np.ndarray:
    """In how many cases each of `size` activities occurs, for rows grouped by case.

    >>> cases_with(np.array([0, 0, 1]), np.array([1, 1, 1]), 3).tolist()
    [0, 2, 0]
    """
    # Rows come case by case, so the keys are nearly sorted: a stable sort is several times faster than hashing them.
    keys = np.sort(case.astype(np.int64) * size + activity, kind="stable")
    first = np.concatenate([[True], keys[1:] != keys[:-1]])[: len(keys)]
    return np.bincount(keys[first] % max(size, 1), minlength=size)


def sequences(case: np.ndarray, activity: np.ndarray) -> list[bytes]:
    """The activity sequence of each case as bytes, for rows sorted by case and time."""
    if not len(case):
        return []
    packed = activity.astype(np.int32).tobytes()
    edges = [0, *(np.flatnonzero(np.diff(case)) + 1).tolist(), len(case)]
    return [packed[4 * low : 4 * high] for low, high in pairwise(edges)]


def distinct(codes: np.ndarray) -> int:
    """How many different codes occur; -1 is what is missing, and none.

    >>> distinct(np.array([2, -1, 2, 0]))
    2
    """
    seen = np.zeros(int(codes.max(initial=-1)) + 2, dtype=bool)
    seen[codes] = True
    return int(np.count_nonzero(seen[:-1]))


def in_transition(codes: np.ndarray, names: Iterable[object], wanted: Collection[str]) -> np.ndarray:
    """Which rows have one of these transitions, in whatever case they are written; a missing one (-1) is none.

    >>> in_transition(np.array([0, 1, -1]), ["Start", "complete"], {"start"}).tolist()
    [True, False, False]
    """
    chosen = np.array([*(str(name).strip().lower() in wanted for name in names), False])
    return np.asarray(chosen[codes])


def _iso(moment: np.datetime64) -> str:
    return f"{np.datetime_as_string(moment, unit='us').removesuffix('.000000')}+00:00"
