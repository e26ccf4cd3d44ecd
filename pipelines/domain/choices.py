"""The architecture a canvas asks for, each choice with its reason. Forms and patterns: ml-ops.org."""

from collections.abc import Mapping

from pipelines.domain.architecture import (
    LABELS,
    TITLES,
    Architecture,
    Deployment,
    Form,
    Problem,
    Serialization,
    Serving,
)
from pipelines.domain.specification import Choice

BATCH = ("batch", "nightly", "daily", "weekly", "monthly")
QUEUE = ("queue", "broker", "kafka", "rabbit", "redis stream", "event stream", "pub/sub")
LIBRARY = ("library", "in process", "in-process", "embedded", "edge", "on device", "on-device")
FUNCTION = ("serverless", "lambda", "cloud function")
TRAINING_TIME = "building_models.training_time_budget"
PERSON = "You chose it."

REASONS: Mapping[str, str] = {
    Form.FORECAST: "The canvas asks for batches: predictions are made ahead, for all open cases at once.",
    Form.WEB_SERVICE: "Trained offline on the log, asked in real time, one decision as it comes up.",
    Serving.SERVICE: "A web service wraps the model: others ask it over REST, and it can be replaced without them.",
    Serving.DEPENDENCY: "The model ships in a library: the application calls predict() in process, without a network.",
    Serving.PRECOMPUTE: "A job writes predictions to a database, to be looked up, also while the model is away.",
    Serving.ON_DEMAND: "Requests wait in a queue and are answered in batches: a burst is worked off, none is lost.",
    Deployment.CONTAINER: "One image holds service, model and pinned versions and runs without root.",
    Deployment.SERVERLESS: "One entry point, started when asked and paid by use: right where questions are rare.",
    Serialization.SKOPS: "A model file that could execute code is refused, which a pickle never is.",
    Serialization.ONNX: "A language-neutral file: a smaller, faster service that holds no training library.",
    Serialization.JOBLIB: "The usual file of scikit-learn. Whoever can change it can run code: load only your own.",
    "make": "A Makefile and a schedule are all it takes, and every machine has them.",
    "dvc": "The stages stand in dvc.yaml: what did not change is not run again, and data has versions.",
    "run_log": "One line of JSON a run, beside the project: nothing to install, nothing to run.",
    "mlflow": "Runs, parameters and figures go to the MLflow server you have, or to a folder of files.",
}
FIELDS: Mapping[str, str] = {
    "form": "making_predictions.mode",
    "serving": "making_predictions.target",
    "deployment": "making_predictions.target",
    "serialization": "building_models.model_count",
    "orchestration": "building_models.retrain_trigger",
    "tracking": "monitoring.model_metrics",
}
"""The field of the canvas each axis follows from."""


def architecture_proposed(fields: Mapping[str, str]) -> Architecture:
    """What the texts of a canvas ("block.field" to text) ask for; always a combination that can be built."""
    mode, target = _words(fields, "form"), _words(fields, "serving")
    if _any(BATCH, mode) and "real" not in mode:
        form = Form.FORECAST
        serving = Serving.DEPENDENCY if _any(LIBRARY, target) else Serving.PRECOMPUTE
        return Architecture(form, serving)
    if _any(QUEUE, target + mode):
        return Architecture(serving=Serving.ON_DEMAND)
    if _any(LIBRARY, target):
        return Architecture(serving=Serving.DEPENDENCY)
    if _any(FUNCTION, target):
        # A service with the training library is too large for the archive most providers take.
        return Architecture(deployment=Deployment.SERVERLESS, serialization=Serialization.ONNX)
    return Architecture()


def choices_of(
    chosen: Architecture, fields: Mapping[str, str], *, rows: int, problem: Problem = Problem.BINARY
) -> tuple[Choice, ...]:
    """Every axis with its option and why: what it means, and whether a person or the canvas asked for it."""
    proposed = architecture_proposed(fields)
    made = [_choice(axis, value, by_person=value != proposed.value(axis)) for axis, value in chosen.as_json().items()]
    return (*made, _models(rows, problem, fields.get(TRAINING_TIME, "")))


def _choice(axis: str, value: str, *, by_person: bool) -> Choice:
    reason = f"{PERSON} {REASONS[value]}" if by_person else REASONS[value]
    return Choice(TITLES[axis], LABELS[value], reason, FIELDS[axis])


def _words(fields: Mapping[str, str], axis: str) -> str:
    return fields.get(FIELDS[axis], "").lower().replace("_", " ")


def _any(words: tuple[str, ...], text: str) -> bool:
    return any(word in text for word in words)


def _models(rows: int, problem: Problem, time_allowed: str) -> Choice:
    learnt_from, later, rule = f"{rows:,} rows".replace(",", "\u202f"), "later cases", "the rule"
    if problem is Problem.FORECASTING:
        learnt_from, later, rule = f"{rows} periods", "later ones", "the same period one season ago"
    reason = (
        f"With {learnt_from} a linear model and two sizes of boosted trees are compared on {later}; "
        f"the best, or the mean of two, is kept if it beats {rule}. Settings are compared for at most "
        f"{time_allowed or 'ten minutes, as the canvas names no time'}."
    )
    return Choice("Models compared", "Linear and boosted trees", reason, TRAINING_TIME)
