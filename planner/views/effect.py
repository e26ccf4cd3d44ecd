"""A case before and after automating tasks."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import WorkspaceRequest, workspace_view
from common.paged_rows import LONGEST_WORDS
from planner.models import Process
from planner.selectors.effect_kept import effect_read, effect_wanted, tasks_named
from planner.selectors.effect_page import effect_page
from planner.selectors.kept_page import About, Kept, is_kept
from planner.selectors.process_effect import effect_of
from planner.services import page_or_job
from planner.services.values import values_awaited
from planner.views.processes import process_of

PREFIX = "repeats-"
BEING_WORKED_OUT = {
    "headline": "The effect is being computed",
    "lede": "There are many tasks to value and to follow through the graph: it is shown here as soon as that is done.",
}


@require_GET
@workspace_view()
def effect(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """`?tasks=` names each task to automate (those to predict without any), `?repeats-…=` the share of repeats.

    Of a process with many tasks, `?q=` finds those to choose from and `?all=1` shows all in the table.
    """
    process, words = process_of(request, pk), request.GET.get("q", "")[:LONGEST_WORDS]
    about, problems = (_of_many if is_kept(About.of(process)) else _at_once)(request.GET, process, words)
    shown = {"process": process, "current_step": "ranking", "words": words, **about}
    part = request.htmx and request.htmx.target != "effect-choose"
    template = "planner/effect/_answer.html" if part else "planner/effect.html"
    return render(request, template, shown, status=422 if problems else 200)


def _at_once(query: QueryDict, process: Process, words: str) -> tuple[dict[str, object], bool]:
    found = effect_of(process, _asked(query), _repeats(query))
    run = values_awaited(process=process, tasks=found.tasks) if found.waiting else None
    page = effect_page(found, words=words, all_tasks="all" in query)
    return {"page": page, "run": run}, bool(found.problems)


def _of_many(query: QueryDict, process: Process, words: str) -> tuple[dict[str, object], bool]:
    """From what a job has kept, or that job."""
    tasks, repeats = _asked(query), _repeats(query)
    tasks_named(process, tasks, repeats)
    kept, run = page_or_job(about=About.of(process), page=Kept.EFFECT, asked=effect_wanted(tasks, repeats))
    if kept is None:
        return {"page": BEING_WORKED_OUT, "run": run}, False
    return {"page": effect_read(kept, words=words, all_tasks="all" in query), "run": None}, bool(kept["problems"])


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
