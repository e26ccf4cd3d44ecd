"""The supervisor of served models: reconciles what people want with what runs on this host.

Any number may run, on any number of hosts; each deployment is held by one, by a token and a counted beat, as stages are
by workers. What stood still for the lease is taken over. A new version is started beside the old one, and answers once
it is healthy: nothing is unreachable in between.
"""

import fcntl
import logging
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from uuid import uuid4

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.models import F
from django.utils import timezone

from jobs.domain.watching import StillnessWatch
from jobs.services import blob_open
from pipelines.domain.archive import archive_read
from pipelines.domain.generation import TableData, data_files
from pipelines.domain.serving import ServicePlan, service_plan
from pipelines.models import Deployment, Generation, ModelVersion, ServingState
from pipelines.selectors.generation_files import generation_files
from pipelines.services.environments import environment_python
from pipelines.services.served_model import Condition, ServedModel, ServiceFiles

log = logging.getLogger(__name__)
LOOKS_AT_ONCE = 4


class NotServable(Exception):
    """Why a version cannot be served here, in a sentence."""


@dataclass
class _Held:
    """A deployment this supervisor holds: what answers, and what is to answer next."""

    token: str
    now: ServedModel | None = None
    version_id: int | None = None
    next: ServedModel | None = None
    next_id: int | None = None
    problem: str = ""
    beaten: float = float("-inf")

    def served(self) -> list[ServedModel]:
        return [one for one in (self.now, self.next) if one is not None]


