"""The product as `make run` starts it, on a port and in a folder of its own: for tests that need every process."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120.0
NOT_INHERITED = {"DATABASE_URL", "REDIS_URL", "DATA_DIR", "PORT", "MAKELEVEL"}


@dataclass(frozen=True)
class Running:
    """A running installation: where it answers, where its data lies, and the runner that holds its processes."""

    url: str
    data_dir: Path
    runner: subprocess.Popen[str]

    def processes(self, words: str) -> list[int]:
        """Ids of the processes of this installation whose command line holds `words`."""
        everything = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal())
        return sorted(pid for pid in everything if _is_ours(pid, words, str(self.data_dir)))


@contextmanager
def running(data_dir: Path) -> Iterator[Running]:
    """Start it, wait until it answers, and end it; a start that fails shows what the runner said."""
    port = _spare_port()
    environment = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    environment |= {"DATA_DIR": str(data_dir), "PORT": str(port), "DEMO": "0", "JOBS_LEASE_SECONDS": "6"}
    environment |= {"JOBS_HEARTBEAT_SECONDS": "1"}
    runner = subprocess.Popen(
        [sys.executable, "scripts/run.py"], cwd=ROOT, env=environment, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        _wait_for(f"http://127.0.0.1:{port}/health/", runner)
        yield Running(f"http://127.0.0.1:{port}", data_dir, runner)
    finally:
        runner.send_signal(signal.SIGINT)
        try:
            runner.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(runner.pid, signal.SIGKILL)


def _wait_for(address: str, runner: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            pass
        if runner.poll() is not None:
            raise AssertionError(f"It did not start: {runner.stdout.read() if runner.stdout else ''}")
        time.sleep(0.2)
    raise AssertionError(f"Nothing answers at {address} after {START_SECONDS:g} s.")


def _spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_ours(pid: int, words: str, folder: str) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        inside = folder in Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
    except OSError:
        return False
    return words in command and inside
