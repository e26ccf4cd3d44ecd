"""One shape for every error of the API: RFC 9457 `application/problem+json`.

`type`, `title`, `status` and `detail` as the RFC has them, `errors` with the dotted path of each field, and `changed`
for an edit that came too late.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as ModelInvalid
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from common.busy import AGAIN_AFTER_S, DatabaseBusy, is_database_busy
from common.disk import DiskFull, is_disk_full
from common.errors import FieldProblem, ProblemError, StaleEdit, Unavailable

MEDIA_TYPE = "application/problem+json"
WHOLE_BODY = {"non_field_errors", NON_FIELD_ERRORS}

logger = logging.getLogger("taskworth.api")


@dataclass(frozen=True)
class Problem:
    """What an error answer says; `headers` go beside it."""

    status: int
    type: str
    title: str
    detail: str = ""
    errors: tuple[FieldProblem, ...] = ()
    changed: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, object]:
        """The JSON object a client reads."""
        said: dict[str, object] = {
            "type": f"urn:taskworth:problem:{self.type}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "errors": [{"path": each.path, "message": each.message} for each in self.errors],
        }
        if self.changed:
            said["changed"] = list(self.changed)
        return said

    def response(self) -> Response:
        return Response(self.body(), status=self.status, headers=dict(self.headers), content_type=MEDIA_TYPE)


def problem_handler(error: Exception, context: Mapping[str, object]) -> Response:
    """Turn any exception of an API view into a problem. An unforeseen one is logged and told without its inside."""
    set_rollback()
    known = problem_of(error)
    if known is None:
        logger.exception("Unforeseen error in the API", exc_info=error)
        known = Problem(500, "internal", "Something broke on our side.", "It has been logged; nothing of it is yours.")
    return known.response()


def problem_of(error: Exception) -> Problem | None:
    """The problem an exception stands for, or None for one nobody foresaw."""
    if is_disk_full(error):
        error = DiskFull()
    if is_database_busy(error):
        busy = DatabaseBusy()
        again = {"Retry-After": str(AGAIN_AFTER_S)}
        return Problem(busy.status, busy.type, busy.title, busy.detail, headers=again)
    match error:
        case ProblemError():
            changed = error.changed if isinstance(error, StaleEdit) else ()
            again = {"Retry-After": str(AGAIN_AFTER_S)} if isinstance(error, Unavailable) else {}
            return Problem(error.status, error.type, error.title, error.detail, error.errors, changed, again)
        case exceptions.ValidationError():
            return _invalid(tuple(_problems(error.detail)))
        case ModelInvalid():
            return _invalid(tuple(_model_problems(error)))
        case exceptions.APIException():
            return _framework_problem(error)
        case _:
            return next((problem for kind, problem in PLAIN.items() if isinstance(error, kind)), None)


def problem_answer(error: ProblemError) -> JsonResponse:
    """The answer below /api/ to what broke before a view of the API was reached."""
    problem = Problem(error.status, error.type, error.title, error.detail, error.errors)
    return JsonResponse(problem.body(), status=problem.status, content_type=MEDIA_TYPE)


def unknown_address(request: HttpRequest) -> JsonResponse:
    """The answer below /api/ where no view answers."""
    problem = Problem(404, "not-found", "There is nothing at this address.", "See /api/docs/ for what there is.")
    return JsonResponse(problem.body(), status=404, content_type=MEDIA_TYPE)


def _invalid(errors: tuple[FieldProblem, ...]) -> Problem:
    where = ", ".join(each.path for each in errors[:3] if each.path)
    return Problem(400, "invalid-input", "What was sent cannot be used.", f"See {where}." if where else "", errors)


def _problems(detail: object, path: str = "") -> Iterator[FieldProblem]:
    """Flatten DRF's nested errors into dotted paths: {"a": [{}, {"b": ["no"]}]} gives a.1.b."""
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            yield from _problems(inner, path if key in WHOLE_BODY else _below(path, key))
    elif isinstance(detail, list | tuple):
        for position, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from _problems(inner, _below(path, position) if nested else path)
    else:
        yield FieldProblem(path, str(detail))


def _model_problems(error: ModelInvalid) -> Iterator[FieldProblem]:
    if hasattr(error, "error_dict"):
        for name, messages in error.message_dict.items():
            yield from (FieldProblem("" if name in WHOLE_BODY else name, message) for message in messages)
    else:
        yield from (FieldProblem("", message) for message in error.messages)


def _below(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)


PLAIN: dict[type[Exception], Problem] = {
    Http404: Problem(404, "not-found", "There is nothing here.", "It does not exist, or is not yours to see."),
    PermissionDenied: Problem(403, "not-allowed", "You may not do this."),
    RequestDataTooBig: Problem(413, "too-large", "The body is larger than this address takes."),
    SuspiciousOperation: Problem(400, "unreadable", "The request cannot be read."),
}
"""Exceptions of Django whose own words are not for a client."""

FRAMEWORK_TITLES: dict[type[exceptions.APIException], tuple[str, str]] = {
    exceptions.ParseError: ("unreadable", "The body cannot be read."),
    exceptions.NotAuthenticated: ("not-signed-in", "This needs a token."),
    exceptions.AuthenticationFailed: ("not-signed-in", "The token or sign-in was not accepted."),
    exceptions.PermissionDenied: ("not-allowed", "You may not do this."),
    exceptions.NotFound: ("not-found", "There is nothing here."),
    exceptions.MethodNotAllowed: ("method-not-allowed", "This address does not take that method."),
    exceptions.NotAcceptable: ("not-acceptable", "It cannot be given in the form asked for."),
    exceptions.UnsupportedMediaType: ("unsupported-media-type", "A body of this type is not read here."),
    exceptions.Throttled: ("too-many-requests", "Too many requests."),
}


def _framework_problem(error: exceptions.APIException) -> Problem:
    fallback = (error.default_code, HTTPStatus(error.status_code).phrase)
    kind, title = FRAMEWORK_TITLES.get(type(error), fallback)
    detail = " ".join(each.message for each in _problems(error.detail))
    return Problem(error.status_code, kind, title, detail, headers=_headers(error))


def _headers(error: exceptions.APIException) -> dict[str, str]:
    found: dict[str, str] = {}
    challenge = getattr(error, "auth_header", None)
    if challenge:
        found["WWW-Authenticate"] = challenge
    wait = getattr(error, "wait", None)
    if wait:
        found["Retry-After"] = str(int(wait))
    return found
