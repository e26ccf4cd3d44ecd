"""What an event log is once it has been read: raw rows, and activity instances paired from them.

A raw row is one line or one XES event. An activity instance is one execution of an activity: a START and the
COMPLETE that belongs to it, or a single event. Log statistics count raw rows; the task graph uses instances.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from planner.domain.event_log import log_counts
from planner.domain.event_log.log_counts import LogStatistics, RowCounts, row_counts, row_statistics
from planner.domain.event_log.rejected import by_reason, joined, none_rejected, rejected
from planner.domain.event_log.terms import (
    ACTIVITY,
    CASE,
    CASE_PREFIX,
    END,
    EVENT_PREFIX,
    INSTANCE_COLUMNS,
    LIFECYCLE,
    RESOURCE,
    ROW,
    START,
    AmbiguousDates,
    Dropped,
    LogError,
    TimeMeaning,
)

# The words of a log are read from here wherever its rows are a frame.
__all__ = [
    "ACTIVITY",
    "CASE",
    "CASE_PREFIX",
    "END",
    "EVENT_PREFIX",
    "INSTANCE_COLUMNS",
    "LIFECYCLE",
    "RESOURCE",
    "ROW",
    "START",
    "AmbiguousDates",
    "Dropped",
    "Instances",
    "LogError",
    "LogStatistics",
    "RawLog",
    "TimeMeaning",
    "case_order",
    "codes",
    "frame_counts",
    "has_start_times",
    "log_statistics",
    "pair_instances",
]

#: transitions of the XES standard's lifecycle that are neither work done nor work begun
_PASSING = frozenset(
    {
        "schedule",
        "assign",
        "reassign",
        "withdraw",
        "suspend",
        "resume",
        "pi_abort",
        "ate_abort",
        "autoskip",
        "manualskip",
    }
)


@dataclass(frozen=True)
class RawLog:
    """Raw rows in file order.

    `frame` has case, activity, lifecycle, resource (categories, lifecycle and resource may be missing), start and end
    (UTC, microseconds; start may be missing), row (number in the file, from 1), then `case:` and `event:` attributes.
    `rejected` lists every row that was left out; `meaning` is what `end` says where no row has a start.
    """

    frame: pd.DataFrame
    rejected: pd.DataFrame = field(default_factory=none_rejected)
    notes: tuple[str, ...] = ()
    meaning: TimeMeaning = TimeMeaning.COMPLETION

    @property
    def dropped(self) -> tuple[Dropped, ...]:
        """What was left out, by reason."""
        return by_reason(self.rejected)


@dataclass(frozen=True)
class Instances:
    """Activity instances sorted by case, then time (start, else completion), file order on ties."""

    frame: pd.DataFrame
    rejected: pd.DataFrame = field(default_factory=none_rejected)
    cases: int = 0
    meaning: TimeMeaning = TimeMeaning.COMPLETION

    @property
    def dropped(self) -> tuple[Dropped, ...]:
        """What was left out, by reason."""
        return by_reason(self.rejected)


def case_order(frame: pd.DataFrame) -> np.ndarray:
    """Row positions sorted by case, then by start (else completion), then completion; ties keep file order."""
    return log_counts.case_order(codes(frame[CASE]), _moments(frame[END]), _starts(frame))


def codes(column: pd.Series) -> np.ndarray:
    """Integer codes of a column, in order of first appearance for plain columns."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return np.asarray(column.cat.codes)
    return np.asarray(pd.factorize(column)[0])


def frame_counts(frame: pd.DataFrame) -> RowCounts:
    """Pairs, variants, first and last activities of rows, by the codes of their activities (see `codes`)."""
    return row_counts(codes(frame[CASE]), codes(frame[ACTIVITY]), _moments(frame[END]), _starts(frame))


def log_statistics(raw: RawLog) -> LogStatistics:
    """Events, cases, activities, directly-follows pairs and variants of the raw rows.

    A pair is an activity directly followed by another (or itself) within a case; a variant is a whole sequence.
    """
    frame, end = raw.frame, _moments(raw.frame[END])
    return row_statistics(
        frame_counts(frame),
        cases=_distinct(frame[CASE]),
        activities=_distinct(frame[ACTIVITY]),
        end=end,
        has_start_times=has_start_times(frame),
        resources=_distinct(frame[RESOURCE]) if RESOURCE in frame else 0,
        dropped=raw.dropped,
        notes=raw.notes,
        meaning=meaning_of(raw),
    )


def has_start_times(frame: pd.DataFrame) -> bool:
    """Whether handling can be measured: some start times, or START events with a lifecycle."""
    if START in frame and frame[START].notna().any():
        return True
    return LIFECYCLE in frame and bool(_in_transition(frame, {"start"}).any())


def meaning_of(raw: RawLog) -> TimeMeaning:
    """What the time of an event says: completion wherever some rows know their start."""
    return TimeMeaning.COMPLETION if has_start_times(raw.frame) else raw.meaning


