"""The canvases of a process, and the sheet of a task."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_POST, require_safe

from accounts.access import WorkspaceRequest, workspace_view
from canvas.domain.blocks import BLOCKS, ORDER_NAMES
from canvas.domain.sheet import Refusal, sheet_of
from canvas.forms import ConclusionForm, FirstForm, HeaderForm, SheetForm
from canvas.models import Canvas
from canvas.selectors import (
    canvas_approval,
    canvas_offers,
    canvas_talk,
    drafting_under_way,
    portfolio_overview,
    process_overview,
    task_advice,
    task_facts,
)
from canvas.services import (
    SheetSaved,
    canvas_conclude,
    canvas_draft,
    canvas_header_update,
    canvas_texts_save,
    canvases_draft_portfolio,
    canvases_draft_top,
)
from common.formatting import things
from common.paged_rows import paged_rows
from common.steering import steering_by_field
from jobs.models import Run
from planner.models import PortfolioPlan, Process, Task
from planner.selectors.older_measures import older_note


def found_task(request: WorkspaceRequest, task_id: int) -> Task:
    return Task.objects.of(request.workspace).select_related("process__workspace").get_or_404(pk=task_id)


def found_canvas(request: WorkspaceRequest, task_id: int) -> Canvas:
    found = Canvas.objects.of(request.workspace).select_related("workspace", "task__process")
    return found.get_or_404(task_id=task_id)


def found_process(request: WorkspaceRequest, process_id: int) -> Process:
    return Process.objects.of(request.workspace).select_related("workspace").get_or_404(pk=process_id)


@require_safe
@workspace_view()
def index(request: WorkspaceRequest, process_id: int) -> HttpResponse:
    """Which tasks have a canvas, and how far each is."""
    process = found_process(request, process_id)
    return render(request, "canvas/index.html", _index_shown(request, process, FirstForm()))


def _index_shown(request: WorkspaceRequest, process: Process, form: FirstForm) -> dict[str, object]:
    overview, asked = process_overview(process), request.GET
    return {
        "process": process,
        "current_step": "canvas",
        "overview": overview,
        "rows": paged_rows(
            overview.rows, text=lambda row: row.name, words=asked.get("q", ""), page=asked.get("page", "")
        ),
        "run": overview.run,
        "drafting": drafting_under_way(request.workspace, f"process:{process.pk}"),
        "older": older_note(process),
        "form": form,
    }


@require_POST
@workspace_view()
def draft_top(request: WorkspaceRequest, process_id: int) -> HttpResponse:
    """Draft the canvases of the first k tasks of the ranking, or start the job that does."""
    process = found_process(request, process_id)
    form = FirstForm(request.POST)
    if not form.is_valid():
        return render(request, "canvas/index.html", _index_shown(request, process, form), status=422)
    drafted = canvases_draft_top(access=request.access, process=process, **form.cleaned_data)
    if not isinstance(drafted, Run):
        messages.success(request, f"{things(len(drafted), 'canvas', 'canvases')} drafted from what is known.")
    return redirect("canvas:index", request.workspace.slug, process.pk)


@require_safe
@workspace_view()
def portfolio_canvases(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The canvases of the tasks a portfolio chose."""
    plan = PortfolioPlan.objects.of(request.workspace).get_or_404(pk=pk)
    drafting = drafting_under_way(request.workspace, f"portfolio:{plan.pk}")
    return render(request, "canvas/portfolio.html", {"plan": plan, "rows": portfolio_overview(plan), "run": drafting})


