"""Runs made without a worker, with what their stages would have written, for tests of what is shown of them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from jobs.models import Run, Stage
from jobs.services import blob_store
from pipelines.domain.archive import archive_write
from pipelines.domain.fingerprint import file_digests
from pipelines.models import Pipeline, PipelineRun

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def run_made(pipeline: Pipeline, **values: Any) -> PipelineRun:
    """The next run of a pipeline's first generation, without stages."""
    workspace, number = pipeline.workspace, pipeline.runs.count() + 1
    run = Run.objects.create(workspace=workspace, kind="pipelines.run", title=f"Run {number}", state="succeeded")
    generation = pipeline.generations.order_by("number").first()
    return PipelineRun.objects.create(
        workspace=workspace, pipeline=pipeline, generation=generation, run=run, number=number, **values
    )


def stage_made(
    found: PipelineRun,
    name: str,
    *,
    results: Mapping[str, Any] | None = None,
    files: Mapping[str, bytes] | None = None,
    begins: float = 0.0,
    seconds: float = 1.0,
    **values: Any,
) -> Stage:
    """A stage that is done: `results` what its JSON files say, `files` what it wrote, times in seconds."""
    output: dict[str, Any] = {"results": dict(results or {})}
    if files:
        archive = archive_write(files)
        blob = blob_store(workspace=found.workspace, source=archive, media_type="application/zip")
        listed = [{"path": path, "size": len(files[path]), "digest": one} for path, one in file_digests(files).items()]
        output |= {"blob": blob.pk, "digest": blob.digest, "files": listed}
    known = {"state": "succeeded", "attempt": 1, "task_name": "pipelines.stage"}
    return Stage.objects.create(
        workspace=found.workspace,
        run=found.run,
        name=name,
        position=found.run.stages.count(),
        output=output,
        started_at=START + timedelta(seconds=begins),
        finished_at=START + timedelta(seconds=begins + seconds),
        **{**known, **values},
    )
