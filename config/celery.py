"""The Celery application. Its tasks are the engine's doorbell; its settings are in config/queue.py."""

import os
import sys

from celery import Celery
from celery.signals import worker_process_init
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Celery puts the current folder before all else that is imported from: a file called csp.py, lying wherever somebody
# happens to call manage.py, would be run in the place of a package.
_path = list(sys.path)
app = Celery("taskworth")
sys.path[:] = _path
app.config_from_object("config.queue")
app.autodiscover_tasks()


@worker_process_init.connect
def connections_drop(**_: object) -> None:
    """A connection made before the fork belongs to the parent."""
    connections.close_all()