@require_POST
@workspace_view()
def draft_portfolio(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Draft the canvases of the tasks a portfolio chose, or start the job that does; those there are already stay."""
    plan = PortfolioPlan.objects.of(request.workspace).get_or_404(pk=pk)
    drafted = canvases_draft_portfolio(access=request.access, plan=plan)
    if not isinstance(drafted, Run):
        messages.success(request, f"{things(len(drafted), 'canvas', 'canvases')} of the chosen tasks.")
    return redirect("canvas:portfolio", request.workspace.slug, plan.pk)


@require_safe
@workspace_view()
def sheet(request: WorkspaceRequest, task_id: int) -> HttpResponse:
    """The sheet of a task; without one, what would be drafted and the button that does it."""
    task = found_task(request, task_id)
    canvas = Canvas.objects.of(request.workspace).select_related("workspace", "task__process").filter(task=task).first()
    if canvas is None:
        shown = {"process": task.process, "task": task, "current_step": "canvas", "advice": task_advice(task)}
        return render(request, "canvas/none.html", shown)
    return render(request, "canvas/sheet.html", sheet_shown(request, canvas, request.GET.get("order", "")))


def sheet_shown(
    request: WorkspaceRequest, canvas: Canvas, order: str = "", refusals: Sequence[Refusal] = ()
) -> dict[str, object]:
    """What the sheet's templates need."""
    known = task_facts(canvas.task)
    currency, offered = request.workspace.currency, canvas_offers(canvas, known)
    read = sheet_of(canvas.fields, currency=currency, order=order, refusals=refusals, offers=offered)
    return {
        "process": canvas.task.process,
        "task": canvas.task,
        "canvas": canvas,
        "sheet": read,
        "advice": known.advice,
        "steering": steering_by_field(),
        "start": read.place(request.GET.get("at", "")),
        "orders": ORDER_NAMES,
        "may_edit": request.access.can_edit,
        "approval": canvas_approval(canvas),
        "talk": SimpleLazyObject(lambda: canvas_talk(canvas)),  # autosave shows nothing of it
        "talk_at": request.GET.get("talk", ""),
        "current_step": "canvas",
        "header_form": HeaderForm.of(canvas),
        "conclusion_form": ConclusionForm.of(canvas),
    }


@require_POST
@workspace_view()
def draft(request: WorkspaceRequest, task_id: int) -> HttpResponse:
    """Draft the task's canvas, or draft it again: gaps and earlier drafts only."""
    task = found_task(request, task_id)
    before = Canvas.objects.of(request.workspace).filter(task=task).values_list("version", flat=True).first()
    canvas = canvas_draft(access=request.access, task=task)
    if before is not None:
        messages.success(request, "Drafted again." if canvas.version > before else "The draft is up to date.")
    return redirect("canvas:sheet", request.workspace.slug, task.pk)


@require_POST
@workspace_view()
def save(request: WorkspaceRequest, task_id: int, block: str) -> HttpResponse:
    """Save one block as typed. htmx gets the parts that changed, a plain form the whole sheet."""
    canvas = found_canvas(request, task_id)
    if block not in BLOCKS:
        raise Http404("The canvas has no such block.")
    form = SheetForm(request.POST, block=block)
    version = form.version(newest=canvas.version)
    saved = canvas_texts_save(
        access=request.access, canvas=canvas, texts=form.texts(), version=version, bases=form.bases()
    )
    if not request.htmx and not saved.refused and not saved.overtaken:
        return redirect(f"{request.path.removesuffix(f'{block}/')}#{block}")
    return _saved(request, canvas, saved, form)


def _saved(request: WorkspaceRequest, canvas: Canvas, saved: SheetSaved, form: SheetForm) -> HttpResponse:
    texts, bases = form.texts(), form.bases()
    refusals = [Refusal(each.path, texts[each.path], each.message) for each in saved.refused]
    refusals += [
        Refusal(each.path, texts[each.path], each.message, overtaken=True, theirs=each.theirs)
        for each in saved.overtaken
    ]
    saved.canvas.task, saved.canvas.workspace = canvas.task, request.workspace
    shown = sheet_shown(request, saved.canvas, request.POST.get("order", ""), refusals)
    shown["settled"] = [path for path, text in texts.items() if bases.get(path) != text]
    template = "canvas/_saved.html" if request.htmx else "canvas/sheet.html"
    return render(request, template, shown, status=422 if refusals else 200)


@require_POST
@workspace_view()
def header(request: WorkspaceRequest, task_id: int) -> HttpResponse:
    """Save who it is designed for and by, and its iteration."""
    canvas = found_canvas(request, task_id)
    form = HeaderForm(request.POST)
    if form.is_valid():
        canvas_header_update(access=request.access, canvas=canvas, header=form.cleaned_data)
        return HttpResponse(status=204) if request.htmx else redirect("canvas:sheet", request.workspace.slug, task_id)
    shown = {**sheet_shown(request, canvas), "header_form": form}
    return render(request, "canvas/_head.html" if request.htmx else "canvas/sheet.html", shown, status=422)


@require_POST
@workspace_view()
def conclude(request: WorkspaceRequest, task_id: int) -> HttpResponse:
    """End the canvas: build it, or do not; or open it again."""
    canvas = found_canvas(request, task_id)
    form = ConclusionForm(request.POST)
    if not form.is_valid():
        shown = {**sheet_shown(request, canvas), "conclusion_form": form}
        return render(request, "canvas/sheet.html", shown, status=422)
    concluded = canvas_conclude(access=request.access, canvas=canvas, **form.cleaned_data)
    messages.success(request, f"Conclusion: {concluded.get_conclusion_display().lower()}.")
    return redirect("canvas:sheet", request.workspace.slug, task_id)
