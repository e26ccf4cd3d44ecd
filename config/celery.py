"""The Celery application; its tasks are the engine's doorbell, its settings are in the engine's document."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("taskworth")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
