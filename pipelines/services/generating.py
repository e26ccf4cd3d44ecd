"""Generating: a job that builds the training table, renders the project and keeps both."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from canvas.models import Canvas
from canvas.services import (
    canvases_draft_first,
    canvases_draft_publish,
    check_many,
    drafting_submit,
    is_drafted_at_once,
)
from common.errors import FieldProblem, InvalidInput
from common.formatting import things
from jobs.models import Blob, Run, Stage
from jobs.services import StageSpec, blob_store, run_submit
from pipelines.domain.architecture import Architecture, refusals
from pipelines.domain.designing import SpecificationError
from pipelines.domain.licences import Licence
from pipelines.domain.lifecycle import IN_USE, Cause, PipelineState
from pipelines.models import Firing, Generation, Pipeline, TrainingUpload
from pipelines.selectors.options import licence_kept, pipeline_of, problem_of
from pipelines.services.contexts import Context
from pipelines.services.designing import design_make, tree_of
from pipelines.services.firing import firing_run
from pipelines.services.living import pipeline_state_change
from pipelines.services.numbering import next_number
from pipelines.services.tables import NotGenerable, learnt_of
from planner.domain.foresight.targets import TargetSpec
from planner.domain.valuation.ranking import RankBy
from planner.models import EventLog, Process

KIND = "pipelines.generate"
GENERATE_FIRST = "pipelines.generate_first"
MOST_AT_ONCE = 50
ZIP, CSV = "application/zip", "text/csv"


def pipeline_generate(
    *,
    access: Access,
    canvas: Canvas,
    target: TargetSpec | None = None,
    include_rows: bool = True,
    architecture: Architecture | None = None,
    licence: Licence | None = None,
    next_url: str = "",
    firing: int | None = None,
) -> Run:
    """Start generating; the job's result names the generation. Without `target`: the chosen one, else the best.

    `architecture` is kept for later generations; without it the one kept, else the one the canvas asks for.
    `licence` likewise: without it that of the latest generation, else all rights reserved by the workspace. A
    generation of the same canvas that is under way is given back instead of starting a second one. `firing` names the
    trigger's firing it is made for, whose run starts when it is there.
    """
    access.require(Role.EDITOR)
    if architecture is not None:
        _refuse_options(canvas, architecture)
    with transaction.atomic():
        pipeline, _ = Pipeline.objects.get_or_create(
            workspace=access.workspace, canvas=canvas, defaults={"task": canvas.task}
        )
        under_way = Run.objects.of(access.workspace).about(pipeline.subject).filter(kind=KIND).under_way().first()
        if under_way is not None:
            return under_way
        if architecture is not None:
            pipeline.architecture = architecture.as_json()
            pipeline.save(update_fields=["architecture"])
        spec = None if target is None else target.as_json()
        stage = StageSpec(
            "generate",
            KIND,
            params={
                "target": spec,
                "include_rows": include_rows,
                "architecture": pipeline.architecture,
                "licence": (licence or licence_kept(canvas.workspace, pipeline)).as_json(),
            },
            timeout_s=900,
        )
        return run_submit(
            access=access,
            kind=KIND,
            title=f"Generate the pipeline of {canvas.task.name}",
            stages=[stage],
            params={"pipeline": pipeline.pk, "next": next_url, "firing": firing},
            subject=pipeline.subject,
        )


def _refuse_options(canvas: Canvas, architecture: Architecture) -> None:
    """InvalidInput that names each axis to change; what the problem is, the latest generation tells."""
    problems = [
        FieldProblem(f"options.{refusal.axis}", refusal.sentence)
        for refusal in refusals(problem_of(pipeline_of(canvas)), architecture)
    ]
    if problems:
        raise InvalidInput("These options do not go together.", errors=problems)


def pipelines_generate(*, access: Access, canvases: Sequence[Canvas], include_rows: bool = True) -> list[Run]:
    """Generate the pipeline of each canvas. Refuses with InvalidInput none, and more than fit at once."""
    if not 1 <= len(canvases) <= MOST_AT_ONCE:
        raise InvalidInput(f"Between 1 and {MOST_AT_ONCE} pipelines can be generated at once, not {len(canvases)}.")
    return [pipeline_generate(access=access, canvas=canvas, include_rows=include_rows) for canvas in canvases]


def pipeline_generate_top(
    *, access: Access, process: Process, k: int, by: str = RankBy.ROI, include_rows: bool = True
) -> list[Run]:
    """Draft the canvases of the first `k` tasks of the ranking (in the order `by`), and generate each.

    Where that is more than is drafted while a page waits, the one job that does both is given.
    """
    access.require(Role.EDITOR)
    if not is_drafted_at_once(process, k):
        check_many(k)
        title = f"Generate the first {things(k, 'pipeline')} of {process.name}"
        asked = {"process": process.pk, "k": k, "by": str(by), "include_rows": include_rows}
        subject = f"process:{process.pk}"
        return [drafting_submit(access=access, subject=subject, title=title, asked=asked, kind=GENERATE_FIRST)]
    canvases = canvases_draft_first(access=access, process=process, k=k, by=by)
    return pipelines_generate(access=access, canvases=canvases, include_rows=include_rows)


def generate_first_publish(stage: Stage, output: dict[str, Any]) -> None:
    """Fill the canvases that were drafted, and start to generate each, in the name of who asked."""
    canvases_draft_publish(stage, output)
    access = Access(user=stage.run.created_by, workspace=stage.workspace, role=Role.EDITOR)
    place = {task: at for at, task in enumerate(output["tasks"])}
    drafted = Canvas.objects.of(stage.workspace).filter(task__in=place).select_related("task", "workspace")
    for canvas in sorted(drafted, key=lambda canvas: place[canvas.task_id]):
        pipeline_generate(access=access, canvas=canvas, include_rows=bool(stage.params["include_rows"]))


def generation_compute(context: Context) -> dict[str, Any]:
    """The work of the job: nothing is published here but files known by their content."""
    pipeline = Pipeline.objects.with_task().select_related("workspace").get(pk=context.run_params["pipeline"])
    target, include_rows = context.params["target"], bool(context.params["include_rows"])
    context.progress(0.1, "building the training table")
    spec = TargetSpec.from_json(target) if isinstance(target, dict) else None
    learnt = learnt_of(canvas=pipeline.canvas, target=spec)
    include_rows = include_rows and not learnt.is_made_up
    chosen = context.params.get("architecture")
    architecture = Architecture.from_json(chosen) if chosen else None
    licence = Licence.from_json(context.params.get("licence", {}))
    context.progress(0.6, "rendering the project")
    try:
        design = design_make(canvas=pipeline.canvas, learnt=learnt, architecture=architecture, licence=licence)
    except SpecificationError as error:
        raise NotGenerable(str(error)) from error
    project = design.project(with_rows=include_rows)
    context.progress(0.9, "keeping the archive")
    archive = blob_store(workspace=pipeline.workspace, source=project.archive(), media_type=ZIP)
    data = blob_store(workspace=pipeline.workspace, source=design.data.rows, media_type=CSV)
    made_up = ", made up" if learnt.is_made_up else ""
    context.log(f"{len(project.files)} files, digest {project.digest[:12]}; {learnt.facts.rows} rows{made_up}")
    return {
        "digest": project.digest,
        "log": learnt.log,
        "upload": learnt.upload,
        "rows_from": learnt.facts.rows_from,
        "archive": archive.pk,
        "data": data.pk,
        "with_rows": include_rows,
        "rows": learnt.facts.rows,
        "split_moment": design.data.split_moment,
        "tree": tree_of(project.files),
        "specification": design.specification.as_json(),
        "target": learnt.target,
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
    if pipeline.state_of not in IN_USE:  # what is served goes on until another model is promoted
        pipeline_state_change(
            access=access, pipeline=pipeline, after=PipelineState.GENERATED, cause=Cause.PERSON, note=note
        )
    detail = {
        "task": pipeline.task.name,
        "digest": generation.digest[:12],
        "with_rows": generation.with_rows,
        "rows_from": generation.rows_from,
    }
    audit_record(access=access, verb="pipeline.generated", subject=pipeline.subject, detail=detail)
    Run.objects.filter(pk=run.pk).update(result={"generation": generation.pk, "pipeline": pipeline.pk})
    _run_for_firing(run, generation)


def _run_for_firing(run: Run, generation: Generation) -> None:
    """A trigger waited for this generation: its run starts with the same commit."""
    known = Firing.objects.filter(pk=run.params.get("firing"), workspace=generation.workspace)
    for firing in known.select_related("trigger__created_by", "pipeline__task", "pipeline__workspace"):
        firing_run(firing=firing, generation=generation)


def _generation(pipeline: Pipeline, run: Run, output: dict[str, Any]) -> Generation:
    blobs = Blob.objects.of(pipeline.workspace)
    specification = output["specification"]
    return Generation.objects.create(
        workspace=pipeline.workspace,
        pipeline=pipeline,
        job=run,
        number=next_number(pipeline.generations),
        digest=output["digest"],
        log=EventLog.objects.of(pipeline.workspace).filter(pk=output["log"]).first(),
        upload=TrainingUpload.objects.of(pipeline.workspace).filter(pk=output["upload"]).first(),
        rows_from=output["rows_from"],
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
