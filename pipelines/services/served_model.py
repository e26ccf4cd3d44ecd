"""The processes that serve one version of a model: laid out, started, looked at, ended. It knows no database."""

import contextlib
import http.client
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from jobs.services import Limits, group_end, leashed_start
from pipelines.domain.cron import next_moment
from pipelines.domain.serving import (
    BROKER,
    CHECK_EVERY_S,
    ENDED_WELL,
    HEALTHY_WITHIN_S,
    MOST_MISSED,
    STEADY_S,
    ServicePlan,
    restart_delay_s,
)
from pipelines.services.queue_broker import QueueBroker, queue_broker

LOOPBACK = "127.0.0.1"
PATIENCE_S = 4.0
LOG_MB = 64
TAIL_BYTES = 4_000
ROWS = "data/training.csv"
"""Of the project, where it is there: the cases a batch predicts."""


class Condition(StrEnum):
    """Where the processes stand."""

    PREPARING = "preparing"
    BEGINNING = "beginning"
    STARTING = "starting"
    HEALTHY = "healthy"
    RESTING = "resting"


@dataclass(frozen=True)
class ServiceFiles:
    """What is laid out: the project's files, the model's package (path to content), and how its package is called."""

    package: str
    project: Mapping[str, bytes]
    model: Mapping[str, bytes]
    plan: ServicePlan


