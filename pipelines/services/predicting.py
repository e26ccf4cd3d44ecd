"""Predictions through the product: handed to the service of the champion, answered, and recorded."""

import http.client
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from common.errors import Conflict, FieldProblem, InvalidInput, Unavailable
from jobs.domain.fingerprint import canonical
from pipelines.domain.architecture import Serving
from pipelines.domain.fingerprint import digest_of
from pipelines.models import Deployment, Pipeline, PredictionOrigin, PredictionRecord
from pipelines.selectors.served import AHEAD, answering, deployment_of, pattern_of
from pipelines.services.policies import policy_of

MOST_INSTANCES = 1000
MOST_ERRORS = 50
MOST_BYTES = 1_500_000
"""Of a request to a service, which takes 2 MB; more rows are asked in several."""

TIMEOUT_S = 15.0
LARGEST_ANSWER = 20_000_000
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Predicted:
    """One answer under its key; `again` where the same question was recorded before and that answer is given back."""

    key: str
    answer: Mapping[str, Any]
    version: int | None
    again: bool = False


def predictions_make(
    *, access: Access, pipeline: Pipeline, instances: Sequence[Row], keys: Sequence[str] | None = None
) -> list[Predicted]:
    """Ask the served model about `instances` (feature → value), in their order; each leaves a record.

    `keys` are the asker's own names of the cases, to which outcomes are joined later. A key asked before with the same
    values is answered from its record, with other values refused. Raises InvalidInput with the place of what the model
    refuses, Conflict, and Unavailable while nothing answers.
    """
    access.require(Role.EDITOR)
    named = _keys(instances, keys)
    found = deployment_of(pipeline)
    if pattern_of(found) is Serving.PRECOMPUTE:
        raise Conflict(AHEAD, detail="Look the case up among them, or ask once the next batch is written.")
    _check_names(found, instances)
    known = _known(pipeline, named, instances)
    again = set(known)
    fresh = [place for place, key in enumerate(named) if key not in again]
    if fresh:
        deployment = answering(found)
        answers, took_ms = _asked(deployment, [instances[place] for place in fresh], fresh)
        keep = policy_of(access).keep_inputs
        records = [
            _record(deployment, named[place], instances[place], answer, took_ms / len(fresh), keep=keep)
            for place, answer in zip(fresh, answers, strict=True)
        ]
        _kept(records)
        known |= {record.key: record for record in records}
    return [_predicted(known[key], again=key in again) for key in named]


def _keys(instances: Sequence[Row], keys: Sequence[str] | None) -> list[str]:
    if not instances:
        raise InvalidInput("There is nothing to predict.", errors=[FieldProblem("instances", "Give at least one row.")])
    if len(instances) > MOST_INSTANCES:
        words = f"At most {MOST_INSTANCES} rows at once; these are {len(instances)}."
        raise InvalidInput("These are too many rows.", errors=[FieldProblem("instances", words)])
    if keys is None:
        return [uuid4().hex for _ in instances]
    if len(keys) != len(instances):
        words = f"{len(keys)} keys for {len(instances)} rows: give one for each."
        raise InvalidInput("The keys do not fit the rows.", errors=[FieldProblem("keys", words)])
    strange = next((place for place, key in enumerate(keys) if not key.isprintable()), None)
    if strange is not None:
        problem = FieldProblem(f"keys.{strange}", "The name of a case has printable characters alone.")
        raise InvalidInput("A key cannot be kept.", errors=[problem])
    twice = next((place for place, key in enumerate(keys) if key in keys[:place]), None)
    if twice is not None:
        raise InvalidInput("A key stands twice.", errors=[FieldProblem(f"keys.{twice}", "This key stands before.")])
    return list(keys)


def _check_names(deployment: Deployment | None, instances: Sequence[Row]) -> None:
    """Names the model has no input of, before its service is asked: a row of thousands would hold it up for all."""
    signature = deployment.serves.signature if deployment and deployment.serves else {}
    inputs = {str(one["name"]) for one in signature.get("inputs", ())}
    if not inputs:
        return
    strange = [(place, name) for place, row in enumerate(instances) for name in row if name not in inputs]
    if strange:
        errors = [
            FieldProblem(f"instances.{place}.{name[:60]}", "The model has no such input.")
            for place, name in strange[:MOST_ERRORS]
        ]
        known = f"Its inputs: {', '.join(sorted(inputs)[:50])}."
        raise InvalidInput("The model does not take these rows.", detail=known, errors=errors)


