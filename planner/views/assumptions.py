"""Assumptions set for many tasks at once: of the workspace, of a process, of its lanes; and set from a task."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import WorkspaceRequest, workspace_view
from accounts.models import Role
from common.errors import InvalidInput, ProblemError, StaleEdit
from planner.domain.valuation.estimate import Assumption, Origin
from planner.forms.value import posted_changes, posted_texts, posted_version
from planner.models import Process, Task
from planner.selectors.assumption_defaults import DefaultsScope, defaults_of, lanes_of
from planner.selectors.defaults_page import defaults_page
from planner.selectors.value_inputs import set_by_people
from planner.selectors.value_tasks import valued_task
from planner.services import assumption_defaults_update
from planner.views.problems import told


@require_http_methods(["GET", "POST"])
@workspace_view(writes=Role.OWNER)
def workspace_assumptions(request: WorkspaceRequest) -> HttpResponse:
    """Those of the workspace. Members read them, owners change them."""
    return _page(request, DefaultsScope(request.workspace), request.access.is_owner)


@require_http_methods(["GET", "POST"])
@workspace_view()
def process_assumptions(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Those of a process; `?lane=` those of one of its lanes."""
    process = Process.objects.of(request.workspace).select_related("workspace").get_or_404(pk=pk)
    lanes = lanes_of(process)
    lane = request.GET.get("lane", "")
    scope = DefaultsScope(request.workspace, process, lane if lane in lanes else "")
    more = {"process": process, "current_step": "value", "lanes": lanes}
    return _page(request, scope, request.access.can_edit, more)


@require_POST
@workspace_view()
def value_default(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """What a person set on a task becomes the default of its lane, its process or the workspace."""
    tasks = Task.objects.of(request.workspace).work().select_related("process__workspace", "workspace", "estimate")
    task = tasks.get_or_404(pk=pk)
    where, _, key = request.POST.get("what", "").partition("/")
    with told(request, "Set as default. Tasks where nothing narrower is set use it from now on."):
        scope = _scope_of(task, where)
        assumption_defaults_update(access=request.access, scope=scope, changes={key: _taken(request, task, key)})
    return redirect(
        f"{reverse('planner:value', args=[request.workspace.slug, pk])}#a-{key if key.isidentifier() else ''}"
    )


def _scope_of(task: Task, where: str) -> DefaultsScope:
    if where == "workspace":
        return DefaultsScope(task.workspace)
    if where == "process" or (where == "lane" and task.lane):
        return DefaultsScope(task.workspace, task.process, task.lane if where == "lane" else "")
    raise InvalidInput("Nothing was set.", detail="Choose the lane, the process or the workspace.")


def _taken(request: WorkspaceRequest, task: Task, key: str) -> dict[str, str]:
    """The text people set on the task; StaleEdit where the page showed another version of it."""
    found = valued_task(task)
    entry = set_by_people(task).get(key)
    if entry is None:
        raise InvalidInput("Nothing was set.", detail="Write it on the task first; then it can become a default.")
    if posted_version(request.POST) != found.version:
        raise StaleEdit("Not set: these assumptions were changed meanwhile.", detail="Look at what holds, then set it.")
    source = entry.get("source") or f"from the estimate of {task.name}"
    return {"text": entry["text"], "source": source[:200], "note": entry.get("note", "")}


def _page(
    request: WorkspaceRequest, scope: DefaultsScope, can_change: bool, more: Mapping[str, Any] | None = None
) -> HttpResponse:
    if request.method == "POST":
        try:
            _save(request, scope)
        except (InvalidInput, StaleEdit) as problem:
            return _shown(request, scope, can_change, more, problem)
        messages.success(request, f"Saved. Every task that uses the defaults of {scope.words} counts with them.")
        return redirect(request.get_full_path())
    return _shown(request, scope, can_change, more)


def _save(request: WorkspaceRequest, scope: DefaultsScope) -> None:
    own = defaults_of(scope)
    shown = {key: Assumption(key, each.text, each.source, Origin.PERSON) for key, each in own.items()}
    kept = {key: {"source": each.source, "note": each.note} for key, each in own.items()}
    changes = posted_changes(request.POST, shown, kept)
    version = _version(request)
    assumption_defaults_update(access=request.access, scope=scope, changes=changes, version=version)


def _version(request: WorkspaceRequest) -> int:
    """The version of the defaults the form was made on; what is no number is an old one."""
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 12 else -1


def _shown(
    request: WorkspaceRequest,
    scope: DefaultsScope,
    can_change: bool,
    more: Mapping[str, Any] | None,
    problem: ProblemError | None = None,
) -> HttpResponse:
    words = {error.path: error.message for error in problem.errors} if problem else {}
    written = posted_texts(request.POST) if problem and not isinstance(problem, StaleEdit) else {}
    page = defaults_page(scope, words, written)
    context = {"page": page, "scope": scope, "can_change": can_change, "problem": problem, **(more or {})}
    template = "planner/assumptions/process.html" if scope.process else "planner/assumptions/workspace.html"
    return render(request, template, context, status=problem.status if problem else 200)