@dataclass
class ServedModel:
    """One version, served on a free port of the loopback interface. Call `look` again and again, `stop` at the end."""

    files: ServiceFiles
    folder: Path
    python_of: Callable[[bytes], Path]
    pool: Executor
    condition: Condition = Condition.PREPARING
    reason: str = ""
    restarts: int = 0
    port: int = 0
    batch_problem: str = ""
    _python: Future[Path] | None = None
    _health: Future[bool] | None = None
    _processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    _since: float = 0.0
    _checked: float = 0.0
    _missed: int = 0
    _broker: QueueBroker | None = None
    _batch: "subprocess.Popen[bytes] | None" = None
    _batch_due: datetime | None = None

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.port}" if self.condition is Condition.HEALTHY else ""

    def look(self, now: float) -> None:
        """Go on from where it stands; `now` is a monotonic time in seconds. What goes wrong stands in `reason`."""
        try:
            self._look(now)
        except OSError as error:
            self._rest(now, f"It could not be started: {error.strerror or error}.")

    def _look(self, now: float) -> None:
        if self.condition is Condition.PREPARING:
            self._prepare(now)
        elif self.condition is Condition.RESTING:
            if now - self._since >= restart_delay_s(self.restarts):
                self._try_again(now)
        elif self.condition is Condition.BEGINNING:
            self._wait_for_beginning(now)
        else:
            self._watch(now)

    def stop(self) -> None:
        """End its processes and remove its folder."""
        self._end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _prepare(self, now: float) -> None:
        """The environment first: it may have to be built, which takes a while and must not hold up the others."""
        if self._python is None:
            self.folder.mkdir(parents=True, mode=0o700, exist_ok=True)
            _write(self.folder / "project", self.files.project)
            _write(self.folder / "package", self.files.model)
            self._python = self.pool.submit(self.python_of, self.files.project["requirements.lock"])
        if not self._python.done():
            return
        problem = self._python.exception()
        if problem is not None:
            self._python = None
            self._rest(now, str(problem))
            return
        self._begin(now)

    def _try_again(self, now: float) -> None:
        if self._python is None:
            self.condition = Condition.PREPARING
        else:
            self._begin(now)

    def _begin(self, now: float) -> None:
        self.port, self._missed, self._health, self._since = free_port(), 0, None, now
        self._broker = queue_broker(self.folder, free_port()) if self.files.plan.needs_broker else None
        batch = self.files.plan.batch
        programs = (batch,) if batch else self.files.plan.programs
        self._processes = [self._start(program) for program in programs]
        self.condition = Condition.BEGINNING if batch else Condition.STARTING

    def _wait_for_beginning(self, now: float) -> None:
        code = self._processes[0].poll()
        if code is None:
            return
        if code not in ENDED_WELL:
            self._rest(now, self._said(f"Its preparation ended with code {code}"))
            return
        self._end()
        self._since, self.condition = now, Condition.STARTING
        self._processes = [self._start(program) for program in self.files.plan.programs]

    def _watch(self, now: float) -> None:
        ended = next((process for process in self._processes if process.poll() is not None), None)
        if ended is not None:
            how = f"signal {-ended.returncode}" if ended.returncode < 0 else f"code {ended.returncode}"
            self._rest(now, self._said(f"Its process ended with {how}"))
        elif self._health is not None:
            if self._health.done():
                self._judge(now, healthy=self._health.result())
        elif now - self._checked >= CHECK_EVERY_S or self.condition is Condition.STARTING:
            self._checked = now
            self._health = self.pool.submit(is_healthy, self.port)
        if self.condition is Condition.HEALTHY:
            self._batch_again()

    def _batch_again(self) -> None:
        """When its schedule says so, beside what answers: a batch is written whole, so lookups go on meanwhile."""
        if self._batch is not None:
            code = self._batch.poll()
            if code is not None:
                self._end_batch()
                self.batch_problem = "" if code in ENDED_WELL else self._said(f"The last batch ended with code {code}")
        elif self._batch_due is not None and utc_now() >= self._batch_due:
            self._batch_due = self._next_batch()
            self._batch = self._start(self.files.plan.batch)

    def _next_batch(self) -> datetime | None:
        cron = self.files.plan.cron
        return next_moment(cron, "UTC", utc_now()) if cron else None

    def _judge(self, now: float, *, healthy: bool) -> None:
        self._health = None
        if healthy:
            if self.condition is Condition.STARTING:
                self._since, self.condition, self.reason = now, Condition.HEALTHY, ""
                self._batch_due, self.batch_problem = self._next_batch(), ""
            elif now - self._since >= STEADY_S:
                self.restarts = 0
            self._missed = 0
            return
        self._missed += 1
        if self.condition is Condition.HEALTHY and self._missed >= MOST_MISSED:
            self._rest(now, self._said(f"It did not answer {MOST_MISSED} health checks"))
        elif self.condition is Condition.STARTING and now - self._since > HEALTHY_WITHIN_S:
            self._rest(now, self._said(f"It was not healthy within {HEALTHY_WITHIN_S:.0f} s"))

    def _rest(self, now: float, reason: str) -> None:
        self._end()
        self.restarts += 1
        self._since, self.condition, self.reason = now, Condition.RESTING, reason

    def _end_batch(self) -> None:
        if self._batch is not None:
            group_end(self._batch, patience_s=PATIENCE_S)
        self._batch = None

    def _end(self) -> None:
        self._end_batch()
        for process in reversed(self._processes):
            group_end(process, patience_s=PATIENCE_S)
        self._processes = []

    def _start(self, program: str) -> "subprocess.Popen[bytes]":
        assert self._python is not None
        project = self.folder / "project"
        env = {
            "PYTHONPATH": str(project / "src"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "OMP_NUM_THREADS": "1",
            "MODEL_HOST": LOOPBACK,
            "MODEL_PORT": str(self.port),
            "MODEL_PACKAGE": str(self.folder / "package"),
            "MODEL_WORK": str(self.folder / "work"),
            "MODEL_PREDICTION_LOG": os.devnull,
        }
        if ROWS in self.files.project:
            env["MODEL_OPEN_CASES"] = str(project / ROWS)
        argv = [str(self._python.result()), "-m", self.files.package, program]
        if self._broker is not None:
            env["MODEL_BROKER_URL"] = self._broker.url
            argv = self._broker.command if program == BROKER and self._broker.command else argv
        with (self.folder / f"{program}.log").open("wb") as output:
            return leashed_start(argv, cwd=project, env=env, output=output, limits=Limits(file_mb=LOG_MB))

    def _said(self, what: str) -> str:
        """What happened, with the last line its processes wrote."""
        last = next((line for line in map(_last_line, sorted(self.folder.glob("*.log"))) if line), "")
        return f"{what}: {last}" if last else f"{what}."


def _last_line(path: Path) -> str:
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - TAIL_BYTES))
        lines = stream.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else ""


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def utc_now() -> datetime:
    """The moment, by which schedules are kept."""
    return datetime.now(UTC)


def free_port() -> int:
    """A port nobody listens on at this moment; one taken in between makes the service fail and be tried again."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_healthy(port: int) -> bool:
    """Whether GET /health answers 200 with a state that is not about something missing."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        return answer.status == http.HTTPStatus.OK and _is_fit(answer.read(100_000))
    except (OSError, http.client.HTTPException):
        return False
    finally:
        with contextlib.suppress(OSError):
            connection.close()


def _is_fit(body: bytes) -> bool:
    try:
        said = json.loads(body)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("status") in ("ok", "stale", "empty")
