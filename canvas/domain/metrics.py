"""Names people give to figures of a model, and the one key each stands for."""

import re

METRICS = {
    "roc_auc": "ROC AUC",
    "average_precision": "average precision",
    "recall": "recall",
    "precision": "precision",
    "false_alarm_rate": "false alarm rate",
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "mae": "mean absolute error",
    "mae_ratio": "mean absolute error against the rule to beat",
    "mase": "mean absolute scaled error",
    "rmse": "root mean squared error",
    "value_per_case": "value a case",
    "latency_ms": "latency in ms",
    "drift_psi": "drift (PSI)",
}
ALIASES = {
    "auc": "roc_auc",
    "area_under_the_curve": "roc_auc",
    "sensitivity": "recall",
    "true_positive_rate": "recall",
    "tpr": "recall",
    "found": "recall",
    "finds": "recall",
    "false_alarms": "false_alarm_rate",
    "false_positive_rate": "false_alarm_rate",
    "fpr": "false_alarm_rate",
    "psi": "drift_psi",
    "drift": "drift_psi",
    "latency": "latency_ms",
}
NAMES = {re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_"): key for key, words in METRICS.items()}


def metric_key(name: str) -> str | None:
    """The key of a figure as people call it; None for one this product does not compute.

    >>> metric_key("ROC-AUC"), metric_key("False alarms"), metric_key("happiness")
    ('roc_auc', 'false_alarm_rate', None)
    """
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    if plain in METRICS:
        return plain
    return ALIASES.get(plain) or NAMES.get(plain)
