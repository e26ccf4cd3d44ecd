"""Ties the life of a process to that of the one that forked it."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from jobs.services.limits import Limits, memory_default_mb, scrubbed_environment

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
MOST_GENERATIONS = 50
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent: int) -> None:
    """SIGKILL for this process when the thread that forked it dies. Exits at once if process `parent` already has."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


@contextlib.contextmanager
def orphans_adopted() -> Iterator[None]:
    """Within the block, what descends from this process becomes its child when its own parent ends.

    Not inherited by forks, and off again afterwards: a process that executes no stage collects nobody else's orphans.
    """
    _adopt(on=True)
    try:
        yield
    finally:
        _adopt(on=False)


def _adopt(*, on: bool) -> None:
    if _libc is not None:
        _libc.prctl(PR_SET_CHILD_SUBREAPER, int(on), 0, 0, 0)


def children() -> frozenset[int]:
    """Process ids of this process's children. Nothing where the system does not tell."""
    found: set[int] = set()
    for told in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found |= {int(pid) for pid in told.read_text().split()}
    return frozenset(found)


def strangers_end(*, but: frozenset[int]) -> None:
    """Kill and collect the children from other sessions that are not among `but`, then theirs, adopted as they die.

    A stage opens a session of its own and nothing gets from there into ours: whoever is in ours was started by us.
    """
    for _ in range(MOST_GENERATIONS):
        left = [pid for pid in children() - but if _is_elsewhere(pid)]
        if not left:
            return
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in left:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _is_elsewhere(pid: int) -> bool:
    try:
        return os.getsid(pid) != os.getsid(0)
    except ProcessLookupError:
        return False


LEASH = Path(__file__).with_name("leash.py")


def leashed_start(
    argv: Sequence[str], *, cwd: Path, env: Mapping[str, str], output: IO[bytes], limits: Limits
) -> "subprocess.Popen[bytes]":
    """Start a program of somebody else's code in a process group of its own: without secrets, within limits, and gone
    when this thread is. Its lines go to `output`. Safe where there are threads. Raises OSError.
    """
    bounds = [str(os.getpid()), str(limits.memory_mb or memory_default_mb()), str(limits.file_mb)]
    return subprocess.Popen(
        [sys.executable, "-S", "-E", str(LEASH), *bounds, *argv],
        cwd=cwd,
        env=scrubbed_environment(home=cwd, extra=env),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def group_end(process: "subprocess.Popen[bytes]", *, patience_s: float) -> None:
    """Ask a process started by `leashed_start` to end, then end all of its group."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience_s)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
