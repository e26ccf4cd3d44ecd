"""What was generated and run from a log: training tables, projects with rows of it, results of stages."""

from collections.abc import Sequence
from functools import partial

from django.db.models import QuerySet

from common.derived import Derived
from common.formatting import things
from jobs.models import Blob, Run
from pipelines.domain.lifecycle import IN_USE, Cause, PipelineState
from pipelines.models import AliasName, Generation, ModelVersion, Pipeline, PipelineEvent, PipelineRun, TrainingUpload
from planner.models import EventLog


def log_derivatives(log: EventLog) -> Derived:
    """Generations made from a log, their runs and models; pipelines and what was measured of their value stay."""
    return _derived(Generation.objects.filter(workspace=log.workspace, log=log), "log")


def upload_derivatives(upload: TrainingUpload) -> Derived:
    """The same for a table that was brought."""
    return _derived(Generation.objects.filter(workspace=upload.workspace, upload=upload), "table")


def _derived(found: QuerySet[Generation], source: str) -> Derived:
    generations = list(found.select_related("pipeline"))
    runs = list(PipelineRun.objects.filter(generation__in=generations))
    words = [things(len(generations), "generated project") + " with training table"] if generations else []
    words += [f"results of {things(len(runs), 'run')}"] if runs else []
    versions = ModelVersion.objects.filter(run__in=runs).count()
    words += [f"{things(versions, 'model')}, and what is served of them"] if versions else []
    return Derived(words, partial(_remove, generations, runs, source))


def _remove(generations: Sequence[Generation], runs: Sequence[PipelineRun], source: str) -> list[Blob]:
    jobs = Run.objects.filter(pk__in=[run.run_id for run in runs] + [one.job_id for one in generations])
    outputs = jobs.values_list("stages__output", flat=True)
    held = [output["blob"] for output in outputs if isinstance(output, dict) and "blob" in output]
    held += [pk for one in generations for pk in (one.archive_id, one.data_id)]
    blobs = list(Blob.objects.filter(pk__in=held))
    pipelines = {one.pipeline_id for one in generations}
    ModelVersion.objects.filter(run__in=[run.pk for run in runs]).delete()
    jobs.delete()
    Generation.objects.filter(pk__in=[one.pk for one in generations]).delete()
    for pipeline in Pipeline.objects.filter(pk__in=pipelines, generations=None):
        pipeline.specification = {}
        _changed(pipeline, PipelineState.DESIGNED, source)
    without = Pipeline.objects.filter(pk__in=pipelines).exclude(aliases__name=AliasName.CHAMPION)
    for pipeline in without.filter(state__in=[state.value for state in IN_USE]):
        _changed(pipeline, PipelineState.GENERATED, source)
    return blobs


def _changed(pipeline: Pipeline, after: PipelineState, source: str) -> None:
    """What is left of a pipeline: a design, or a project whose model is gone."""
    before, pipeline.state = pipeline.state, after.value
    pipeline.save(update_fields=["state", "specification"])
    PipelineEvent.objects.create(
        workspace_id=pipeline.workspace_id,
        pipeline=pipeline,
        before=before,
        after=pipeline.state,
        cause=Cause.PERSON.value,
        note=f"the {source} it was generated from was deleted",
    )
