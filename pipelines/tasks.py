"""What the engine runs for pipelines."""

from celery import shared_task
from django.utils import timezone

from canvas.services import canvases_draft_compute
from common.errors import ProblemError
from jobs.execution import NotYet, StageContext, StageFailed, UserFault, execute_stage
from pipelines import services
from pipelines.services.looking import monitoring_compute, monitoring_publish

DATA_PROBLEM = 3
PROBLEM = "problem: "
LOOK_AGAIN_S = 3.0


@shared_task(name="pipelines.generate", ignore_result=True)
def generate(*, stage_id: int, attempt: int, **_: object) -> None:
    """Build the training table and render the project."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=_generated, publish=services.generation_publish)


@shared_task(name="pipelines.generate_first", ignore_result=True)
def generate_first(*, stage_id: int, attempt: int, **_: object) -> None:
    """Draft the canvases of the first tasks of a ranking, then start to generate each."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=_drafted, publish=services.generate_first_publish)


@shared_task(name="pipelines.profile", ignore_result=True)
def profile(*, stage_id: int, attempt: int, **_: object) -> None:
    """Look at a table somebody brought."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=_profiled, publish=services.training_profile_publish)


@shared_task(name="pipelines.stage", ignore_result=True)
def stage(*, stage_id: int, attempt: int, **_: object) -> None:
    """Run one stage of a generated project."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=_run)


@shared_task(name="pipelines.record", ignore_result=True)
def record(*, stage_id: int, attempt: int, **_: object) -> None:
    """Hold the run's result against the plan."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=services.record_compute, publish=services.record_publish)


@shared_task(name="pipelines.demo_example", ignore_result=True)
def demo_example(*, stage_id: int, attempt: int, **_: object) -> None:
    """Bring the worked example of the demo."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=_nothing, publish=services.demo_example_publish)


@shared_task(name="pipelines.demo_canvas", ignore_result=True)
def demo_canvas(*, stage_id: int, attempt: int, **_: object) -> None:
    """Once it is imported and checked: the canvas of its best task, and its pipeline."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=_others_over, publish=services.demo_canvas_publish)


@shared_task(name="pipelines.demo_run", ignore_result=True)
def demo_run(*, stage_id: int, attempt: int, **_: object) -> None:
    """Once the pipeline is generated: a run of it."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=_others_over, publish=services.demo_run_publish)


@shared_task(name="pipelines.monitor", ignore_result=True)
def monitor(*, stage_id: int, attempt: int, **_: object) -> None:
    """Look at what was predicted lately."""
    execute_stage(
        stage_id=stage_id,
        attempt=attempt,
        work=monitoring_compute,
        publish=monitoring_publish,
    )


@shared_task(name="pipelines.read_outcomes", ignore_result=True)
def read_outcomes(*, stage_id: int, attempt: int, **_: object) -> None:
    """Read from a newer log what became of predicted cases."""
    execute_stage(
        stage_id=stage_id,
        attempt=attempt,
        work=services.log_outcomes_compute,
        publish=services.log_outcomes_publish,
    )


@shared_task(name="pipelines.realise", ignore_result=True)
def realise(*, stage_id: int, attempt: int, **_: object) -> None:
    """Count what a model in use brought."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=services.months_compute, publish=services.months_publish)


@shared_task(name="pipelines.notify", ignore_result=True)
def notify(*, stage_id: int, attempt: int, **_: object) -> None:
    """Ask for the owner's own run."""
    execute_stage(stage_id=stage_id, attempt=attempt, work=_notified)


def _notified(context: StageContext) -> dict[str, object]:
    try:
        return services.notify_compute(context, now=timezone.now())
    except services.NotNotified as refused:
        raise UserFault(str(refused)) from None


def _nothing(context: StageContext) -> dict[str, object]:
    """All there is to do is an effect on the database."""
    return {}


def _others_over(context: StageContext) -> dict[str, object]:
    try:
        first = services.demo_waits_for(workspace_id=context.workspace_id, example=str(context.params["example"]))
    except services.Stopped as stopped:
        raise UserFault(str(stopped)) from None
    if first:
        raise NotYet(f"Waits for “{first}”.", wait_s=LOOK_AGAIN_S)
    return {}


def _generated(context: StageContext) -> dict[str, object]:
    try:
        return services.generation_compute(context)
    except services.NotGenerable as fault:
        raise UserFault(str(fault)) from None


def _profiled(context: StageContext) -> dict[str, object]:
    try:
        return services.training_profile_compute(context)
    except services.NotGenerable as fault:
        raise UserFault(str(fault)) from None


def _drafted(context: StageContext) -> dict[str, object]:
    try:
        return canvases_draft_compute(params=context.params, progress=context.progress)
    except ProblemError as problem:
        raise UserFault(str(problem)) from None


def _run(context: StageContext) -> dict[str, object]:
    """A project that says its data are at fault ends with code 3 and a sentence: no use trying again."""
    try:
        return services.stage_compute(context)
    except StageFailed as failed:
        if failed.returncode != DATA_PROBLEM:
            raise
        told = [line for line in failed.tail if line.startswith(PROBLEM)]
        raise UserFault(told[-1].removeprefix(PROBLEM) if told else str(failed)) from None
