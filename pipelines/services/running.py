"""Running: a generation's stages as a DAG of jobs, and one last stage that holds the result against the plan."""

from collections.abc import Mapping

from django.db import transaction

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from jobs.models import Run
from jobs.services import StageSpec, run_submit
from pipelines.domain.fingerprint import stage_source
from pipelines.domain.stage_graph import STAGES, StageDefinition, sources_of
from pipelines.models import Generation, PipelineRun
from pipelines.services.environments import environment_key

KIND = "pipelines.run"
STAGE_TASK, RECORD_TASK = "pipelines.stage", "pipelines.record"
RECORD = "record"
RECORDED_FROM = ("evaluate", "test", "package", "serve_smoke")
TIME_LIMIT_S = 1800


def pipeline_run_start(*, access: Access, generation: Generation) -> PipelineRun:
    """Start a run. While one of the same generation is under way, that one is given back: two clicks, one run."""
    access.require(Role.EDITOR)
    with transaction.atomic():
        pipeline = generation.pipeline
        number = pipeline.runs.count() + 1
        latest = pipeline.runs.filter(generation=generation).select_related("run").first()
        if latest is not None and not latest.run.is_over:
            return latest
        run = run_submit(
            access=access,
            kind=KIND,
            title=f"Run {number} of {pipeline.task.name}",
            stages=stage_specs(generation),
            params={"generation": generation.pk},
            subject=pipeline.subject,
            idempotency_key=f"pipeline:{pipeline.pk}:run:{number}",
        )
        return _started(access, generation, run, number)


def _started(access: Access, generation: Generation, run: Run, number: int) -> PipelineRun:
    found, made = PipelineRun.objects.get_or_create(
        run=run,
        defaults={
            "workspace": generation.workspace,
            "pipeline": generation.pipeline,
            "generation": generation,
            "number": number,
        },
    )
    if made:
        detail = {"task": generation.pipeline.task.name, "generation": generation.number, "run": number}
        audit_record(access=access, verb="pipeline.run", subject=generation.pipeline.subject, detail=detail)
    return found


def stage_specs(generation: Generation) -> list[StageSpec]:
    """The stages of a run. What decides a stage's result is in its source: an unchanged one is not run again."""
    digests = {str(entry["path"]): str(entry["digest"]) for entry in generation.tree}
    environment = environment_key(generation.specification["lock_name"])
    specs = [_spec(stage, generation, digests, environment) for stage in STAGES]
    return [*specs, StageSpec(RECORD, RECORD_TASK, RECORDED_FROM, timeout_s=600)]


def _spec(stage: StageDefinition, generation: Generation, digests: Mapping[str, str], environment: str) -> StageSpec:
    extra = {"environment": environment, "package": generation.package}
    if not stage.after:
        extra |= {"data": generation.data.digest, "moment": generation.split_moment}
    source = stage_source(stage.name, digests, sources_of(stage, generation.package), extra=extra)
    return StageSpec(stage.name, STAGE_TASK, stage.after, params={}, timeout_s=TIME_LIMIT_S, fingerprint_source=source)
