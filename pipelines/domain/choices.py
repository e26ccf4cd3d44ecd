"""The architecture a canvas asks for, each choice with its reason. Forms and patterns: ml-ops.org."""

from collections.abc import Mapping

from pipelines.domain.specification import Choice

BATCH = ("batch", "nightly", "daily", "weekly", "monthly")


def choices_of(fields: Mapping[str, str], *, rows: int) -> tuple[Choice, ...]:
    """Form of workflow, serving pattern, deployment, serialization and model, from "block.field" texts."""
    return (
        _form(fields.get("making_predictions.mode", "")),
        Choice(
            "Serving pattern",
            "Model-as-Service",
            "A web service wraps the model: other systems ask it over REST, and it can be replaced without them.",
            "making_predictions.target",
        ),
        Choice(
            "Deployment",
            "Container",
            "One image holds service, model and pinned versions; it runs wherever containers run, without root.",
            "making_predictions.target",
        ),
        Choice(
            "Serialization",
            "skops",
            "The model file is refused when it holds anything that could execute code, which a pickle never is.",
            "building_models.model_count",
        ),
        _models(rows),
    )


def _form(mode: str) -> Choice:
    batch = any(word in mode.lower().replace("real_time", "real time") for word in BATCH) and "real" not in mode.lower()
    reason = "Trained offline on the log, asked in real time, one decision as it comes up."
    if batch:
        reason = (
            "The canvas asks for batches: the service takes up to 1 000 rows a request, so a nightly job can post them."
        )
    return Choice("Form of workflow", "Web service", reason, "making_predictions.mode")


def _models(rows: int) -> Choice:
    reason = (
        f"With {rows} rows a linear model and two sizes of boosted trees are compared on later cases; "
        "the best, or the mean of two, is kept if it beats the rule."
    )
    return Choice("Models compared", "Linear and boosted trees", reason, "building_models.training_time_budget")
