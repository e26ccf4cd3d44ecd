"""What the service of a served model says, asked over HTTP: predictions a batch made ahead, lengths of queues."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from common.errors import Conflict, Unavailable
from pipelines.domain.architecture import Serving
from pipelines.domain.cron import cron_words
from pipelines.domain.serving import service_plan, serving_of
from pipelines.domain.specification import AMOUNTS
from pipelines.models import Deployment, ModelVersion, Pipeline, ServingState

TIMEOUT_S = 3.0
LARGEST_ANSWER = 20_000_000
PAGE, MOST = 50, 1000
AHEAD = "Predictions of this model are made ahead."


@dataclass(frozen=True)
class BatchFacts:
    """A batch as the service tells it. `confirmed_at` is when a run last found that its answers still hold."""

    batch_id: str
    model: str
    source: str
    made_up: bool
    rows: int
    rejected: int
    finished_at: datetime
    confirmed_at: datetime

    @property
    def is_learnt_from(self) -> bool:
        """Whether its cases are the recorded rows that the model learnt from."""
        return self.source.endswith("training.csv")


@dataclass(frozen=True)
class PredictedAhead:
    """One prediction; `current` is False where the case was not in the newest batch."""

    row_id: str
    predicted_at: datetime
    answer: Mapping[str, Any]
    current: bool


@dataclass(frozen=True)
class PredictionTable:
    """A page of the newest batch by case, or the one case that was asked for; `batch` is None before the first.

    `age_hours` counts from when the batch was last confirmed. `next_after` begins the next page.
    """

    version: ModelVersion
    batch: BatchFacts | None
    stale: bool
    age_hours: float | None
    stale_after_hours: float | None
    predictions: tuple[PredictedAhead, ...]
    next_after: str | None

    @property
    def label(self) -> Mapping[str, Any]:
        """What is foretold, as it was specified: title, unit, task."""
        found: Mapping[str, Any] = _specification(self.version).get("label", {})
        return found

    @property
    def is_amount(self) -> bool:
        """Whether a number is foretold rather than a class."""
        return self.label.get("task") in AMOUNTS

    @property
    def again(self) -> str:
        """When the batch runs again, in words; "" where the canvas names no schedule."""
        cron = service_plan(_specification(self.version)).cron
        return (cron_words(cron, "UTC") or f"by {cron} UTC") if cron else ""


@dataclass(frozen=True)
class QueueLengths:
    """Requests of a model on demand. `oldest_s` is how long the oldest unanswered one is there, in seconds, if any is.

    `consumers` are the processors seen within the last 15 seconds, `models` how many answer with which model's file.
    """

    version: ModelVersion
    waiting: int
    worked_on: int
    dead: int
    oldest_s: int | None
    models: Mapping[str, int]

    @property
    def oldest_minutes(self) -> float | None:
        return None if self.oldest_s is None else self.oldest_s / 60

    @property
    def consumers(self) -> int:
        return sum(self.models.values())


def _specification(version: ModelVersion) -> Mapping[str, Any]:
    found: Mapping[str, Any] = version.run.generation.specification if version.run else {}
    return found


def deployment_of(pipeline: Pipeline) -> Deployment | None:
    """The service of a pipeline with what it serves and what that was built with. One query."""
    found = Deployment.objects.of(pipeline.workspace).filter(pipeline=pipeline)
    return found.select_related("serves__run__generation", "version__run__generation").first()


def pattern_of(deployment: Deployment | None) -> Serving | None:
    """How what is served answers, or what is to be served; None where that is not known."""
    version = (deployment.serves or deployment.version) if deployment else None
    return serving_of(version.run.generation.specification) if version and version.run else None


def answering(found: Deployment | None) -> Deployment:
    """The deployment, where it answers. Raises Conflict where nobody wants it to, Unavailable while it does not."""
    if found is None or not found.wanted:
        raise Conflict("No model of this pipeline is served.", detail="Put a version into use first.")
    if found.state != ServingState.RUNNING or not found.address:
        raise Unavailable("The model does not answer at the moment.", detail=found.reason or "Its service is starting.")
    return found


def prediction_table(pipeline: Pipeline, *, case: str = "", after: str = "", limit: int = PAGE) -> PredictionTable:
    """A page of what the batch job wrote, or one `case`. Raises Conflict for another pattern, Unavailable."""
    deployment = _of_pattern(pipeline, Serving.PRECOMPUTE, "The model answers each case when it is asked.")
    try:
        return _table(deployment, case, after, limit)
    except (KeyError, TypeError, ValueError) as error:
        raise Unavailable("The model answered in a way that cannot be read.") from error


def queue_lengths(pipeline: Pipeline) -> QueueLengths:
    """How long the queues are now. Raises Conflict for another pattern, Unavailable while nothing answers."""
    deployment = _of_pattern(pipeline, Serving.ON_DEMAND, "The model is asked without queues.")
    _, told = _get(deployment, "/health")
    try:
        oldest = told.get("oldest_s")
        return QueueLengths(
            version=_version(deployment),
            waiting=int(told["waiting"]),
            worked_on=int(told["pending"]),
            dead=int(told["dead"]),
            oldest_s=None if oldest is None else int(oldest),
            models={str(model)[:64]: int(count) for model, count in dict(told["models"]).items()},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unavailable("The queues do not tell their lengths at the moment.") from error


def _of_pattern(pipeline: Pipeline, pattern: Serving, otherwise: str) -> Deployment:
    found = answering(deployment_of(pipeline))
    if pattern_of(found) is not pattern:
        raise Conflict(otherwise)
    return found


def _version(deployment: Deployment) -> ModelVersion:
    if deployment.serves is None:
        raise Unavailable("The model does not answer at the moment.")
    return deployment.serves


def _table(deployment: Deployment, case: str, after: str, limit: int) -> PredictionTable:
    _, health = _get(deployment, "/health")
    newest = health["newest_batch"]
    found, following = _one(deployment, case) if case else _page(deployment, after, limit)
    return PredictionTable(
        version=_version(deployment),
        batch=None if newest is None else _batch(newest),
        stale=bool(health["stale"]),
        age_hours=health.get("age_hours"),
        stale_after_hours=health["stale_after_hours"],
        predictions=tuple(found),
        next_after=following,
    )


def _one(deployment: Deployment, case: str) -> tuple[list[PredictedAhead], None]:
    status, told = _get(deployment, f"/predictions/{quote(case, safe='')}")
    return ([] if status == http.client.NOT_FOUND else [_prediction(told)]), None


def _page(deployment: Deployment, after: str, limit: int) -> tuple[list[PredictedAhead], str | None]:
    _, told = _get(deployment, f"/predictions?{urlencode({'after': after, 'limit': limit})}")
    return [_prediction(one) for one in told["predictions"]], told["next_after"]


def _batch(told: Mapping[str, Any]) -> BatchFacts:
    return BatchFacts(
        batch_id=str(told["batch_id"]),
        model=str(told["model_version"]),
        source=str(told["source"]),
        made_up=bool(told["made_up"]),
        rows=int(told["rows"]),
        rejected=int(told["rejected"]),
        finished_at=datetime.fromisoformat(told["finished_at"]),
        confirmed_at=datetime.fromisoformat(told["confirmed_at"]),
    )


def _prediction(told: Mapping[str, Any]) -> PredictedAhead:
    moment = datetime.fromisoformat(told["predicted_at"])
    return PredictedAhead(str(told["row_id"]), moment, dict(told["answer"]), bool(told.get("current", True)))


def _get(deployment: Deployment, path: str) -> tuple[int, dict[str, Any]]:
    """Status and body of what is found or not found; Unavailable for any other answer, and for none."""
    host, _, port = deployment.address.rpartition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=TIMEOUT_S)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        told = json.loads(answer.read(LARGEST_ANSWER))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unavailable("The model did not answer.", detail="Its service is restarted; look again.") from error
    finally:
        connection.close()
    if answer.status not in (http.client.OK, http.client.NOT_FOUND) or not isinstance(told, dict):
        raise Unavailable("The model did not answer.", detail=f"Its service answered {answer.status}.")
    return answer.status, told
