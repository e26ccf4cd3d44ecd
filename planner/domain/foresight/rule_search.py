"""Looks for an explicit rule: a tree of depth two over attributes, said in words."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.tree import DecisionTreeClassifier

from planner.domain.foresight.feature_kinds import Feature, FeatureGroup, FeatureType
from planner.domain.foresight.quick_models import mean_auc

DEPTH = 2
MOST_LEVELS = 20
LEAST_LEAF = 5
MOST_CELLS = 20_000_000
FEWEST_ROWS = 1_000
EMPTY = "(empty)"


@dataclass(frozen=True)
class Rule:
    """A rule in words, the share of later cases it decides rightly, and that of always saying the usual.

    `auc` is that of the order the rule puts later cases in; None where they all came out the same.
    """

    words: str
    share: float
    usual_share: float
    fields: tuple[str, ...]
    auc: float | None = None


@dataclass(frozen=True)
class _Question:
    """One column of the matrix the tree sees: a number, or "is it this value"."""

    feature: Feature
    value: str | None

    def words(self, threshold: float, above: bool) -> str:
        name = self.feature.label
        if self.value is None and self.feature.type is not FeatureType.BOOLEAN:
            return f"{name} is {'above' if above else 'at most'} {threshold:.4g}"
        value = "true" if self.value is None else self.value
        return f"{name} is {value}" if above else f"{name} is not {value}"


def rule_search(train: pd.DataFrame, test: pd.DataFrame, features: tuple[Feature, ...], label: str) -> Rule | None:
    """The best rule of at most two questions in a row over case and event attributes.

    Learnt on `train`, measured on `test`, or on evenly spread rows of them where all would not fit.
    None where there is no attribute or only one class.
    """
    attributes = [feature for feature in features if feature.group is FeatureGroup.ATTRIBUTE]
    if not attributes or train[label].nunique() < 2:
        return None
    questions = _questions(train, attributes)
    most = max(FEWEST_ROWS, MOST_CELLS // max(len(questions), 1))
    train, test = _spread(train, most), _spread(test, most)
    tree = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=LEAST_LEAF, random_state=0)
    tree.fit(_matrix(train, questions), train[label].astype(str))
    later = _matrix(test, questions)
    said = tree.predict(later)
    usual = train[label].mode().iloc[0]
    share = float((said == test[label].astype(str)).mean())
    ways = _ways(tree, questions)
    usual_share = float((test[label] == usual).mean())
    auc = None
    if test[label].nunique() > 1:
        auc = mean_auc(tree.predict_proba(later), tuple(str(name) for name in tree.classes_), test[label])
    return Rule(_in_words(ways, str(usual)), share, usual_share, _fields(ways), auc)


def _spread(rows: pd.DataFrame, most: int) -> pd.DataFrame:
    """At most so many of the rows, evenly spread over time: where there are very many questions, memory is short."""
    if len(rows) <= most:
        return rows
    return rows.iloc[np.linspace(0, len(rows) - 1, most).astype(np.int64)]


def _questions(train: pd.DataFrame, attributes: list[Feature]) -> list[_Question]:
    found: list[_Question] = []
    for feature in attributes:
        if feature.type is FeatureType.CATEGORY:
            levels = train[feature.name].fillna(EMPTY).value_counts().head(MOST_LEVELS).index
            found += [_Question(feature, str(level)) for level in levels]
        else:
            found.append(_Question(feature, None))
    return found


def _matrix(rows: pd.DataFrame, questions: list[_Question]) -> np.ndarray[Any, np.dtype[np.float64]]:
    columns = [
        rows[question.feature.name].astype("float64")
        if question.value is None
        else (rows[question.feature.name].fillna(EMPTY) == question.value).astype("float64")
        for question in questions
    ]
    return np.column_stack([column.to_numpy(np.float64) for column in columns])


Conditions = tuple[tuple[_Question, float, bool], ...]


def _fields(ways: list[tuple[Conditions, str]]) -> tuple[str, ...]:
    """The fields the ways ask for, in the order they are asked."""
    return tuple(dict.fromkeys(question.feature.label for conditions, _ in ways for question, _, _ in conditions))


def _in_words(ways: list[tuple[Conditions, str]], usual: str) -> str:
    """Every way to the less usual answers; the usual one is "otherwise"."""
    said: dict[str, list[str]] = {}
    for conditions, answer in ways:
        if answer != usual:
            words = [question.words(threshold, above=above) for question, threshold, above in conditions]
            said.setdefault(answer, []).append(" and ".join(words))
    return "; ".join(
        [*(f"{answer} if {', or if '.join(found)}" for answer, found in said.items()), f"otherwise {usual}"]
    )


def _ways(tree: DecisionTreeClassifier, questions: list[_Question], node: int = 0) -> list[tuple[Conditions, str]]:
    """Every way through the tree and its answer; a question that changes no answer is left out."""
    nodes = tree.tree_
    left, right = int(nodes.children_left[node]), int(nodes.children_right[node])
    answer = str(tree.classes_[nodes.value[node][0].argmax()])
    if left < 0:
        return [((), answer)]
    below, above = _ways(tree, questions, left), _ways(tree, questions, right)
    if len({said for _, said in (*below, *above)}) == 1:
        return [((), below[0][1])]
    question, threshold = questions[nodes.feature[node]], float(nodes.threshold[node])
    no = [(((question, threshold, False), *conditions), said) for conditions, said in below]
    yes = [(((question, threshold, True), *conditions), said) for conditions, said in above]
    return [*no, *yes]
