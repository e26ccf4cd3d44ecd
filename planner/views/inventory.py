"""The inventory: which processes do we have, and which is worth breaking down?"""

import csv
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import WorkspaceRequest, workspace_view
from accounts.models import User
from common.errors import ProblemError
from planner.forms.inventory import InventoryForm
from planner.models import Process
from planner.selectors.inventory import (
    FEWEST,
    MOST,
    InventoryRow,
    compared,
    count_words,
    inventory,
    inventory_title,
)
from planner.services import examples_available, process_create, process_update
from planner.views.problems import told
from planner.views.processes import process_of
from planner.views.tasks import safe_cell

COLUMNS = (
    "Process", "Owner", "Goal", "Pain", "What ML might change", "Cases a year", "Source of the cases", "Tasks",
    "Cost a year", "Currency", "Best task", "Worth, mean", "Worth, 5 %", "Worth, 95 %", "Step",
)  # fmt: skip
HEADINGS = (
    ("name", "Process", ""), ("owner", "Owner", ""), ("cases", "Cases", "a year"), ("tasks", "Tasks", ""),
    ("cost", "Cost", "a year"), ("worth", "Best task, worth", "90 % interval"), ("step", "Step", ""),
)  # fmt: skip


@workspace_view()
def processes(request: WorkspaceRequest) -> HttpResponse:
    """Every process of the workspace in one table, by any of its columns; POST adds one by its name."""
    if request.method == "POST":
        return _add(request)
    order, words = request.GET.get("order", ""), " ".join(request.GET.get("q", "").split())[:120]
    rows = inventory(request.workspace, order=order, words=words)
    editing = request.access.can_edit and "edit" in request.GET
    shown: dict[str, Any] = {
        "rows": rows,
        "title": inventory_title(rows) if not words else count_words(rows, words),
        "headings": [
            (key, label, small, _onward(key, order), _direction(key, order)) for key, label, small in HEADINGS
        ],
        "order": order,
        "words": words,
        "editing": editing,
        "members": _members(request) if editing else (),
        "forms": [(row, InventoryForm.values(row.process)) for row in rows] if editing else (),
        "examples": examples_available(),
    }
    return render(request, "planner/processes.html", shown)


@workspace_view()
def compare(request: WorkspaceRequest) -> HttpResponse:
    """Two to four processes side by side."""
    chosen = set(request.GET.getlist("process"))
    rows = [row for row in inventory(request.workspace) if str(row.process.pk) in chosen]
    if not FEWEST <= len(rows) <= MOST:
        messages.error(request, f"Choose {FEWEST} to {MOST} processes to compare.")
        return redirect("planner:processes", request.workspace.slug)
    return render(request, "planner/inventory/compare.html", {"rows": rows, "lines": compared(rows)})


@workspace_view()
def inventory_csv(request: WorkspaceRequest) -> HttpResponse:
    """The inventory as CSV; a text that a spreadsheet would take for a formula gets a quote in front."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="processes.csv"'
    writer = csv.writer(answer)
    writer.writerow(COLUMNS)
    rows = inventory(request.workspace, order=request.GET.get("order", ""), words=request.GET.get("q", ""))
    writer.writerows(_cells(row, request.workspace.currency) for row in rows)
    return answer


@require_POST
@workspace_view()
def entry(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Save what the inventory holds of one process, from its page or a row of the table."""
    process = process_of(request, pk)
    form, problem = InventoryForm(request.POST), None
    if form.is_valid():
        try:
            changes = form.changes(process, request.workspace)
            if form.is_own_edit(request.POST, process):
                changes["version"] = process.version
            process_update(access=request.access, process=process, **changes)
        except ProblemError as refused:
            problem = refused
    if request.htmx:
        shown = {"process": process, "form": form, "problem": problem}
        failed = bool(form.errors or problem)
        return render(request, "planner/inventory/_saved.html", shown, status=422 if failed else 200)
    return _plainly(request, form, problem, process)


def _plainly(
    request: WorkspaceRequest, form: InventoryForm, problem: ProblemError | None, process: Process
) -> HttpResponse:
    """Back to where the form stood, with what happened said at its top."""
    wrong = [f"{form[name].label}: {error}" for name, errors in form.errors.items() for error in errors]
    with told(request, "" if wrong else f"“{process.name}” saved."):
        if problem is not None:
            raise problem
    if wrong:
        messages.error(request, f"Not saved. {' '.join(wrong)}")
    if request.POST.get("back") == "table":
        return redirect(f"{reverse('planner:processes', args=[request.workspace.slug])}?edit=1#p{process.pk}")
    return redirect("planner:process", request.workspace.slug, process.pk)


def _add(request: WorkspaceRequest) -> HttpResponse:
    with told(request, "Added. Say what it is for and where it hurts; it can be broken down later."):
        process_create(access=request.access, name=request.POST.get("name", ""))
    return redirect(f"{reverse('planner:processes', args=[request.workspace.slug])}?edit=1")


def _members(request: WorkspaceRequest) -> list[User]:
    return list(User.objects.filter(memberships__workspace=request.workspace).order_by("name", "email"))


def _onward(key: str, order: str) -> str:
    """The order a press on a heading leads to: figures from the largest, a second press the other way round."""
    usual = key if key in ("name", "owner", "step") else f"-{key}"
    return usual if order != usual else f"-{usual}".removeprefix("--")


def _direction(key: str, order: str) -> str:
    if order.removeprefix("-") != key:
        return ""
    return "descending" if order.startswith("-") else "ascending"


def _cells(row: InventoryRow, currency: str) -> list[object]:
    process, best = row.process, row.card.best
    texts = (process.name, row.owner, process.goal, process.pain, process.ml_change)
    worth = (safe_cell(best.task.name), best.npv_mean, best.npv_p5, best.npv_p95) if best else ("", "", "", "")
    figures = (process.cases_a_year, safe_cell(row.cases_words), row.card.tasks, row.card.sheet.cost, currency)
    return [*map(safe_cell, texts), *figures, *worth, row.step_label]
