"""Columns that tell the target by themselves: mostly filled in after the outcome, so a model would only copy it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SUSPICIOUS = 0.95
"""AUC of one column alone from which on it is called out."""
LEARNT_SHARE = 0.7
BINS = 32
PRIOR_ROWS = 5.0
NEEDED = 10
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class ColumnScore:
    """How well one column alone puts rows in order: `auc` on rows not looked at before, 0.5 a coin, 1 without error."""

    name: str
    auc: float

    @property
    def leaks(self) -> bool:
        return self.auc >= SUSPICIOUS

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def columns_screened(inputs: pd.DataFrame, target: "pd.Series[Any]", *, regression: bool) -> list[ColumnScore]:
    """The score of every column of `inputs` (numbers, or texts as categories), the highest first.

    Rows are in a fair order: the first 70 % learn the mean outcome of each value (of 32 quantiles for numbers; missing
    is a value), the rest is ordered by it. Several outcomes: the one told best. Amounts: above the median or not.
    Empty where one of the two parts holds fewer than ten rows of a side.
    """
    cut = int(len(inputs) * LEARNT_SHARE)
    sides = list(_sides(target, cut, regression=regression))
    scores = []
    for name in inputs:
        codes = _codes(inputs[name], cut)
        found = [_auc(codes, side, cut) for side in sides]
        if found:
            scores.append(ColumnScore(str(name), round(max(found), 4)))
    return sorted(scores, key=lambda score: (-score.auc, score.name))


def _sides(target: "pd.Series[Any]", cut: int, *, regression: bool) -> Iterator[Mask]:
    if regression:
        values = target.to_numpy(dtype=np.float64)
        masks = [values > float(np.median(values[:cut]))] if cut else []
    else:
        texts = target.astype(str).to_numpy()
        masks = [texts == value for value in pd.unique(texts)]
        masks = masks[:1] if len(masks) == 2 else masks
    for mask in masks:
        parts = (mask[:cut], ~mask[:cut], mask[cut:], ~mask[cut:])
        if all(int(part.sum()) >= NEEDED for part in parts):
            yield mask


def _codes(values: "pd.Series[Any]", cut: int) -> Codes:
    """A number for each value, or quantile of the rows learnt from; 0 is missing."""
    if not pd.api.types.is_numeric_dtype(values):
        return np.asarray(pd.factorize(values)[0] + 1, dtype=np.int64)
    numbers = values.to_numpy(dtype=np.float64)
    learnt = numbers[:cut][np.isfinite(numbers[:cut])]
    if not len(learnt):
        return np.zeros(len(numbers), dtype=np.int64)
    edges = np.unique(np.quantile(learnt, np.linspace(0, 1, BINS + 1)[1:-1]))
    return np.where(np.isnan(numbers), 0, np.searchsorted(edges, numbers, side="left") + 1).astype(np.int64)


def _auc(codes: Codes, side: Mask, cut: int) -> float:
    size = int(codes.max()) + 1
    times = np.bincount(codes[:cut], minlength=size)
    yes = np.bincount(codes[:cut], weights=side[:cut].astype(np.float64), minlength=size)
    means = (yes + PRIOR_ROWS * side[:cut].mean()) / (times + PRIOR_ROWS)
    return _ordered(means[codes[cut:]], side[cut:])


def _ordered(scores: Floats, positive: Mask) -> float:
    """The share of pairs put in the right order, ties half (Mann and Whitney, from midranks)."""
    ranks = pd.Series(scores).rank().to_numpy(dtype=np.float64)
    yes = int(positive.sum())
    no = len(positive) - yes
    return float((ranks[positive].sum() - yes * (yes + 1) / 2) / (yes * no))
