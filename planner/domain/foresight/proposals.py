"""Proposes what could be foretold at a task, and picks the target a model should be built for.

Order: how the case ends (an outcome) before which activity comes next (an imitation). Whether a
later activity follows that another task decides is proposed too, but never picked by itself: a
model for it belongs to the task that decides it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import pandas as pd

from planner.domain.foresight.arranged_log import ArrangedLog, Mask, task_moments
from planner.domain.foresight.feature_kinds import FeatureType
from planner.domain.foresight.labels import CASE_ENDS, OTHER, labels_of
from planner.domain.foresight.targets import LONGEST_TEXT, LabelKind, Role, TargetKind, TargetSpec
from planner.domain.foresight.task_view import TaskView
from planner.domain.foresight.volume_table import period_proposed

Entry = TypeVar("Entry", bound=np.generic)
Table = np.ndarray[tuple[int, int], np.dtype[Entry]]
Floats = np.ndarray[tuple[int], np.dtype[np.float64]]

RARE, USUAL = 0.02, 0.98
ONCE_SHARE = 0.98
TOGETHER_SHARE = 0.01
COVERED_SHARE = 0.90
MOST_ENDINGS = 5
MOST_OUTCOMES, MOST_NEXT, MOST_OTHERS = 3, 2, 3
MOST_LOOKED_AT = 40
"""Of the activities that may follow later, the most frequent ones are looked at."""
LATE_SHARE = 0.5
DIRECT_SHARE = 0.5
FEW_VALUES = 6


@dataclass(frozen=True)
class Proposal:
    """A target and why it is proposed; `eligible` targets may be picked without being asked for."""

    target: TargetSpec
    role: Role
    note: str

    @property
    def eligible(self) -> bool:
        """Whether it may be picked by itself."""
        return self.role in (Role.OUTCOME, Role.NEXT)


def endings_of(log: ArrangedLog) -> tuple[str, ...]:
    """The activities one of which ends nearly every case: each at most once, never two in one case.

    Empty where the process has no such set. Looked for among the cases that are over; of several
    sets the one whose activities come latest in their cases.
    """
    reached, place = _presence(log)
    if not len(reached):
        return ()
    share = reached.mean(axis=0)
    late = _mean_place(reached, place)
    candidates = [int(i) for i in np.flatnonzero(_once(log) & (share > RARE) & (share < USUAL) & (late > LATE_SHARE))]
    sets = {_exclusive(reached, share, candidates, seed) for seed in candidates}
    whole = [
        found
        for found in sets
        if 1 < len(found) <= MOST_ENDINGS and reached[:, list(found)].any(axis=1).mean() >= COVERED_SHARE
    ]
    if not whole:
        return ()
    best = max(whole, key=lambda found: (round(float(late[list(found)].mean()), 3), sorted(found)))
    return tuple(log.activities[i] for i in sorted(best, key=lambda i: -share[i]))


def _presence(
    log: ArrangedLog,
) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.bool_]], np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
    """By ended case and activity: whether it occurs, and where in the case (0 first, 1 last)."""
    cell = log.case * len(log.activities) + log.activity
    shape = (len(log.cases), len(log.activities))
    length = np.maximum(log.last_row - log.first_row, 1)
    within = (np.arange(len(log.case)) - log.first_row[log.case]) / length[log.case]
    place = np.full(shape[0] * shape[1], -1.0)
    place[cell[::-1]] = within[::-1]
    ended = log.ended
    placed = place.reshape(shape)[ended]
    return placed >= 0, placed


def _mean_place(
    reached: Table[np.bool_], place: np.ndarray[tuple[int, int], np.dtype[np.float64]]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    total = np.where(reached, place, 0.0).sum(axis=0)
    return np.asarray(total / np.maximum(reached.sum(axis=0), 1))


def _once(log: ArrangedLog) -> Mask:
    """By activity: whether nearly all cases that have it have it once."""
    width = len(log.activities)
    counts = np.bincount(log.case * width + log.activity, minlength=len(log.cases) * width).reshape(-1, width)
    return np.asarray((counts == 1).sum(axis=0) >= ONCE_SHARE * np.maximum((counts > 0).sum(axis=0), 1))


def _exclusive(
    reached: Table[np.bool_],
    share: Floats,
    candidates: list[int],
    seed: int,
) -> frozenset[int]:
    """The seed and, most frequent first, every candidate that never occurs beside those taken."""
    taken = [seed]
    for other in sorted(candidates, key=lambda i: -share[i]):
        together = [(reached[:, other] & reached[:, one]).mean() for one in taken]
        fewest = [TOGETHER_SHARE * min(share[other], share[one]) for one in taken]
        if other not in taken and all(a <= b for a, b in zip(together, fewest, strict=True)):
            taken.append(other)
    return frozenset(taken)


def target_complete(target: TargetSpec, *, endings: tuple[str, ...]) -> TargetSpec:
    """A later ending gets the other endings beside it, so that cases without any have no label.

    >>> target_complete(TargetSpec.later(task="a", activity="won"), endings=("won", "lost")).alternatives
    ('lost',)
    """
    if target.kind is not TargetKind.LATER_OCCURRENCE or target.name not in endings:
        return target
    return replace(target, alternatives=tuple(name for name in endings if name != target.name))


def proposals_for(view: TaskView, *, endings: tuple[str, ...]) -> list[Proposal]:
    """Every target worth naming at the task, the most useful first; none whose name is too long to be asked for."""
    found = [*_outcomes(view, endings), *_next(view), *_elsewhere(view, endings), *_attributes(view), *_time(view)]
    found += _volume(view)
    return [proposal for proposal in found if len(proposal.target.text) <= LONGEST_TEXT]


def _outcomes(view: TaskView, endings: tuple[str, ...]) -> Iterator[Proposal]:
    task = view.moments.task
    if task in endings:
        return
    for ending in endings[:MOST_OUTCOMES]:
        others = tuple(name for name in endings if name != ending)
        target = TargetSpec.later(task=task, activity=ending, alternatives=others)
        if not _undecided(view, target):
            continue
        direct = _direct_share(view, ending)
        kind = LabelKind.IMITATION if direct >= DIRECT_SHARE else LabelKind.OUTCOME
        yield Proposal(replace(target, label_kind=kind), Role.OUTCOME, "one of the ways the case ends")


def _undecided(view: TaskView, target: TargetSpec) -> bool:
    value = labels_of(view.log, view.moments, target).value.dropna()
    share = float((value == "yes").mean()) if len(value) else 0.0
    return RARE < share < USUAL


def _next_shares(view: TaskView) -> pd.Series:
    labels = labels_of(view.log, view.moments, TargetSpec.next_activity(task=view.moments.task))
    return labels.value.dropna().value_counts(normalize=True)


def _direct_share(view: TaskView, activity: str) -> float:
    """Of the cases in which the activity follows, the share in which it follows at once."""
    task = view.moments.task
    later = labels_of(view.log, view.moments, TargetSpec.later(task=task, activity=activity)).value == "yes"
    at_once = labels_of(view.log, view.moments, TargetSpec.next_activity(task=task, positive=activity)).value == "yes"
    return float(at_once.fillna(False).sum() / max(int(later.fillna(False).sum()), 1))


def _next(view: TaskView) -> Iterator[Proposal]:
    task = view.moments.task
    share = _next_shares(view)
    worth = share[(share > RARE) & (share < USUAL)]
    names = [str(name) for name in worth.index if name not in {CASE_ENDS, OTHER}]
    if len(worth) == 2 and len(names) == 2:
        names = names[1:]
    for name in names[:MOST_NEXT]:
        yield Proposal(TargetSpec.next_activity(task=task, positive=name), Role.NEXT, "what the task decides")
    if not names:
        usual = str(share.index[0]) if len(share) else CASE_ENDS
        yield Proposal(TargetSpec.next_activity(task=task, positive=usual), Role.NEXT, "the only way on from here")
    if len(worth) > 2:
        yield Proposal(TargetSpec.next_activity(task=task), Role.ELSEWHERE, "all ways on at once")


def _elsewhere(view: TaskView, endings: tuple[str, ...]) -> Iterator[Proposal]:
    """Later activities some cases come to: decided by another task on the way."""
    log, task = view.log, view.moments.task
    at_once = set(_next_shares(view).index)
    shares = {}
    usual = np.argsort(-np.bincount(log.activity, minlength=len(log.activities)), kind="stable")[:MOST_LOOKED_AT]
    for activity in (log.activities[number] for number in np.sort(usual)):
        if activity in endings or activity == task or activity in at_once:
            continue
        value = labels_of(log, view.moments, TargetSpec.later(task=task, activity=activity)).value.dropna()
        shares[activity] = float((value == "yes").mean()) if len(value) else 0.0
    undecided = sorted(
        (name for name, share in shares.items() if RARE < share < USUAL), key=lambda n: abs(shares[n] - 0.5)
    )
    for activity in undecided[:MOST_OTHERS]:
        target = TargetSpec.later(task=task, activity=activity)
        yield Proposal(target, Role.ELSEWHERE, "another task decides it: a model belongs there")


def _attributes(view: TaskView) -> Iterator[Proposal]:
    few = [f for f in view.known.features if f.column.startswith("case:") and f.type is not FeatureType.NUMBER]
    for feature in few[:MOST_OTHERS]:
        if view.known.frame[feature.name].nunique() <= FEW_VALUES:
            target = TargetSpec.attribute(task=view.moments.task, column=feature.column)
            yield Proposal(target, Role.ATTRIBUTE, "only if it is filled in after the task")


def _time(view: TaskView) -> Iterator[Proposal]:
    yield Proposal(TargetSpec.remaining_time(task=view.moments.task), Role.TIME, "to tell people when it will be done")


def _volume(view: TaskView) -> Iterator[Proposal]:
    task = view.moments.task
    period = period_proposed(view.whole, task_moments(view.whole, task).time, view.calendar)
    if period is not None:
        yield Proposal(TargetSpec.volume(task=task, period=period), Role.TIME, "to plan how many people are needed")
