"""A few processes of our own that execute stages where there is no broker: the dispatcher's and `run_drain`'s."""

import logging
import os
import select
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import NoReturn, Self

from celery import current_app
from django.db import connections

from jobs.models import Stage
from jobs.services.claims import LeaseLost, stage_claim, stage_fail
from jobs.services.lifeline import die_with_parent
from jobs.services.recovery import stage_reap

log = logging.getLogger(__name__)
STOP_SECONDS = 5.0
REST_SECONDS = 1.0


@dataclass(frozen=True)
class _Member:
    pid: int
    exit_descriptor: int
    stage_id: int
    attempt: int


class LocalPool:
    """At most `size` processes, one stage each. Leave the block, and none is left: their stages are handed back."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._members: dict[int, _Member] = {}
        self._rests: dict[tuple[int, int], float] = {}
        self._tasks: Mapping[str, Callable[..., object]] | None = None

    def __enter__(self) -> Self:
        current_app.loader.import_default_modules()  # commands and tests have not loaded the apps' tasks
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def busy(self) -> bool:
        return bool(self._members)

    def start(self, stage: Stage) -> bool:
        """Execute a ready stage, unless all are busy or this attempt has just been tried."""
        key = (stage.pk, stage.attempt)
        if len(self._members) >= self._size or time.monotonic() < self._rests.get(key, 0.0):
            return False
        if any((member.stage_id, member.attempt) == key for member in self._members.values()):
            return False
        if self._tasks is None:
            current_app.autodiscover_tasks(force=True)  # every app's, as a worker does when it starts
            self._tasks = current_app.tasks
        task = self._tasks.get(stage.task_name)
        if task is None:
            _refuse(stage)
        else:
            self._fork(stage, task)
        return True

    def wait(self, seconds: float) -> bool:
        """Until a process ends, or `seconds` have passed. True when one did; what it left running is taken back."""
        descriptors = {member.exit_descriptor: member for member in self._members.values()}
        readable, _, _ = select.select(list(descriptors), [], [], max(seconds, 0.0))
        for descriptor in readable:
            self._collect(descriptors[descriptor])
        return bool(readable)

    def stop(self) -> None:
        """Ask every process to hand back its stage and end; end those that do not."""
        for member in self._members.values():
            os.kill(member.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while self._members and time.monotonic() < deadline:
            self.wait(deadline - time.monotonic())
        for member in list(self._members.values()):
            os.kill(member.pid, signal.SIGKILL)
            self._collect(member)

    def _fork(self, stage: Stage, task: Callable[..., object]) -> None:
        connections.close_all()  # a forked connection would be shared
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            _member_main(stage, task, parent)
        self._members[pid] = _Member(pid, os.pidfd_open(pid), stage.pk, stage.attempt)

    def _collect(self, member: _Member) -> None:
        _, status = os.waitpid(member.pid, 0)
        os.close(member.exit_descriptor)
        del self._members[member.pid]
        now = time.monotonic()
        self._rests = {key: until for key, until in self._rests.items() if until > now}
        self._rests[member.stage_id, member.attempt] = now + REST_SECONDS
        if status:  # one that ended well holds nothing: whoever runs its stage now is another's
            _take_back(member)


def _take_back(member: _Member) -> None:
    """Take back the stage of a process that died, when its row says it runs: no need to wait for the lease."""
    for held in Stage.objects.running().filter(pk=member.stage_id, attempt=member.attempt + 1):
        stage_reap(stage_id=held.pk, token=held.token, beat=held.beat)


def _member_main(stage: Stage, task: Callable[..., object], parent: int) -> NoReturn:
    code = 1
    try:
        die_with_parent(parent)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        task(stage_id=stage.pk, attempt=stage.attempt)
        code = 0
    except SystemExit:
        code = 0
    except BaseException:
        log.exception("Stage %s: its process ended badly", stage.pk)
    finally:
        with suppress(Exception):
            connections.close_all()
        os._exit(code)


def _refuse(stage: Stage) -> None:
    claimed = stage_claim(stage_id=stage.pk, attempt=stage.attempt)
    if claimed is not None:
        with suppress(LeaseLost):
            stage_fail(claimed, reason=f"No task is called “{stage.task_name}” in this version.", final=True)
