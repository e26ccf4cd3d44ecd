"""Counting calls: one statement or one exchange a call, however many were counted before."""

from functools import cache

import redis
from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.models import CallCount
from common.broker_client import broker_client

ANSWER_WITHIN_S = 0.5


class CountsUnreachable(Exception):
    """The broker did not answer."""


@cache
def _client(url: str) -> "redis.Redis":
    return broker_client(url, connect_within=ANSWER_WITHIN_S, answer_within=ANSWER_WITHIN_S)


def broker_call_count(*, key: str, window: int, seconds: int) -> tuple[int, int]:
    """Count one call of `key` in the broker; calls in this window (with this one) and in the one before.

    Raises CountsUnreachable. A count goes by itself once no window needs it.
    """
    name = f"taskworth:pace:{key}"
    try:
        with _client(settings.REDIS_URL).pipeline(transaction=False) as line:
            line.incr(f"{name}:{window}")
            line.expire(f"{name}:{window}", 2 * seconds + 1)
            line.get(f"{name}:{window - 1}")
            now, _, before = line.execute()
    except redis.RedisError as error:
        raise CountsUnreachable(type(error).__name__) from error
    return int(now), int(before or 0)


def database_call_count(*, key: str, window: int) -> tuple[int, int]:
    """The same in the database: one row a caller, which holds the two windows that matter."""
    with transaction.atomic():
        if not _counted(key, window) and not _moved_on(key, window):
            CallCount.objects.bulk_create([CallCount(key=key, window=window)], ignore_conflicts=True)
            _counted(key, window)
        found = CallCount.objects.get(key=key)
    return found.now, found.before


def _counted(key: str, window: int) -> bool:
    return bool(CallCount.objects.filter(key=key, window__gte=window).update(now=F("now") + 1))


def _moved_on(key: str, window: int) -> bool:
    """Begin a window: what was the present one is the one before, or nothing when it is longer ago."""
    neighbour = CallCount.objects.filter(key=key, window=window - 1)
    if neighbour.update(window=window, before=F("now"), now=1):
        return True
    return bool(CallCount.objects.filter(key=key, window__lt=window).update(window=window, before=0, now=1))
