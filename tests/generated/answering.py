"""A served model as a process with nothing but its own variables, on a spare port of this machine."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PATIENCE = 120
STOPPING = 30


@contextmanager
def running(
    command: Callable[[int], list[str]], folder: Path, variables: Callable[[int], Mapping[str, str]], said: Path
) -> Iterator[str]:
    """The address, once it answers; what it prints goes to `said`. The process is gone when the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS")}
    environment = {**variables(port), **kept, "PATH": "/usr/bin:/bin"}
    with said.open("wb") as output:
        process = subprocess.Popen(command(port), cwd=folder, env=environment, stdout=output, stderr=output)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, process, said)
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=STOPPING)


def ask(address: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.loads(answer.read())


def _wait(address: str, process: subprocess.Popen[bytes], said: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, said.read_text("utf-8")[-2000:]
        try:
            ask(f"{address}/health")
            return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(said.read_text("utf-8")[-2000:])
