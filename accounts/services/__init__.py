"""What can be done to workspaces, their members and their keys."""

from accounts.services.idempotency import (
    idempotent_answer_abandon,
    idempotent_answer_begin,
    idempotent_answer_finish,
)
from accounts.services.tokens import api_token_create, api_token_found, api_token_revoke

__all__ = [
    "api_token_create",
    "api_token_found",
    "api_token_revoke",
    "idempotent_answer_abandon",
    "idempotent_answer_begin",
    "idempotent_answer_finish",
]
