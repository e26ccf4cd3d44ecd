"""Runs without a broker, in this process's own children: for commands without a server, and for tests."""

import time
from collections.abc import Callable, Sequence

from django.db import connection

from jobs.domain.states import RunState
from jobs.models import LogEntry, Run, Stage
from jobs.services.pool import LocalPool
from jobs.services.recovery import runs_promote
from jobs.services.ringing import due
from jobs.services.watching import Reaper

TOLD_EVERY_S = 0.2
OnEvent = Callable[[LogEntry], None]


def run_drain(*, run_ids: Sequence[int], workers: int = 2, on_event: OnEvent | None = None) -> None:
    """Claim and execute stages of these runs until each is over or waits for a person.

    `on_event` is called with each entry of their log, in order. Ctrl-C hands back what is running.
    """
    if connection.in_atomic_block:
        raise RuntimeError("run_drain needs rows that other processes can see: call it outside of transactions.")
    feed = _Feed(run_ids, on_event)
    reaper = Reaper(run_ids)
    with LocalPool(workers) as pool:
        while _moving(run_ids):
            started = [pool.start(stage) for stage in _startable(run_ids)]
            if not pool.busy and not any(started):
                _rest(reaper)
            pool.wait(TOLD_EVERY_S if pool.busy else 0.0)
            feed.tell()
    feed.tell()


def _moving(run_ids: Sequence[int]) -> bool:
    return Run.objects.under_way().filter(pk__in=run_ids).exclude(state=RunState.WAITING.value).exists()


def _startable(run_ids: Sequence[int]) -> list[Stage]:
    return list(Stage.objects.ready().filter(due(), run_id__in=run_ids).order_by("id"))


def _rest(reaper: Reaper) -> None:
    """Nothing can be started: a backoff is not over yet, or another process holds what is running."""
    time.sleep(TOLD_EVERY_S / 2)
    reaper.look()
    runs_promote()


class _Feed:
    """Hands on new entries of the log."""

    def __init__(self, run_ids: Sequence[int], on_event: OnEvent | None) -> None:
        self._run_ids = list(run_ids)
        self._on_event = on_event
        self._last = 0

    def tell(self) -> None:
        if self._on_event is None:
            return
        new = LogEntry.objects.filter(run_id__in=self._run_ids, pk__gt=self._last).select_related("stage")
        for entry in new.order_by("pk"):
            self._last = entry.pk
            self._on_event(entry)
