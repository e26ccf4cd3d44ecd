"""The process of one stage, from fork to exit. Nothing in here returns to the caller's stack."""

import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn, TextIO
from uuid import uuid4

from common.disk import STAGE_REASON, is_disk_full, says_disk_full
from jobs.execution.channel import MessageWriter
from jobs.execution.context import StageContext
from jobs.execution.faults import FULL_DISK_WAIT_S, NotYet, StageFailed, UserFault
from jobs.services.lifeline import die_with_parent
from jobs.services.limits import Limits

Work = Callable[[StageContext], dict[str, object]]

# Reads until the holder of the lease is gone, then ends the process group, grandchildren included, and the programs
# that left it: they carry the stage's mark in their environment.
GUARD = """read -r _
for place in $(grep -lsz "^STAGE_MARK=$1" /proc/[0-9]*/environ); do
  place=${place%/environ}; kill -KILL "${place#/proc/}"
done
kill -KILL 0"""
GIVEN_BACK = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGCHLD, signal.SIGUSR1)


@dataclass(frozen=True)
class Pipes:
    """The stage's ends of its three pipes, and the holder's ends, which the stage must close."""

    messages: int
    output: int
    life: int
    holders: tuple[int, ...]


def child_main(work: Work, context: StageContext, pipes: Pipes, parent: int) -> NoReturn:
    """Run `work` and tell the holder how it went. Exit code 0 when it was told, whatever it was."""
    code = 1
    try:
        _isolate(pipes, parent)
        _work(work, context)
        code = 0
    except BaseException:  # noqa: BLE001  the last frame of this process
        traceback.print_exc()
    finally:
        _flush()
        os._exit(code)


def _isolate(pipes: Pipes, parent: int) -> None:
    os.setsid()
    die_with_parent(parent)
    for descriptor in pipes.holders:
        os.close(descriptor)
    for number in GIVEN_BACK:
        signal.signal(number, signal.SIG_DFL)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(pipes.output, 1)
    os.dup2(pipes.output, 2)
    sys.stdout, sys.stderr = _text_stream(1), _text_stream(2)
    nowhere = subprocess.DEVNULL
    mark = uuid4().hex
    subprocess.Popen(["/bin/sh", "-c", GUARD, "guard", mark], stdin=pipes.life, stdout=nowhere, stderr=nowhere)
    os.environ["STAGE_MARK"] = mark
    os.close(pipes.life)
    Limits().apply()


def _text_stream(descriptor: int) -> TextIO:
    return os.fdopen(descriptor, "w", buffering=1, encoding="utf-8", errors="replace", closefd=False)


def _work(work: Work, context: StageContext) -> None:
    messages: MessageWriter = context.messages
    try:
        output = work(context)
        messages.send("done", output=output)
    except UserFault as fault:
        messages.send("fault", final=True, reason=str(fault))
    except NotYet as wait:
        messages.send("wait", seconds=wait.wait_s, reason=str(wait))
    except Exception as error:  # noqa: BLE001  whatever the work raises is its fault, told and tried again
        if _disk_is_full(error):
            messages.send("wait", seconds=FULL_DISK_WAIT_S, reason=STAGE_REASON)
            return
        messages.send("log", text=traceback.format_exc(), level="error")
        messages.send("fault", final=False, reason=f"{type(error).__name__}: {error}")


def _disk_is_full(error: Exception) -> bool:
    """Said by our own code, or by a program of the stage in its last lines."""
    by_program = isinstance(error, StageFailed) and any(says_disk_full(line) for line in error.tail)
    return by_program or is_disk_full(error)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            continue
