"""The canvas's "minimum acceptable" read as checks: a metric, a sign and a number."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from canvas.domain.metrics import metric_key

METRICS = (
    ("error_against_rule", r"against the rule"),
    ("mase", r"\bmase\b|scaled error"),
    ("root_mean_squared_error", r"\brmse\b|root mean squared"),
    ("average_precision", r"average precision"),
    ("auc", r"(?:\b|_)auc\b|\broc\b|area under"),
    ("false_positive_rate", r"false[- _]positive|false[- _]alarm"),
    ("recall", r"recall|sensitivity|found|caught"),
    ("precision", r"precision"),
    ("accuracy", r"accuracy|\bright\b|correct"),
    ("log_loss", r"log[- ]?loss"),
    ("brier", r"brier"),
    ("mean_absolute_error", r"mean absolute error|\bmae\b|off by"),
    ("value_per_decision", r"value|gain|worth|earn"),
)
SHARES = frozenset({"auc", "average_precision", "false_positive_rate", "recall", "precision", "accuracy"})
AT_LEAST = re.compile(r">=|≥|>|at least|above|over|minimum|not below|no less|or more|or better")
AT_MOST = re.compile(r"<=|≤|<|at most|below|under|maximum|not above|no more|or less")
SMALL_IS_GOOD = frozenset(
    {
        "false_positive_rate",
        "log_loss",
        "brier",
        "mean_absolute_error",
        "error_against_rule",
        "mase",
        "root_mean_squared_error",
    }
)
NUMBER = re.compile(r"[-−+]?\d[\d\u202f\u00a0]*(?:\.\d+)?\s*%?")
RULE = re.compile(r"baseline|\brule\b|heuristic|today", re.IGNORECASE)
PARTS = re.compile(r"[;\n]|,(?!\d)|\band\b|\bwith\b")


@dataclass(frozen=True)
class Check:
    """`metric sign needed`, with the words it was read from."""

    metric: str
    sign: str
    needed: float
    text: str


METRICS_OF_THE_CANVAS = {
    "roc_auc": "auc",
    "average_precision": "average_precision",
    "recall": "recall",
    "precision": "precision",
    "false_alarm_rate": "false_positive_rate",
    "accuracy": "accuracy",
    "mae": "mean_absolute_error",
    "mae_ratio": "error_against_rule",
    "mase": "mase",
    "rmse": "root_mean_squared_error",
    "value_per_case": "value_per_decision",
}


@dataclass(frozen=True)
class Limit:
    """A line of the canvas: a figure as people call it, a comparison (>=, <=, >, <) and a level."""

    metric: str
    comparison: str
    value: float


def limits_read(limits: Iterable[Limit]) -> tuple[tuple[Check, ...], str]:
    """The limits as checks, and those on figures no evaluation measures ("" where there are none).

    >>> limits_read([Limit("ROC AUC", ">=", 0.6), Limit("happiness", ">", 3)])
    ((Check(metric='auc', sign='>=', needed=0.6, text='ROC AUC >= 0.6'),), 'happiness > 3')
    """
    checks: list[Check] = []
    unread: list[str] = []
    for limit in limits:
        text = f"{limit.metric} {limit.comparison} {limit.value:g}"
        metric = METRICS_OF_THE_CANVAS.get(metric_key(limit.metric) or "")
        if metric is None:
            unread.append(text)
        else:
            checks.append(Check(metric, ">=" if ">" in limit.comparison else "<=", limit.value, text))
    return tuple(checks), "; ".join(unread)


def checks_read(text: str) -> tuple[tuple[Check, ...], str]:
    """The checks in a sentence, and the part nobody could read ("" where all was read).

    "Better than the rule" is always checked and needs no check of its own.

    >>> for check in checks_read("recall at least 0.7 and false positives at most 12 %")[0]:
    ...     print(check.metric, check.sign, check.needed)
    recall >= 0.7
    false_positive_rate <= 0.12
    >>> checks_read("AUC 0.7, better than the baseline; users are happy")
    ((Check(metric='auc', sign='>=', needed=0.7, text='AUC 0.7'),), 'users are happy')
    """
    checks: list[Check] = []
    unread: list[str] = []
    for part in (part.strip(" .") for part in PARTS.split(text)):
        check = _check(part)
        if check is not None:
            checks.append(check)
        elif part and not (RULE.search(part) and not NUMBER.search(part)):
            unread.append(part)
    return tuple(checks), "; ".join(unread)


def _check(part: str) -> Check | None:
    lower = part.lower()
    metric = next((name for name, pattern in METRICS if re.search(pattern, lower)), None)
    found = NUMBER.search(lower)
    if metric is None or found is None:
        return None
    return Check(metric, _sign(metric, lower), _number(found.group(), metric), part)


def _sign(metric: str, lower: str) -> str:
    if AT_LEAST.search(lower):
        return ">="
    return "<=" if AT_MOST.search(lower) or metric in SMALL_IS_GOOD else ">="


def _number(text: str, metric: str) -> float:
    plain = re.sub(r"[\s\u202f\u00a0%]", "", text).replace("−", "-")
    value = float(plain)
    return value / 100 if "%" in text or (metric in SHARES and abs(value) > 1) else value
