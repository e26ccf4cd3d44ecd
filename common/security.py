"""What answers may do in a browser: the Content-Security-Policy and its one exception, and files of users.

Everything comes from our own address: no inline script, no eval, no style attribute. Only pages that draw with Plotly
allow inline styles: its titles and legends fall out of place without.
"""

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address
from typing import BinaryIO, Concatenate, Final, ParamSpec, TypeVar

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
STYLES: Final = {"style-src": ["'unsafe-inline'"]}


def chart_page(
    view: Callable[Concatenate[R, P], HttpResponseBase],
) -> Callable[Concatenate[R, P], HttpResponseBase]:
    """A page that draws with Plotly: `style-src` also takes inline styles. Scripts stay as strict as everywhere."""

    @wraps(view)
    def answer(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response._csp_update = STYLES  # type: ignore[attr-defined]  # read by django-csp's middleware
        return response

    return answer


def client_address(request: HttpRequest) -> str:
    """The address a request comes from, behind PROXY_COUNT reverse proxies of ours.

    Each proxy appends whom it heard from to X-Forwarded-For, so only the last PROXY_COUNT entries can be believed;
    what stands before them was written by the client. Anything that is no address is not believed either.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    proxies = settings.AXES_IPWARE_PROXY_COUNT
    heard = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    told = heard[-proxies] if 0 < proxies <= len(heard) else direct
    try:
        return str(ip_address(told))
    except ValueError:
        return direct


def file_response(source: BinaryIO, *, filename: str, media_type: str = "application/octet-stream") -> FileResponse:
    """A user's file as a download: never shown inside our pages, its type never guessed by the browser."""
    answer = FileResponse(source, as_attachment=True, filename=filename, content_type=media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
