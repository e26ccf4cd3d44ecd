"""Query parameters: each address names those it takes, any other is refused. Imported by views alone."""

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.views import APIView

from common.api.parsing import MAX_DIGITS
from common.api.strictness import MOST_NAMED
from common.errors import FieldProblem, InvalidInput
from common.unknown import LONGEST_SHOWN, unknown_words

EVERYWHERE = ("workspace",)
PAGING = ("page", "page_size")
PAGED = [
    OpenApiParameter("page", int, description="From 1."),
    OpenApiParameter("page_size", int, description="At most 200."),
]
"""How the parameters of `PAGING` are described."""

_F = TypeVar("_F", bound=Callable[..., Any])


def takes(*names: str) -> Callable[[_F], _F]:
    """Names the query parameters a method of a view takes; any other is refused. Those of pages are in `PAGING`."""

    def named(method: _F) -> _F:
        method.query = frozenset(names)  # type: ignore[attr-defined]
        return method

    return named


class KnownParameters(APIView):
    """A view that refuses a query parameter it does not take (see `takes`)."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = getattr(self, (request.method or "get").lower(), None)
        taken: frozenset[str] = getattr(method, "query", frozenset())
        problems = [
            FieldProblem(name, unknown_words(name, taken, "parameter"))
            for name in request.query_params
            if name not in taken and name not in EVERYWHERE
        ]
        problems += [
            FieldProblem(name, f"“{name}” stands here {len(request.query_params.getlist(name))} times: send it once.")
            for name in request.query_params
            if len(request.query_params.getlist(name)) > 1 and (name in taken or name in EVERYWHERE)
        ]
        if problems:
            raise InvalidInput("The address has a parameter that is not taken.", errors=problems[:MOST_NAMED])


def id_asked(request: Request, name: str, *, least: int = 1) -> int | None:
    """The id in a query parameter, None without it; InvalidInput for what is none."""
    text = request.query_params.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS and int(text) >= least):
        message = f"“{text[:LONGEST_SHOWN]}” is not the id of anything: send a whole number from {least}."
        raise InvalidInput("The address cannot be read.", errors=[FieldProblem(name, message)])
    return int(text)


def own_parameters(request: Request) -> dict[str, str]:
    """The query parameters but those that every address takes."""
    return {name: request.query_params[name] for name in request.query_params if name not in EVERYWHERE}
