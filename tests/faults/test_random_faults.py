"""Seeded rounds of every fault at once, among well-behaved and bad stages: states are true and the books balance.

FAULT_ROUNDS says how many (100), FAULT_SEED which is the first (1); each round is one seed. With FAULT_REPORT, a line
of JSON is added to that file for each round: what was done, how long it took, what was seen.
"""

import hashlib
import itertools
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from accounts.access import Access
from accounts.models import Membership, Role, User
from jobs.models import Blob, LogEntry, LogEvent, Run, RunState, Stage, StageState
from jobs.services import blob_open, run_cancel
from tests.faults.house import House, Process, alive, books_balance, database_away, kill, over, wait_for
from tests.faults.test_greedy_stages import FLOOD
from tests.jobs.conftest import spec
from tests.jobs.stages import EFFECT, publishing_stage_run

pytestmark = [pytest.mark.faults, pytest.mark.second_leg, pytest.mark.timeout(900)]
ROUNDS = int(os.environ.get("FAULT_ROUNDS", "100"))
FIRST = int(os.environ.get("FAULT_SEED", "1"))
PIPELINES = 4
FAULTS = 6
PATIENCE_SECONDS = 120.0
STILL_SECONDS = 2.0 + 0.5 + 0.2 + 4.0 + 3.0
"""The lease, a look at it, a turn, the longest backoff, a freeze: no longer standstill once processes run."""
STARTS = 2
"""A kill during the start of another process: what starting takes on this machine is measured in each round."""


def pipeline(house: House) -> Run:
    """Nine stages with a fork and a join; each publishes one file and one row."""
    chain = [("ingest",), ("validate", "ingest"), ("prepare", "validate"), ("split", "prepare")]
    models = [("baseline", "split"), ("train", "split"), ("evaluate", "baseline", "train")]
    end = [("test", "evaluate"), ("package", "test")]
    options = {"task_name": publishing_stage_run.name, "publish_twice_is_seen": True, "sleep": 0.1}
    return house.submit(*[spec(name, *after, **options) for name, *after in chain + models + end])


def bad(house: House, dice: random.Random) -> dict[str, Run]:
    """Runs of one stage each, by how they must end."""
    pids = house.folder / "escaped"
    forks = f"for i in 1 2; do setsid sh -c 'echo $$ >> {pids}; exec sleep 300' & done; sleep 0.3"
    greedy = [sys.executable, "-c", "held = [bytearray(10**7) for _ in range(1000)]"]
    number = int(dice.choice([signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT]))
    return {
        "forks": house.submit(spec("forks", command=["/bin/sh", "-c", forks])),
        "memory": house.submit(spec("memory", command=greedy, memory_mb=256)),
        "flood": house.submit(spec("flood", command=["/bin/sh", "-c", FLOOD.format(bytes=25_000_000)])),
        "signal": house.submit(spec("signal", die_attempts=99, signal=number)),
        "limit": house.submit(spec("limit", timeout_s=2, hang_attempts=99)),
        "cancel": house.submit(spec("cancel", hang_attempts=99)),
    }


class Round:
    """The processes of a round and what can be done to them."""

    def __init__(self, house: House) -> None:
        self.house = house
        house.start_broker()
        self.worker, self.dispatcher = house.start_worker(), house.start_dispatcher()
        self.faults: dict[str, Callable[[], None]] = {
            "worker killed": self.kill_worker,
            "child killed": self.kill_child,
            "dispatcher killed": self.kill_dispatcher,
            "worker told to end": self.end_worker,
            "worker frozen": self.freeze_worker,
            "broker killed": self.restart_broker,
            "broker emptied": self.empty_broker,
            "messages doubled, late, out of order": self.stale_messages,
            "database away": lambda: database_away(1.0),
        }

    def kill_worker(self) -> None:
        kill(self.worker)
        self.worker = self.house.start_worker()

    def kill_child(self) -> None:
        told = Path(f"/proc/{self.worker.pid}/task/{self.worker.pid}/children").read_text().split()
        for pid in told[:1]:
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)

    def kill_dispatcher(self) -> None:
        kill(self.dispatcher)
        self.dispatcher = self.house.start_dispatcher()

    def end_worker(self) -> None:
        old: Process = self.worker
        old.send_signal(signal.SIGTERM)
        self.worker = self.house.start_worker()

    def freeze_worker(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.worker.pid, signal.SIGSTOP)
            time.sleep(3.0)
            os.killpg(self.worker.pid, signal.SIGCONT)

    def restart_broker(self) -> None:
        self.house.stop_broker()
        self.house.start_broker()

    def empty_broker(self) -> None:
        self.house.client().flushall()

    def stale_messages(self) -> None:
        pairs = list(Stage.objects.values_list("pk", "attempt"))
        self.house.send([(pk, max(attempt + step, 0)) for pk, attempt in reversed(pairs) for step in (0, -1, 1)])


