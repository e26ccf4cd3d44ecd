"""Which tasks to build together: the portfolios of a workspace, and one of them with its limits and its answer."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Access, WorkspaceRequest, workspace_view
from accounts.models import Role
from common.errors import InvalidInput, ProblemError, StaleEdit
from common.paged_rows import LONGEST_WORDS
from planner.forms.portfolio import (
    STATES,
    PortfolioForm,
    TaskLine,
    entry_of,
    lines_of,
    posted_lines,
    shown_lines,
    told_lines,
)
from planner.forms.task_names import TaskNames
from planner.models import PortfolioPlan, Process
from planner.models.process import TaskQuerySet
from planner.selectors.portfolio_inputs import processes_of, tasks_of
from planner.selectors.portfolio_page import portfolio_page, portfolio_rows
from planner.selectors.portfolio_standing import standing_of
from planner.services import (
    PortfolioEntry,
    portfolio_choose_start,
    portfolio_create,
    portfolio_decide,
    portfolio_delete,
    portfolio_update,
)
from planner.views.problems import posted_version, told


@require_http_methods(["GET", "POST"])
@workspace_view()
def portfolios(request: WorkspaceRequest) -> HttpResponse:
    """The list; POST draws up a portfolio by its name, without limits."""
    if request.method == "POST":
        return _create(request)
    plans = list(PortfolioPlan.objects.of(request.workspace).prefetch_related("processes"))
    rows = portfolio_rows(request.workspace, plans)
    shown = {"rows": rows, "has_processes": Process.objects.of(request.workspace).exists()}
    return render(request, "planner/portfolios.html", shown)


def _create(request: WorkspaceRequest) -> HttpResponse:
    plan = None
    with told(request, "Drawn up without limits. Set a budget, or say what must be in it."):
        plan = portfolio_create(access=request.access, entry=PortfolioEntry(request.POST.get("name", "")))
    if plan is None:
        return redirect("planner:portfolios", request.workspace.slug)
    portfolio_choose_start(access=request.access, plan=plan)
    return redirect("planner:portfolio", request.workspace.slug, plan.pk)


@require_http_methods(["GET", "POST"])
@workspace_view()
def portfolio(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The answer and the limits; POST saves the limits, all or none, and starts the job that chooses anew."""
    plan = _plan(request, pk)
    if request.method == "POST":
        return _save(request, plan)
    return _shown(request, plan)


def _save(request: WorkspaceRequest, plan: PortfolioPlan) -> HttpResponse:
    request.access.require(Role.EDITOR)
    form = PortfolioForm(request.POST, among=_every_process(request), currency=request.workspace.currency)
    lines = posted_lines(request.POST, list(_tasks(plan)))
    if form.is_valid() and not any(line.problem for line in lines):
        try:
            entry = entry_of(form.cleaned_data, lines, plan)
            plan = portfolio_update(access=request.access, plan=plan, entry=entry, version=posted_version(request))
        except InvalidInput as refused:
            form.told(refused.errors)
            rest = told_lines(lines, refused.errors)
            return _shown(request, plan, form=form, lines=lines, refused=rest, problem=refused)
        except StaleEdit as stale:
            return _shown(request, _plan(request, plan.pk), problem=stale)
        portfolio_choose_start(access=request.access, plan=plan)
        return redirect("planner:portfolio", request.workspace.slug, plan.pk)
    unreadable = InvalidInput("Not saved.", detail="Mend the fields named.")
    return _shown(request, plan, form=form, lines=lines, problem=unreadable)


def _shown(
    request: WorkspaceRequest,
    plan: PortfolioPlan,
    *,
    form: PortfolioForm | None = None,
    lines: list[TaskLine] | None = None,
    refused: list[str] | None = None,
    problem: ProblemError | None = None,
) -> HttpResponse:
    standing = standing_of(plan)
    if problem is None and standing.run is None and not standing.is_current:
        # As with a ranking, the product does it for whoever looks: nothing changes by it but how soon it is there.
        run = portfolio_choose_start(access=Access.system(request.workspace), plan=plan)
        standing = replace(standing, run=run)
    result = standing.result if standing.run is None else None
    every, currency = _every_process(request), request.workspace.currency
    tasks = list(_tasks(plan))
    typed = {line.task.pk for line in lines or ()}
    rows = [*(lines or ()), *(line for line in lines_of(plan, tasks) if line.task.pk not in typed)]
    known = TaskNames(tasks)
    names = [known.one(task.pk) for task in tasks]
    unvalued = {each["id"] for each in result["unvalued"]} if result else set()
    words = request.GET.get("q", "")[:LONGEST_WORDS]
    shown = {
        "plan": plan,
        "page": portfolio_page(plan, result) if result else None,
        "running": standing.run,
        "is_current": standing.is_current,
        "form": form or PortfolioForm(initial=PortfolioForm.values(plan), among=every, currency=currency),
        "shown": shown_lines(rows, unvalued, words),
        "task_names": [name for name in names if not name.isdecimal()],
        "states": STATES,
        "refused": refused or (),
        "problem": problem,
        "can_edit": request.access.can_edit,
    }
    return render(request, "planner/portfolio.html", shown, status=problem.status if problem else 200)


@require_POST
@workspace_view(role=Role.EDITOR)
def choose(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Start the job that chooses anew."""
    portfolio_choose_start(access=request.access, plan=_plan(request, pk))
    return redirect("planner:portfolio", request.workspace.slug, pk)


@require_POST
@workspace_view()
def decide(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Decide for what is chosen, as it was looked at."""
    plan = _plan(request, pk)
    with told(request, "Decided. The figures of now are kept."):
        portfolio_decide(access=request.access, plan=plan, fingerprint=request.POST.get("fingerprint") or None)
    return redirect("planner:portfolio", request.workspace.slug, pk)


@require_POST
@workspace_view(role=Role.EDITOR)
def delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Take the portfolio away."""
    plan = _plan(request, pk)
    with told(request, f"“{plan.name}” deleted. Its tasks are as they were."):
        portfolio_delete(access=request.access, plan=plan, version=posted_version(request))
        return redirect("planner:portfolios", request.workspace.slug)
    return redirect("planner:portfolio", request.workspace.slug, pk)


def _plan(request: WorkspaceRequest, pk: int) -> PortfolioPlan:
    plans = PortfolioPlan.objects.of(request.workspace).select_related("workspace", "decided_by")
    return plans.prefetch_related("processes").get_or_404(pk=pk)


def _tasks(plan: PortfolioPlan) -> TaskQuerySet:
    return tasks_of(plan.workspace, processes_of(plan)).with_process()


def _every_process(request: WorkspaceRequest) -> list[Process]:
    return list(Process.objects.of(request.workspace).order_by("name", "id"))
