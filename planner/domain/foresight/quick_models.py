"""Quick models that only tell whether something can be foreseen; the pipeline builds the real one."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits

from planner.domain.foresight.feature_kinds import Feature, FeatureType

Matrix = np.ndarray[Any, np.dtype[np.float64]]

MOST_LEVELS = 60
ONE_HOT_LEVELS = 15
VALIDATION_SHARE = 0.2
ROUNDS = 80
MUCH = 3000
LEAST_LEVEL = 0.5
"""Cases a period below which a level is no measure of anything."""

BOOSTED, LINEAR = "boosted trees", "logistic regression"


@dataclass(frozen=True)
class Column:
    """How one feature becomes numbers: its usual value, its spread and its known levels."""

    feature: Feature
    levels: tuple[str, ...]
    middle: float
    spread: float


def columns_learn(rows: pd.DataFrame, features: tuple[Feature, ...]) -> tuple[Column, ...]:
    """Learn levels, medians and spreads from the training rows alone; columns that say nothing are left out."""
    telling = [feature for feature in features if rows[feature.name].nunique() > 1]
    return tuple(_column(rows[feature.name], feature) for feature in telling)


def _column(values: pd.Series, feature: Feature) -> Column:
    if feature.type is FeatureType.CATEGORY:
        levels = values.value_counts().head(MOST_LEVELS).index
        return Column(feature, tuple(str(level) for level in levels), 0.0, 1.0)
    numbers = _squeezed(values)
    known = numbers[~np.isnan(numbers)]
    middle = float(np.median(known)) if len(known) else 0.0
    spread = float(known.std()) if len(known) else 1.0
    return Column(feature, (), middle, spread or 1.0)


def _squeezed(values: pd.Series) -> Matrix:
    """Long tails drawn in: sign(x)·log(1+|x|)."""
    numbers = values.to_numpy(np.float64)
    return np.asarray(np.sign(numbers) * np.log1p(np.abs(numbers)))


def tree_matrix(rows: pd.DataFrame, columns: tuple[Column, ...]) -> Matrix:
    """One number a feature: categories as the place in their levels, unknown ones missing."""
    out = []
    for column in columns:
        values = rows[column.feature.name]
        if column.feature.type is FeatureType.CATEGORY:
            place = pd.Categorical(values, categories=list(column.levels)).codes.astype(np.float64)
            out.append(np.where(place < 0, np.nan, place))
        else:
            out.append(values.to_numpy(np.float64))
    return np.column_stack(out)


def linear_matrix(rows: pd.DataFrame, columns: tuple[Column, ...]) -> Matrix:
    """Numbers standardised with the median for missing ones, categories one column a frequent level."""
    out: list[Matrix] = []
    for column in columns:
        values = rows[column.feature.name]
        if column.feature.type is FeatureType.CATEGORY:
            known = values.fillna("")
            out += [np.asarray(known == level, dtype=np.float64) for level in column.levels[:ONE_HOT_LEVELS]]
        else:
            numbers = _squeezed(values)
            numbers = np.where(np.isnan(numbers), column.middle, numbers)
            out.append((numbers - column.middle) / column.spread)
    return np.column_stack(out)


def _boosted(rows: pd.DataFrame, columns: tuple[Column, ...], target: pd.Series, seed: int) -> Any:
    categories = [column.feature.type is FeatureType.CATEGORY for column in columns]
    settings = {
        "max_iter": ROUNDS,
        "max_leaf_nodes": 8,
        "min_samples_leaf": 20,
        "learning_rate": 0.08,
        "l2_regularization": 1.0,
        "early_stopping": False,
        "random_state": seed,
        "categorical_features": categories,
    }
    if pd.api.types.is_numeric_dtype(target):
        model = HistGradientBoostingRegressor(loss="absolute_error", **settings)
    else:
        model = HistGradientBoostingClassifier(**settings)
    return model.fit(tree_matrix(rows, columns), target.to_numpy())


def counts_foretell(
    train: pd.DataFrame,
    test: pd.DataFrame,
    features: tuple[Feature, ...],
    label: str,
    *,
    level: str,
    rng: np.random.Generator,
) -> Matrix:
    """How many on the later rows, never below zero: the mean of boosted trees and a ridge regression.

    Both learn the ratio to the column `level`, what is usual lately, as trees cannot follow a series that rises.
    """
    columns, seed = columns_learn(train, features), int(rng.integers(2**31))
    usual, later = (np.maximum(rows[level].to_numpy(np.float64), LEAST_LEVEL) for rows in (train, test))
    ratio = pd.Series(train[label].to_numpy(np.float64) / usual)
    with threadpool_limits(limits=1):
        trees = _boosted(train, columns, ratio, seed).predict(tree_matrix(test, columns))
        line = Ridge(alpha=3.0).fit(linear_matrix(train, columns), ratio).predict(linear_matrix(test, columns))
    return np.asarray(np.maximum((trees + line) / 2, 0.0) * later, dtype=np.float64)


def _linear(rows: pd.DataFrame, columns: tuple[Column, ...], target: pd.Series) -> Any:
    return LogisticRegression(C=0.3, max_iter=300).fit(linear_matrix(rows, columns), target.to_numpy())


@dataclass(frozen=True)
class Foretold:
    """Scores on the later rows and the kind of model that gave them; `classes` name the columns."""

    model: str
    classes: tuple[str, ...]
    scores: Matrix


def classes_foretell(
    train: pd.DataFrame, test: pd.DataFrame, features: tuple[Feature, ...], label: str, *, rng: np.random.Generator
) -> Foretold:
    """Probabilities of the classes on `test`: boosted trees where there is much to learn from, else
    the kind of model that did better on the latest fifth of `train`, fitted again on all of it.
    Rows are in order of time."""
    seed = int(rng.integers(2**31))
    with threadpool_limits(limits=1):
        kind = _better_kind(train, features, label, seed)
        return classes_foretell_by(kind, train, test, features=features, label=label, seed=seed)


def _better_kind(train: pd.DataFrame, features: tuple[Feature, ...], label: str, seed: int) -> str:
    if len(train) > MUCH:
        return BOOSTED
    cut = int(len(train) * (1 - VALIDATION_SHARE))
    early, late = train.iloc[:cut], train.iloc[cut:]
    if min(early[label].nunique(), late[label].nunique()) < train[label].nunique():
        return BOOSTED
    reached = {}
    for kind in (BOOSTED, LINEAR):
        told = classes_foretell_by(kind, early, late, features=features, label=label, seed=seed)
        reached[kind] = mean_auc(told.scores, told.classes, late[label])
    return max(reached, key=lambda kind: reached[kind])


def classes_foretell_by(
    kind: str, train: pd.DataFrame, test: pd.DataFrame, *, features: tuple[Feature, ...], label: str, seed: int
) -> Foretold:
    """Probabilities of the classes on `test` by one kind of model, BOOSTED or LINEAR."""
    columns, target = columns_learn(train, features), train[label].astype(object)
    if kind == BOOSTED:
        model, matrix = _boosted(train, columns, target, seed), tree_matrix(test, columns)
    else:
        model, matrix = _linear(train, columns, target), linear_matrix(test, columns)
    return Foretold(kind, tuple(str(name) for name in model.classes_), model.predict_proba(matrix))


def mean_auc(scores: Matrix, classes: tuple[str, ...], label: pd.Series) -> float:
    """AUC of a yes/no label; with more classes the mean over them, each against the rest."""
    wanted = classes[-1:] if len(classes) == 2 else classes
    found = []
    for name in wanted:
        yes = (label == name).to_numpy(bool)
        if yes.any() and not yes.all():
            found.append(float(roc_auc_score(yes, scores[:, classes.index(name)])))
    return float(np.mean(found)) if found else 0.5


def number_foretell(
    train: pd.DataFrame, test: pd.DataFrame, features: tuple[Feature, ...], label: str, *, rng: np.random.Generator
) -> Matrix:
    """The number on the later rows, boosted trees on the absolute error."""
    return number_foretell_by(train, test, features, label, seed=int(rng.integers(2**31)))


def number_foretell_by(
    train: pd.DataFrame, test: pd.DataFrame, features: tuple[Feature, ...], label: str, *, seed: int
) -> Matrix:
    """`number_foretell` with a seed in the place of dice."""
    columns = columns_learn(train, features)
    with threadpool_limits(limits=1):
        model = _boosted(train, columns, train[label].astype("float64"), seed)
    return np.asarray(model.predict(tree_matrix(test, columns)), dtype=np.float64)
