"""Several pipelines at once: those of a process, or of the tasks a portfolio chose."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import StreamingHttpResponse
from django.utils.text import slugify

from canvas.models import Canvas, Conclusion
from pipelines.domain.archive import archives_join
from pipelines.models import Generation, Pipeline
from pipelines.selectors.generation_files import generation_files
from planner.models import PortfolioPlan, Process


@dataclass(frozen=True)
class Several:
    """`pipelines` as they are; `waiting` canvases without one; `missing` tasks without a canvas."""

    pipelines: tuple[Pipeline, ...]
    waiting: tuple[Canvas, ...]
    missing: int = 0


def several_of_process(process: Process) -> Several:
    """Every pipeline of a process, the latest changed first; canvases concluded against one do not wait."""
    pipelines = Pipeline.objects.of(process.workspace).of_process(process).with_task()
    canvases = Canvas.objects.of(process.workspace).filter(task__process=process, pipeline=None)
    waiting = canvases.exclude(conclusion=Conclusion.DO_NOT_BUILD).select_related("task", "workspace")
    return Several(tuple(pipelines), tuple(waiting))


def several_of_portfolio(plan: PortfolioPlan) -> Several:
    """Those of the tasks a portfolio chose, in the order of its tasks."""
    chosen = [line["id"] for line in plan.result.get("chosen", ())]
    pipelines = Pipeline.objects.of(plan.workspace).filter(task__in=chosen).with_task().order_by("task_id")
    canvases = Canvas.objects.of(plan.workspace).filter(task__in=chosen)
    waiting = canvases.filter(pipeline=None).select_related("task", "workspace").order_by("task_id")
    return Several(tuple(pipelines), tuple(waiting), len(chosen) - canvases.count())


def projects_packed(pipelines: tuple[Pipeline, ...]) -> Iterator[bytes]:
    """One zip with the latest generation of each, in pieces; pipelines never generated are left out."""
    latest = latest_generations(pipelines)
    return archives_join((generation.slug, generation_files(generation)) for generation in latest)


def archive_of(pipelines: tuple[Pipeline, ...], name: str) -> StreamingHttpResponse:
    """One archive, sent on while it is packed, so that many projects hold no memory and no one waits for the last."""
    answer = StreamingHttpResponse(projects_packed(pipelines), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{slugify(name)[:60] or "pipelines"}-pipelines.zip"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def latest_generations(pipelines: tuple[Pipeline, ...]) -> list[Generation]:
    """The latest generation of each that has one, in their order."""
    if not pipelines:
        return []
    found = Generation.objects.of(pipelines[0].workspace).filter(pipeline__in=pipelines).select_related("archive")
    latest = {generation.pipeline_id: generation for generation in found.order_by("number")}
    return [latest[pipeline.pk] for pipeline in pipelines if pipeline.pk in latest]
