"""Jobs about one pipeline of which one at a time is enough."""

from accounts.access import Access
from jobs.models import Run
from jobs.services import StageSpec, run_submit
from pipelines.models import Pipeline


def pipeline_job(*, access: Access, pipeline: Pipeline, kind: str, title: str, stage: str, timeout_s: int) -> Run:
    """Start the job of this kind, of one stage that is told the pipeline; the one under way is given back."""
    under_way = Run.objects.of(access.workspace).about(pipeline.subject).filter(kind=kind).under_way().first()
    if under_way is not None:
        return under_way
    return run_submit(
        access=access,
        kind=kind,
        title=title,
        stages=[StageSpec(stage, kind, params={"pipeline": pipeline.pk}, timeout_s=timeout_s)],
        subject=pipeline.subject,
    )
