"""T3, the doorbell: the one place a message is sent from. A message says only which stage and which attempt."""

import logging
from datetime import timedelta
from functools import partial

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from jobs.domain.retrying import RETRY_POLICY
from jobs.models import Stage

log = logging.getLogger(__name__)


def broker_configured() -> bool:
    """Whether there is a broker at all. Without one the dispatcher and `run_drain` execute the stages themselves."""
    return bool(settings.REDIS_URL)


def due() -> Q:
    """Stages whose backoff is over. One further away than any backoff reaches was set under another clock: due."""
    now = timezone.now()
    beyond = now + timedelta(seconds=RETRY_POLICY.longest_delay_s + 1)
    return Q(not_before__isnull=True) | Q(not_before__lte=now) | Q(not_before__gt=beyond)


def stage_ring(stage: Stage) -> bool:
    """Ring for a ready stage, unless another did since it was read; False when no message went out."""
    if not broker_configured():
        return False
    unrung = Stage.objects.ready().filter(pk=stage.pk, attempt=stage.attempt, sent=stage.sent)
    if not unrung.update(sent=F("sent") + 1):
        return False
    try:
        message = {"stage_id": stage.pk, "attempt": stage.attempt}
        current_app.send_task(stage.task_name, kwargs=message, ignore_result=True, retry=False)
    except (OperationalError, OSError) as error:
        log.warning("The broker cannot be reached, stage %s stays queued: %s", stage.pk, error)
        Stage.objects.ready().filter(pk=stage.pk, attempt=stage.attempt).update(sent=0)
        return False
    return True


def run_ring(run_id: int) -> None:
    """Ring for every stage of the run that is ready, due and was not rung for."""
    if not broker_configured():
        return
    for stage in Stage.objects.ready().filter(due(), run_id=run_id, sent=0):
        if not stage_ring(stage):
            return


def run_ring_after_commit(run_id: int) -> None:
    """Ring once what the present transaction wrote can be seen by others."""
    transaction.on_commit(partial(run_ring, run_id))
