"""What the engine runs for pipelines."""

from celery import shared_task

from jobs.execution import StageContext, StageFailed, UserFault, execute_stage
from pipelines import services

DATA_PROBLEM = 3
PROBLEM = "problem: "


@shared_task(name="pipelines.generate", ignore_result=True)
def generate(*, stage_id: int, attempt: int, **_: object) -> None:
    """Build the training table and render the project."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=_generated, publish=services.generation_publish)


@shared_task(name="pipelines.stage", ignore_result=True)
def stage(*, stage_id: int, attempt: int, **_: object) -> None:
    """Run one stage of a generated project."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=_run)


@shared_task(name="pipelines.record", ignore_result=True)
def record(*, stage_id: int, attempt: int, **_: object) -> None:
    """Hold the run's result against the plan."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=services.record_compute, publish=services.record_publish)


def _generated(context: StageContext) -> dict[str, object]:
    try:
        return services.generation_compute(context)
    except services.NotGenerable as fault:
        raise UserFault(str(fault)) from None


def _run(context: StageContext) -> dict[str, object]:
    """A project that says its data are at fault ends with code 3 and a sentence: no use trying again."""
    try:
        return services.stage_compute(context)
    except StageFailed as failed:
        if failed.returncode != DATA_PROBLEM:
            raise
        told = [line for line in failed.tail if line.startswith(PROBLEM)]
        raise UserFault(told[-1].removeprefix(PROBLEM) if told else str(failed)) from None
