"""Holds a stage's lease: forks the work, beats while it runs, ends it when it must, records the end."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, connection, connections

from common.disk import STAGE_REASON, is_disk_full
from jobs.execution.channel import MessageWriter
from jobs.execution.child import Work
from jobs.execution.context import StageContext
from jobs.execution.faults import FULL_DISK_WAIT_S, UserFault
from jobs.execution.process import StageProcess
from jobs.execution.watch import Ending, Outcome, StageWatch
from jobs.models import Stage
from jobs.services.claims import (
    LeaseLost,
    Publish,
    stage_cancelled,
    stage_claim,
    stage_fail,
    stage_hand_back,
    stage_postpone,
    stage_succeed,
)
from jobs.services.lifeline import orphans_adopted
from jobs.services.scratch import scratch
from jobs.services.settling import stage_inputs

log = logging.getLogger(__name__)
MOST_TRIES = 5


class _Stopped(BaseException):
    """The holder was asked to end (SIGTERM) while its stage was running."""


def execute_stage(*, stage_id: int, attempt: int, work: Work, publish: Publish | None = None) -> None:
    """Claim the stage and see it through; returns quietly when the message is stale or another has it.

    `work` runs in a forked process and gives the output, a JSON object. `publish(stage, output)` runs here, inside
    the transaction that completes the stage: all effects on the database belong there, and happen exactly once.
    Asked to end (SIGTERM), it ends the work, hands the stage back uncounted, and exits.
    """
    if connection.in_atomic_block:
        raise RuntimeError("execute_stage needs rows that other processes can see: call it outside of transactions.")
    stage = stage_claim(stage_id=stage_id, attempt=attempt)
    if stage is None:
        log.info("Stage %s, attempt %s: not ours to run", stage_id, attempt)
        return
    try:
        with scratch(stage) as directory:
            _see_through(stage, directory, work, publish)
    except LeaseLost:
        log.warning("Stage %s, attempt %s: the lease was lost, nothing is written", stage.pk, stage.attempt)
    except OSError as error:
        if not is_disk_full(error):
            raise
        _persist(lambda: stage_postpone(stage, reason=STAGE_REASON, wait_s=FULL_DISK_WAIT_S))


def _see_through(stage: Stage, directory: Path, work: Work, publish: Publish | None) -> None:
    try:
        with _stoppable():
            outcome = _run(stage, directory, work)
    except _Stopped:
        stage_hand_back(stage)
        raise SystemExit(0) from None
    _persist(lambda: _record(stage, outcome, publish))


def _run(stage: Stage, directory: Path, work: Work) -> Outcome:
    inputs = stage_inputs(stage, list(Stage.objects.filter(run_id=stage.run_id)))
    connections.close_all()  # a forked connection would be shared

    def context(messages: MessageWriter) -> StageContext:
        return StageContext(
            stage_id=stage.pk,
            run_id=stage.run_id,
            workspace_id=stage.workspace_id,
            name=stage.name,
            attempt=stage.attempt,
            params=stage.params,
            run_params=stage.run.params,
            inputs=inputs,
            directory=directory,
            fingerprint=stage.fingerprint,
            messages=messages,
        )

    with orphans_adopted(), StageProcess.forked(work, context) as process:
        return StageWatch(stage, process).until_over()


def _record(stage: Stage, outcome: Outcome, publish: Publish | None) -> None:
    if outcome.ending is Ending.CANCELLED:
        stage_cancelled(stage)
    elif outcome.ending is Ending.FAILED:
        stage_fail(stage, reason=outcome.reason, final=outcome.final)
    elif outcome.ending is Ending.POSTPONED:
        stage_postpone(stage, reason=outcome.reason, wait_s=outcome.wait_s)
    elif outcome.ending is Ending.DONE:
        _complete(stage, outcome.output, publish)


def _complete(stage: Stage, output: dict[str, object], publish: Publish | None) -> None:
    try:
        stage_succeed(stage, output=output, publish=publish)
    except LeaseLost:
        stage_cancelled(stage)
    except UserFault as fault:
        stage_fail(stage, reason=str(fault), final=True)
    except Exception as error:
        if is_disk_full(error):
            log.warning("Stage %s: its output could not be kept, the disk is full", stage.pk)
            stage_postpone(stage, reason=STAGE_REASON, wait_s=FULL_DISK_WAIT_S)
            return
        if isinstance(error, DatabaseError):
            raise
        log.exception("Stage %s: publishing its output failed", stage.pk)
        stage_fail(stage, reason=f"{type(error).__name__}: {error}", final=False)


def _persist(write: Callable[[], None]) -> None:
    """Try a write again while the database is away or full; after that the stage is taken back by a dispatcher."""
    for left in reversed(range(MOST_TRIES)):
        try:
            write()
        except DatabaseError as error:
            if not left:
                raise
            log.warning("The database refused to record a stage, trying again: %s", error)
            connections.close_all()
            time.sleep(settings.JOBS_HEARTBEAT_SECONDS / 2)
        else:
            return


@contextmanager
def _stoppable() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise _Stopped

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