def _known(pipeline: Pipeline, keys: Sequence[str], instances: Sequence[Row]) -> dict[str, PredictionRecord]:
    """Records of keys asked before. Raises Conflict where the values are others."""
    found = PredictionRecord.objects.filter(pipeline=pipeline, key__in=list(keys)).select_related("version")
    known = {record.key: record for record in found}
    for place, (key, row) in enumerate(zip(keys, instances, strict=True)):
        if key in known and known[key].input_digest != digest_of(row):
            raise Conflict(
                "A key was asked about with other values before.",
                detail="Use another key for another case, or for the same case at another moment.",
                errors=[FieldProblem(f"keys.{place}", "Recorded with other values.")],
            )
    return known


def _asked(deployment: Deployment, rows: Sequence[Row], places: Sequence[int]) -> tuple[list[Mapping[str, Any]], float]:
    """The service's answers to `rows`, and how long it took in milliseconds. `places` are the asker's row numbers."""
    begun = time.perf_counter()
    answers: list[Mapping[str, Any]] = []
    for part, numbers in _parts(rows, places):
        answers += _answered(deployment, part, numbers)
    return answers, 1000 * (time.perf_counter() - begun)


def _parts(rows: Sequence[Row], places: Sequence[int]) -> Iterator[tuple[list[Row], list[int]]]:
    """The rows in as many requests as the service takes. Raises InvalidInput for a row that is too large alone."""
    part: list[Row] = []
    numbers: list[int] = []
    size = 0
    for row, place in zip(rows, places, strict=True):
        own = len(canonical(dict(row)))
        if own > MOST_BYTES:
            problem = FieldProblem(f"instances.{place}", f"This row is larger than {MOST_BYTES // 1_000_000} MB.")
            raise InvalidInput("A row is too large.", errors=[problem])
        if part and size + own > MOST_BYTES:
            yield part, numbers
            part, numbers, size = [], [], 0
        part.append(row)
        numbers.append(place)
        size += own
    yield part, numbers


def _answered(deployment: Deployment, rows: Sequence[Row], places: Sequence[int]) -> list[Mapping[str, Any]]:
    status, body = _post(deployment.address, canonical({"instances": [dict(row) for row in rows]}))
    if status == http.client.UNPROCESSABLE_ENTITY:
        raise InvalidInput("The model does not take these rows.", errors=_places(body, places))
    answers = body.get("predictions") if isinstance(body, dict) else None
    if status != http.client.OK or not isinstance(answers, list) or len(answers) != len(rows):
        said = body.get("detail") if isinstance(body, dict) else ""
        raise Unavailable("The model did not answer.", detail=str(said or f"Its service answered {status}.")[:300])
    return answers


def _post(address: str, body: bytes) -> tuple[int, Any]:
    host, _, port = address.rpartition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=TIMEOUT_S)
    try:
        connection.request("POST", "/predict", body=body, headers={"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read(LARGEST_ANSWER))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unavailable("The model did not answer.", detail="Its service is restarted; ask again.") from error
    finally:
        connection.close()


def _places(body: Any, places: Sequence[int]) -> list[FieldProblem]:
    """What the service said is wrong (`body.instances.0.amount`), at the places of the asker's own rows."""
    found = []
    for one in body.get("detail", []) if isinstance(body, dict) else []:
        where = [str(part) for part in one.get("loc", []) if part != "body"] if isinstance(one, dict) else []
        if len(where) > 1 and where[0] == "instances" and where[1].isdecimal() and int(where[1]) < len(places):
            where[1] = str(places[int(where[1])])
        message = str(one.get("msg", "It is not as the model needs it.")) if isinstance(one, dict) else str(one)
        found.append(FieldProblem(".".join(where) or "instances", f"{message.rstrip('.')}."))
    return found[:MOST_ERRORS] or [FieldProblem("instances", "They are not as the model needs them.")]


def _record(deployment: Deployment, key: str, row: Row, answer: Row, took_ms: float, *, keep: bool) -> PredictionRecord:
    score = answer.get("probability", answer.get("amount"))
    return PredictionRecord(
        workspace_id=deployment.workspace_id,
        pipeline_id=deployment.pipeline_id,
        version=deployment.serves,
        key=key,
        at=timezone.now(),
        input_digest=digest_of(row),
        inputs=dict(row) if keep else None,
        output=dict(answer),
        score=float(score) if isinstance(score, int | float) else None,
        decision="" if answer.get("decided_by") == "person" else str(answer.get("prediction", ""))[:100],
        latency_ms=round(took_ms, 3),
        origin=PredictionOrigin.SERVED,
    )


def _kept(records: list[PredictionRecord]) -> None:
    """All or none: of two who ask under one key at once the second is told."""
    try:
        with transaction.atomic():
            PredictionRecord.objects.bulk_create(records)
    except IntegrityError:
        raise Conflict(
            "Somebody asks under one of these keys at this moment.", detail="Ask again: the answer is given then."
        ) from None


def _predicted(record: PredictionRecord, *, again: bool) -> Predicted:
    return Predicted(record.key, record.output, record.version.number if record.version else None, again)
