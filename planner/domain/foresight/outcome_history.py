"""How earlier cases came out, as far as it was known at the moment: aggregates of the target itself.

Whether a case is over shows only later, so what was *known of it then* is kept as steps over time: a yes from the event
that shows it; a no from another ending on, or while the case has been silent for `SILENCE`, until it goes on after all.
A hindsight label, or the time at which it came to be known, would tell of events after the moment.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.domain.event_log.number_reading import numbers_of
from planner.domain.foresight.arranged_log import DAY, MICROSECONDS_AN_HOUR, ArrangedLog, Ints, Moments
from planner.domain.foresight.feature_columns import Columns
from planner.domain.foresight.feature_kinds import Feature, FeatureGroup, FeatureType
from planner.domain.foresight.labels import CASE_ENDS, NEVER, activity_numbers, ever, first_after, next_rows
from planner.domain.foresight.targets import Problem, TargetKind, TargetSpec
from planner.domain.foresight.timeline import Floats, timeline_of

SILENCE = 30 * DAY
"""How long a case without an event is held to be over, until it goes on."""

WEIGHT = 10.0
"""Cases of the overall rate that a group's own rate is mixed with, so that few cases tell little."""

MOST_GROUPS = 5
SOURCE = "outcomes of earlier cases, as far as known at the moment"


@dataclass(frozen=True)
class Steps:
    """What came to be known, or no longer held: of which moment's case (its place), when, how many known outcomes more
    (1, 0 or -1) and by how much their sum changed.
    """

    place: Ints
    time: Ints
    known: Floats
    value: Floats


def outcome_history(
    log: ArrangedLog,
    moments: Moments,
    target: TargetSpec,
    problem: Problem,
    *,
    known: pd.DataFrame,
    inputs: tuple[Feature, ...],
) -> Columns:
    """By how much the rate of yes, or the mean of the number, of earlier cases of the same kind lies above that of all.

    The level itself is left out: it drifts with time, and a model would take it for a clock.

    Kinds are the values of at most `MOST_GROUPS` of `inputs`. Of several classes, and where the answer is
    that the case ends, there is none.
    """
    columns = Columns(taken=known.columns)
    steps = _steps(log, moments, target) if problem in (Problem.BINARY, Problem.REGRESSION) else None
    if steps is None or not len(steps.place):
        return columns
    word, unit = ("rate", "share of cases") if problem is Problem.BINARY else ("mean", _unit(target))
    every = np.zeros(len(moments.case), dtype=np.int64)
    count, total = _so_far(steps, every, moments.time)
    mean = np.where(count > 0.5, total / np.maximum(count, 1.0), np.nan)
    for feature in _kinds(inputs):
        group = pd.factorize(known[feature.name].astype("string"))[0].astype(np.int64) + 1
        count, total = _so_far(steps, group, moments.time)
        above = (total + WEIGHT * mean) / (count + WEIGHT) - mean
        label = f"{_said(problem)} in earlier cases here with the same {feature.label}, above that in all"
        columns.add(pd.Series(above), _feature(f"earlier_{word}_same_{feature.name}", label, unit))
    return columns


def _so_far(steps: Steps, group: Ints, time: Ints) -> tuple[Floats, Floats]:
    """By moment: how many outcomes of its group were known before, and their sum."""
    line = timeline_of(group[steps.place], steps.time)
    return line.total(steps.known, group, time), line.total(steps.value, group, time)


def _kinds(inputs: tuple[Feature, ...]) -> list[Feature]:
    """The last activity and person first, then the attributes of the case in their order."""
    usual = [one for name in ("last_activity", "last_resource") for one in inputs if one.name == name]
    named = [one for one in inputs if one.column.startswith("case:") and one.type is not FeatureType.NUMBER]
    return [*usual, *named][:MOST_GROUPS]


def _said(problem: Problem) -> str:
    return "share of yes" if problem is Problem.BINARY else "mean outcome"


def _unit(target: TargetSpec) -> str:
    return "hours" if target.kind is TargetKind.REMAINING_TIME else ""


def _feature(name: str, label: str, unit: str) -> Feature:
    return Feature(name, label, FeatureType.NUMBER, unit, SOURCE, FeatureGroup.OUTCOMES)


def _next(log: ArrangedLog, moments: Moments, target: TargetSpec) -> Steps | None:
    if target.positive == CASE_ENDS:
        return None
    rows, inside = next_rows(log, moments)
    place = np.flatnonzero(inside)
    rows = rows[place]
    yes = (log.activity[rows] == log.number(target.positive)).astype(np.float64)
    return Steps(place, log.end[rows], np.ones(len(place)), yes)


