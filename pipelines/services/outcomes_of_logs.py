"""Outcomes out of event logs: a log imported after predictions says what became of their cases, each once."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.access import Access
from accounts.services import audit_record
from jobs.models import Blob, Run, Stage
from jobs.services import blob_open, blob_store
from pipelines.domain.designing import class_text
from pipelines.models import (
    ModelVersion,
    OutcomeOrigin,
    OutcomeReading,
    OutcomeRecord,
    Pipeline,
    PredictionRecord,
    RowsFrom,
)
from pipelines.services.contexts import Context
from pipelines.services.pipeline_jobs import pipeline_job
from planner.domain.foresight.arranged_log import ArrangedLog
from planner.domain.foresight.targets import TargetError, TargetSpec
from planner.models import EventLog
from planner.services.discarding import blob_let_go
from planner.services.later_outcomes import case_outcomes
from planner.services.training_tables import log_read

KIND = "pipelines.read_outcomes"
AFTER_FAILURE = timedelta(hours=1)
MOST_WAITING = 200_000
"""Predictions without an outcome that one log is asked about, the latest first."""

BATCH = 500
NO_TARGET = "the model did not learn from a log of cases"
TOLD_SINCE = "told by somebody meanwhile"
Found = list[tuple[str, str | float, str]]


def log_outcomes_tick() -> None:
    """Each pipeline whose process rests on a log imported after its first prediction reads it once, as a job."""
    tried = Run.objects.filter(kind=KIND, created_at__gt=timezone.now() - AFTER_FAILURE).order_by().values("subject")
    subjects = set(tried.values_list("subject", flat=True))
    for pipeline in _unread().select_related("task", "workspace"):
        if pipeline.subject not in subjects:  # one that fails is not started again at every turn
            title = f"Read what became of cases of {pipeline.task.name}"[:200]
            access = Access.system(pipeline.workspace)
            pipeline_job(access=access, pipeline=pipeline, kind=KIND, title=title, stage="outcomes", timeout_s=1800)


def _unread() -> QuerySet[Pipeline]:
    logs = EventLog.objects.filter(process=OuterRef("task__process")).in_use()
    first = PredictionRecord.objects.filter(pipeline=OuterRef("pk")).order_by("at").values("at")[:1]
    found = Pipeline.objects.filter(task__removed_at=None).annotate(
        predicted_at=Subquery(first),
        imported_at=Subquery(logs.values("created_at")[:1]),
        log_digest=Subquery(logs.values("events__digest")[:1]),
    )
    read = OutcomeReading.objects.filter(pipeline=OuterRef("pk"), log_digest=OuterRef("log_digest"))
    return found.filter(predicted_at__lt=F("imported_at")).exclude(Exists(read))


def log_outcomes_compute(context: Context) -> dict[str, Any]:
    """What the log in use says of predictions without an outcome: {pipeline, log, waiting, left, blob}."""
    pipeline = Pipeline.objects.select_related("task", "workspace").get(
        pk=context.params["pipeline"], workspace=context.workspace_id
    )
    logs = EventLog.objects.of(pipeline.workspace).in_use().filter(process=pipeline.task.process_id)
    log = logs.select_related("events").first()
    if log is None:
        context.log("the process rests on no log any more")
        return {"pipeline": pipeline.pk, "log": None}
    context.progress(0.1, "reading the log")
    arranged = log_read(log)
    waiting = _waiting(pipeline)
    found: Found = []
    left: Counter[str] = Counter()
    for version, keys in waiting.items():
        context.progress(0.5, "joining outcomes to predictions")
        known, why = _of_version(pipeline, log, arranged, version, keys)
        found += known
        left.update(why)
    count = sum(map(len, waiting.values()))
    context.log(f"{len(found)} of {count} predictions without an outcome got theirs from {log.name}")
    # Named after the pipeline: equal files are one, and another pipeline's job would let go of it.
    content = json.dumps({"pipeline": pipeline.pk, "outcomes": sorted(found)}).encode()
    blob = blob_store(workspace=pipeline.workspace, source=BytesIO(content), media_type="application/json")
    return {"pipeline": pipeline.pk, "log": log.pk, "waiting": count, "left": dict(left), "blob": blob.pk}


def _waiting(pipeline: Pipeline) -> Mapping[int | None, Sequence[str]]:
    """Keys of predictions without an outcome, by version."""
    told = OutcomeRecord.objects.filter(pipeline=pipeline, key=OuterRef("key"))
    rows = PredictionRecord.objects.filter(~Exists(told), pipeline=pipeline).order_by("-at", "-id")
    keys: dict[int | None, list[str]] = defaultdict(list)
    for version, key in rows.values_list("version", "key")[:MOST_WAITING].iterator(chunk_size=10_000):
        keys[version].append(key)
    return keys


def _of_version(
    pipeline: Pipeline, log: EventLog, arranged: ArrangedLog, version_id: int | None, keys: Sequence[str]
) -> tuple[Found, dict[str, int]]:
    versions = pipeline.versions.select_related("run__generation")
    version = versions.filter(pk=version_id).first() if version_id is not None else None
    target = _target(version)
    if version is None or target is None:
        return [], {NO_TARGET: len(keys)}
    classes = [class_text(one) for one in version.signature.get("output", {}).get("classes") or ()]
    try:
        told = case_outcomes(log=log, arranged=arranged, task=pipeline.task, target=target, cases=keys, classes=classes)
    except TargetError as error:
        return [], {str(error): len(keys)}
    known = [(one.case, one.value, one.known_at.isoformat()) for one in told.known]
    return known, told.unknown


def _target(version: ModelVersion | None) -> TargetSpec | None:
    """What a version foretells, as its training table was built; None where that was no log of cases."""
    generation = version.run.generation if version and version.run else None
    if generation is None or generation.rows_from != RowsFrom.LOG or "kind" not in generation.target:
        return None
    return TargetSpec.from_json(generation.target)


def log_outcomes_publish(stage: Stage, output: dict[str, Any]) -> None:
    """The outcomes and how many they are: once, with the end of the job. What people told meanwhile stays."""
    log = EventLog.objects.filter(pk=output["log"]).select_related("events").first()
    if log is None:
        return
    pipeline = (
        Pipeline.objects.select_for_update(of=("self",)).select_related("task", "workspace").get(pk=output["pipeline"])
    )
    blob = Blob.objects.get(pk=output["blob"], workspace=pipeline.workspace)
    with blob_open(blob) as stream:
        found = json.load(stream)["outcomes"]
    kept = sum(_keep(pipeline, part) for part in _batches(found))
    left = output["left"] | ({TOLD_SINCE: len(found) - kept} if len(found) > kept else {})
    OutcomeReading.objects.get_or_create(
        pipeline=pipeline,
        log_digest=log.events.digest,
        defaults={
            "workspace": pipeline.workspace,
            "log": log,
            "log_name": log.name,
            "job": stage.run,
            "waiting": output["waiting"],
            "kept": kept,
            "left": left,
        },
    )
    if kept:
        detail = {"task": pipeline.task.name, "outcomes": kept, "joined": kept, "log": log.name}
        access = Access.system(pipeline.workspace)
        audit_record(access=access, verb="model.outcomes", subject=pipeline.subject, detail=detail)
    blob_let_go(blob)


def _batches(found: Found) -> Iterator[Found]:
    return (found[start : start + BATCH] for start in range(0, len(found), BATCH))


def _keep(pipeline: Pipeline, part: Found) -> int:
    told = OutcomeRecord.objects.filter(pipeline=pipeline, key__in=[key for key, _, _ in part])
    known = set(told.values_list("key", flat=True))
    rows = [
        OutcomeRecord(
            workspace=pipeline.workspace, pipeline=pipeline, key=key, value=value, at=at, origin=OutcomeOrigin.LOG
        )
        for key, value, at in part
        if key not in known
    ]
    OutcomeRecord.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
