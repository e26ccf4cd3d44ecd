"""The broker as the engine sees it: reachable or not, and whether it has lost its data."""

import time
from enum import Enum
from uuid import uuid4

import redis
from django.conf import settings

from common.broker_client import broker_client

CANARY_KEY = "taskworth:canary"
REMEMBERED_S = 3.0


class BrokerState(Enum):
    """NONE: stages are run by the dispatcher. DOWN: they wait until it is back."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


class Canary:
    """A key in the broker that only we write. Gone or changed, everything else in there is gone too."""

    def __init__(self, client: "redis.Redis") -> None:
        self._client = client
        self._known: bytes | str | None = None

    def lost(self) -> bool:
        """Whether the broker lost its data since the last look. Raises redis.RedisError while it cannot be reached."""
        found = self._client.get(CANARY_KEY)
        if found is not None and found == (self._known or found):
            self._known = found
            return False
        if found is None:
            self._client.set(CANARY_KEY, uuid4().hex, nx=True)
            found = self._client.get(CANARY_KEY)
        self._known = found
        return True


_remembered: tuple[float, BrokerState] | None = None


def broker_state() -> BrokerState:
    """How the broker is, asked at most every few seconds; for pages."""
    global _remembered  # noqa: PLW0603
    if not settings.REDIS_URL:
        return BrokerState.NONE
    now = time.monotonic()
    if _remembered is None or now - _remembered[0] > REMEMBERED_S:
        _remembered = (now, _asked())
    return _remembered[1]


def _asked() -> BrokerState:
    try:
        broker_client(settings.REDIS_URL).ping()
    except (redis.RedisError, OSError):
        return BrokerState.DOWN
    return BrokerState.UP
