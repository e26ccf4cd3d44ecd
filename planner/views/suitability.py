"""Which of the tasks could a prediction do: the questionnaire of a process, answered in place."""

from collections.abc import Mapping, Sequence

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import WorkspaceRequest, workspace_view
from common.errors import InvalidInput, ProblemError, StaleEdit
from planner.domain.suitability.suitability import QUESTIONS
from planner.forms.suitability import posted_answers
from planner.models import Process, Task
from planner.selectors.foresight import screen_under_way
from planner.selectors.suitability_page import NONE_REFUSED, Refusal, suitability_page
from planner.selectors.task_decision import decisions_of
from planner.services.suitability import GivenAnswer, suitabilities_update
from planner.views import decisions

BACK = ("task", "page", "q")
"""What the address of the page may say: the one task that is open, else which of the tasks are shown."""


@require_safe
@workspace_view()
def suitability(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The grid of all tasks; `?task=` opens one task with the words of every question."""
    return _page(request, _process(request, pk), {name: request.GET.get(name, "") for name in BACK})


@require_POST
@workspace_view()
def answers(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Save the answers that differ from what the page was opened on, all or none."""
    process = _process(request, pk)
    back = {name: request.POST.get(f"back-{name}", "") for name in BACK}
    given = posted_answers(request.POST)
    try:
        suitabilities_update(access=request.access, process=process, answers=given)
    except (InvalidInput, StaleEdit) as problem:
        return _refused(request, process, back, given, problem)
    if request.htmx:
        return _parts(request, process, given)
    query = QueryDict(mutable=True)
    query.update({name: said for name, said in back.items() if said})
    where = reverse("planner:suitability", args=[request.workspace.slug, process.pk])
    return redirect(f"{where}?{query.urlencode()}" if query else where)


def _process(request: WorkspaceRequest, pk: int) -> Process:
    return Process.objects.of(request.workspace).select_related("workspace").get_or_404(pk=pk)


def _page(
    request: WorkspaceRequest,
    process: Process,
    back: Mapping[str, str],
    refusal: Refusal = NONE_REFUSED,
    problem: ProblemError | None = None,
) -> HttpResponse:
    task = _opened(request, process, back["task"])
    only = None if task is None else [task.pk]
    page = suitability_page(process, words=back["q"], page=back["page"], only=only, refusal=refusal)
    shown = {
        "process": process,
        "current_step": "suitability",
        "questions": QUESTIONS,
        "page": page,
        "back": [(name, said) for name, said in back.items() if said],
        "problem": problem,
        "can_edit": request.access.can_edit,
    }
    status = problem.status if problem else 200
    if task is not None:
        shown |= {"line": page.lines[0], **decisions.shown(task)}
        return render(request, "planner/suitability/task.html", shown, status=status)
    tasks = [line.found.task for line in page.lines]
    said = decisions_of(process, tasks) if request.access.can_edit else {}
    shown |= {"checking": screen_under_way(process)}
    shown |= {"decisions": [decisions.shown(task, found=said[task.pk]) for task in tasks if task.pk in said]}
    return render(request, "planner/suitability.html", shown, status=status)


def _opened(request: WorkspaceRequest, process: Process, asked: str) -> Task | None:
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return None
    tasks = Task.objects.of(request.workspace).work().filter(process=process).select_related("process__workspace")
    return tasks.filter(pk=int(asked)).first()


def _parts(
    request: WorkspaceRequest,
    process: Process,
    given: Sequence[GivenAnswer],
    refusal: Refusal = NONE_REFUSED,
    problem: ProblemError | None = None,
) -> HttpResponse:
    """What changes on the page when these were answered: headline, points, verdicts, and the state of the cells."""
    keys = {_key(each) for each in given}
    page = suitability_page(process, only={each.task for each in given}, refusal=refusal)
    cells = [cell for line in page.lines for cell in line.cells if cell.key in keys]
    shown = {"process": process, "page": page, "cells": cells, "can_edit": True, "problem": problem}
    return render(request, "planner/suitability/_answered.html", shown, status=problem.status if problem else 200)


def _refused(
    request: WorkspaceRequest,
    process: Process,
    back: Mapping[str, str],
    given: Sequence[GivenAnswer],
    problem: InvalidInput | StaleEdit,
) -> HttpResponse:
    """What was written stays, with the reason beside each cell at fault; nothing was saved."""
    reasons: dict[str, str] = {}
    for error in problem.errors:
        _, _, rest = error.path.partition("answers.")
        place = rest.partition(".")[0]
        if place.isdigit():
            reasons.setdefault(_key(given[int(place)]), error.message)
    written = {_key(each): request.POST.get(f"q-{_key(each)}", "")[:20] for each in given}
    refusal = Refusal(written, reasons)
    if request.htmx:
        return _parts(request, process, given, refusal, problem)
    return _page(request, process, back, refusal, problem)


def _key(given: GivenAnswer) -> str:
    return f"{given.task}-{given.question}"
