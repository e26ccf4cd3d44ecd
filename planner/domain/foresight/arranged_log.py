"""An event log arranged for questions of the form "what was known when a task began"."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import pandas as pd

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]

MICROSECONDS_AN_HOUR = 3_600_000_000
DAY = 24 * MICROSECONDS_AN_HOUR
"""Microseconds."""

USUAL_GAP_QUANTILE = 0.99
USUALLY_LAST_SHARE = 0.5


class MomentKind(StrEnum):
    """When a prediction is made: as the task starts, or, without start times, as it completes."""

    START = "start"
    COMPLETION = "completion"


def _micros(times: pd.Series) -> tuple[Ints, Mask]:
    values = pd.to_datetime(times, utc=True).dt.tz_localize(None).astype("datetime64[us]")
    return values.to_numpy("datetime64[us]").astype(np.int64), values.notna().to_numpy()


def timestamps(micros: Ints) -> pd.Series:
    """Microseconds since 1970 as UTC times."""
    return pd.Series(pd.to_datetime(micros, unit="us", utc=True))


@dataclass(frozen=True)
class ArrangedLog:
    """Rows sorted by case, then completion, then file order; times in microseconds since 1970.

    Rows without any time are left out. A missing start counts as the completion and the reverse.
    `order` is the place of a row in the file: it decides ties.
    """

    frame: pd.DataFrame
    cases: pd.Index
    case: Ints
    activities: tuple[str, ...]
    activity: Ints
    start: Ints
    end: Ints
    order: Ints
    has_start_times: bool

    @property
    def moment_kind(self) -> MomentKind:
        """What the log allows: its starts where it has them."""
        return MomentKind.START if self.has_start_times else MomentKind.COMPLETION

    @cached_property
    def first_row(self) -> Ints:
        """Position of each case's first row, by case number."""
        return np.searchsorted(self.case, np.arange(len(self.cases))).astype(np.int64)

    @cached_property
    def last_row(self) -> Ints:
        """Position of each case's last row, by case number."""
        return np.append(self.first_row[1:], len(self.case)) - 1

    @cached_property
    def begun(self) -> Ints:
        """When each case's earliest row started."""
        return np.asarray(np.minimum.reduceat(self.start, self.first_row), dtype=np.int64)

    @cached_property
    def usual_gap(self) -> int:
        """Silence within a case that is exceeded only once in a hundred times, microseconds."""
        same_case = self.case[1:] == self.case[:-1]
        gaps = np.diff(self.end)[same_case]
        return int(np.quantile(gaps, USUAL_GAP_QUANTILE)) if len(gaps) else 0

    @cached_property
    def usually_last(self) -> Mask:
        """By activity number: whether at least half of its occurrences end a case that fell silent."""
        silent = (self.end.max() - self.end[self.last_row]) > self.usual_gap
        count = len(self.activities)
        rows_silent = silent[self.case]
        occurs = np.bincount(self.activity[rows_silent], minlength=count)
        ends = np.bincount(self.activity[self.last_row[silent]], minlength=count)
        return np.asarray((ends > 0) & (ends >= USUALLY_LAST_SHARE * occurs))

    @cached_property
    def ended(self) -> Mask:
        """By case: over, because its last activity usually is the last, or it is silent for too long.

        Too long is more than `usual_gap` before the end of the log.
        """
        silent = (self.end.max() - self.end[self.last_row]) > self.usual_gap
        return np.asarray(silent | self.usually_last[self.activity[self.last_row]])

    @cached_property
    def ended_at(self) -> Ints:
        """By case: when it was known to be over: the last row, plus `usual_gap` where only silence tells."""
        last = self.end[self.last_row]
        told = self.usually_last[self.activity[self.last_row]]
        return np.where(told, last, last + self.usual_gap)

    @cached_property
    def people(self) -> frozenset[str]:
        """Every resource that did something."""
        if "resource" not in self.frame:
            return frozenset()
        return frozenset(str(name) for name in self.frame["resource"].astype("string").dropna().unique())

    def of_cases(self, kept: Ints) -> "ArrangedLog":
        """The log of some cases, by their numbers in rising order. What the whole log tells (which activities are
        usually the last, how long a silence is usual, which cases are over, who works here) stays as it was.
        """
        rows = np.flatnonzero(np.isin(self.case, kept))
        some = ArrangedLog(
            frame=self.frame.iloc[rows].reset_index(drop=True),
            cases=self.cases[kept],
            case=np.searchsorted(kept, self.case[rows]).astype(np.int64),
            activities=self.activities,
            activity=self.activity[rows],
            start=self.start[rows],
            end=self.end[rows],
            order=self.order[rows],
            has_start_times=self.has_start_times,
        )
        known = {"usual_gap": self.usual_gap, "usually_last": self.usually_last, "people": self.people}
        some.__dict__.update(known | {"ended": self.ended[kept], "ended_at": self.ended_at[kept]})
        return some

    def number(self, activity: str) -> int | None:
        """The number of an activity, None where the log has none of that name."""
        return self.activities.index(activity) if activity in self.activities else None


