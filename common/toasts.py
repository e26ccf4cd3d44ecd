"""Toasts sent with an htmx answer; a page that redirects uses django.contrib.messages, shown the same way."""

from typing import Literal, TypeVar

from django.http.response import HttpResponseBase
from django_htmx.http import trigger_client_event

R = TypeVar("R", bound=HttpResponseBase)


def with_toast(
    response: R,
    title: str,
    *,
    words: str = "",
    kind: Literal["ok", "warn", "bad", "info"] = "ok",
    url: str = "",
    action: str = "Open",
) -> R:
    """`response`, with a toast shown when htmx receives it. `url` must be an address of ours."""
    trigger_client_event(
        response, "toast", {"kind": kind, "title": title, "words": words, "url": url, "action": action}
    )
    return response
