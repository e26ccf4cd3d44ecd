"""How good predictions were, once their outcomes are known: figures with confidence bands, in all and by month.

Shares with Wilson's interval (1927), which holds where counts are small; the area under the curve as the probability
that a positive case has the higher score, with the interval of Hanley and McNeil (1982); errors of amounts with the
normal interval of their mean. Intervals are of 90 %.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

Z = 1.6448536269514722
"""Of a 90 % interval."""

FEWEST = 2


@dataclass(frozen=True)
class Estimate:
    """A figure from `count` cases, with its 90 % interval."""

    value: float
    low: float
    high: float
    count: int

    def as_json(self) -> dict[str, float]:
        return {"value": self.value, "low": self.low, "high": self.high, "count": self.count}


def share(hits: int, count: int) -> Estimate | None:
    """A share by Wilson; None of nothing.

    >>> found = share(8, 10)
    >>> round(found.low, 3), found.value, round(found.high, 3)
    (0.541, 0.8, 0.931)
    """
    if count == 0:
        return None
    found = hits / count
    centre = (found + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z * np.sqrt(found * (1 - found) / count + Z**2 / (4 * count**2)) / (1 + Z**2 / count)
    low, high = min(found, max(0.0, centre - half)), max(found, min(1.0, centre + half))
    return Estimate(found, float(low), float(high), count)


def area(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> Estimate | None:
    """Area under the curve; None where one of the two classes did not occur.

    >>> area(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True])).value
    0.75
    """
    hits, others = int(positive.sum()), int((~positive).sum())
    if not hits or not others:
        return None
    ranks = stats.rankdata(scores)
    found = float((ranks[positive].sum() - hits * (hits + 1) / 2) / (hits * others))
    q1, q2 = found / (2 - found), 2 * found**2 / (1 + found)
    variance = found * (1 - found) + (hits - 1) * (q1 - found**2) + (others - 1) * (q2 - found**2)
    half = Z * float(np.sqrt(max(variance, 0.0) / (hits * others)))
    return Estimate(found, max(0.0, found - half), min(1.0, found + half), hits + others)


def mean(values: NDArray[np.float64]) -> Estimate | None:
    """A mean; None of nothing. One value alone has no interval but itself."""
    if not len(values):
        return None
    found = float(values.mean())
    half = Z * float(values.std(ddof=1)) / np.sqrt(len(values)) if len(values) >= FEWEST else 0.0
    return Estimate(found, float(found - half), float(found + half), len(values))


@dataclass(frozen=True)
class Known:
    """Predictions with a known outcome: `frame` has at, score, decision ("" where left to a person), outcome."""

    frame: pd.DataFrame
    positive: str

    @property
    def months(self) -> list[tuple[str, "Known"]]:
        """Those of each calendar month (YYYY-MM), the earliest first."""
        labels = self.frame["at"].dt.strftime("%Y-%m")
        return [(str(label), Known(part, self.positive)) for label, part in self.frame.groupby(labels, sort=True)]


def counts_of(known: Known) -> dict[str, int]:
    """Decisions the model made alone, against what was so: {tp, fp, fn, tn}."""
    alone = known.frame[known.frame["decision"] != ""]
    acted, so = alone["decision"] == known.positive, alone["outcome"] == known.positive
    return {
        "tp": int((acted & so).sum()),
        "fp": int((acted & ~so).sum()),
        "fn": int((~acted & so).sum()),
        "tn": int((~acted & ~so).sum()),
    }


def decisions_figures(known: Known) -> dict[str, Estimate]:
    """Figures of yes-or-no answers: AUC over all, the others over what the model decided alone."""
    counts = counts_of(known)
    scored = known.frame.dropna(subset=["score"])
    so = (scored["outcome"] == known.positive).to_numpy(dtype=bool)
    found = {
        "auc": area(scored["score"].to_numpy(dtype=np.float64), so),
        "recall": share(counts["tp"], counts["tp"] + counts["fn"]),
        "precision": share(counts["tp"], counts["tp"] + counts["fp"]),
        "false_positive_rate": share(counts["fp"], counts["fp"] + counts["tn"]),
        "accuracy": share(counts["tp"] + counts["tn"], sum(counts.values())),
    }
    return {name: estimate for name, estimate in found.items() if estimate is not None}


def classes_figures(known: Known) -> dict[str, Estimate]:
    """Share of right answers among several classes."""
    answered = known.frame[known.frame["decision"] != ""]
    found = share(int((answered["decision"] == answered["outcome"]).sum()), len(answered))
    return {} if found is None else {"accuracy": found}


def amounts_figures(known: Known) -> dict[str, Estimate]:
    """Mean absolute error of amounts, and their mean error (positive: foretold too high)."""
    both = known.frame.assign(outcome=pd.to_numeric(known.frame["outcome"], errors="coerce"))
    both = both.dropna(subset=["score", "outcome"])
    both = both[np.isfinite(both["outcome"]) & np.isfinite(both["score"])]
    off = (both["score"] - both["outcome"]).to_numpy(dtype=np.float64)
    found = {"mean_absolute_error": mean(np.abs(off)), "mean_error": mean(off)}
    return {name: estimate for name, estimate in found.items() if estimate is not None}


FIGURES_OF = {
    "binary": decisions_figures,
    "multiclass": classes_figures,
    "regression": amounts_figures,
    "forecasting": amounts_figures,
}
