"""Tables people bring to learn from: kept, profiled by a job, their columns given roles, chosen, deleted."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
from django.db import transaction
from pyarrow import parquet

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from canvas.models import Canvas
from common.errors import Conflict, FieldProblem, InvalidInput, StaleEdit
from jobs.models import Blob, Run, Stage
from jobs.services import StageSpec, blob_open, blob_store, run_submit
from pipelines.domain.text import text_clean
from pipelines.domain.uploaded.profile import LEARNABLE, TableProfile, profile_make
from pipelines.domain.uploaded.reading import TableRefused, TableShape, shape_of
from pipelines.domain.uploaded.roles import Roles, kept_inputs, positive_proposed, roles_check, roles_proposed
from pipelines.domain.uploaded.screening import columns_screened
from pipelines.domain.uploaded.table import inputs_read
from pipelines.models import Pipeline, RowsFrom, TrainingSource, TrainingUpload
from pipelines.selectors.training import training_log
from pipelines.services.contexts import Context
from pipelines.services.derivatives import upload_derivatives
from pipelines.services.tables import NotGenerable
from planner.services import target_choose
from planner.services.discarding import blob_let_go
from planner.services.training_tables import pseudonym_key

KIND = "pipelines.profile"
MOST_BYTES = 1024**3
MOST_UPLOADS = 20
PROFILE_SEED = 20240302
PARQUET = "application/vnd.apache.parquet"
TOLD_EACH = 1 << 17


def training_upload_create(*, access: Access, canvas: Canvas, file: BinaryIO, filename: str) -> TrainingUpload:
    """Keep a table and start the job that profiles it. InvalidInput, and nothing kept, for what is no table."""
    access.require(Role.EDITOR)
    name = text_clean(Path(filename.replace("\\", "/")).name, longest=200) or "table"
    if TrainingUpload.objects.of(access.workspace).filter(canvas=canvas).count() >= MOST_UPLOADS:
        raise Conflict(f"{MOST_UPLOADS} tables were brought for this task.", detail="Delete one of them first.")
    blob = None
    try:
        _check_size(file)
        blob = blob_store(workspace=access.workspace, source=file, media_type="application/octet-stream")
        with blob_open(blob) as source:
            shape = shape_of(source)
    except TableRefused as refused:
        if blob is not None:
            blob_let_go(blob)
        raise InvalidInput(f"{name} cannot be used.", errors=[FieldProblem("file", str(refused))]) from refused
    with transaction.atomic():
        upload = TrainingUpload.objects.create(
            workspace=access.workspace,
            canvas=canvas,
            blob=blob,
            filename=name,
            size=blob.size,
            shape=shape.as_json(),
            created_by=access.user,
        )
        upload.run = run_submit(
            access=access,
            kind=KIND,
            title=f"Look at {name}",
            stages=[StageSpec("profile", KIND, params={"upload": upload.pk}, timeout_s=1800)],
            subject=upload.subject,
        )
        upload.save(update_fields=["run"])
        TrainingSource.objects.update_or_create(
            canvas=canvas,
            defaults={"workspace": access.workspace, "rows_from": RowsFrom.UPLOAD, "upload": upload},
        )
        detail = {"file": name, "bytes": blob.size, "task": canvas.task.name}
        audit_record(access=access, verb="training-table.brought", subject=upload.subject, detail=detail)
    return upload


def training_profile_compute(context: Context) -> dict[str, Any]:
    """The work of the job: one pass over the rows. Raises NotGenerable where the file is damaged further down."""
    upload = TrainingUpload.objects.select_related("blob", "workspace").get(pk=context.params["upload"])
    shape, told = TableShape.from_json(upload.shape), [0]

    def progress(rows: int) -> None:
        if rows - told[0] >= TOLD_EACH:
            told[0] = rows
            context.progress(min(source.tell() / max(upload.size, 1), 0.95), f"{rows} rows")

    context.progress(0.0, "reading the rows")
    try:
        with blob_open(upload.blob) as source:
            profile, drawn = profile_make(source, shape, np.random.default_rng(PROFILE_SEED), progress)
    except TableRefused as refused:
        raise NotGenerable(f"{upload.filename}: {refused}") from refused
    kept = BytesIO()
    parquet.write_table(drawn, kept, compression="zstd")
    blob = blob_store(workspace=upload.workspace, source=kept.getvalue(), media_type=PARQUET)
    roles = roles_proposed(profile)
    context.log(f"{profile.rows} rows, {len(profile.columns)} columns")
    return {"profile": profile.as_json(), "roles": roles.as_json(), "drawn": blob.pk}


def training_profile_publish(stage: Stage, output: dict[str, Any]) -> None:
    """The profile, what is proposed for its columns and their scores: exactly once, with the end of the job."""
    upload = TrainingUpload.objects.select_for_update().filter(pk=stage.params["upload"]).first()
    if upload is None:
        return
    upload.drawn = Blob.objects.of(upload.workspace).get(pk=output["drawn"])
    upload.profile, upload.roles = output["profile"], output["roles"]
    upload.scores = _scores(upload, TableProfile.from_json(upload.profile), Roles.from_json(upload.roles))
    upload.version += 1
    upload.save()


def training_roles_update(
    *, access: Access, upload: TrainingUpload, changes: Mapping[str, Any], version: int | None = None
) -> TrainingUpload:
    """Say what columns are for; `changes` are fields of Roles, what is not given stays. None for any `version`.

    InvalidInput names each role that cannot be, StaleEdit says what holds meanwhile; nothing is kept then.
    """
    access.require(Role.EDITOR)
    with transaction.atomic():
        found = TrainingUpload.objects.of(access.workspace).select_for_update(of=("self",)).get_or_404(pk=upload.pk)
        if not found.is_profiled:
            raise Conflict(f"{found.filename} is not read yet.", detail="Wait for the job that looks at it.")
        if version is not None and version != found.version:
            raise _stale(found)
        profile = TableProfile.from_json(found.profile)
        roles = kept_inputs(profile, _changed(profile, Roles.from_json(found.roles), changes))
        problems = roles_check(profile, roles)
        if problems:
            errors = [FieldProblem(one.path, one.message) for one in problems]
            raise InvalidInput("The columns cannot be used like this.", errors=errors)
        if found.confirmed and found.roles == roles.as_json():
            return found
        found.scores = _scores(found, profile, roles)
        found.roles, found.confirmed, found.version = roles.as_json(), True, found.version + 1
        found.save(update_fields=["roles", "scores", "confirmed", "version"])
        detail = {"file": found.filename, "target": roles.target, "inputs": len(roles.kinds)}
        audit_record(access=access, verb="training-table.columns-chosen", subject=found.subject, detail=detail)
    return found


def training_source_choose(
    *, access: Access, canvas: Canvas, rows_from: str, upload: TrainingUpload | None = None, target: str = ""
) -> TrainingSource:
    """Choose what the pipeline of a canvas learns from, and of the log which question: `target` as it is written.

    InvalidInput, and nothing kept, for a log, a table or a target it does not have.
    """
    access.require(Role.EDITOR)
    if rows_from == RowsFrom.LOG and training_log(canvas.task) is None:
        raise InvalidInput(
            "There is no log that knows this task.",
            errors=[FieldProblem("rows_from", "Import a log of the process, bring a table, or choose made-up rows.")],
        )
    if rows_from == RowsFrom.UPLOAD and (upload is None or upload.canvas_id != canvas.pk):
        raise InvalidInput("Which table?", errors=[FieldProblem("upload", "Choose a table brought for this task.")])
    if target and rows_from != RowsFrom.LOG:
        message = "Only the log answers several questions: learn from the log, or leave the target out."
        raise InvalidInput("A target is one of the log.", errors=[FieldProblem("target", message)])
    with transaction.atomic():
        if target:
            target_choose(access=access, task=canvas.task, text=target)
        kept, _ = TrainingSource.objects.update_or_create(
            canvas=canvas,
            defaults={
                "workspace": access.workspace,
                "rows_from": rows_from,
                "upload": upload if rows_from == RowsFrom.UPLOAD else None,
            },
        )
        detail = {"task": canvas.task.name, "rows_from": rows_from, "file": kept.upload.filename if kept.upload else ""}
        audit_record(access=access, verb="training-source.chosen", subject=f"canvas:{canvas.pk}", detail=detail)
    return kept


def training_upload_delete(*, access: Access, upload: TrainingUpload, version: int | None = None) -> None:
    """Delete a table for good, with the projects generated from it and their runs. Conflict while a job reads it."""
    access.require(Role.EDITOR)
    with transaction.atomic():
        found = TrainingUpload.objects.of(access.workspace).select_for_update(of=("self",)).get_or_404(pk=upload.pk)
        if version is not None and version != found.version:
            raise _stale(found)
        _refuse_moving(found)
        derived = upload_derivatives(found)
        detail = {"file": found.filename, "derived": list(derived.words)}
        blobs = [*derived.remove(), *filter(None, [found.blob, found.drawn])]
        Run.objects.of(access.workspace).about(found.subject).delete()
        found.delete()
        audit_record(access=access, verb="training-table.deleted", subject=upload.subject, detail=detail)
        for blob in Blob.objects.of(access.workspace).filter(pk__in={blob.pk for blob in blobs}):
            blob_let_go(blob)


def _changed(profile: TableProfile, before: Roles, changes: Mapping[str, Any]) -> Roles:
    """With another target, its yes is proposed anew unless it was changed as well."""
    roles = replace(before, **changes)
    if roles.target != before.target and roles.positive == before.positive:
        return replace(roles, positive=positive_proposed(profile.column(roles.target)))
    return roles


def _check_size(file: BinaryIO) -> None:
    """Before it is kept: a file too large is not copied first."""
    size = file.seek(0, SEEK_END)
    file.seek(0)
    if size > MOST_BYTES:
        advice = "Bring a shorter period of it, or pack it with gzip."
        raise TableRefused("The file is larger than 1 GB, the most that is taken.", advice)
    if not size:
        raise TableRefused("The file is empty.")


def _scores(upload: TrainingUpload, profile: TableProfile, roles: Roles) -> list[dict[str, Any]]:
    """How much each column tells of the target alone, in rows drawn; those left out are looked at as well."""
    used = {roles.target, roles.decided_at, roles.known_at, roles.group}
    inputs = {one.name: one.kind.value for one in profile.columns if one.kind in LEARNABLE and one.name not in used}
    if not roles.target or not inputs or upload.drawn is None:
        return []
    roles = replace(roles, kinds=inputs | dict(roles.kinds))
    with blob_open(upload.drawn) as stream:
        drawn = parquet.read_table(pa.PythonFile(stream, mode="r"))
    order = np.random.default_rng(PROFILE_SEED).permutation(drawn.num_rows)
    frame = inputs_read(drawn.take(order), profile, roles, key=pseudonym_key(upload.workspace))
    there = frame[("rows", "outcome")].notna()
    if not there.any():
        return []
    regression = roles.task(profile) == "regression"
    told = pd.DataFrame(frame["inputs"])[there]
    found = columns_screened(told, frame[("rows", "outcome")][there], regression=regression)
    return [score.as_json() for score in found]


def _refuse_moving(upload: TrainingUpload) -> None:
    pipelines = Pipeline.objects.of(upload.workspace).filter(canvas=upload.canvas_id)
    about = [upload.subject, *(pipeline.subject for pipeline in pipelines)]
    moving = Run.objects.of(upload.workspace).under_way().filter(subject__in=about).first()
    if moving is not None:
        raise Conflict(f"A job is at work: {moving.title}.", detail="Wait for it, or cancel it first.")


def _stale(upload: TrainingUpload) -> StaleEdit:
    now = asdict(Roles.from_json(upload.roles))
    kinds = now.pop("kinds")
    said = [f"{name}: now {value or 'none'}" for name, value in now.items()]
    return StaleEdit(
        f"Not saved: what the columns of {upload.filename} are was changed meanwhile.",
        detail="The page now shows what holds; make your change again.",
        changed=[f"Version {upload.version}, {len(kinds)} columns are learnt from.", *said],
    )
