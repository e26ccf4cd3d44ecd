"""How many wrong passwords are too many. django-axes writes them down and asks here how many count."""

from typing import Any, Final

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.db.models import QuerySet, Sum
from django.http import HttpRequest

# One person over all addresses, and one address over all persons, are given so many times the tries.
WIDER: Final = 10


class SignInLimits(AxesDatabaseHandler):  # type: ignore[misc]
    """SIGN_IN_FAILURES for one person from one address; ten times as many for one person from anywhere, and for
    whomever from one address, so that passwords are guessed neither from many addresses nor for many persons.

    A sign-in that succeeds forgives the wrong tries of that person from that address, and nobody else's.
    """

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """The wrong tries of the last hour, in units of SIGN_IN_FAILURES for one person from one address."""
        recent = AccessAttempt.objects.filter(attempt_time__gte=get_cool_off_threshold(request))
        from_here = recent.filter(ip_address=request.axes_ip_address)  # type: ignore[attr-defined]
        of_person = recent.filter(username=get_client_username(request, credentials))
        return max(_tries(from_here & of_person), _tries(of_person) // WIDER, _tries(from_here) // WIDER)


def _tries(attempts: QuerySet[Any]) -> int:
    return int(attempts.aggregate(tries=Sum("failures_since_start"))["tries"] or 0)
