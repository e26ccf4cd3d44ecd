"""Runs a command of the stage (often a generated project's code): scrubbed environment, limits, lines to the log."""

import os
import select
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jobs.execution.channel import LineReader
from jobs.execution.faults import StageFailed
from jobs.services.lifeline import die_with_parent
from jobs.services.limits import Limits, scrubbed_environment

LONGEST_LINE = 8_000
TAIL_LINES = 40


@dataclass(frozen=True)
class CommandResult:
    """How a command went: its last lines and how many seconds it took."""

    tail: tuple[str, ...]
    seconds: float


def command_run(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    limits: Limits,
    on_line: Callable[[str], None],
) -> CommandResult:
    """Run `argv` in `cwd`, giving each line of its output to `on_line`. Raises StageFailed when it ends badly.

    It stays in the stage's process group, so a cancel or a time limit takes it, and all it started, down as well.
    """
    parent = os.getpid()

    def prepare() -> None:
        die_with_parent(parent)
        limits.apply()

    begun = time.monotonic()
    tail: deque[str] = deque(maxlen=TAIL_LINES)
    with _started(argv, cwd, scrubbed_environment(home=cwd, extra=env), prepare) as process:
        for line in _lines(process):
            tail.append(line)
            on_line(line)
        returncode = process.wait()
    if returncode:
        raise StageFailed(_words(argv, returncode, tail), returncode=returncode, tail=tuple(tail))
    return CommandResult(tail=tuple(tail), seconds=time.monotonic() - begun)


def _started(
    argv: Sequence[str], cwd: Path, env: Mapping[str, str], prepare: Callable[[], None]
) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(
            list(argv),
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=prepare,  # noqa: PLW1509  the stage's process has one thread
        )
    except OSError as error:
        raise StageFailed(f"{argv[0]} cannot be started: {error.strerror}.", returncode=127) from error


def _lines(process: "subprocess.Popen[bytes]") -> Iterator[str]:
    """Its lines until it ends, whether or not something it left behind still holds its output."""
    assert process.stdout is not None
    reader = LineReader(process.stdout.fileno(), longest=LONGEST_LINE)
    exit_descriptor = os.pidfd_open(process.pid)
    try:
        ended = False
        while not ended:
            waiting = [exit_descriptor] if reader.ended else [exit_descriptor, reader.descriptor]
            readable, _, _ = select.select(waiting, [], [])
            ended = exit_descriptor in readable
            yield from reader.rest() if ended else reader.lines()
    finally:
        os.close(exit_descriptor)


def _words(argv: Sequence[str], returncode: int, tail: Sequence[str]) -> str:
    name = Path(argv[0]).name
    how = f"was ended by signal {-returncode}" if returncode < 0 else f"ended with code {returncode}"
    last = next((line for line in reversed(tail) if line.strip()), "")
    return f"{name} {how}: {last}" if last else f"{name} {how}."
