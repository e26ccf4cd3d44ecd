"""The figures of an evaluation as rows people compare: rule to beat, earlier run, this run, what is needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """What a figure is called, what it says, and how it is written: share, money, plain or hours."""

    key: str
    label: str
    note: str
    form: str
    small_is_good: bool = False


@dataclass(frozen=True)
class FigureRow:
    """`holds` is None where the canvas demands nothing of this figure, or it is not measured yet."""

    figure: Figure
    rule: float | None
    earlier: float | None
    model: float | None
    sign: str
    needed: float | None
    holds: bool | None

    @property
    def better(self) -> bool | None:
        """Whether the model is better than the rule; None where either is not known."""
        if self.rule is None or self.model is None:
            return None
        return self.model < self.rule if self.figure.small_is_good else self.model > self.rule


SURE = 0.9
ALONE = "alone."
OF_DECISIONS = frozenset({"accuracy", "recall", "precision", "false_positive_rate"})
UNIT_OF_OUTCOME = "hours; of a table, the unit of its column"
FIGURES = {
    "binary": (
        Figure("auc", "AUC", "0.5 is chance, 1 is perfect foresight", "plain"),
        Figure("recall", "Found", "share of positive cases acted on", "share"),
        Figure("precision", "Right when acting", "share of actions that were right", "share"),
        Figure("false_positive_rate", "Needless actions", "share of negative cases acted on", "share", True),
        Figure("accuracy", "Right decisions", "share of all cases", "share"),
        Figure("alone.share", "Decided alone", "the others, where more is at stake, go to a person", "share"),
        Figure("alone.accuracy", "Right, of those decided alone", "share of cases decided alone", "share"),
        Figure("alone.recall", "Found, of those decided alone", "share of positive cases decided alone", "share"),
        Figure(
            "alone.false_positive_rate", "Needless, of those decided alone", "share of negative ones", "share", True
        ),
        Figure("value_per_decision", "Gain a decision", "from the values of the canvas", "money"),
        Figure("log_loss", "Log loss", "how far off the probabilities are", "plain", True),
    ),
    "multiclass": (
        Figure("accuracy", "Right answers", "share of all cases", "share"),
        Figure("auc", "AUC", "mean over the outcomes", "plain"),
        Figure("log_loss", "Log loss", "how far off the probabilities are", "plain", True),
    ),
    "regression": (
        Figure("mean_absolute_error", "Off by, on average", UNIT_OF_OUTCOME, "plain", True),
        Figure("median_absolute_error", "Off by, in half of cases less than", UNIT_OF_OUTCOME, "plain", True),
        Figure("error_against_rule", "Error against the rule", "below 1 is better", "plain", True),
        Figure("r2", "Share of the spread explained", "1 is all", "plain"),
    ),
    "forecasting": (
        Figure("mase", "MASE", "error in units of the seasonal naive's; below 1 is better", "plain", True),
        Figure("mean_absolute_error", "Off by, on average", "cases a period", "plain", True),
        Figure("root_mean_squared_error", "RMSE", "cases a period; large misses weigh more", "plain", True),
        Figure("error_against_rule", "Error against the seasonal naive", "below 1 is better", "plain", True),
        Figure("interval_coverage", "Came within the interval", "meant to be 90 %", "share"),
    ),
}


LEADING = {"binary": "auc", "multiclass": "auc", "regression": "mean_absolute_error", "forecasting": "mase"}


def leading_figure(metrics: Mapping[str, Any]) -> tuple[Figure, float] | None:
    """The one figure a run is known by among others, by the kind of its task; None where it is not measured.

    >>> leading_figure({"task": "forecasting", "model": {"mase": 0.8}})[0].label
    'MASE'
    >>> leading_figure({})
    """
    key = LEADING.get(str(metrics.get("task", "")), "")
    shape = next((figure for figure in FIGURES.get(str(metrics.get("task", "")), ()) if figure.key == key), None)
    value = _read(metrics, "model", key)
    return None if shape is None or value is None else (shape, value)


def figure_rows(
    metrics: Mapping[str, Any], checks: Sequence[Mapping[str, Any]], earlier: Mapping[str, Any] | None = None
) -> list[FigureRow]:
    """A row for each figure of the kind of task; the needed values come from the canvas's checks."""
    alone = float(metrics.get("alone", {}).get("planned_share", 1.0)) < 1.0
    needed = {_place(str(check["metric"]), alone=alone): check for check in checks}
    return [
        _row(figure, metrics, earlier or {}, needed.get(figure.key))
        for figure in FIGURES.get(str(metrics.get("task", "")), ())
        if (alone or not figure.key.startswith(ALONE))
        and (figure.form != "money" or metrics.get("value", {}).get("known", False))
    ]


def naive_beaten(metrics: Mapping[str, Any]) -> str:
    """A forecast against the seasonal naive.

    >>> naive_beaten({"model": {"error_against_rule": 0.74}, "difference": {"probability_better": 0.99}})
    'It beats the seasonal naive by 26 %'
    >>> naive_beaten({"model": {"error_against_rule": 0.98}, "difference": {"probability_better": 0.7}})
    'It is no better than the seasonal naive, within the uncertainty'
    """
    better = 1 - float(metrics["model"]["error_against_rule"])
    if better > 0 and float(metrics["difference"]["probability_better"]) >= SURE:
        return f"It beats the seasonal naive by {100 * better:.0f} %"
    return "It is no better than the seasonal naive, within the uncertainty"


def _place(metric: str, *, alone: bool) -> str:
    """Where a demand of the canvas is measured: figures of decisions on the cases decided alone."""
    return f"{ALONE}{metric}" if alone and metric in OF_DECISIONS else metric


def figure_value(metrics: Mapping[str, Any], figure: Figure) -> float | None:
    """What the model reached of a figure; None where it was not measured.

    >>> figure_value({"model": {"auc": 0.7}}, FIGURES["binary"][0])
    0.7
    """
    return _read(metrics, "model", figure.key)


def _read(metrics: Mapping[str, Any], part: str, key: str) -> float | None:
    if key.startswith(ALONE):
        found = metrics.get("alone", {}).get(key.removeprefix(ALONE)) if part == "model" else None
    else:
        found = metrics.get(part, {}).get(key)
    return None if found is None else float(found)


def _row(
    figure: Figure, metrics: Mapping[str, Any], earlier: Mapping[str, Any], check: Mapping[str, Any] | None
) -> FigureRow:
    model, rule = _read(metrics, "model", figure.key), _read(metrics, "rule", figure.key)
    before = _read(earlier, "model", figure.key)
    if check is None:
        return FigureRow(figure, rule, before, model, "", None, None)
    level = float(check["needed"])
    holds = None if model is None else (model >= level if check["sign"] == ">=" else model <= level)
    return FigureRow(figure, rule, before, model, str(check["sign"]), level, holds)
