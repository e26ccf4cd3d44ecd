"""Which file and setting of a generated project holds the value of a field of the canvas."""

from collections.abc import Mapping

DECISION, TRAINING = "config/decision.json", "config/training.json"
STEERED: Mapping[str, tuple[str, str]] = {
    "impact_simulation.value_tp": (DECISION, "values.tp"),
    "impact_simulation.value_fp": (DECISION, "values.fp"),
    "impact_simulation.value_fn": (DECISION, "values.fn"),
    "impact_simulation.value_tn": (DECISION, "values.tn"),
    "impact_simulation.minimum_acceptable": (DECISION, "checks"),
    "making_predictions.latency_budget_ms": (DECISION, "latency_budget_ms"),
    "making_predictions.schedule": (DECISION, "batch_every_hours"),
    "building_models.training_time_budget": (TRAINING, "time_budget_seconds"),
}
"""By field: the file, and where in it the value stands, its keys joined by dots."""


def steered_fields() -> Mapping[str, tuple[str, str]]:
    """For `settings.STEERING_PROVIDERS`."""
    return STEERED
