"""How many API calls one caller may make, counted where all processes of the installation see it.

Counts lie in the broker where there is one, else in the database. Two neighbouring windows are counted, and the
earlier one weighs by the share of it that the sliding window still covers: one number a window, whatever the limit,
and no burst of twice the limit where two windows meet.
"""

import logging
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle

from accounts.services.pace import CountsUnreachable, broker_call_count, database_call_count

if TYPE_CHECKING:  # REST framework loads this module while it loads its views
    from rest_framework.views import APIView

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pace:
    """Calls of the window under way and of the one before; `elapsed` is the share of the present one gone, 0 to 1."""

    now: int
    before: int
    elapsed: float

    @property
    def calls(self) -> float:
        """Calls in the last full window's time, those of the earlier window taken as evenly spread.

        >>> Pace(now=10, before=60, elapsed=0.75).calls
        25.0
        """
        return self.now + self.before * (1 - self.elapsed)


class SharedPace(SimpleRateThrottle):
    """Counts each call once, in one step that no other process can come between."""

    pace: Pace
    num_requests: int
    duration: int

    def allow_request(self, request: Request, view: "APIView") -> bool:
        key = self.get_cache_key(request, view) if self.rate is not None else None
        if key is None:
            return True
        window, gone = divmod(self.timer(), self.duration)
        now, before = call_count(key=key, window=int(window), seconds=self.duration)
        self.pace = Pace(now=now, before=before, elapsed=gone / self.duration)
        return self.pace.calls <= self.num_requests

    def wait(self) -> float:
        """Whole seconds until the window under way is over, at least one: then fewer calls count."""
        return max(1.0, math.ceil((1 - self.pace.elapsed) * self.duration))


class AnonPace(SharedPace, AnonRateThrottle):
    """Of an address that sent no token."""


class UserPace(SharedPace, UserRateThrottle):
    """Of a person, over all their tokens."""


class TokenPace(AnonPace):
    """Of an address that asks for tokens."""

    scope = "token"


def call_count(*, key: str, window: int, seconds: int) -> tuple[int, int]:
    """Count one call; how many there are now in this window, and were in the one before."""
    if settings.REDIS_URL:
        try:
            return broker_call_count(key=key, window=window, seconds=seconds)
        except CountsUnreachable as error:
            log.warning("The broker does not count API calls (%s); the database does for now", error)
    return database_call_count(key=key, window=window)
