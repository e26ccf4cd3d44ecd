"""The training table of a volume: one row a day or week, with how many cases reached a task in it.

A case counts in the period of its first visit. A row holds what was known before its period began; its outcome is known
when the period ends. The period in which the first case came and the one in which the log ends are not complete.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.domain.event_log.working_calendar import WorkingCalendar
from planner.domain.foresight.arranged_log import ArrangedLog, Ints, task_moments
from planner.domain.foresight.period_features import YEARLY, features_described, series_features
from planner.domain.foresight.periods import SeriesShape, beginnings, day_of, local_days, midnights, shape_of
from planner.domain.foresight.targets import Period, Problem, TargetError, TargetSpec
from planner.domain.foresight.training_table import (
    LABEL,
    PURGED,
    REPEATED,
    TEST,
    TEST_SHARE,
    Exclusion,
    TrainingTable,
    split_by_time,
)

FEWEST_ROWS = 80
"""Periods with a season before them that are needed to learn from and to test on."""

TWO_YEARS = 730
"""Days."""

FEWEST_A_DAY = 3.0
"""Where fewer cases come on an open day, weeks tell more."""

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True)
class Counted:
    """How many cases came in each open period that is complete; `starts` are days since 1970."""

    shape: SeriesShape
    starts: Ints
    values: Floats
    closed: int


def volume_table(
    log: ArrangedLog, target: TargetSpec, *, calendar: WorkingCalendar | None = None, test_share: float = TEST_SHARE
) -> TrainingTable:
    """Refuses with TargetError a task the log lacks, a series too short to learn from, and one that never changes."""
    if log.number(target.task) is None:
        raise TargetError(f"The log has no activity “{target.task}”.", where="task")
    moments = task_moments(log, target.task)
    counted = arrivals_count(log, moments.time, Period(target.name), calendar)
    _refuse(counted)
    known = series_features(counted.shape, counted.starts, counted.values)
    described = features_described(counted.shape)
    if len(counted.starts) and int(counted.starts[-1] - counted.starts[0]) < TWO_YEARS:
        described = tuple(feature for feature in described if feature.name not in YEARLY)
    frame = _rows(counted, known[[feature.name for feature in described]])
    begun = len(counted.starts) - len(frame)
    frame, split_at = split_by_time(frame, test_share)
    excluded = _excluded(counted, moments.repeats, begun, int((frame["part"] == PURGED).sum()))
    return TrainingTable(
        target, frame, described, (), excluded, Problem.FORECASTING, moments.kind, split_at, counted.shape
    )


def arrivals_count(log: ArrangedLog, times: Ints, period: Period, calendar: WorkingCalendar | None) -> Counted:
    """The series of these moments (microseconds since 1970), from the first to the end of the log."""
    zone = calendar.zone if calendar is not None else "UTC"
    days = local_days(np.append(times, log.end.max()), zone)
    begun = beginnings(days, period)
    first, last = int(begun[:-1].min()), int(begun[-1]) - period.days
    shape = shape_of(period, calendar, first=first, last=max(last, first))
    grid = shape.grid(first, last)
    opens = shape.open_in(grid) > 0
    starts = grid[opens]
    place = np.searchsorted(starts, begun[:-1])
    values = np.bincount(place[place < len(starts)], minlength=len(starts)).astype(np.float64)
    return Counted(shape, starts[1:], values[1:], int((~opens).sum()))


def period_proposed(log: ArrangedLog, times: Ints, calendar: WorkingCalendar | None) -> Period | None:
    """Days, or weeks where days are sparse; None where the log tells too few of them, or every one the same."""
    counted = arrivals_count(log, times, Period.DAY, calendar)
    if not len(counted.values) or float(counted.values.mean()) < FEWEST_A_DAY:
        counted = arrivals_count(log, times, Period.WEEK, calendar)
    try:
        _refuse(counted)
    except TargetError:
        return None
    return counted.shape.period


def _refuse(counted: Counted) -> None:
    name, seen = counted.shape.period.value, len(counted.starts)
    needed = FEWEST_ROWS + counted.shape.season
    if seen < needed:
        told = f"{seen} whole {name}{'' if seen == 1 else 's'}"
        shorter = ", or foretell days" if counted.shape.period is Period.WEEK else ""
        raise TargetError(
            f"The log tells {told} of this task; at least {needed} are needed: take a longer log{shorter}."
        )
    if len(np.unique(counted.values)) < 2:
        raise TargetError(f"Every {name} {counted.values[0]:g} cases came here: there is nothing to foretell.")


def _rows(counted: Counted, known: pd.DataFrame) -> pd.DataFrame:
    shape = counted.shape
    rows = pd.DataFrame(
        {
            "case": pd.Series([day_of(int(start)).isoformat() for start in counted.starts], dtype="string"),
            "moment": midnights(counted.starts, shape.zone),
            "known_at": midnights(counted.starts + shape.period.days, shape.zone),
            "part": pd.Series(TEST, index=known.index, dtype="string"),
        }
    )
    frame = pd.concat([rows, known, pd.Series(counted.values, name=LABEL)], axis=1)
    return frame[known.notna().all(axis=1)].reset_index(drop=True)


def _excluded(counted: Counted, repeats: int, begun: int, purged: int) -> tuple[Exclusion, ...]:
    name = counted.shape.period.value
    found = [
        Exclusion(f"the {name} in which the first case came is not complete", 1),
        Exclusion(f"the {name} in which the log ends is not complete", 1),
        Exclusion(f"{name}s closed by the working hours (what came then counts on the next open one)", counted.closed),
        Exclusion(f"{name}s without a season before them", begun),
        Exclusion(f"the {name} just before the test, as its count is known only when the test begins", purged),
        Exclusion(REPEATED, repeats),
    ]
    return tuple(item for item in found if item.count)
