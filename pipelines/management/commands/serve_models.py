"""`manage.py serve_models`: keeps the services of models in use running, until it is told to end (SIGTERM, Ctrl-C)."""

import signal
import time
from types import FrameType

from django.conf import settings
from django.core.management.base import BaseCommand

from pipelines.services import Supervisor


class Command(BaseCommand):
    """Starts, watches and ends the services of generated projects; they listen on the loopback interface alone."""

    help = __doc__ or ""
    requires_system_checks = ()  # it answers no requests

    def handle(self, *args: object, **options: object) -> None:
        self._going = True
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        with Supervisor() as supervisor:
            while self._going:
                supervisor.turn()
                time.sleep(min(0.5, settings.JOBS_TICK_SECONDS))

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._going = False
