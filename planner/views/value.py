"""What a task is worth: the page of one task, edited in place, and the overview of a process."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from accounts.access import WorkspaceRequest, workspace_view
from common.errors import InvalidInput, ProblemError, StaleEdit
from common.paged_rows import paged_rows
from planner.domain.valuation.assumptions import ERROR_FORM
from planner.domain.valuation.reference_classes import BY_KEY, REFERENCE_CLASSES, template_in_use
from planner.forms.value import is_own_edit, posted_changes, posted_texts, posted_version
from planner.models import Estimate, Process, Task
from planner.selectors.foresight import screen_under_way
from planner.selectors.kept_page import About, is_kept
from planner.selectors.older_measures import older_measures
from planner.selectors.scenarios_page import task_in_scenarios
from planner.selectors.shared_cost_pages import shared_costs_of
from planner.selectors.value_form import form_sections
from planner.selectors.value_history import value_history
from planner.selectors.value_inputs import set_by_people
from planner.selectors.value_page import value_page
from planner.selectors.value_tasks import valued_task, valued_tasks
from planner.selectors.value_words import target_words, value_headline, value_lede, verdict_words
from planner.services.estimate_template import estimate_template_apply
from planner.services.estimates import estimate_undo, estimate_update, undoable
from planner.services.values import values_awaited
from planner.views.problems import told

PAGE = "planner/value.html"
ANSWER = "planner/value/_answer.html"


@require_http_methods(["GET", "POST"])
@workspace_view()
def value(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET the page; POST saves what differs from what was shown, all of it or nothing."""
    task = _task(request, pk)
    if request.method == "POST":
        return _save(request, task)
    return render(request, PAGE, context(request, task))


@require_POST
@workspace_view()
def value_undo(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Take back the last edit."""
    task = _task(request, pk)
    estimate_undo(access=request.access, task=task, version=posted_version(request.POST))
    return redirect("planner:value", slug=request.workspace.slug, pk=task.pk)


@require_POST
@workspace_view()
def value_template(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Set what nobody has set from what is usual for a kind of task."""
    task, name = _task(request, pk), request.POST.get("template", "")
    with told(request, "Set from the template. Check each; one undo takes all of it back."):
        version = posted_version(request.POST)
        estimate_template_apply(access=request.access, task=task, template=name, version=version)
    kept = f"?{urlencode({'template': name})}" if name in BY_KEY else ""
    return redirect(reverse("planner:value", args=[request.workspace.slug, task.pk]) + kept)


@require_GET
@workspace_view()
def values(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Every task of a process with its value, and what is missing."""
    process = Process.objects.of(request.workspace).select_related("workspace").get_or_404(pk=pk)
    named = Task.objects.of(request.workspace).work().filter(process=process).order_by("position", "id")
    asked = request.GET
    rows = paged_rows(
        list(named.values_list("pk", "name")),
        text=lambda each: str(each[1]),
        words=asked.get("q", ""),
        page=asked.get("page", ""),
    )
    # Of many tasks only those of this page are valued.
    tasks = valued_tasks(process, only=[pk for pk, _ in rows.shown] if is_kept(About.of(process)) else None)
    by_pk = {found.task.pk: found for found in tasks}
    found = [by_pk[pk] for pk, _ in rows.shown]
    shown = {
        "process": process,
        "current_step": "value",
        "lines": [(each, value_headline(each)) for each in found],
        "rows": rows,
        "counted": sum(each.brief is not None for each in tasks) if len(tasks) == rows.total else None,
        "run": values_awaited(process=process, tasks=tasks),
        "checking": screen_under_way(process),
        "older": older_measures(process),
    }
    return render(request, "planner/values.html", shown)


def _task(request: WorkspaceRequest, pk: int) -> Task:
    tasks = Task.objects.of(request.workspace).work().select_related("process__workspace", "workspace", "estimate")
    return tasks.get_or_404(pk=pk)


def _save(request: WorkspaceRequest, task: Task) -> HttpResponse:
    found, kept = valued_task(task), set_by_people(task)
    changes, version = posted_changes(request.POST, found.assumptions, kept), posted_version(request.POST)
    if is_own_edit(request.POST, changes, found.assumptions, kept):
        version = found.version
    try:
        estimate_update(access=request.access, task=task, changes=changes, version=version)
    except (InvalidInput, StaleEdit) as problem:
        return _refused(request, task, problem)
    if not request.htmx:
        return redirect("planner:value", slug=request.workspace.slug, pk=task.pk)
    if ERROR_FORM in changes:
        return HttpResponseClientRefresh()
    return render(request, ANSWER, context(request, _task(request, task.pk)))


def _refused(request: WorkspaceRequest, task: Task, problem: ProblemError) -> HttpResponse:
    """The page with what was typed and the reason beside it; nothing was saved."""
    words = {error.path: error.message for error in problem.errors}
    stale = isinstance(problem, StaleEdit)
    shown = context(request, _task(request, task.pk), words, {} if stale else posted_texts(request.POST))
    shown["problem"] = problem
    return render(request, ANSWER if request.htmx else PAGE, shown, status=422 if request.htmx else problem.status)


def context(
    request: WorkspaceRequest,
    task: Task,
    problems: Mapping[str, str] | None = None,
    written: Mapping[str, str] | None = None,
) -> dict[str, object]:
    """What the page and its parts are drawn from."""
    found = valued_task(task)
    estimate: Estimate | None = getattr(task, "estimate", None)
    change = undoable(estimate) if estimate else None
    history = value_history(found)
    page = value_page(found, change, history)
    kind, title, words = verdict_words(found)
    return {
        "process": task.process,
        "checking": screen_under_way(task.process),
        "current_step": "value",
        "task": task,
        "found": found,
        "page": page,
        "change": change,
        "sections": form_sections(found, change, problems or {}, written or {}, request.access),
        "shared_costs": shared_costs_of(found),
        "templates": REFERENCE_CLASSES,
        "chosen_template": request.GET.get("template") or template_in_use(found.assumptions),
        "headline": value_headline(found),
        "lede": value_lede(found, page.information if page else ()),
        "verdict": {"kind": kind, "title": title, "words": words},
        "wants_a_model": found.finding is not None and found.finding.verdict.wants_a_model,
        "scenarios": task_in_scenarios(found),
        "target": target_words(found),
        "can_edit": request.access.can_edit,
    }