class Supervisor:
    """One supervisor. Call `turn` every half second or so; leave the block, and nothing it started is left."""

    def __init__(self) -> None:
        self._held: dict[int, _Held] = {}
        self._watch: StillnessWatch[tuple[int, str]] = StillnessWatch(settings.JOBS_LEASE_SECONDS / 4)
        self._pool = ThreadPoolExecutor(LOOKS_AT_ONCE, thread_name_prefix="look")
        self._name = uuid4().hex[:12]
        self._folder = Path(settings.DATA_DIR) / "served" / self._name
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        for name in served_sweep():  # a supervisor of this host that died: nobody has to wait for its lease
            left = Deployment.objects.filter(token__startswith=name)
            left.update(token="", state=ServingState.STARTING, address="", serves=None)
        self._folder.mkdir(parents=True, mode=0o700)
        self._lock = (self._folder / "lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pk in list(self._held):
            self._release(pk, ServingState.STARTING)
        self._pool.shutdown(cancel_futures=True)
        if self._lock is not None:
            self._lock.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def turn(self) -> None:
        """One look at everything. A database that is away for a moment is said; what runs goes on meanwhile."""
        try:
            self._turn(time.monotonic())
        except DatabaseError as error:
            log.warning("The database cannot be used at the moment: %s", error)
            connections.close_all()

    def _turn(self, now: float) -> None:
        for held in self._held.values():
            for one in held.served():
                one.look(now)
        wanted = {row.pk: row for row in Deployment.objects.wanted().select_related("version")}
        self._take(now, wanted)
        for pk, held in list(self._held.items()):
            row = wanted.get(pk)
            if row is None:
                self._release(pk, ServingState.STOPPED)
            elif row.token != held.token:
                self._drop(pk)
            else:
                self._reconcile(held, row)
                self._say(held, row)

    def _take(self, now: float, wanted: dict[int, Deployment]) -> None:
        """Those nobody holds, and those whose holder gave no sign of life."""
        others = {(pk, row.token): row.beat for pk, row in wanted.items() if row.token and pk not in self._held}
        still = {pk for pk, _ in self._watch.look(now, others, lambda _: settings.JOBS_LEASE_SECONDS)}
        for pk, row in wanted.items():
            if pk not in self._held and (not row.token or pk in still):
                self._claim(row)

    def _claim(self, row: Deployment) -> None:
        token = f"{self._name}{uuid4().hex}"[:32]
        mine = Deployment.objects.filter(pk=row.pk, token=row.token, beat=row.beat, wanted=True)
        if mine.update(token=token, beat=F("beat") + 1, state=ServingState.STARTING, address="", serves=None):
            self._held[row.pk] = _Held(token)
            row.token = token

    def _reconcile(self, held: _Held, row: Deployment) -> None:
        """What is wanted is started beside what answers; once it is healthy it takes over."""
        if row.version_id not in (held.version_id, held.next_id):
            self._begin(held, row)
        elif row.version_id == held.version_id and held.next is not None:
            held.next.stop()  # back to what still answers: nothing has to start
            held.next, held.next_id = None, None
        if held.next is not None and (held.now is None or held.next.condition is Condition.HEALTHY):
            if held.now is not None:
                held.now.stop()
            held.now, held.version_id = held.next, held.next_id
            held.next, held.next_id = None, None

    def _begin(self, held: _Held, row: Deployment) -> None:
        if held.next is not None:
            held.next.stop()
        held.next, held.next_id = None, row.version_id
        try:
            files = service_files(row.version_id or 0)
        except NotServable as problem:
            held.problem = str(problem)
            return
        held.problem = ""
        folder = self._folder / f"{row.pk}-{row.version_id}-{uuid4().hex[:6]}"
        held.next = ServedModel(files, folder, environment_python, self._pool)

    def _say(self, held: _Held, row: Deployment) -> None:
        """Renew the lease and write down what is so, when it has changed or the beat is due."""
        values = _values(held)
        changed = any(getattr(row, name) != value for name, value in values.items())
        due = time.monotonic() - held.beaten >= settings.JOBS_HEARTBEAT_SECONDS
        if not changed and not due:
            return
        held.beaten = time.monotonic()
        answers = values["state"] == ServingState.RUNNING
        if answers and (row.state != ServingState.RUNNING or row.serves_id != values["serves_id"]):
            values["healthy_at"] = timezone.now()
        mine = Deployment.objects.filter(pk=row.pk, token=held.token)
        if not mine.update(beat=F("beat") + 1, **values):
            self._drop(row.pk)

    def _drop(self, pk: int) -> None:
        """Another holds it now: end ours, write nothing."""
        for one in self._held.pop(pk).served():
            one.stop()

    def _release(self, pk: int, state: ServingState) -> None:
        held = self._held[pk]
        self._drop(pk)
        with suppress(DatabaseError):
            Deployment.objects.filter(pk=pk, token=held.token).update(
                token="", state=state, address="", serves=None, reason=""
            )


def _values(held: _Held) -> dict[str, object]:
    """What the row should say of what runs."""
    answering = held.now is not None and held.now.condition is Condition.HEALTHY
    failing = next((one for one in held.served() if one.condition is Condition.RESTING), None)
    problem = held.problem or (failing.reason if failing else "")
    if answering and held.now is not None:
        return {
            "state": ServingState.RUNNING,
            "address": held.now.address,
            "serves_id": held.version_id,
            "restarts": held.now.restarts,
            "reason": f"The next version does not start. {problem}" if problem else held.now.batch_problem,
        }
    restarts = max((one.restarts for one in held.served()), default=0)
    state = ServingState.FAILING if problem else ServingState.STARTING
    return {"state": state, "address": "", "serves_id": None, "restarts": restarts, "reason": problem}


def service_files(version_id: int) -> ServiceFiles:
    """What has to be laid out to serve a version. Raises NotServable with the reason."""
    found = ModelVersion.objects.select_related("run__generation__archive", "package").filter(pk=version_id).first()
    if found is None or found.package is None:
        raise NotServable("The files of this model are not here: it stayed where it was trained.")
    if found.run is None:
        raise NotServable("The run that made this model is gone, and its code with it: run the pipeline again.")
    generation = found.run.generation
    plan = service_plan(generation.specification)
    if not plan.is_served_here:
        raise NotServable("This model ships inside a library: the application that imports it answers.")
    with blob_open(found.package) as stream:
        model = archive_read(stream)
    return ServiceFiles(generation.package, generation_files(generation) | _rows(generation, plan), model, plan)


def _rows(generation: Generation, plan: ServicePlan) -> dict[str, bytes]:
    """The recorded rows, for a service that predicts them ahead; none where there are only made-up ones."""
    if not plan.batch or generation.is_made_up:
        return {}
    with blob_open(generation.data) as stream:
        return data_files(TableData(stream.read(), generation.split_moment))


def served_sweep() -> list[str]:
    """Remove what supervisors left that died before they could; gives their names."""
    folder = Path(settings.DATA_DIR) / "served"
    return [path.name for path in (folder.iterdir() if folder.is_dir() else []) if _swept(path)]


def _swept(path: Path) -> bool:
    lock = path / "lock"
    try:
        with lock.open("r+") as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises while its supervisor lives
            shutil.rmtree(path, ignore_errors=True)
    except OSError:
        return False
    return True
