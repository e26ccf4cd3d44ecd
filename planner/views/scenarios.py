"""Scenarios of a process side by side, and those of one's own: made, changed, taken away."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import WorkspaceRequest, workspace_view
from accounts.models import Role
from common.errors import Conflict, InvalidInput, ProblemError, StaleEdit
from jobs.models import Run
from planner.forms.scenarios import posted_entry
from planner.forms.value import posted_texts, posted_version
from planner.models import Process, ProcessScenario
from planner.selectors.kept_page import About, Kept, is_kept
from planner.selectors.scenario_form import FormBasis, form_basis, form_read, scenario_form
from planner.selectors.scenarios_kept import scenarios_read
from planner.selectors.scenarios_page import scenarios_page
from planner.selectors.value_scenarios import columns_of, compared
from planner.selectors.value_tasks import valued_tasks
from planner.services import page_or_job, scenario_create, scenario_delete, scenario_update, values_awaited
from planner.views.problems import told
from planner.views.processes import process_of

FORM = "planner/scenario.html"
BEING_COMPARED = {
    "headline": "The scenarios are being compared",
    "lede": "There are many tasks to value: the page shows them as soon as they are done.",
}


@require_GET
@workspace_view()
def scenarios(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Tasks by scenarios, their sum, what differs."""
    process = process_of(request, pk)
    shown = {"process": process, "current_step": "value", "can_edit": request.access.can_edit}
    asked = {"words": request.GET.get("q", ""), "page": request.GET.get("page", "")}
    about = _of_many(process, asked) if is_kept(About.of(process)) else _at_once(process, asked)
    return render(request, "planner/scenarios.html", {**shown, **about})


def _at_once(process: Process, asked: dict[str, str]) -> dict[str, object]:
    found = compared(process)
    return {
        "found": found,
        "page": scenarios_page(found, **asked),
        "columns": 1 + len(found.columns),
        "run": values_awaited(process=process, tasks=found.every),
    }


def _of_many(process: Process, asked: dict[str, str]) -> dict[str, object]:
    """From what a job has kept, or that job."""
    kept, run = page_or_job(about=About.of(process), page=Kept.SCENARIOS, asked={})
    columns = columns_of(process)
    page = scenarios_read(kept, columns, **asked) if kept is not None else BEING_COMPARED
    found = {"tasks": bool(kept and kept["lines"]), "columns": columns}
    return {"found": found, "page": page, "columns": 1 + len(columns), "run": run}


@require_http_methods(["GET", "POST"])
@workspace_view(role=Role.EDITOR)
def scenario_new(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """A scenario of one's own, for all tasks."""
    process = process_of(request, pk)
    if request.method != "POST":
        return _form(request, process, None)
    try:
        made = scenario_create(access=request.access, process=process, entry=posted_entry(request.POST, None, None))
    except (InvalidInput, Conflict) as problem:
        return _form(request, process, None, problem)
    messages.success(request, f"“{made.name}” is beside the others now.")
    return redirect("planner:scenarios", request.workspace.slug, process.pk)


@require_http_methods(["GET", "POST"])
@workspace_view(role=Role.EDITOR)
def scenario(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Change it: what it sets for all tasks, or with `?task=` for one of them on top."""
    own = _own(request, pk)
    if request.method != "POST":
        return _form(request, own.process, own)
    try:
        entry = posted_entry(request.POST, own, _task(request))
        scenario_update(access=request.access, scenario=own, entry=entry, version=posted_version(request.POST))
    except (InvalidInput, StaleEdit) as problem:
        return _form(request, own.process, _own(request, pk), problem)
    messages.success(request, f"“{entry.name.strip()}” saved.")
    return redirect("planner:scenarios", request.workspace.slug, own.process_id)


@require_POST
@workspace_view(role=Role.EDITOR)
def scenario_removed(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Take it away."""
    own = _own(request, pk)
    with told(request, f"“{own.name}” is deleted."):
        scenario_delete(access=request.access, scenario=own, version=posted_version(request.POST))
    return redirect("planner:scenarios", request.workspace.slug, own.process_id)


def _own(request: WorkspaceRequest, pk: int) -> ProcessScenario:
    rows = ProcessScenario.objects.of(request.workspace).select_related("process__workspace")
    return rows.get_or_404(pk=pk)


def _task(request: WorkspaceRequest) -> int | None:
    given = request.GET.get("task", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else None


def _basis(process: Process, *, wait: bool) -> tuple[FormBasis, Run | None]:
    """What the form rests on; of a process of many tasks what a job has kept, or that job. With what was typed in
    hand it is worth waiting for: a form without fields would lose it."""
    if wait or not is_kept(About.of(process)):
        return form_basis(valued_tasks(process)), None
    kept, run = page_or_job(about=About.of(process), page=Kept.SCENARIO_FORM, asked={})
    return form_read(kept) if kept is not None else form_basis(()), run


def _form(
    request: WorkspaceRequest, process: Process, own: ProcessScenario | None, problem: ProblemError | None = None
) -> HttpResponse:
    """The form, empty, as it is, or as it was typed with the reason beside each field."""
    basis, run = _basis(process, wait=problem is not None)
    task = _task(request) if own else None
    known = {each.pk for each in basis.tasks}
    chosen = valued_tasks(process, only=[task])[0] if task in known else None
    typed = problem is not None and not isinstance(problem, StaleEdit)
    said = {error.path.rpartition(".")[2]: error.message for error in problem.errors} if problem else {}
    texts = posted_texts(request.POST) if typed else None
    form = scenario_form(basis, own, chosen, problems=said, written=texts, currency=process.workspace.currency)
    beside = {"name", "note", *(field.key for field in (*form.fields, *form.more))}
    shown = {
        "process": process,
        "current_step": "value",
        "own": own,
        "name": request.POST.get("name", "") if typed else own.name if own else "",
        "note": request.POST.get("note", "") if typed else own.note if own else "",
        "form": form,
        "run": run,
        "problem": problem,
        "said": said,
        "loose": [message for key, message in said.items() if key not in beside],
    }
    return render(request, FORM, shown, status=problem.status if problem else 200)
