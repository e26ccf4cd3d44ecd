"""The errors meant for a person. Services raise them; pages and the API turn each into words beside its field."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class FieldProblem:
    """One thing wrong with one field. `path` is dotted (`flows.3.target`), `message` a whole sentence."""

    path: str
    message: str


class ProblemError(Exception):
    """Base of every error a user should read.

    `title` says what happened, `detail` what it means and what to do, `errors` where. `status` is the HTTP status
    that the API answers with and `type` the last part of the problem's URI (RFC 9457).
    """

    status = 400
    type = "problem"

    def __init__(self, title: str, *, detail: str = "", errors: Sequence[FieldProblem] = ()) -> None:
        super().__init__(title)
        self.title = title
        self.detail = detail
        self.errors = tuple(errors)

    def __str__(self) -> str:
        return " ".join(part for part in (self.title, self.detail) if part)


class InvalidInput(ProblemError):
    """What was given cannot be used; `errors` says where."""

    status = 400
    type = "invalid-input"


class NotAllowed(ProblemError):
    """A member of the workspace whose role does not allow this."""

    status = 403
    type = "not-allowed"


class NotFound(ProblemError):
    """It does not exist, or belongs to another workspace: both answer alike."""

    status = 404
    type = "not-found"


class Conflict(ProblemError):
    """It cannot be done in the present state of the thing."""

    status = 409
    type = "conflict"


class Unavailable(ProblemError):
    """What has to answer does not at the moment; asking again later may help."""

    status = 503
    type = "unavailable"


class StaleEdit(ProblemError):
    """Somebody changed it since it was read. `changed` names what differs, `errors` where; nothing was written."""

    status = 412
    type = "stale-edit"

    def __init__(
        self, title: str, *, changed: Sequence[str] = (), detail: str = "", errors: Sequence[FieldProblem] = ()
    ) -> None:
        super().__init__(title, detail=detail, errors=errors)
        self.changed = tuple(changed)
