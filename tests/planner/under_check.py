"""A process whose check is under way."""

from jobs.models import Run, RunState
from planner.models import Process


def under_check(process: Process, state: RunState = RunState.RUNNING) -> Run:
    """The job as an import leaves it: queued or running."""
    return Run.objects.create(
        workspace=process.workspace,
        kind="planner.screen",
        title=f"What can be foretold in {process.name}",
        subject=f"process:{process.pk}",
        state=state.value,
    )
