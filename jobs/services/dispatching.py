"""The dispatcher: rings for what is ready, rings again, takes back what died, and works itself where no broker is.

Any number of them may run beside each other; each decides by compare-and-swap, so what two decide happens once.
"""

import logging
import time

import redis
from django.conf import settings
from django.db import DatabaseError, connections
from django.utils.module_loading import import_string

from common.broker_client import broker_client
from jobs.domain.retrying import ring_delay_s
from jobs.domain.watching import StillnessWatch
from jobs.models import Stage
from jobs.services.broker import Canary
from jobs.services.pool import LocalPool
from jobs.services.recovery import ready_ring_due, ready_ring_lost, runs_promote
from jobs.services.ringing import broker_configured, due, stage_ring
from jobs.services.scratch import scratch_sweep
from jobs.services.watching import Reaper

log = logging.getLogger(__name__)
LOCAL_WORKERS = 2
PROMOTE_EVERY_S = 10.0
RING_AGAIN_EVERY_S = 5.0
SWEEP_EVERY_S = 600.0
FOLLOW_EVERY_S = 5.0


class _Every:
    """Says yes at most once in so many seconds; the first time at once."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next = float("-inf")

    def is_due(self, now: float) -> bool:
        if now < self._next:
            return False
        self._next = now + self._seconds
        return True


class Dispatcher:
    """One dispatcher. Call `turn` every second or so, in one thread; leave the block to stop its own workers."""

    def __init__(self, pool: LocalPool) -> None:
        self._pool = pool
        self._reaper = Reaper()
        self._bells: StillnessWatch[tuple[int, int]] = StillnessWatch(2 * RING_AGAIN_EVERY_S)
        self._canary = Canary(broker_client(settings.REDIS_URL)) if broker_configured() else None
        self._broker_up = True
        self._promote, self._again = _Every(PROMOTE_EVERY_S), _Every(RING_AGAIN_EVERY_S)
        self._sweep, self._follow = _Every(SWEEP_EVERY_S), _Every(FOLLOW_EVERY_S)

    def turn(self) -> None:
        """One look at everything. A database that is away for a moment is said, not died of."""
        try:
            self._turn(time.monotonic())
        except DatabaseError as error:
            log.warning("The database cannot be used at the moment: %s", error)
            connections.close_all()

    def rest(self) -> None:
        """Until the next turn; shorter when one of its own workers ends."""
        self._pool.wait(settings.JOBS_TICK_SECONDS)

    def _turn(self, now: float) -> None:
        taken_back = self._reaper.look()
        if taken_back:
            log.warning("%s stages were taken back from workers that are gone", taken_back)
        if self._promote.is_due(now):
            runs_promote()
        if self._canary is None:
            self._work()
        else:
            self._ring(self._canary, now)
        if self._sweep.is_due(now):
            scratch_sweep()
        if self._follow.is_due(now):
            for name in settings.DISPATCH_FOLLOWERS:
                _followed(name)

    def _work(self) -> None:
        for stage in Stage.objects.ready().filter(due()).order_by("id")[: 4 * LOCAL_WORKERS]:
            self._pool.start(stage)

    def _ring(self, canary: Canary, now: float) -> None:
        try:
            lost = canary.lost()
        except (redis.RedisError, OSError) as error:
            self._broker_is(up=False, why=str(error))
            return
        self._broker_is(up=True)
        if lost:
            log.info("The broker is new or has lost its data; %s stages are rung for again", ready_ring_lost())
        ready_ring_due()
        if self._again.is_due(now):
            self._ring_again(now)

    def _ring_again(self, now: float) -> None:
        rung = Stage.objects.ready().exclude(sent=0)
        bells = {(pk, attempt): sent for pk, attempt, sent in rung.values_list("pk", "attempt", "sent")}
        unheard = [pk for pk, _ in self._bells.look(now, bells, _ring_delay_s)]
        for pk in unheard:
            stage = Stage.objects.ready().filter(pk=pk).first()
            if stage is not None and stage.sent == bells.get((pk, stage.attempt)):
                stage_ring(stage)

    def _broker_is(self, *, up: bool, why: str = "") -> None:
        if up and not self._broker_up:
            log.warning("The broker is back")
        elif self._broker_up and not up:
            log.warning("The broker cannot be reached, work waits for it: %s", why)
        self._broker_up = up


def _ring_delay_s(rung: int) -> float:
    return ring_delay_s(rung, lease_s=settings.JOBS_LEASE_SECONDS)


def _followed(name: str) -> None:
    """What higher apps look after at the dispatcher's pace. One that goes wrong is logged and holds up nobody."""
    try:
        import_string(name)()
    except DatabaseError:
        raise
    except Exception:
        log.exception("%s went wrong; it is called again", name)


def dispatcher_pool() -> LocalPool:
    """The workers of a dispatcher; none is started while there is a broker."""
    return LocalPool(LOCAL_WORKERS)
