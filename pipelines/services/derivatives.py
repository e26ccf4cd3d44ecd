"""What was generated and run from a log: training tables, projects with rows of it, results of stages."""

from collections.abc import Sequence
from functools import partial

from common.derived import Derived
from common.formatting import things
from jobs.models import Blob, Run
from pipelines.domain.lifecycle import Cause, PipelineState
from pipelines.models import Generation, Pipeline, PipelineEvent, PipelineRun
from planner.models import EventLog


def log_derivatives(log: EventLog) -> Derived:
    """Generations made from a log and their runs; pipelines and what their models measured stay."""
    generations = list(Generation.objects.filter(workspace=log.workspace, log=log).select_related("pipeline"))
    runs = list(PipelineRun.objects.filter(generation__in=generations))
    words = [things(len(generations), "generated project") + " with training table"] if generations else []
    words += [f"results of {things(len(runs), 'run')}"] if runs else []
    return Derived(words, partial(_remove, generations, runs))


def _remove(generations: Sequence[Generation], runs: Sequence[PipelineRun]) -> list[Blob]:
    jobs = Run.objects.filter(pk__in=[run.run_id for run in runs] + [one.job_id for one in generations])
    outputs = jobs.values_list("stages__output", flat=True)
    held = [output["blob"] for output in outputs if isinstance(output, dict) and "blob" in output]
    held += [pk for one in generations for pk in (one.archive_id, one.data_id)]
    blobs = list(Blob.objects.filter(pk__in=held))
    pipelines = {one.pipeline_id for one in generations}
    jobs.delete()
    Generation.objects.filter(pk__in=[one.pk for one in generations]).delete()
    for pipeline in Pipeline.objects.filter(pk__in=pipelines, generations=None):
        _begun_again(pipeline)
    return blobs


def _begun_again(pipeline: Pipeline) -> None:
    """A pipeline of which nothing is left is designed only."""
    before, pipeline.state, pipeline.specification = pipeline.state, PipelineState.DESIGNED.value, {}
    pipeline.save(update_fields=["state", "specification"])
    PipelineEvent.objects.create(
        workspace_id=pipeline.workspace_id,
        pipeline=pipeline,
        before=before,
        after=pipeline.state,
        cause=Cause.PERSON.value,
        note="the log it was generated from was deleted",
    )
