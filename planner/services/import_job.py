"""The import itself: computed beside the database, published into it in one short transaction."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.access import Access
from accounts.services import audit_record
from jobs.models import Blob, Stage
from jobs.services import blob_open, blob_store
from planner.domain.discovery.discovered_graph import graph_of, task_key
from planner.domain.discovery.discovery import Discovery
from planner.domain.event_log.columnar import MEDIA_TYPE, write_events
from planner.domain.event_log.eventlog import (
    END,
    Instances,
    LogError,
    LogStatistics,
    RawLog,
    log_statistics,
    pair_instances,
)
from planner.domain.event_log.first_rows import odd_times
from planner.domain.event_log.intake import read_log
from planner.domain.event_log.mapping import LogMapping
from planner.domain.event_log.rejected import write_rejected
from planner.models import TABLES, EventLog, Flow, LogUpload, Process, Source, Task, WorkingHours
from planner.selectors.imports import latest_year, odd_words
from planner.services.foresight import foresight_screen
from planner.services.log_rows import task_measured
from planner.services.measuring import hours_measured, observed_store

Progress = Callable[[float, str], None]


def log_import_compute(*, params: Mapping[str, Any], directory: Path, progress: Progress) -> dict[str, Any]:
    """Read, measure and store a log: everything that takes time. The answer is plain JSON for `log_import_publish`.

    Raises LogError with the sentence for the user when the file cannot be used.
    """
    blob = Blob.objects.select_related("workspace").filter(pk=params["blob"]).first()
    if blob is None or not LogUpload.objects.filter(pk=params["upload"]).exists():
        raise LogError("The file of this import was discarded.", advice="Bring it again.")
    raw = _read(blob, params, progress)
    progress(0.7, "measuring")
    statistics = log_statistics(raw)
    odd = odd_words(odd_times(raw.frame[END], latest_year()), latest_year())
    instances = pair_instances(raw)
    del raw  # a log is held twice no longer than it must be
    measured = hours_measured(instances, params.get("calendar") or {})
    found = measured.found
    progress(0.85, "storing the events")
    return {
        "events": _stored(blob, instances, directory).pk,
        "observed": observed_store(blob.workspace, measured.observed).pk,
        "rejected": _rejected(blob, instances, directory),
        "statistics": asdict(statistics) | _more(instances, found) | measured.statistics | _notes(statistics, odd),
        "first_start": found.first_start,
        "last_start": found.last_start,
        "cases_a_year": found.cases_a_year,
        "activities": [asdict(facts) for facts in found.activities],
        "graph": asdict(graph_of(found)),
    }


def log_import_publish(stage: Stage, output: Mapping[str, Any]) -> None:
    """Everything the import changes in the database, inside the transaction that completes its stage.

    A log of a known process is kept beside it and changes nothing until somebody has seen what differs. For a new
    process the check of what can be foretold is started with it, as a job of its own.
    """
    upload = LogUpload.objects.select_related("workspace", "updates").get(pk=stage.params["upload"])
    access = Access.system(upload.workspace)
    with transaction.atomic():
        process = upload.updates or _process(upload, output)
        _log(upload, process, output)
        if upload.calendar is not None and upload.updates is None:
            WorkingHours.objects.create(workspace=upload.workspace, process=process, choice=upload.calendar)
        upload.process, upload.state, upload.problems = process, LogUpload.State.IMPORTED, []
        upload.save(update_fields=["process", "state", "problems"])
        audit_record(access=access, verb="log.imported", subject=f"process:{process.pk}", detail={"name": process.name})
        if upload.updates is None:
            foresight_screen(access=access, process=process)


def _process(upload: LogUpload, output: Mapping[str, Any]) -> Process:
    process: Process = Process.objects.create(
        workspace=upload.workspace,
        name=upload.name,
        example=upload.example,
        cases_a_year=output["cases_a_year"],
        cases_source=Source.NONE if output["cases_a_year"] is None else Source.LOG,
    )
    _flows(process, output["graph"]["flows"], _tasks(process, output))
    return process


def _log(upload: LogUpload, process: Process, output: Mapping[str, Any]) -> EventLog:
    log: EventLog = EventLog.objects.create(
        workspace=upload.workspace,
        process=process,
        upload=upload,
        events_id=output["events"],
        observed_id=output["observed"],
        rejected_id=output["rejected"],
        name=upload.filename,
        statistics=output["statistics"],
        first_start=datetime.fromisoformat(output["first_start"]),
        last_start=datetime.fromisoformat(output["last_start"]),
        measured={key: output[key] for key in ("cases_a_year", "activities")},
        applied_at=None if upload.updates_id else timezone.now(),
    )
    return log


def _read(blob: Blob, params: Mapping[str, Any], progress: Progress) -> RawLog:
    mapping = LogMapping.from_dict(params["mapping"], named=params["format"] in TABLES)
    size, told = max(blob.size, 1), 0.0

    def tell(position: int) -> None:
        nonlocal told
        share = min(position / size, 1.0)
        if share - told >= 0.02:
            told = share
            progress(0.7 * share, "reading")

    with blob_open(blob) as source:
        return read_log(source, mapping, progress=tell)


def _stored(blob: Blob, instances: Instances, directory: Path) -> Blob:
    path = directory / "events.parquet"
    with path.open("wb") as target:
        write_events(instances.frame, target)
    return blob_store(workspace=blob.workspace, source=path, media_type=MEDIA_TYPE)


def _rejected(blob: Blob, instances: Instances, directory: Path) -> int | None:
    """The list of every row that was left out, in the store; None where none was."""
    if instances.rejected.empty:
        return None
    path = directory / "rejected.csv"
    with path.open("wb") as target:
        write_rejected(instances.rejected, target)
    return blob_store(workspace=blob.workspace, source=path, media_type="text/csv").pk


def _notes(statistics: LogStatistics, odd: str) -> dict[str, Any]:
    return {"notes": [*statistics.notes, *([odd] if odd else [])]}


def _more(instances: Instances, found: Discovery) -> dict[str, Any]:
    """What the statistics of the raw rows do not hold: what pairing left out, variants and attributes."""
    attributes = [str(name) for name in instances.frame.columns if str(name).startswith(("case:", "event:"))]
    return {
        "dropped": [asdict(item) for item in instances.dropped],
        "instances": found.instances,
        "commonest_variant_share": found.commonest_variant_share,
        "attributes": attributes,
    }


def _tasks(process: Process, output: Mapping[str, Any]) -> dict[str, Task]:
    """The rows of the nodes, by the key of the node."""
    facts = {task_key(place): one for place, one in enumerate(output["activities"])}
    nodes = output["graph"]["nodes"]
    rows = [_task(process, node, place, facts.get(node["key"])) for place, node in enumerate(nodes)]
    made = Task.objects.bulk_create(rows)
    return {node["key"]: task for node, task in zip(nodes, made, strict=True)}


def _task(process: Process, node: Mapping[str, Any], place: int, facts: Mapping[str, Any] | None) -> Task:
    task = Task(
        workspace=process.workspace,
        process=process,
        name=" ".join(node["name"].split())[:200] or "unnamed",
        kind=node["kind"],
        visits_a_case=node["visits_a_case"],
        volume_a_year=node["volume_a_year"],
        volume_source=Source.LOG,
        position=place,
    )
    if facts is not None:
        task_measured(task, facts, node["volume_a_year"])
    return task


def _flows(process: Process, flows: list[dict[str, Any]], tasks: Mapping[str, Task]) -> None:
    Flow.objects.bulk_create(
        Flow(
            workspace=process.workspace,
            process=process,
            source=tasks[flow["source"]],
            target=tasks[flow["target"]],
            count=flow["count"],
            probability=flow["probability"],
            probability_source=Source.LOG,
        )
        for flow in flows
    )
