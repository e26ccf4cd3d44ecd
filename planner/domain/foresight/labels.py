"""What followed the moment: the label of every case, when it was known, or why there is none."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.domain.event_log.number_reading import numbers_of
from planner.domain.foresight.arranged_log import MICROSECONDS_AN_HOUR, ArrangedLog, Ints, Mask, Moments
from planner.domain.foresight.targets import Problem, TargetError, TargetKind, TargetSpec

CASE_ENDS = "(case ends)"
OTHER = "other"
FEWEST_OF_A_CLASS = 0.01
NUMBER_VALUES = 12

STILL_OPEN = "the case is still open: what follows is not known yet"
NO_ENDING = "the case reached none of the endings"
NO_VALUE = "the attribute is empty"
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Labels:
    """One entry a moment. `value` is missing where `reason` says why; `known_at` in microseconds.

    `plain` has the classes before rare ones were put together; None where there is nothing to put together.
    """

    value: pd.Series
    known_at: Ints
    reason: pd.Series
    problem: Problem
    plain: pd.Series | None = None


def labels_of(log: ArrangedLog, moments: Moments, target: TargetSpec) -> Labels:
    """The label of the target in every case that reached the task.

    Next activity: the first completed after the task's instance (`CASE_ENDS` in a case that is
    over). Later occurrence: yes or no, no only once the case is over or has come to another ending.
    Remaining time: hours to the last event of a case that is over. Refuses what the log does not
    have with TargetError.
    """
    return _READERS[target.kind](log, moments, target)


def next_rows(log: ArrangedLog, moments: Moments) -> tuple[Ints, Mask]:
    """The row after the task's own in each case, and whether there is one."""
    after = moments.row + 1
    inside = after <= log.last_row[moments.case]
    return np.where(inside, after, moments.row), inside


def _next_activity(log: ArrangedLog, moments: Moments, target: TargetSpec) -> Labels:
    if target.positive and target.positive != CASE_ENDS and log.number(target.positive) is None:
        raise TargetError(f"The log has no activity “{target.positive}”.")
    rows, inside = next_rows(log, moments)
    names = np.array(log.activities, dtype=object)
    value = pd.Series(np.where(inside, names[log.activity[rows]], CASE_ENDS), dtype="string")
    known = np.where(inside, log.end[rows], log.ended_at[moments.case])
    open_still = ~inside & ~log.ended[moments.case]
    return _classes(value, known, pd.Series(np.where(open_still, STILL_OPEN, "")), target.positive)


def _classes(value: pd.Series, known_at: Ints, reason: pd.Series, positive: str) -> Labels:
    """Yes or no against `positive`; without it every value is a class, the rare ones together."""
    value = value.where(reason == "")
    if positive:
        yes = (value == positive).map({True: "yes", False: "no"}).where(value.notna())
        return Labels(yes.astype("string"), known_at, reason, Problem.BINARY)
    share = value.value_counts(normalize=True)
    rare = set(share[share < FEWEST_OF_A_CLASS].index)
    merged = value.where(~value.isin(rare), OTHER).where(value.notna()) if len(rare) > 1 else value
    return Labels(merged.astype("string"), known_at, reason, Problem.MULTICLASS, value.astype("string"))


def first_after(log: ArrangedLog, moments: Moments, numbers: list[int]) -> Ints:
    """When one of the activities was first complete after the task's instance; NEVER if it was not."""
    own = np.full(len(log.cases), len(log.case))
    own[moments.case] = moments.row
    rows = np.flatnonzero(np.isin(log.activity, numbers))
    rows = rows[rows > own[log.case[rows]]][::-1]
    at = np.full(len(log.cases), NEVER)
    at[log.case[rows]] = log.end[rows]
    return at[moments.case]


def ever(log: ArrangedLog, moments: Moments, numbers: list[int]) -> Ints:
    """When one of the activities was first complete anywhere in the case; NEVER if it was not."""
    rows = np.flatnonzero(np.isin(log.activity, numbers))[::-1]
    at = np.full(len(log.cases), NEVER)
    at[log.case[rows]] = log.end[rows]
    return at[moments.case]


def activity_numbers(log: ArrangedLog, names: tuple[str, ...]) -> list[int]:
    """Their numbers. Refuses one the log does not have with TargetError."""
    found = [log.number(name) for name in names]
    if None in found:
        raise TargetError(f"The log has no activity “{names[found.index(None)]}”.")
    return [number for number in found if number is not None]


def _later(log: ArrangedLog, moments: Moments, target: TargetSpec) -> Labels:
    at = first_after(log, moments, activity_numbers(log, (target.name,)))
    if target.alternatives:
        other = ever(log, moments, activity_numbers(log, (target.name, *target.alternatives)))
        refused, reason = other == NEVER, NO_ENDING
    else:
        other = log.ended_at[moments.case]
        refused, reason = ~log.ended[moments.case], STILL_OPEN
    happened = at != NEVER
    known = np.where(happened, at, np.maximum(other, moments.time))
    why = pd.Series(np.where(refused & ~happened, reason, ""))
    value = pd.Series(np.where(happened, "yes", "no"), dtype="string").where(why == "")
    return Labels(value, known, why, Problem.BINARY)


def _remaining(log: ArrangedLog, moments: Moments, target: TargetSpec) -> Labels:
    last = log.end[log.last_row[moments.case]]
    why = pd.Series(np.where(log.ended[moments.case], "", STILL_OPEN))
    hours = pd.Series((last - moments.time) / MICROSECONDS_AN_HOUR).clip(lower=0.0).where(why == "")
    return Labels(hours, log.ended_at[moments.case], why, Problem.REGRESSION)


def _attribute(log: ArrangedLog, moments: Moments, target: TargetSpec) -> Labels:
    if target.name not in log.frame or not target.name.startswith("case:"):
        raise TargetError(f"The log has no case attribute “{target.name.removeprefix('case:')}”.")
    values = log.frame[target.name].iloc[log.first_row[moments.case]].reset_index(drop=True)
    missing = np.where(values.isna(), NO_VALUE, "")
    why = pd.Series(np.where(log.ended[moments.case], missing, STILL_OPEN))
    known = log.ended_at[moments.case]
    numbers = numbers_of(values)
    if not target.positive and numbers.notna().sum() == values.notna().sum() and numbers.nunique() > NUMBER_VALUES:
        return Labels(numbers.astype("float64").where(why == ""), known, why, Problem.REGRESSION)
    return _classes(values.astype("string"), known, why, target.positive)


_READERS: dict[TargetKind, Callable[[ArrangedLog, Moments, TargetSpec], Labels]] = {
    TargetKind.NEXT_ACTIVITY: _next_activity,
    TargetKind.LATER_OCCURRENCE: _later,
    TargetKind.ATTRIBUTE: _attribute,
    TargetKind.REMAINING_TIME: _remaining,
}
