"""Whether what other cases and earlier outcomes tell is worth keeping in a training table: judged where it must hold.

Volumes and rates of a process move with time, and a model may learn them as a clock that stops at the end of the
training period. They stay only where a model that learns from the earlier part of the training rows foresees the latest
fifth of them better with these features than without. No row of the test period is looked at.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from planner.domain.foresight.auc import Auc, auc_interval
from planner.domain.foresight.feature_kinds import Dropped, Feature, FeatureGroup
from planner.domain.foresight.quick_models import BOOSTED, classes_foretell_by, mean_auc, number_foretell_by
from planner.domain.foresight.targets import Problem
from planner.domain.foresight.training_table import LABEL, TrainingTable

CONTEXT = frozenset({FeatureGroup.OTHER_CASES, FeatureGroup.OUTCOMES})
LATEST_SHARE = 0.2
MOST_JUDGED = 3000
"""The latest rows of the training period that are judged on: enough to see a gain, few enough to take no time."""

LEAST_GAIN_AUC = 0.01
LEAST_GAIN_ERROR = 0.01
"""A share of the mean absolute error."""

FEWEST = 50
NORMAL_95 = 1.96
SEED = 20240301
REASON = "it did not help to foresee the latest fifth of the rows learnt from"


def context_judged(table: TrainingTable) -> TrainingTable:
    """The table without its context features, unless they help; those left out are told in `dropped`."""
    context = [feature for feature in table.features if feature.group in CONTEXT]
    if not context or _helps(table):
        return table
    kept = tuple(feature for feature in table.features if feature.group not in CONTEXT)
    left_out = tuple(Dropped(feature.name, REASON) for feature in context)
    frame = table.frame.drop(columns=[feature.name for feature in context])
    return replace(table, frame=frame, features=kept, dropped=(*table.dropped, *left_out))


def _helps(table: TrainingTable) -> bool:
    """False also where too few rows are there to tell: what cannot be shown to help is left out."""
    rows = table.train.tail(MOST_JUDGED)
    cut = int(len(rows) * (1 - LATEST_SHARE))
    early, late = rows.iloc[:cut], rows.iloc[cut:]
    if len(late) < FEWEST:
        return False
    plain = tuple(feature for feature in table.features if feature.group not in CONTEXT)
    if not plain:
        return True
    if table.problem is Problem.REGRESSION:
        return _error(early, late, table.features) < _error(early, late, plain) * (1 - LEAST_GAIN_ERROR)
    if min(early[LABEL].nunique(), late[LABEL].nunique()) < max(2, rows[LABEL].nunique()):
        return False
    without, beside = (_reached(early, late, features) for features in (plain, table.features))
    return beside.value > without.value + max(LEAST_GAIN_AUC, without.value - without.low)


def _reached(early: pd.DataFrame, late: pd.DataFrame, features: tuple[Feature, ...]) -> Auc:
    """The AUC reached, `low` one standard error below it: a gain within that is chance."""
    with threadpool_limits(limits=1):
        told = classes_foretell_by(BOOSTED, early, late, features=features, label=LABEL, seed=SEED)
    if len(told.classes) != 2:
        value = mean_auc(told.scores, told.classes, late[LABEL])
        return Auc(value, value - LEAST_GAIN_AUC, value + LEAST_GAIN_AUC)
    found = auc_interval(told.scores[:, 1], (late[LABEL] == told.classes[1]).to_numpy(bool))
    error = (found.high - found.low) / (2 * NORMAL_95)
    return Auc(found.value, found.value - error, found.value + error)


def _error(early: pd.DataFrame, late: pd.DataFrame, features: tuple[Feature, ...]) -> float:
    told = number_foretell_by(early, late, features, LABEL, seed=SEED)
    return float(np.abs(late[LABEL].to_numpy(np.float64) - told).mean())