def longest_still() -> float:
    """The longest time, in seconds, between two entries of the log of all runs, from the first claim on."""
    times = list(LogEntry.objects.order_by("at").values_list("at", flat=True))
    first = LogEntry.objects.filter(event=LogEvent.CLAIMED).earliest("at").at
    return max((b - a).total_seconds() for a, b in itertools.pairwise(times) if a >= first)


def effects_happened_once() -> None:
    """Each stage of a pipeline added its row exactly once."""
    counted = Counter(LogEntry.objects.filter(text=EFFECT).values_list("stage", flat=True))
    published = Stage.objects.filter(task_name=publishing_stage_run.name)
    assert counted == dict.fromkeys(published.values_list("pk", flat=True), 1)


def files_are_whole() -> None:
    """Each stage of a pipeline published one file; every row has its bytes, and no other file is there."""
    published = Stage.objects.filter(task_name=publishing_stage_run.name)
    assert Blob.objects.count() == published.count() == 9 * PIPELINES
    for blob in Blob.objects.all():
        with blob_open(blob) as file:
            assert hashlib.sha256(file.read()).hexdigest() == blob.digest


def ends_are_true(good: list[Run], bad_ones: dict[str, Run]) -> None:
    states = {name: Run.objects.get(pk=run.pk).state_of for name, run in bad_ones.items()}
    assert {Run.objects.get(pk=run.pk).state_of for run in good} == {RunState.SUCCEEDED}
    failed, succeeded = RunState.FAILED, RunState.SUCCEEDED
    assert states == {
        "forks": succeeded, "memory": failed, "flood": succeeded, "signal": failed, "limit": failed,
        "cancel": RunState.CANCELLED,
    }  # fmt: skip


def pages_say_what_happened(cast_client: Client, bad_ones: dict[str, Run]) -> None:
    told = {name: cast_client.get(f"/w/acme/jobs/{run.pk}/").content.decode() for name, run in bad_ones.items()}
    assert "MemoryError" in told["memory"]
    assert "ended by signal" in told["signal"] or "worker died" in told["signal"]
    assert "time limit" in told["limit"]
    assert "ancelled" in told["cancel"]


def nobody_is_left(house: House) -> None:
    """No process of a stage outlives it, not even one that left its group."""
    escaped = house.folder / "escaped"
    pids = [int(line) for line in escaped.read_text().split()]
    wait_for(lambda: not any(alive(pid) for pid in pids) and not house.strays(), seconds=10)


@dataclass
class Story:
    """What is told of a round, whether it held or not: times in seconds."""

    seed: int
    database: str
    faults: list[str] = field(default_factory=list)
    starting: float = 0.0
    still: float = 0.0
    seconds: float = 0.0
    held: bool = False


@contextmanager
def told(seed: int) -> Iterator[Story]:
    story, begun = Story(seed, connection.vendor), time.monotonic()
    try:
        yield story
        story.held = True
    finally:
        story.seconds = round(time.monotonic() - begun, 1)
        if path := os.environ.get("FAULT_REPORT"):
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(story)) + "\n")


def one_round(house: House, dice: random.Random, story: Story) -> tuple[list[Run], dict[str, Run]]:
    """Runs over; how each of them ended is for the caller to judge."""
    begun = time.monotonic()
    around = Round(house)
    good = [pipeline(house) for _ in range(PIPELINES)]
    wait_for(lambda: LogEntry.objects.filter(event=LogEvent.CLAIMED).exists())
    story.starting = round(time.monotonic() - begun, 1)
    bad_ones = bad(house, dice)
    for _ in range(FAULTS):
        time.sleep(dice.uniform(0.3, 1.5))
        story.faults.append(dice.choice(sorted(around.faults)))
        around.faults[story.faults[-1]]()
    wait_for(lambda: bad_ones["cancel"].stages.get().state_of is StageState.RUNNING, seconds=PATIENCE_SECONDS)
    run_cancel(access=Access.system(house.workspace), run=bad_ones["cancel"])
    wait_for(lambda: over(*good, *bad_ones.values()), seconds=PATIENCE_SECONDS)
    return good, bad_ones


@pytest.mark.parametrize("seed", range(FIRST, FIRST + ROUNDS))
def test_random_faults_lose_nothing_double_nothing_and_are_told(quiet_house: House, client: Client, seed: int) -> None:
    house = quiet_house
    reader = User.objects.create(email="vera@example.org", name="Vera")
    Membership.objects.create(workspace=house.workspace, user=reader, role=Role.VIEWER)
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    place = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    stores = {**settings.STORAGES, "blobs": {**place, "OPTIONS": {"location": str(house.folder / "blobs")}}}
    with override_settings(STORAGES=stores, DATA_DIR=house.folder), told(seed) as story:
        good, bad_ones = one_round(house, random.Random(seed), story)
        story.still = round(longest_still(), 1)
        ends_are_true(good, bad_ones)
        books_balance()
        effects_happened_once()
        files_are_whole()
        nobody_is_left(house)
        pages_say_what_happened(client, bad_ones)
        assert story.still < STILL_SECONDS + STARTS * story.starting, f"nothing moved for {story.still} s"
