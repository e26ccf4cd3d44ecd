"""How far the inputs of predictions have moved from the rows that were learnt from.

PSI, the population stability index, is the sum over bins of (now - then) * ln(now / then); by custom 0.1 is a small and
0.2 a large shift. Beside it the Kolmogorov-Smirnov test for numbers and the chi-square test for categories and flags.
What was learnt from is known by the reference the package carries: quantiles of numbers, shares of common values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special, stats

Floats = NDArray[np.float64]
BINS = 10
SMALLEST_SHARE = 1e-4
"""Stands for an empty bin, whose logarithm there is none of."""

FEWEST_EXPECTED = 1.0
MISSING, OTHER = "(missing)", "(other)"
YES, NO = ("1", "1.0", "true", "t", "yes", "y", "on"), ("0", "0.0", "false", "f", "no", "n", "off")
FLAGS = {**dict.fromkeys(YES, "1"), **dict.fromkeys(NO, "0")}


@dataclass(frozen=True)
class FeatureDrift:
    """One feature. `test` names the test whose `p_value` it is: how likely such a difference is if nothing moved.

    `missing` is the share without a value now, `missing_then` that of the rows learnt from; `new` the share of values
    that were not common then, None for numbers.
    """

    name: str
    kind: str
    psi: float
    test: str
    statistic: float | None
    p_value: float | None
    missing: float
    missing_then: float
    new: float | None = None


def psi(then: Floats, now: Floats) -> float:
    """Of two lists of shares over the same bins; 0 where they are equal, never below.

    >>> psi(np.array([0.5, 0.5]), np.array([0.5, 0.5]))
    0.0
    >>> round(psi(np.array([0.5, 0.5]), np.array([0.8, 0.2])), 4)
    0.4159
    """
    then, now = np.maximum(then, SMALLEST_SHARE), np.maximum(now, SMALLEST_SHARE)
    return float(((now - then) * np.log(now / then)).sum())


def drift_of(rows: pd.DataFrame, reference: Mapping[str, Any]) -> list[FeatureDrift]:
    """Every feature of `reference` ({rows, features: {name: …}}), the one that moved most first. `rows` holds what was
    asked with, a column a feature; a feature nobody gave counts as missing.
    """
    learnt = int(reference.get("rows", 0))
    found = []
    for name, known in reference["features"].items():
        values = rows[name] if name in rows else pd.Series([None] * len(rows), dtype=object)
        if known["kind"] == "number":
            found.append(_number(name, pd.to_numeric(values, errors="coerce"), known, learnt))
        else:
            found.append(_group(name, values, known, learnt))
    return sorted(found, key=lambda one: -one.psi)


def _number(name: str, values: pd.Series, known: Mapping[str, Any], learnt: int) -> FeatureDrift:
    grid = np.asarray(known["quantiles"], dtype=np.float64)
    given = np.sort(values.dropna().to_numpy(dtype=np.float64))
    missing, missing_then = float(values.isna().mean()) if len(values) else 0.0, float(known["missing"])
    if not len(grid):
        index = psi(np.array([0.0, 1.0]), np.array([1 - missing, missing]))
        return FeatureDrift(name, "number", index, "ks", None, None, missing, missing_then)
    edges = np.unique(np.quantile(grid, np.linspace(0, 1, BINS + 1)[1:-1]))
    then = np.append(_shares(grid, edges) * (1 - missing_then), missing_then)
    now = np.append(_shares(given, edges) * (1 - missing), missing)
    distance, p_value = _kolmogorov(grid, given, learnt)
    return FeatureDrift(name, "number", psi(then, now), "ks", distance, p_value, missing, missing_then)


def _shares(values: Floats, edges: Floats) -> Floats:
    counts = np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1)
    return counts / max(1, len(values))


def _kolmogorov(grid: Floats, given: Floats, learnt: int) -> tuple[float | None, float | None]:
    """The largest distance of the two cumulative shares at the kept quantiles, and its asymptotic p-value."""
    if not len(given):
        return None, None
    points = np.unique(grid)
    then = np.searchsorted(grid, points, side="right") / len(grid)
    now = np.searchsorted(given, points, side="right") / len(given)
    distance = float(np.abs(then - now).max())
    sizes = max(learnt, len(grid)), len(given)
    return distance, float(special.kolmogorov(distance * np.sqrt(sizes[0] * sizes[1] / sum(sizes))))


def _group(name: str, values: pd.Series, known: Mapping[str, Any], learnt: int) -> FeatureDrift:
    shares: Mapping[str, float] = known["shares"]
    counts = _counted(values, known["kind"], shares)
    names = sorted({*shares, OTHER})
    total = max(1, int(counts.sum()))
    left = max(0.0, 1 - sum(shares.values()))
    then = np.array([shares.get(one, left if one == OTHER else 0.0) for one in names])
    now = np.array([float(counts.get(one, 0)) / total for one in names])
    statistic, p_value = _chi_square(then * learnt, now * total)
    return FeatureDrift(
        name, str(known["kind"]), psi(then, now), "chi-square", statistic, p_value,
        missing=float(counts.get(MISSING, 0)) / total,
        missing_then=float(shares.get(MISSING, 0.0)),
        new=float(counts.get(OTHER, 0)) / total,
    )  # fmt: skip


def _counted(values: pd.Series, kind: str, common: Mapping[str, float]) -> pd.Series:
    if kind == "flag":
        texts = values.astype(object).map(_flag).fillna(MISSING)
    else:
        texts = values.astype(object).where(values.notna(), MISSING).astype(str)
    return texts.where(texts.isin([*common, MISSING]), OTHER).value_counts()


def _flag(value: object) -> str | None:
    """As the services read it, which take words and numbers for a flag too; None for what is none."""
    return FLAGS.get(str(value).strip().lower())


def _chi_square(then: Floats, now: Floats) -> tuple[float | None, float | None]:
    """Of homogeneity of two samples of counts; None where fewer than two values were met."""
    table = np.vstack([then, now])
    table = table[:, table.sum(axis=0) > FEWEST_EXPECTED]
    if table.shape[1] < 2 or table.sum(axis=1).min() == 0:
        return None, None
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())
    return statistic, float(stats.chi2.sf(statistic, table.shape[1] - 1))
