"""`manage.py dispatch`: runs a dispatcher until it is told to end (SIGTERM or Ctrl-C)."""

import signal
from types import FrameType

from django.core.management.base import BaseCommand

from jobs.services.dispatching import Dispatcher, dispatcher_pool


class Command(BaseCommand):
    """Rings for queued stages, takes back those of dead workers, and runs them itself where there is no broker."""

    help = __doc__ or ""
    requires_system_checks = ()  # it answers no requests

    def handle(self, *args: object, **options: object) -> None:
        self._going = True
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        with dispatcher_pool() as pool:
            dispatcher = Dispatcher(pool)
            while self._going:
                dispatcher.turn()
                dispatcher.rest()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._going = False