MOST_CASES = 50_000
MOST_CELLS = 5_000_000
FEWEST_CASES = 2_000


def log_sample(log: ArrangedLog, rng: np.random.Generator, *, task: str | None = None) -> tuple[ArrangedLog, int]:
    """The cases that reached the task (all without one), a random sample of them where they are very many, and how
    many there are. Very many is more than `MOST_CASES`, or than gives `MOST_CELLS` counts of activities in cases.
    """
    number = None if task is None else log.number(task)
    reached = np.arange(len(log.cases)) if number is None else np.unique(log.case[log.activity == number])
    most = min(MOST_CASES, max(FEWEST_CASES, MOST_CELLS // max(len(log.activities), 1)))
    kept = np.sort(rng.choice(reached, most, replace=False)) if len(reached) > most else reached
    return (log if len(kept) == len(log.cases) else log.of_cases(kept.astype(np.int64))), len(reached)


def log_arrange(events: pd.DataFrame) -> ArrangedLog:
    """Arrange a log with the columns case, activity, start, end (times may be missing) and others.

    The order of the frame's rows is taken as the order of the file unless a column `row` says it.
    Refuses a log without any timed row with ValueError.
    """
    start, has_start = _micros(events["start"])
    end, has_end = _micros(events["end"])
    timed = has_start | has_end
    if not timed.any():
        raise ValueError("The log has no event with a time: nothing can be said to come before or after.")
    end = np.where(has_end, end, start)
    start = np.minimum(np.where(has_start, start, end), end)
    order = events["row"].to_numpy(np.int64) if "row" in events else np.arange(len(events), dtype=np.int64)
    codes, cases = pd.factorize(events["case"], sort=True)
    keep = np.lexsort((order, end, codes))
    keep = keep[timed[keep]]
    present, dense = np.unique(codes[keep], return_inverse=True)
    activity, names = pd.factorize(events["activity"].iloc[keep], sort=True)
    return ArrangedLog(
        frame=events.iloc[keep].reset_index(drop=True),
        cases=pd.Index(cases[present]),
        case=dense.astype(np.int64),
        activities=tuple(str(name) for name in names),
        activity=activity.astype(np.int64),
        start=start[keep],
        end=end[keep],
        order=order[keep],
        has_start_times=bool((start[keep] < end[keep]).mean() > 0.2),
    )


@dataclass(frozen=True)
class Moments:
    """The moment of prediction in every case that reached the task: its first instance there.

    `row` is the position of that instance, `case` its case number, `time` the moment. With start
    times the first is the one that starts first, so nothing after the moment can change the choice.
    """

    task: str
    kind: MomentKind
    case: Ints
    row: Ints
    time: Ints
    repeats: int


def task_moments(log: ArrangedLog, task: str, *, kind: MomentKind | None = None) -> Moments:
    """Find the first instance of the task in every case. Refuses an unknown task with ValueError."""
    number = log.number(task)
    if number is None:
        raise ValueError(f"The log has no activity “{task}”.")
    rows = np.flatnonzero(log.activity == number)
    rows = rows[np.lexsort((log.order[rows], log.start[rows], log.case[rows]))]
    case, first = np.unique(log.case[rows], return_index=True)
    chosen = rows[first]
    kind = kind or log.moment_kind
    time = log.start[chosen] if kind is MomentKind.START else log.end[chosen]
    return Moments(task, kind, case, chosen, time, len(rows) - len(chosen))


def earlier_rows(log: ArrangedLog, moments: Moments) -> Mask:
    """Which rows were complete before their case's moment; the task's own instance never is.

    Rows completed at the very moment count as earlier where the file has them first.
    """
    never = np.iinfo(np.int64).min
    time = np.full(len(log.cases), never)
    order = np.full(len(log.cases), never)
    time[moments.case], order[moments.case] = moments.time, log.order[moments.row]
    at, place = time[log.case], order[log.case]
    return np.asarray((log.end < at) | ((log.end == at) & (log.order < place)))
