"""A process the runner keeps alive: started, started again when it dies, ended together with all it started."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 30.0
HEALTHY_SECONDS = 60.0
LARGEST_LOG = 10 * 1024 * 1024

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(number: int = signal.SIGKILL) -> None:
    """This process gets signal `number` when its parent dies, however it dies."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


@dataclass
class ChildProcess:
    """One program in a process group of its own, writing to a log file."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    root: Path
    deaths: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _started: float = field(default=0.0)
    _start_at: float = field(default=0.0)

    def start(self) -> None:
        """Start it, its output going to the end of its log."""
        with self._log_file() as output:
            self._process = subprocess.Popen(
                self.command,
                cwd=self.root,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509  the runner has one thread
            )
        self._started = time.monotonic()

    def look(self, now: float) -> str | None:
        """Start it again when it is time to; a sentence when it has died since the last look."""
        if self._process is None:
            if now >= self._start_at:
                self.start()
            return None
        code = self._process.poll()
        if code is None:
            return None
        self._end_group(signal.SIGKILL)
        self.deaths = 1 if now - self._started > HEALTHY_SECONDS else self.deaths + 1
        delay = min(FIRST_DELAY_SECONDS * 2 ** (self.deaths - 1), LONGEST_DELAY_SECONDS)
        self._process, self._start_at = None, now + delay
        how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        return f"The {self.name} {how}; it starts again in {delay:g} s. Its log: {self.log}"

    @property
    def begun(self) -> bool:
        """It was started once: it runs, or died and will be started again."""
        return self._process is not None or self.deaths > 0

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def ask_to_end(self) -> None:
        """SIGTERM to the program alone: it finishes what it has begun."""
        if self._process is not None and self.alive:
            self._process.terminate()

    def press_to_end(self) -> None:
        """SIGTERM to all of its group: running stages are handed back."""
        if self.alive:
            self._end_group(signal.SIGTERM)

    def end(self) -> None:
        """SIGKILL to all of its group."""
        self._end_group(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()

    def tail(self, lines: int = 15) -> str:
        """The last lines of its log."""
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        return ""

    def _end_group(self, number: int) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)

    def _log_file(self) -> contextlib.closing:  # type: ignore[type-arg]
        with contextlib.suppress(FileNotFoundError):
            if self.log.stat().st_size > LARGEST_LOG:
                self.log.replace(self.log.with_suffix(".old.log"))
        return contextlib.closing(self.log.open("ab"))
