"""Area under the ROC curve with its confidence interval (DeLong)."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Auc:
    """The share of pairs (one positive, one negative case) put in the right order, ties half.

    `low` to `high` is the 95 % interval; 0.5 is a coin, 1 never errs.
    """

    value: float
    low: float
    high: float


def auc_interval(scores: Floats, positive: Mask) -> Auc:
    """AUC of the scores and its 95 % interval after DeLong, DeLong and Clarke-Pearson (1988).

    Computed from midranks in O(n log n), Sun and Xu (2014); normal approximation, cut to [0, 1].
    Refuses labels of one class only with ValueError.

    >>> auc_interval(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True])).value
    0.75
    """
    yes, no = scores[positive], scores[~positive]
    if not len(yes) or not len(no):
        raise ValueError("An AUC needs cases of both classes.")
    every = stats.rankdata(np.concatenate([yes, no]))
    over_no = (every[: len(yes)] - stats.rankdata(yes)) / len(no)
    over_yes = 1.0 - (every[len(yes) :] - stats.rankdata(no)) / len(yes)
    value = float(over_no.mean())
    variance = _variance(over_no) / len(yes) + _variance(over_yes) / len(no)
    reach = float(stats.norm.ppf(0.5 + CONFIDENCE / 2) * np.sqrt(variance))
    return Auc(value, max(0.0, value - reach), min(1.0, value + reach))


def _variance(values: Floats) -> float:
    return float(values.var(ddof=1)) if len(values) > 1 else 0.25
