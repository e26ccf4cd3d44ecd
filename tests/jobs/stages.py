"""Stages to run in tests: Celery tasks whose work is told by their parameters."""

import os
import signal
import time
from pathlib import Path
from typing import Any

from celery import shared_task
from django.conf import settings

from accounts.models import Workspace
from jobs.execution import Limits, NotYet, StageContext, UserFault, execute_stage
from jobs.execution.context import COMMAND_LIMITS
from jobs.models import Blob, LogEvent, Stage
from jobs.services import blob_open, blob_store
from jobs.services.recording import stage_record

EFFECT = "It was published."


def number(context: StageContext, name: str, default: float = 0) -> float:
    value = context.params.get(name, default)
    return float(value) if isinstance(value, int | float | str) else default


def work(context: StageContext) -> dict[str, Any]:
    """Do what the parameters say, in the order below, and give back their `output`."""
    params: dict[str, Any] = dict(context.params)
    if "mark" in params:
        with Path(params["mark"]).open("a", encoding="utf-8") as marks:
            marks.write(f"{os.getpid()} {os.getppid()}\n")
    for line in params.get("say", []):
        context.log(line)
    for share, note in params.get("progress", []):
        context.progress(share, note)
    for name, value in params.get("metrics", {}).items():
        context.metric(name, value)
    if "print" in params:
        print(params["print"])  # noqa: T201
    if "command" in params:
        limits = Limits(memory_mb=params["memory_mb"]) if "memory_mb" in params else COMMAND_LIMITS
        context.command(params["command"], limits=limits)
    time.sleep(number(context, "sleep"))
    _go_wrong(context, params)
    return {**params.get("output", {}), "inputs": dict(context.inputs), "attempt": context.attempt}


def _go_wrong(context: StageContext, params: dict[str, Any]) -> None:
    if context.attempt <= number(context, "fail_attempts"):
        raise RuntimeError("it broke")
    if context.attempt <= number(context, "not_yet_attempts"):
        raise NotYet("The kiln is cold.", wait_s=0.05)
    if "user_fault" in params:
        raise UserFault(params["user_fault"])
    if context.attempt <= number(context, "die_attempts"):
        os.kill(os.getpid(), int(number(context, "signal", signal.SIGKILL)))
    if context.attempt <= number(context, "kill_worker_attempts"):
        os.kill(os.getppid(), signal.SIGKILL)
    if context.attempt <= number(context, "hang_attempts"):
        time.sleep(600)


def file_work(context: StageContext) -> dict[str, Any]:
    """Read the files of the stages before, and keep them one after the other, with a part of one's own at the end."""
    given = [Blob.objects.get(pk=output["blob"]) for _, output in sorted(context.inputs.items())]
    content = b""
    for blob in given:
        with blob_open(blob) as source:
            content += source.read()
    content += context.name.encode() * int(number(context, "times", 1))
    kept = blob_store(workspace=_workspace(context), source=content, media_type="text/plain")
    if "mark" in context.params:
        Path(str(context.params["mark"])).write_text(str(settings.DATA_DIR), encoding="utf-8")
    _go_wrong(context, dict(context.params))
    return {"blob": kept.pk, "digest": kept.digest, "disk": str(settings.DATA_DIR)}


def _workspace(context: StageContext) -> Workspace:
    return Workspace.objects.get(pk=context.workspace_id)


def publish(stage: Stage, output: dict[str, Any]) -> None:
    """Effects of a completion: a file, kept once however often, and when told to a row that is added each time."""
    content = f"{stage.pk} was published".encode()
    blob_store(workspace=stage.workspace, source=content, media_type="text/plain")
    if stage.params.get("publish_twice_is_seen"):
        stage_record(stage, LogEvent.MESSAGE, EFFECT)
    if stage.params.get("publish_fails"):
        raise RuntimeError("publishing broke")


@shared_task(name="tests.stage", ignore_result=True)
def stage_run(*, stage_id: int, attempt: int, **_: object) -> None:
    execute_stage(stage_id=stage_id, attempt=attempt, work=work)


@shared_task(name="tests.publishing_stage", ignore_result=True)
def publishing_stage_run(*, stage_id: int, attempt: int, **_: object) -> None:
    execute_stage(stage_id=stage_id, attempt=attempt, work=work, publish=publish)


@shared_task(name="tests.file_stage", ignore_result=True)
def file_stage_run(*, stage_id: int, attempt: int, **_: object) -> None:
    execute_stage(stage_id=stage_id, attempt=attempt, work=file_work)
