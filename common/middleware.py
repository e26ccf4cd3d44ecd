"""Errors meant for a person become a page in words, or a toast for htmx. The API has its own handler."""

import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import server_error

from common.api.problems import problem_answer
from common.busy import DatabaseBusy, is_database_busy
from common.disk import DiskFull, is_disk_full
from common.errors import ProblemError
from common.unready import DatabaseUnready, is_database_unready


def problem_page(request: HttpRequest, problem: ProblemError) -> HttpResponse:
    """The problem as a page; what was typed is one step back. htmx reads the same page and shows a toast."""
    return render(request, "errors/problem.html", {"problem": problem}, status=problem.status)


def broken(request: HttpRequest) -> HttpResponse:
    """Handler of status 500. What broke outside of a view (a file too large for the disk, say) is told here too."""
    if is_database_unready(sys.exception()):
        return unready(request)
    if not is_disk_full(sys.exception()):
        return server_error(request)
    return problem_answer(DiskFull()) if request.path.startswith("/api/") else problem_page(request, DiskFull())


def unready(request: HttpRequest) -> HttpResponse:
    """A page that needs no table, and looks again by itself."""
    if request.path.startswith("/api/"):
        return problem_answer(DatabaseUnready())
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "3"})


class ProblemMiddleware:
    """Turns a ProblemError that no view caught into its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if is_disk_full(exception):
            return problem_page(request, DiskFull())
        if is_database_unready(exception):
            return unready(request)
        if is_database_busy(exception):
            return problem_page(request, DatabaseBusy())
        return problem_page(request, exception) if isinstance(exception, ProblemError) else None
