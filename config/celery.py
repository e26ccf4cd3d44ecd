"""The Celery application. Its tasks are the engine's doorbell; its settings are in config/queue.py."""

import os

from celery import Celery
from celery.signals import worker_process_init
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("taskworth")
app.config_from_object("config.queue")
app.autodiscover_tasks()


@worker_process_init.connect
def connections_drop(**_: object) -> None:
    """A connection made before the fork belongs to the parent."""
    connections.close_all()
