"""The decision of a task, written on its suitability page."""

from collections.abc import Mapping

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import WorkspaceRequest, workspace_view
from common.errors import InvalidInput, ProblemError, StaleEdit
from planner.domain.suitability.decision import PARTS
from planner.forms.seen import is_its_own, was_left
from planner.models import Task, TaskDecision
from planner.selectors.task_decision import Decision, task_decision
from planner.services.decisions import decision_update
from planner.services.suitability import tidy
from planner.views.problems import posted_version

PREFIX = "d-"


@require_POST
@workspace_view()
def decision(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Save the parts as written; an emptied one goes back to what is proposed."""
    task = Task.objects.of(request.workspace).work().select_related("process__workspace", "workspace").get_or_404(pk=pk)
    written = {part.key: request.POST[PREFIX + part.key] for part in PARTS if PREFIX + part.key in request.POST}
    version = posted_version(request)
    kept = TaskDecision.objects.filter(task=task).first()
    if kept is not None and _is_own_edit(request.POST, written, kept):
        version = kept.version
    try:
        decision_update(access=request.access, task=task, changes=written, version=-1 if version is None else version)
    except (InvalidInput, StaleEdit) as problem:
        return _refused(request, task, written, problem)
    if request.htmx:
        return render(request, "planner/suitability/_decision_saved.html", shown(task))
    return redirect(page(request, task))


def _is_own_edit(post: QueryDict, written: Mapping[str, str], kept: TaskDecision) -> bool:
    """Whether nobody but the page itself has edited since it was drawn (see `forms.seen`)."""
    return was_left(post) and all(
        is_its_own(post, PREFIX + key, getattr(kept, key), [text], tidy) for key, text in written.items()
    )


def page(request: WorkspaceRequest, task: Task) -> str:
    """Where the task's suitability is shown in full."""
    return f"{reverse('planner:suitability', args=[request.workspace.slug, task.process_id])}?task={task.pk}"


def shown(
    task: Task,
    written: Mapping[str, str] | None = None,
    problem: ProblemError | None = None,
    found: Decision | None = None,
) -> dict[str, object]:
    """What the form is drawn from: each part with what was written in it and what is wrong with that."""
    found = found or task_decision(task)
    wrong = {error.path: error.message for error in problem.errors} if problem else {}
    words = written or {}
    rows = [(part, words.get(part.part.key, part.given), wrong.get(part.part.key, "")) for part in found.parts]
    return {"decision": found, "decision_rows": rows, "decision_problem": problem, "task": task}


def _refused(request: WorkspaceRequest, task: Task, written: Mapping[str, str], problem: ProblemError) -> HttpResponse:
    """What was written stays, with the reason beside it; nothing was saved."""
    told = shown(task, written, problem) | {"process": task.process, "current_step": "suitability", "can_edit": True}
    if request.htmx:
        return render(request, "planner/suitability/_decision_saved.html", told, status=422)
    return render(request, "planner/suitability/decision.html", told, status=problem.status)