def _later(log: ArrangedLog, moments: Moments, target: TargetSpec) -> Steps:
    yes_at = first_after(log, moments, activity_numbers(log, (target.name,)))
    yes = np.flatnonzero(yes_at != NEVER)
    if target.alternatives:
        ends = ever(log, moments, activity_numbers(log, (target.name, *target.alternatives)))
        known_at = np.minimum(np.where(ends == NEVER, NEVER, np.maximum(ends, moments.time)), yes_at)
        known = np.flatnonzero(known_at != NEVER)
        return _joined(
            Steps(known, known_at[known], np.ones(len(known)), np.zeros(len(known))),
            Steps(yes, yes_at[yes], np.zeros(len(yes)), np.ones(len(yes))),
        )
    place, silent, goes_on, _ = _silences(log, moments, until=yes_at)
    again = np.flatnonzero(goes_on != NEVER)
    return _joined(
        Steps(place, silent, np.ones(len(place)), np.zeros(len(place))),
        Steps(place[again], goes_on[again], -np.ones(len(again)), np.zeros(len(again))),
        Steps(yes, yes_at[yes], np.ones(len(yes)), np.ones(len(yes))),
    )


def _remaining(log: ArrangedLog, moments: Moments, target: TargetSpec) -> Steps:
    place, silent, goes_on, rows = _silences(log, moments)
    hours = np.asarray(np.maximum((log.end[rows] - moments.time[place]) / MICROSECONDS_AN_HOUR, 0.0), dtype=np.float64)
    return _while_silent(place, silent, goes_on, hours)


def _attribute(log: ArrangedLog, moments: Moments, target: TargetSpec) -> Steps:
    given = log.frame[target.name].iloc[log.first_row[moments.case]].reset_index(drop=True)
    if target.positive:
        values = (given.astype("string") == target.positive).astype("Float64").to_numpy(np.float64, na_value=np.nan)
    else:
        values = numbers_of(given).astype("float64").to_numpy(np.float64)
    place, silent, goes_on, _ = _silences(log, moments)
    told = np.asarray(values[place], dtype=np.float64)
    there = ~np.isnan(told)
    return _while_silent(place[there], silent[there], goes_on[there], told[there])


def _while_silent(place: Ints, silent: Ints, goes_on: Ints, values: Floats) -> Steps:
    again = np.flatnonzero(goes_on != NEVER)
    return _joined(
        Steps(place, silent, np.ones(len(place)), values),
        Steps(place[again], goes_on[again], -np.ones(len(again)), -values[again]),
    )


def _silences(log: ArrangedLog, moments: Moments, *, until: Ints | None = None) -> tuple[Ints, Ints, Ints, Ints]:
    """From the task's own row on: each silence of `SILENCE` or more after a row (before `until`, by moment).

    Gives the place of the moment, when the silence was long enough, when the case went on (NEVER), and the row.
    """
    of_case = np.full(len(log.cases), -1, dtype=np.int64)
    of_case[moments.case] = np.arange(len(moments.case))
    place = of_case[log.case]
    own = moments.row[place]
    following = np.append(log.end[1:], NEVER)
    following[log.last_row] = NEVER
    silent = log.end + SILENCE
    wanted = (place >= 0) & (np.arange(len(log.case)) >= own) & (silent < following)
    if until is not None:
        wanted &= log.end < until[place]
    rows = np.flatnonzero(wanted)
    return place[rows], silent[rows], following[rows], rows


def _joined(*parts: Steps) -> Steps:
    return Steps(
        np.concatenate([part.place for part in parts]).astype(np.int64),
        np.concatenate([part.time for part in parts]).astype(np.int64),
        np.concatenate([part.known for part in parts]),
        np.concatenate([part.value for part in parts]),
    )


_READERS: dict[TargetKind, Callable[[ArrangedLog, Moments, TargetSpec], Steps | None]] = {
    TargetKind.NEXT_ACTIVITY: _next,
    TargetKind.LATER_OCCURRENCE: _later,
    TargetKind.ATTRIBUTE: _attribute,
    TargetKind.REMAINING_TIME: _remaining,
}


def _steps(log: ArrangedLog, moments: Moments, target: TargetSpec) -> Steps | None:
    return _READERS[target.kind](log, moments, target)
