"""What the engine runs for canvases."""

from celery import shared_task

from canvas.services import canvases_draft_compute, canvases_draft_publish
from common.errors import ProblemError
from jobs.execution import StageContext, UserFault, execute_stage


@shared_task(name="canvas.draft", ignore_result=True)
def draft_canvases(*, stage_id: int, attempt: int, **_: object) -> None:
    """Draft many canvases."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=_drafted, publish=canvases_draft_publish)


def _drafted(context: StageContext) -> dict[str, object]:
    try:
        return canvases_draft_compute(params=context.params, progress=context.progress)
    except ProblemError as problem:
        raise UserFault(str(problem)) from None
