"""A creating request sent twice with the same Idempotency-Key is done once and answered alike."""

from datetime import datetime, timedelta

from accounts.access import Access
from accounts.models import IdempotentAnswer, User, Workspace
from common.errors import Conflict, InvalidInput, ProblemError

KEPT = timedelta(hours=24)
GIVEN_UP = timedelta(minutes=10)
MAX_KEY_LENGTH = 200


class KeyReused(ProblemError):
    """The key was used before with another request."""

    status = 422
    type = "idempotency-key-reused"


def idempotent_answer_begin(*, access: Access, key: str, digest: str, now: datetime) -> IdempotentAnswer:
    """Reserve `key` for the request with this digest, or find the answer given before (its `status` is set).

    Raises KeyReused (422) when the key stands for another request and Conflict (409) while the first is still running.
    """
    if access.user is None or not 0 < len(key) <= MAX_KEY_LENGTH or not key.isprintable():
        raise InvalidInput(f"Idempotency-Key must be 1 to {MAX_KEY_LENGTH} printable characters.")
    _forget_old(access.workspace, access.user, key, now)
    answer, created = IdempotentAnswer.objects.get_or_create(
        workspace=access.workspace, user=access.user, key=key, defaults={"digest": digest, "created_at": now}
    )
    if answer.digest != digest:
        raise KeyReused("This Idempotency-Key was used for another request.", detail="Draw a new key for each request.")
    if not created and answer.status is None:
        raise Conflict("The first request with this Idempotency-Key is still running.", detail="Ask again shortly.")
    return answer


def idempotent_answer_finish(*, answer: IdempotentAnswer, status: int, body: object, headers: dict[str, str]) -> None:
    """Keep the answer, to be given again."""
    answer.status, answer.body, answer.headers = status, body, headers
    answer.save(update_fields=["status", "body", "headers"])


def idempotent_answer_abandon(*, answer: IdempotentAnswer) -> None:
    """The request failed and changed nothing: the key is free again."""
    answer.delete()


def _forget_old(workspace: Workspace, user: User, key: str, now: datetime) -> None:
    mine = IdempotentAnswer.objects.of(workspace).filter(user=user)
    mine.filter(created_at__lt=now - KEPT).delete()
    mine.filter(key=key, status__isnull=True, created_at__lt=now - GIVEN_UP).delete()
