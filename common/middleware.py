"""Errors meant for a person become a page in words, or a toast for htmx. The API has its own handler."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from common.errors import ProblemError


def problem_page(request: HttpRequest, problem: ProblemError) -> HttpResponse:
    """The problem as a page; what was typed is one step back. htmx reads the same page and shows a toast."""
    return render(request, "errors/problem.html", {"problem": problem}, status=problem.status)


class ProblemMiddleware:
    """Turns a ProblemError that no view caught into its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return problem_page(request, exception) if isinstance(exception, ProblemError) else None
