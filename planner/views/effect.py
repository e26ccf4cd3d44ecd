"""A case before and after automating tasks."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import WorkspaceRequest, workspace_view
from common.paged_rows import LONGEST_WORDS
from planner.selectors.effect_page import effect_page
from planner.selectors.process_effect import effect_of
from planner.services.values import values_awaited
from planner.views.processes import process_of

PREFIX = "repeats-"


@require_GET
@workspace_view()
def effect(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """`?tasks=` names each task to automate (those to predict without any), `?repeats-…=` the share of repeats.

    Of a process with many tasks, `?q=` finds those to choose from and `?all=1` shows all in the table.
    """
    process = process_of(request, pk)
    known = _asked(request.GET)
    found = effect_of(process, known, _repeats(request.GET))
    words = request.GET.get("q", "")[:LONGEST_WORDS]
    run = values_awaited(process=process, tasks=found.tasks) if found.waiting else None
    shown = {
        "process": process,
        "current_step": "ranking",
        "found": found,
        "page": effect_page(found, words=words, all_tasks="all" in request.GET),
        "words": words,
        "run": run,
    }
    part = request.htmx and request.htmx.target != "effect-choose"
    template = "planner/effect/_answer.html" if part else "planner/effect.html"
    return render(request, template, shown, status=422 if found.problems else 200)


def _asked(query: QueryDict) -> set[int] | None:
    """None where nobody has chosen yet; a form that was sent with every box empty has chosen none."""
    given = query.getlist("tasks")
    if not given and "chosen" not in query:
        return None
    return {_number(text) for text in given}


def _repeats(query: QueryDict) -> dict[int, str]:
    texts = {name.removeprefix(PREFIX): (query.get(name) or "").strip() for name in query if name.startswith(PREFIX)}
    return {_number(name): text for name, text in texts.items() if text}


def _number(text: str) -> int:
    """The id of a task; what is no number is none's."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
