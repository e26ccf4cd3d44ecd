"""Generating: a job that builds the training table, renders the project and keeps both."""

from typing import Any

from django.db import transaction

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from canvas.models import Canvas
from canvas.services import canvases_draft_top
from jobs.models import Blob, Run, Stage
from jobs.services import StageSpec, blob_store, run_submit
from pipelines.domain.designing import SpecificationError
from pipelines.domain.lifecycle import Cause, PipelineState
from pipelines.models import Generation, Pipeline
from pipelines.services.contexts import Context
from pipelines.services.designing import design_make, tree_of
from pipelines.services.living import pipeline_state_change
from pipelines.services.tables import NotGenerable, table_of
from planner.domain.foresight.targets import TargetSpec
from planner.domain.valuation.ranking import RankBy
from planner.models import EventLog, Process
from planner.services import log_of

KIND = "pipelines.generate"
ZIP, CSV = "application/zip", "text/csv"


def pipeline_generate(
    *, access: Access, canvas: Canvas, target: TargetSpec | None = None, include_rows: bool = True, next_url: str = ""
) -> Run:
    """Start generating; the job's result names the generation. Without `target`: the chosen one, else the best.

    A generation of the same canvas that is under way is given back instead of starting a second one.
    """
    access.require(Role.EDITOR)
    with transaction.atomic():
        pipeline, _ = Pipeline.objects.get_or_create(
            workspace=access.workspace, canvas=canvas, defaults={"task": canvas.task}
        )
        under_way = Run.objects.of(access.workspace).about(pipeline.subject).filter(kind=KIND).under_way().first()
        if under_way is not None:
            return under_way
        spec = None if target is None else target.as_json()
        stage = StageSpec("generate", KIND, params={"target": spec, "include_rows": include_rows}, timeout_s=900)
        return run_submit(
            access=access,
            kind=KIND,
            title=f"Generate the pipeline of {canvas.task.name}",
            stages=[stage],
            params={"pipeline": pipeline.pk, "next": next_url},
            subject=pipeline.subject,
        )


def pipeline_generate_top(
    *, access: Access, process: Process, k: int, by: str = RankBy.ROI, include_rows: bool = True
) -> list[Run]:
    """Draft the canvases of the first `k` tasks of the ranking (in the order `by`), and generate each."""
    canvases = canvases_draft_top(access=access, process=process, k=k, by=by)
    return [pipeline_generate(access=access, canvas=canvas, include_rows=include_rows) for canvas in canvases]


def generation_compute(context: Context) -> dict[str, Any]:
    """The work of the job: nothing is published here but files known by their content."""
    pipeline = Pipeline.objects.with_task().select_related("workspace").get(pk=context.run_params["pipeline"])
    target, include_rows = context.params["target"], bool(context.params["include_rows"])
    context.progress(0.1, "building the training table")
    spec = TargetSpec.from_json(target) if isinstance(target, dict) else None
    table = table_of(task=pipeline.task, target=spec)
    context.progress(0.6, "rendering the project")
    try:
        design = design_make(canvas=pipeline.canvas, table=table)
    except SpecificationError as error:
        raise NotGenerable(str(error)) from error
    project = design.project(with_rows=include_rows)
    context.progress(0.9, "keeping the archive")
    archive = blob_store(workspace=pipeline.workspace, source=project.archive(), media_type=ZIP)
    data = blob_store(workspace=pipeline.workspace, source=design.data.rows, media_type=CSV)
    context.log(f"{len(project.files)} files, digest {project.digest[:12]}; {len(table.frame)} rows in the table")
    return {
        "digest": project.digest,
        "log": log_of(pipeline.task).pk,
        "archive": archive.pk,
        "data": data.pk,
        "with_rows": include_rows,
        "rows": len(table.frame),
        "split_moment": design.data.split_moment,
        "tree": tree_of(project.files),
        "specification": design.specification.as_json(),
        "target": table.target.as_json(),
    }


def generation_publish(stage: Stage, output: dict[str, Any]) -> None:
    """The generation, the state of its pipeline and the event: exactly once, with the end of the job."""
    run = stage.run
    pipeline = Pipeline.objects.select_for_update().get(pk=run.params["pipeline"])
    generation = _generation(pipeline, run, output)
    pipeline.specification = generation.specification
    pipeline.save(update_fields=["specification"])
    access = Access(user=run.created_by, workspace=pipeline.workspace, role=Role.EDITOR)
    note = f"generation {generation.number}, canvas version {generation.canvas_version}"
    pipeline_state_change(
        access=access, pipeline=pipeline, after=PipelineState.GENERATED, cause=Cause.PERSON, note=note
    )
    detail = {"task": pipeline.task.name, "digest": generation.digest[:12], "with_rows": generation.with_rows}
    audit_record(access=access, verb="pipeline.generated", subject=pipeline.subject, detail=detail)
    Run.objects.filter(pk=run.pk).update(result={"generation": generation.pk, "pipeline": pipeline.pk})


def _generation(pipeline: Pipeline, run: Run, output: dict[str, Any]) -> Generation:
    blobs = Blob.objects.of(pipeline.workspace)
    specification = output["specification"]
    return Generation.objects.create(
        workspace=pipeline.workspace,
        pipeline=pipeline,
        job=run,
        number=pipeline.generations.count() + 1,
        digest=output["digest"],
        log_id=EventLog.objects.of(pipeline.workspace).filter(pk=output["log"]).values_list("pk", flat=True).first(),
        archive=blobs.get(pk=output["archive"]),
        data=blobs.get(pk=output["data"]),
        with_rows=output["with_rows"],
        rows=output["rows"],
        split_moment=output["split_moment"],
        tree=output["tree"],
        specification=specification,
        target=output["target"],
        canvas_version=specification["canvas_version"],
        created_by=run.created_by,
    )