def pair_instances(raw: RawLog) -> Instances:
    """Activity instances of a raw log.

    START is paired with the k-th COMPLETE of the same case and activity. SCHEDULE and other passing transitions are
    no instance of their own: the time they cover is waiting. Values outside the standard's vocabulary are plain
    events. Without a lifecycle every row is an instance.
    """
    frame, lists = raw.frame, [raw.rejected]
    if LIFECYCLE in frame and frame[LIFECYCLE].notna().any():
        frame, more = _paired(frame)
        lists += more
    frame = _completed(frame.drop(columns=LIFECYCLE, errors="ignore"))
    order = case_order(frame)
    if (order[1:] < order[:-1]).any():  # XES comes case by case as a rule: nothing is copied then
        frame = frame.iloc[order]
    frame = frame.reset_index(drop=True)
    return Instances(frame, joined(lists), _distinct(frame[CASE]), meaning_of(raw))


def _distinct(column: pd.Series) -> int:
    """How many different values occur in a column; missing ones are none."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return int(column.nunique())
    return log_counts.distinct(column.cat.codes.to_numpy())


def _completed(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every column of an instance, in order."""
    columns = {name: frame[name] if name in frame else _absent(name, frame) for name in INSTANCE_COLUMNS}
    rest = {name: frame[name] for name in frame if name not in columns}
    return pd.DataFrame(columns | rest, copy=False)


def _absent(name: str, frame: pd.DataFrame) -> pd.Series:
    kind = "datetime64[us, UTC]" if name == START else "str"
    return pd.Series(pd.NaT if name == START else None, index=frame.index, dtype=kind)


def _in_transition(frame: pd.DataFrame, wanted: Collection[str]) -> np.ndarray:
    """Which rows have one of these transitions, in whatever case they are written; a missing one is none."""
    column = frame[LIFECYCLE].astype("category")
    return log_counts.in_transition(column.cat.codes.to_numpy(), column.cat.categories, wanted)


def _paired(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    complete = _in_transition(frame, {"complete"})
    begun = _in_transition(frame, {"start"}) & bool(complete.any())
    passing = _in_transition(frame, _PASSING) & bool(complete.any())
    if not begun.any() and not passing.any():
        return frame, []
    rest = ~begun & ~passing
    work, lone = _with_starts(frame[rest], complete[rest], frame.loc[begun, [CASE, ACTIVITY, END, ROW]])
    aside = frame.loc[passing, [ROW, LIFECYCLE]]
    return work, [
        rejected(
            "Scheduled or set aside, not worked on: counted as waiting",
            aside[ROW].tolist(),
            column=LIFECYCLE,
            cells=aside[LIFECYCLE].astype("str").tolist(),
        ),
        rejected("Started but never completed", lone, column=LIFECYCLE),
    ]


def _with_starts(work: pd.DataFrame, closed: np.ndarray, starts: pd.DataFrame) -> tuple[pd.DataFrame, Sequence[int]]:
    """Rows of `work` with the start times of `starts` joined to the k-th completion; rows of lone starts."""
    ends = work.loc[closed, [CASE, ACTIVITY, END, *([START] if START in work else [])]]
    ends = ends.iloc[case_order(ends)]
    starts = starts.iloc[np.lexsort((_ticks(starts[END]), codes(starts[CASE])))]
    left, right = _kth_keys(ends, starts)
    place = pd.Index(left).get_indexer(pd.Index(right))
    found = place >= 0
    found[found] = _ticks(starts[END])[found] <= _ticks(ends[END])[place[found]]
    begin = work[START].copy() if START in work else _absent(START, work)
    begin.loc[ends.index[place[found]]] = starts[END].to_numpy()[found]
    work = work.assign(**{START: pd.to_datetime(begin, utc=True).dt.as_unit("us")})
    return work, starts[ROW].to_numpy()[~found].tolist()


def _kth_keys(*frames: pd.DataFrame) -> list[np.ndarray]:
    """One number for each row of rows of one log: equal for the k-th row of an activity in a case in every frame."""
    width = len(frames[0][ACTIVITY].cat.categories)
    groups = [codes(frame[CASE]).astype(np.int64) * width + codes(frame[ACTIVITY]) for frame in frames]
    places = [pd.Series(group).groupby(group, sort=False).cumcount().to_numpy() for group in groups]
    most = max((int(place.max(initial=0)) for place in places), default=0) + 1
    return [group * most + place for group, place in zip(groups, places, strict=True)]


def _starts(frame: pd.DataFrame) -> np.ndarray | None:
    return _moments(frame[START]) if START in frame else None


def _ticks(column: pd.Series) -> np.ndarray:
    return _moments(column).view("int64")


def _moments(column: pd.Series) -> np.ndarray:
    return np.asarray(column.dt.tz_localize(None) if column.dt.tz else column, dtype="datetime64[us]")
