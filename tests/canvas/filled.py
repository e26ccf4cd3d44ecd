"""A canvas that is filled, as texts by path."""

from datetime import date

from canvas.domain.document import Header

HEADER = Header("Detect fraud", "Motor claims", "Acme", "EUR", "Claims", "Edith Özil", date(2026, 11, 29), 2, 7)
FILLED = {
    "value_proposition.end_user": "42 claims handlers",
    "value_proposition.objective": "Decide quickly.\n\n- second line",
    "prediction_task.task_type": "binary_classification",
    "prediction_task.wait_time": "62 days",
    "decisions.threshold": "0.24",
    "decisions.note": "A note\\",
    "impact_simulation.test_set": "recent claims",
    "impact_simulation.value_fp": "-45",
    "impact_simulation.minimum_acceptable": "recall ≥ 0.62\nfalse positive rate ≤ 0.05",
    "making_predictions.latency_budget_ms": "fast",
    "data_collection.holdout_share": "2 %",
    "data_sources.sources": "Claims | database | pg",
    "features.features": "amount | number | EUR | claims\nage of policy | number | days",
    "monitoring.business_metrics": "Euro saved\n# minutes *saved*",
}
