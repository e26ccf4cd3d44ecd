"""A refused edit becomes words at the top of the page it came from."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages

from accounts.access import WorkspaceRequest
from common.errors import ProblemError, StaleEdit

MOST_CHANGES = 5


@contextmanager
def told(request: WorkspaceRequest, done: str = "") -> Iterator[None]:
    """Say `done` when the block succeeds, else what was refused and what to do; the request goes on."""
    try:
        yield
    except ProblemError as problem:
        reasons = " ".join(one.message for one in problem.errors)
        if isinstance(problem, StaleEdit):
            reasons = " ".join(problem.changed[:MOST_CHANGES])
        messages.error(request, " ".join(filter(None, [problem.title, problem.detail, reasons])))
    else:
        if done:
            messages.success(request, done)


def posted_version(request: WorkspaceRequest) -> int | None:
    """The version of the process a form was opened on; None where it does not say."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
