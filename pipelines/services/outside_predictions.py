"""What a model predicted somewhere else, told under the asker's own names of the cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import Conflict, FieldProblem, InvalidInput
from pipelines.domain.fingerprint import digest_of
from pipelines.models import ModelVersion, Pipeline, PredictionOrigin, PredictionRecord
from pipelines.services.policies import policy_of

MOST_TOLD = 1000
MOST_ERRORS = 50
LONGEST_KEY = 100
FEWEST_DIGITS = 12
"""Of the digest a model is named by: what the prediction log of a generated project holds."""

BATCH = 500


@dataclass(frozen=True)
class GivenPrediction:
    """One prediction: the name of the case, the digest of the model (its first 12 digits do), what went in and out."""

    key: str
    model: str
    inputs: Mapping[str, Any]
    output: Mapping[str, Any]
    at: datetime | None = None
    latency_ms: float | None = None


@dataclass(frozen=True)
class Told:
    """How many predictions were kept now, and how many had been before."""

    kept: int
    known: int


def predictions_tell(*, access: Access, pipeline: Pipeline, predictions: Sequence[GivenPrediction]) -> Told:
    """Keep predictions made elsewhere, each once by its key; the same told again is known.

    All or none: refuses with InvalidInput what has no name or no version here, and with Conflict a key that was
    predicted from other values.
    """
    access.require(Role.EDITOR)
    _check(predictions)
    versions = _versions(pipeline, predictions)
    first = {given.key: given for given in sorted(predictions, key=lambda given: given.key)}
    known = dict(
        PredictionRecord.objects.filter(pipeline=pipeline, key__in=list(first)).values_list("key", "input_digest")
    )
    _check_values(predictions, known)
    keep = policy_of(access).keep_inputs
    rows = [_row(pipeline, given, versions, keep=keep) for key, given in first.items() if key not in known]
    try:
        with transaction.atomic():
            PredictionRecord.objects.bulk_create(rows, batch_size=BATCH)
            if rows:
                detail = {"task": pipeline.task.name, "predictions": len(rows)}
                audit_record(access=access, verb="model.predictions-told", subject=pipeline.subject, detail=detail)
    except IntegrityError:
        raise Conflict(
            "Somebody tells one of these predictions at this moment.", detail="Send them again: they are known then."
        ) from None
    return Told(len(rows), len(predictions) - len(rows))


def _check(predictions: Sequence[GivenPrediction]) -> None:
    if not predictions:
        raise InvalidInput("There are no predictions.", errors=[FieldProblem("predictions", "Give at least one.")])
    if len(predictions) > MOST_TOLD:
        words = f"At most {MOST_TOLD:,} at once; these are {len(predictions):,}."
        raise InvalidInput("These are too many predictions.", errors=[FieldProblem("predictions", words)])
    words = f"The name of a case has 1 to {LONGEST_KEY} printable characters."
    strange = [
        FieldProblem(f"predictions.{place}.key", words)
        for place, given in enumerate(predictions)
        if not 0 < len(given.key) <= LONGEST_KEY or not given.key.isprintable()
    ]
    if strange:
        raise InvalidInput("Some predictions cannot be kept.", errors=strange[:MOST_ERRORS])


def _versions(pipeline: Pipeline, predictions: Sequence[GivenPrediction]) -> dict[str, ModelVersion]:
    """The version of each model named, by its package or its file. Raises InvalidInput for one that is none of ours."""
    known: dict[str, ModelVersion] = {}
    wanted = {given.model for given in predictions}
    for version in pipeline.versions.only("pk", "digest", "lineage").order_by("number"):
        digests = (version.digest, str(version.lineage.get("model", "")))
        for name in wanted:
            if len(name) >= FEWEST_DIGITS and any(digest.startswith(name) for digest in digests):
                known[name] = version
    unknown = [
        FieldProblem(f"predictions.{place}.model", "No version of this pipeline has this digest: tell the model first.")
        for place, given in enumerate(predictions)
        if given.model not in known
    ]
    if unknown:
        raise InvalidInput("Some predictions are of no known model.", errors=unknown[:MOST_ERRORS])
    return known


def _check_values(predictions: Sequence[GivenPrediction], known: Mapping[str, str]) -> None:
    """Raises Conflict where a key was predicted from other values, before or in these."""
    seen = dict(known)
    errors = [
        FieldProblem(f"predictions.{place}.key", "Recorded with other values.")
        for place, given in enumerate(predictions)
        if seen.setdefault(given.key, digest_of(given.inputs)) != digest_of(given.inputs)
    ]
    if errors:
        raise Conflict(
            "A key was predicted from other values before.",
            detail="Use another key for another case, or for the same case at another moment.",
            errors=errors[:MOST_ERRORS],
        )


def _row(
    pipeline: Pipeline, given: GivenPrediction, versions: Mapping[str, ModelVersion], *, keep: bool
) -> PredictionRecord:
    score = given.output.get("probability", given.output.get("amount"))
    is_number = isinstance(score, int | float) and not isinstance(score, bool)
    return PredictionRecord(
        workspace_id=pipeline.workspace_id,
        pipeline=pipeline,
        version=versions[given.model],
        key=given.key,
        at=given.at or timezone.now(),
        input_digest=digest_of(given.inputs),
        inputs=dict(given.inputs) if keep else None,
        output=dict(given.output),
        score=float(score) if is_number else None,
        decision="" if given.output.get("decided_by") == "person" else str(given.output.get("prediction", ""))[:100],
        latency_ms=given.latency_ms,
        origin=PredictionOrigin.OUTSIDE,
    )
