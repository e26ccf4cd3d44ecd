"""From a file somebody brings to a process: look at it, map its columns, import it as a job, publish in one go."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import Conflict, FieldProblem, InvalidInput
from jobs.domain.states import RunState
from jobs.models import Run
from jobs.services import StageSpec, blob_open, blob_store, run_retry, run_submit
from planner.domain.event_log.eventlog import LogError
from planner.domain.event_log.intake import LogPreview, preview_log
from planner.domain.event_log.mapping import LogMapping
from planner.domain.event_log.text_reader import UnreadableText
from planner.models import EventLog, LogUpload, Process
from planner.selectors.working_hours import default_hours, default_zone, hours_in_force
from planner.services.working_hours import hours_checked

TASK = "planner.import_log"
MOST_BYTES = 1024**3
READING = ("zone", "encoding", "separator", "sheet")
_MOVABLE = {LogUpload.State.UPLOADED, LogUpload.State.REFUSED, LogUpload.State.FAILED, LogUpload.State.IMPORTING}


def log_upload_create(
    *,
    access: Access,
    file: BinaryIO,
    filename: str,
    name: str = "",
    example: str = "",
    updates: Process | None = None,
) -> LogUpload:
    """Keep a file and look into it. A file that cannot be used is kept too, with the sentence that says why.

    `updates` is the process it measures anew; without it, it becomes one.
    """
    access.require(Role.EDITOR)
    upload = LogUpload(
        workspace=access.workspace,
        updates=updates,
        filename=Path(filename).name[:200] or "log",
        name=updates.name if updates else " ".join(name.split())[:120],
        mapping=_columns_before(updates) if updates else {},
        example=example,
        created_by=access.user,
    )
    return _look_into(access, upload, file, "file.brought")


def log_upload_replace(*, access: Access, upload: LogUpload, file: BinaryIO, filename: str) -> LogUpload:
    """Put a mended file in the place of one that could not be used; columns chosen before stay where they still fit."""
    access.require(Role.EDITOR)
    _refuse_when_moving(upload)
    upload.filename = Path(filename).name[:200] or "log"
    return _look_into(access, upload, file, "file.replaced")


def log_upload_map(
    *,
    access: Access,
    upload: LogUpload,
    mapping: Mapping[str, Any],
    name: str = "",
    calendar: Mapping[str, Any] | None = None,
) -> LogUpload:
    """Choose columns, what times mean and the name of the process; InvalidInput where they cannot be that.

    `calendar` is working hours of its own in plain values (empty is around the clock), None those of the workspace.
    Without a zone they are told in the zone of the mapping; what is wrong with them has a path that begins `hours.`.
    Another encoding, separator or sheet than the one looked at is looked into first (see `log_upload_look`).
    """
    access.require(Role.EDITOR)
    if _read_otherwise(upload, mapping):
        log_upload_look(access=access, upload=upload, reading=mapping)
    upload.mapping = checked_mapping(upload, mapping).as_dict()
    upload.name = " ".join(name.split())[:120] or upload.name or process_name(upload.filename)
    upload.calendar = None if calendar is None else _calendar_checked(calendar, str(upload.mapping["zone"]))
    with transaction.atomic():
        upload.save(update_fields=["mapping", "name", "calendar"])
        detail = {"file": upload.filename, "process": upload.name}
        audit_record(access=access, verb="file.columns-chosen", subject=f"upload:{upload.pk}", detail=detail)
    return upload


def log_upload_look(*, access: Access, upload: LogUpload, reading: Mapping[str, Any]) -> LogUpload:
    """Look into the file again in another encoding, by another separator, at another sheet; columns stay if they fit.

    `reading` has these under `encoding`, `separator`, `sheet` and `zone`; what is empty is found in the file.
    """
    access.require(Role.EDITOR)
    _refuse_when_moving(upload)
    try:
        wanted = LogMapping.from_dict(reading, named=False)
    except LogError as problem:
        raise _refused(problem) from None
    _preview(upload, wanted)
    upload.state = LogUpload.State.REFUSED if upload.problems else LogUpload.State.UPLOADED
    with transaction.atomic():
        upload.save()
        detail = {name: getattr(wanted, name) for name in READING} | {"file": upload.filename}
        audit_record(access=access, verb="file.read-otherwise", subject=f"upload:{upload.pk}", detail=detail)
    return upload


def log_import_start(*, access: Access, upload: LogUpload) -> Run:
    """Start the import as a job; pressing twice is one job, and after a failure it is tried again."""
    access.require(Role.EDITOR)
    if upload.state == LogUpload.State.REFUSED:
        raise InvalidInput(" ".join(upload.problems) or "This file cannot be read.", detail="Bring a mended file.")
    if upload.process_id is not None and upload.run is not None:
        return upload.run
    if upload.is_table:
        mapping = checked_mapping(upload, upload.mapping)
        if mapping.day_first is None and upload.preview.get("ambiguous"):
            raise InvalidInput(
                "The dates can be read day first or month first.",
                errors=[FieldProblem("day_first", "Say which comes first, the day or the month.")],
            )
    if upload.run is not None and not upload.run.is_over:
        return upload.run
    return _submitted(access, upload)


def checked_mapping(upload: LogUpload, values: Mapping[str, Any]) -> LogMapping:
    """The chosen columns, or InvalidInput saying which cannot be."""
    try:
        mapping = LogMapping.from_dict(values, named=upload.is_table)
        if upload.is_table:
            mapping.check([column["name"] for column in upload.preview.get("columns", ())])
    except LogError as problem:
        raise _refused(problem) from None
    return mapping


def process_name(filename: str) -> str:
    """A name for the process from the name of its file.

    >>> process_name("Purchase_orders-2024.csv.gz")
    'Purchase orders 2024'
    """
    stem = filename
    for ending in (".zip", ".gz", ".csv", ".xes", ".xlsx", ".txt", ".tsv"):
        stem = stem[: -len(ending)] if stem.lower().endswith(ending) else stem
    words = " ".join(stem.replace("_", " ").replace("-", " ").split())
    return (words[:1].upper() + words[1:])[:120] or "Imported process"


def _look_into(access: Access, upload: LogUpload, file: BinaryIO, verb: str) -> LogUpload:
    blob = blob_store(workspace=access.workspace, source=file, media_type="application/octet-stream")
    upload.blob, upload.size, upload.problems, upload.run = blob, blob.size, [], None
    upload.name = upload.name or process_name(upload.filename)
    if blob.size > MOST_BYTES:
        upload.problems = ["The file is larger than 1 GB, the most that is taken. Export a shorter period."]
    else:
        zone = upload.mapping.get("zone") or default_zone(access.workspace)
        _preview(upload, LogMapping(zone=str(zone)))
    upload.state = LogUpload.State.REFUSED if upload.problems else LogUpload.State.UPLOADED
    with transaction.atomic():
        upload.save()
        detail = {"file": upload.filename, "bytes": blob.size}
        audit_record(access=access, verb=verb, subject=f"upload:{upload.pk}", detail=detail)
    return upload


def _columns_before(process: Process) -> dict[str, Any]:
    """The columns chosen for the log a process rests on; a newer one usually has the same."""
    log = EventLog.objects.of(process.workspace).in_use().filter(process=process).select_related("upload").first()
    return dict(log.upload.mapping) if log is not None and log.upload is not None else {}


def _preview(upload: LogUpload, reading: LogMapping) -> None:
    """Look into the file; where its text cannot be read in this encoding, another one may still be chosen."""
    with blob_open(upload.blob) as source:
        try:
            found = preview_log(source, reading=reading)
        except LogError as problem:
            chosen = {"encoding": reading.encoding, "separator": reading.separator, "sheet": reading.sheet}
            upload.format = "csv" if isinstance(problem, UnreadableText) else ""
            upload.preview, upload.problems = (chosen if upload.format else {}), [problem.sentence]
            return
    earlier = upload.mapping
    upload.format, upload.preview = found.format, found.as_dict()
    reads = {name: getattr(reading, name) for name in READING}
    upload.mapping = dict(found.mapping or reads)
    upload.problems = [found.refusal] if found.refusal else []
    if earlier and found.mapping is not None and _still_fits(earlier, found):
        upload.mapping = earlier | reads


def _still_fits(mapping: Mapping[str, Any], found: LogPreview) -> bool:
    try:
        LogMapping.from_dict(mapping).check([column.name for column in found.columns])
    except LogError:
        return False
    return True


def _read_otherwise(upload: LogUpload, mapping: Mapping[str, Any]) -> bool:
    """Whether the mapping wants the file read in another way than it was looked at."""
    looked = ("encoding", "separator", "sheet")
    return any(str(mapping.get(name) or "") != str(upload.mapping.get(name) or "") for name in looked)


def _calendar_checked(calendar: Mapping[str, Any], zone: str) -> dict[str, Any]:
    told = {**calendar, "zone": calendar.get("zone") or zone} if calendar else {}
    try:
        return hours_checked(told)
    except InvalidInput as problem:
        errors = [FieldProblem(f"hours.{one.path}", one.message) for one in problem.errors]
        raise InvalidInput(problem.title, detail=problem.detail, errors=errors) from None


def _refused(problem: LogError) -> InvalidInput:
    errors = [FieldProblem(field, problem.sentence) for field in problem.where.split(", ")]
    return InvalidInput(problem.what, detail=problem.advice, errors=errors)


def _submitted(access: Access, upload: LogUpload) -> Run:
    with transaction.atomic():
        # Two presses in one moment: the second waits here, and finds the job of the first.
        now = LogUpload.objects.select_for_update().get(pk=upload.pk)
        earlier = now.run
        if earlier is not None and (now.process_id is not None or not earlier.is_over):
            run = earlier
        elif earlier is not None and earlier.state != RunState.SUCCEEDED.value and _same(earlier, upload):
            run = run_retry(access=access, run=earlier)
        else:
            run = _new_run(access, upload)
        if run != earlier or now.process_id is None:
            upload.run, upload.state = run, LogUpload.State.IMPORTING
            upload.save(update_fields=["run", "state"])
    return run


def _new_run(access: Access, upload: LogUpload) -> Run:
    return run_submit(
        access=access,
        kind="import",
        title=f"Import {upload.filename}"[:200],
        stages=[StageSpec(name="import", task_name=TASK, params=_params(upload))],
        subject=f"upload:{upload.pk}",
        idempotency_key=f"import:{upload.pk}:{_attempt(upload)}",
    )


def _params(upload: LogUpload) -> dict[str, Any]:
    return {
        "upload": upload.pk,
        "blob": upload.blob_id,
        "format": upload.format,
        "mapping": upload.mapping,
        "calendar": dict(_hours(upload)),
    }


def _hours(upload: LogUpload) -> Mapping[str, Any]:
    """The working hours its durations count: those of the process it measures anew, its own, or the workspace's."""
    if upload.updates is not None:
        return hours_in_force(upload.updates).choice
    return default_hours(upload.workspace) if upload.calendar is None else upload.calendar


def _same(run: Run, upload: LogUpload) -> bool:
    stage = run.stages.first()
    return stage is not None and stage.params == _params(upload)


def _attempt(upload: LogUpload) -> int:
    """How many jobs this upload has had: two presses in one moment get the same key, and so one job."""
    return Run.objects.of(upload.workspace).about(f"upload:{upload.pk}").count() + 1


def _refuse_when_moving(upload: LogUpload) -> None:
    if upload.state not in _MOVABLE or (upload.run is not None and not upload.run.is_over):
        raise Conflict("This file is imported already, or just being imported.", detail="Upload the other one anew.")
