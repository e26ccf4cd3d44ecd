"""Questions about targets and the checks on them."""

from collections.abc import Iterable

from accounts.models import Workspace
from jobs.models import Run
from planner.models import DecisionTarget, Process, Task


def targets_of(task: Task) -> list[DecisionTarget]:
    """The targets of a task, the most useful first."""
    return list(DecisionTarget.objects.of(task.workspace).filter(task=task))


def chosen_target(task: Task) -> DecisionTarget | None:
    """The target a model at this task would be built for, None where none was found or chosen."""
    return DecisionTarget.objects.of(task.workspace).chosen().filter(task=task).first()


def chosen_targets(process: Process) -> dict[int, DecisionTarget]:
    """The chosen targets of a process by task."""
    rows = DecisionTarget.objects.of(process.workspace).chosen().filter(task__process=process)
    return {row.task_id: row for row in rows}


def screen_run(workspace: Workspace, process: Process) -> Run | None:
    """The newest check of the process, None where it was never checked."""
    subject = f"process:{process.pk}"
    return Run.objects.of(workspace).filter(kind="planner.screen", subject=subject).order_by("-id").first()


def screen_under_way(process: Process) -> Run | None:
    """The check of the process that is queued or running, None where there is none."""
    runs = Run.objects.of(process.workspace).filter(kind="planner.screen").about(f"process:{process.pk}")
    return runs.under_way().first()


def screens_under_way(workspace: Workspace, processes: Iterable[int]) -> set[int]:
    """The ids of these processes whose check is queued or running."""
    wanted = {f"process:{pk}": pk for pk in processes}
    runs = Run.objects.of(workspace).under_way().filter(kind="planner.screen", subject__startswith="process:")
    return {wanted[subject] for subject in runs.values_list("subject", flat=True) if subject in wanted}
