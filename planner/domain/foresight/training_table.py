"""The training table of a target: one row a case that reached the task, split by time.

Each row holds what was known at the moment of prediction (`features`) and what followed (`label`).
The split is by moment: the latest quarter of the labelled rows is the test. An earlier row trains
only if its outcome was known before the split; the others are purged and counted.

A table may carry the answers to other targets beside the one that is learnt. They are outcomes of the same rows and
never features.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
from planner.domain.foresight.feature_columns import unique_name
from planner.domain.foresight.feature_kinds import Dropped, Feature
from planner.domain.foresight.features import KnownThen, features_at
from planner.domain.foresight.labels import Labels, labels_of
from planner.domain.foresight.outcome_history import outcome_history
from planner.domain.foresight.periods import SeriesShape
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
class TargetColumn:
    """Another target of the same rows: its column, the one with when its answer was known, and how many are known.

    An answer that was not known by the split is missing in the rows before it, as it could not have been learnt from.
    """

    name: str
    known_at: str
    target: TargetSpec
    problem: Problem
    known: int


@dataclass(frozen=True)
class TrainingTable:
    """`frame` has the columns `ROW_COLUMNS`, the features by name, `label`, and the columns of targets `beside` it.

    `label` is "yes"/"no" (binary), a class (multiclass) or a number (regression); `part` is train,
    purged or test. `moment` and `known_at` are UTC times. Rows are in order of the moment. Where the
    rows are periods of a volume, `case` names the day a period begins on, and `series` what it rests on.
    """

    target: TargetSpec
    frame: pd.DataFrame
    features: tuple[Feature, ...]
    dropped: tuple[Dropped, ...]
    excluded: tuple[Exclusion, ...]
    problem: Problem
    moment_kind: MomentKind
    split_at: pd.Timestamp | None
    series: SeriesShape | None = None
    beside: tuple[TargetColumn, ...] = ()

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
    events: pd.DataFrame,
    target: TargetSpec,
    *,
    pseudonym_key: bytes,
    test_share: float = TEST_SHARE,
    beside: Sequence[TargetSpec] = (),
) -> TrainingTable:
    """Build the table from a log with columns case, activity, start, end, resource, case:*, event:*.

    Refuses a task or target the log does not have with TargetError.
    """
    return table_of(log_arrange(events), target, pseudonym_key=pseudonym_key, test_share=test_share, beside=beside)


def table_of(
    log: ArrangedLog,
    target: TargetSpec,
    *,
    pseudonym_key: bytes,
    test_share: float = TEST_SHARE,
    beside: Sequence[TargetSpec] = (),
) -> TrainingTable:
    """`training_table` on a log that is arranged already."""
    if log.number(target.task) is None:
        raise TargetError(f"The log has no activity “{target.task}”.", where="task")
    moments = task_moments(log, target.task)
    known = features_at(log, moments, key=pseudonym_key)
    return table_join(log, moments, known, target, test_share=test_share, beside=beside)


def table_join(
    log: ArrangedLog,
    moments: Moments,
    known: KnownThen,
    target: TargetSpec,
    *,
    test_share: float = TEST_SHARE,
    beside: Sequence[TargetSpec] = (),
) -> TrainingTable:
    """Put features and labels side by side and split by time; several targets can share `known`.

    What is foretold, here or beside, is no feature: neither the attribute itself nor one that is filled in later.
    """
    labels = labels_of(log, moments, target)
    kept = _admissible(log, moments, known, (target, *beside))
    history = outcome_history(log, moments, target, labels.problem, known=known.frame, inputs=kept.features)
    features = (*kept.features, *history.features)
    inputs = known.frame[[feature.name for feature in kept.features]].assign(**history.data)
    others, columns = _beside(log, moments, beside, taken=inputs.columns)
    frame = _rows(log, moments, labels, inputs.join(others))
    frame, split_at = split_by_time(frame, test_share)
    frame = _known_by(frame, columns, split_at)
    columns = tuple(replace(column, known=int(frame[column.name].notna().sum())) for column in columns)
    excluded = _excluded(labels, moments, int((frame["part"] == PURGED).sum()))
    return TrainingTable(
        target, frame, features, kept.dropped, excluded, labels.problem, moments.kind, split_at, beside=columns
    )


def _beside(
    log: ArrangedLog, moments: Moments, targets: Sequence[TargetSpec], *, taken: pd.Index
) -> tuple[pd.DataFrame, tuple[TargetColumn, ...]]:
    values: dict[str, pd.Series] = {}
    columns = []
    for target in targets:
        labels = labels_of(log, moments, target)
        name = unique_name(f"target_{target.text}", {*taken, *values})
        known_at = unique_name(f"{name[:50]}_known_at", {*taken, *values, name})
        values[name] = labels.value
        values[known_at] = timestamps(labels.known_at).where(labels.value.notna())
        columns.append(TargetColumn(name, known_at, target, labels.problem, 0))
    return pd.DataFrame(values, index=pd.RangeIndex(len(moments.case))), tuple(columns)


def _known_by(frame: pd.DataFrame, columns: tuple[TargetColumn, ...], split_at: pd.Timestamp | None) -> pd.DataFrame:
    """Without answers beside that came after the split, in the rows before it."""
    for column in columns:
        if split_at is not None:
            late = (frame["part"] != TEST) & ~(frame[column.known_at] < split_at)
            frame = frame.assign(**{name: frame[name].where(~late) for name in (column.name, column.known_at)})
    return frame


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


def split_by_time(frame: pd.DataFrame, test_share: float) -> tuple[pd.DataFrame, pd.Timestamp | None]:
    """The rows with their part of train, purged and test, and when the test begins; None of fewer than two rows."""
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


def _admissible(log: ArrangedLog, moments: Moments, known: KnownThen, targets: Sequence[TargetSpec]) -> KnownThen:
    """Without the targets themselves and without attributes that open cases do not have yet."""
    ended = log.ended[moments.case]
    foretold = {target.name for target in targets if target.kind is TargetKind.ATTRIBUTE}
    features, dropped = [], list(known.dropped)
    for feature in known.features:
        if feature.column and feature.column in foretold:
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
