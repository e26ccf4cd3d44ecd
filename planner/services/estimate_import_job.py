"""Applying a file of estimates: a few tasks at once, more of them as a job, since each is valued anew."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.access import Access
from accounts.models import Role, Workspace
from jobs.models import Run, Stage
from jobs.services import StageSpec, run_submit
from planner.models import Process
from planner.selectors.estimate_table import APPLY_ESTIMATES, import_subject
from planner.services.estimate_import import (
    estimate_import_apply,
    estimate_import_belongs,
    estimate_import_check,
)

TASK = APPLY_ESTIMATES
AT_ONCE = 10
"""So many tasks are changed while a page waits."""


@dataclass(frozen=True)
class ImportStarted:
    """How many tasks are changed; `run` is the job that does it, None where it is done."""

    tasks: int
    run: Run | None = None


def estimate_import_start(*, access: Access, token: str, process: Process | None = None) -> ImportStarted:
    """Apply what a preview showed, as `estimate_import_apply`; the same token sent twice is one job."""
    access.require(Role.EDITOR)
    estimate_import_belongs(workspace=access.workspace, process=process, token=token)
    tasks = estimate_import_check(workspace=access.workspace, token=token)
    if tasks <= AT_ONCE:
        return ImportStarted(estimate_import_apply(access=access, token=token))
    run = run_submit(
        access=access,
        kind=TASK,
        title=f"Set the estimates of {tasks} tasks",
        stages=[StageSpec(name="estimates", task_name=TASK, params={"token": token})],
        subject=import_subject(access.workspace, process),
        idempotency_key=f"{TASK}:{hashlib.sha256(token.encode()).hexdigest()}",
    )
    return ImportStarted(tasks, run)


def estimate_import_compute(*, workspace: Workspace, params: Mapping[str, Any]) -> dict[str, Any]:
    """Look once more whether everything is as the preview showed it; StaleEdit and InvalidInput as for applying it."""
    return {"tasks": estimate_import_check(workspace=workspace, token=str(params["token"]))}


def estimate_import_publish(stage: Stage, output: Mapping[str, Any]) -> None:
    """Set the estimates in the name of whoever asked for it."""
    access = Access(user=stage.run.created_by, workspace=stage.run.workspace, role=Role.EDITOR)
    estimate_import_apply(access=access, token=str(stage.params["token"]))
