"""The training table of a target: one row a case that reached the task, split by time.

Each row holds what was known at the moment of prediction (`features`) and what followed (`label`).
The split is by moment: the latest quarter of the labelled rows is the test. An earlier row trains
only if its outcome was known before the split; the others are purged and counted.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.domain.foresight.arranged_log import (
    ArrangedLog,
    Mask,
    MomentKind,
    Moments,
    log_arrange,
    task_moments,
    timestamps,
)
from planner.domain.foresight.feature_kinds import Dropped, Feature
from planner.domain.foresight.features import KnownThen, features_at
from planner.domain.foresight.labels import Labels, labels_of
from planner.domain.foresight.targets import Problem, TargetError, TargetKind, TargetSpec

TEST_SHARE = 0.25
TRAIN, PURGED, TEST = "train", "purged", "test"
ROW_COLUMNS = ("case", "moment", "known_at", "part")
LABEL = "label"

OUTCOME_NOT_KNOWN = "the outcome was not known before the split"
REPEATED = "later visits of the same case (a row is the first visit)"
FILLED_LATER = "empty in open cases, filled in ended ones: it may be filled in later"


@dataclass(frozen=True)
class Exclusion:
    """How many cases or visits give no row, and why."""

    reason: str
    count: int


@dataclass(frozen=True)
class TrainingTable:
    """`frame` has the columns `ROW_COLUMNS`, the features by name, and `label`.

    `label` is "yes"/"no" (binary), a class (multiclass) or a number (regression); `part` is train,
    purged or test. `moment` and `known_at` are UTC times. Rows are in order of the moment.
    """

    target: TargetSpec
    frame: pd.DataFrame
    features: tuple[Feature, ...]
    dropped: tuple[Dropped, ...]
    excluded: tuple[Exclusion, ...]
    problem: Problem
    moment_kind: MomentKind
    split_at: pd.Timestamp | None

    @property
    def train(self) -> pd.DataFrame:
        """Rows whose outcome was known before the split."""
        return self.frame[self.frame["part"] == TRAIN]

    @property
    def test(self) -> pd.DataFrame:
        """Rows from the split on."""
        return self.frame[self.frame["part"] == TEST]

    @property
    def purged(self) -> int:
        """Rows before the split whose outcome came after it."""
        return int((self.frame["part"] == PURGED).sum())

    @property
    def names(self) -> list[str]:
        """The features' column names."""
        return [feature.name for feature in self.features]


def training_table(
    events: pd.DataFrame, target: TargetSpec, *, pseudonym_key: bytes, test_share: float = TEST_SHARE
) -> TrainingTable:
    """Build the table from a log with columns case, activity, start, end, resource, case:*, event:*.

    Refuses a task or target the log does not have with TargetError.
    """
    return table_of(log_arrange(events), target, pseudonym_key=pseudonym_key, test_share=test_share)


def table_of(
    log: ArrangedLog, target: TargetSpec, *, pseudonym_key: bytes, test_share: float = TEST_SHARE
) -> TrainingTable:
    """`training_table` on a log that is arranged already."""
    if log.number(target.task) is None:
        raise TargetError(f"The log has no activity “{target.task}”.", where="task")
    moments = task_moments(log, target.task)
    known = features_at(log, moments, key=pseudonym_key)
    return table_join(log, moments, known, target, test_share=test_share)


def table_join(
    log: ArrangedLog, moments: Moments, known: KnownThen, target: TargetSpec, *, test_share: float = TEST_SHARE
) -> TrainingTable:
    """Put features and labels side by side and split by time; several targets can share `known`."""
    labels = labels_of(log, moments, target)
    kept = _admissible(log, moments, known, target)
    frame = _rows(log, moments, labels, known.frame[[feature.name for feature in kept.features]])
    frame, split_at = _split(frame, test_share)
    excluded = _excluded(labels, moments, int((frame["part"] == PURGED).sum()))
    return TrainingTable(target, frame, kept.features, kept.dropped, excluded, labels.problem, moments.kind, split_at)


def _rows(log: ArrangedLog, moments: Moments, labels: Labels, known: pd.DataFrame) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "case": pd.Series(log.cases[moments.case]).astype("string"),
            "moment": timestamps(moments.time),
            "known_at": timestamps(labels.known_at),
            "part": pd.Series(TEST, index=known.index, dtype="string"),
        }
    )
    frame = pd.concat([rows, known, labels.value.rename(LABEL)], axis=1)
    return frame[frame[LABEL].notna()].sort_values("moment", kind="stable").reset_index(drop=True)


def _split(frame: pd.DataFrame, test_share: float) -> tuple[pd.DataFrame, pd.Timestamp | None]:
    if len(frame) < 2:
        return frame, None
    place = min(int(np.floor(len(frame) * (1.0 - test_share))), len(frame) - 1)
    split_at = pd.Timestamp(frame["moment"].iloc[place])
    before, known = frame["moment"] < split_at, frame["known_at"] < split_at
    part = np.select([before & known, before], [TRAIN, PURGED], TEST)
    return frame.assign(part=pd.Series(part, index=frame.index, dtype="string")), split_at


def _excluded(labels: Labels, moments: Moments, purged: int) -> tuple[Exclusion, ...]:
    reasons = labels.reason[labels.reason != ""].value_counts().sort_index()
    counts = [Exclusion(str(reason), int(count)) for reason, count in reasons.items()]
    counts += [Exclusion(OUTCOME_NOT_KNOWN, purged), Exclusion(REPEATED, moments.repeats)]
    return tuple(item for item in counts if item.count)


def _admissible(log: ArrangedLog, moments: Moments, known: KnownThen, target: TargetSpec) -> KnownThen:
    """Without the target itself and without attributes that open cases do not have yet."""
    ended = log.ended[moments.case]
    features, dropped = [], list(known.dropped)
    for feature in known.features:
        if target.kind is TargetKind.ATTRIBUTE and feature.column == target.name:
            dropped.append(Dropped(feature.column, "it is the target"))
        elif feature.column.startswith("case:") and _filled_later(known.frame[feature.name], ended):
            dropped.append(Dropped(feature.column, FILLED_LATER))
        else:
            features.append(feature)
    return KnownThen(known.frame, tuple(features), tuple(dropped))


def _filled_later(values: pd.Series, ended: Mask) -> bool:
    if (~ended).sum() < 20 or ended.sum() < 20:
        return False
    missing = values.isna().to_numpy()
    return bool(missing[~ended].mean() - missing[ended].mean() > 0.5)
