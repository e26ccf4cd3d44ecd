"""Several pipelines at once: all that wait of a process, those of a portfolio, and their projects as one archive."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import WorkspaceRequest, workspace_view
from common.formatting import things
from pipelines.forms import GenerateForm
from pipelines.selectors import Several, archive_of, generating_of, several_of_portfolio, several_of_process
from pipelines.services import pipelines_generate
from planner.models import PortfolioPlan, Process


@require_POST
@workspace_view()
def generate_waiting(request: WorkspaceRequest, process_id: int) -> HttpResponse:
    """Generate every canvas of a process that has no pipeline yet."""
    process = Process.objects.of(request.workspace).get_or_404(pk=process_id)
    _generate(request, several_of_process(process))
    return redirect("pipelines:index", slug=request.workspace.slug, process_id=process.pk)


@require_safe
@workspace_view()
def packed(request: WorkspaceRequest, process_id: int) -> HttpResponseBase:
    """The latest projects of a process as one archive."""
    process = Process.objects.of(request.workspace).get_or_404(pk=process_id)
    return archive_of(several_of_process(process).pipelines, process.name)


@require_safe
@never_cache
@workspace_view()
def portfolio(request: WorkspaceRequest, plan_id: int) -> HttpResponse:
    """The pipelines of the tasks a portfolio chose."""
    plan = PortfolioPlan.objects.of(request.workspace).get_or_404(pk=plan_id)
    several = several_of_portfolio(plan)
    slug = request.workspace.slug
    shown = {
        "plan": plan,
        "several": several,
        "jobs": generating_of(several.pipelines),
        "form": GenerateForm(),
        "all_url": reverse("pipelines:portfolio_generate", args=[slug, plan.pk]),
        "packed_url": reverse("pipelines:portfolio_packed", args=[slug, plan.pk]),
    }
    return render(request, "pipelines/portfolio.html", shown)


@require_POST
@workspace_view()
def portfolio_generate(request: WorkspaceRequest, plan_id: int) -> HttpResponse:
    """Generate every canvas of the chosen tasks that has no pipeline yet."""
    plan = PortfolioPlan.objects.of(request.workspace).get_or_404(pk=plan_id)
    _generate(request, several_of_portfolio(plan))
    return redirect("pipelines:portfolio", slug=request.workspace.slug, plan_id=plan.pk)


@require_safe
@workspace_view()
def portfolio_packed(request: WorkspaceRequest, plan_id: int) -> HttpResponseBase:
    """The latest projects of the chosen tasks as one archive."""
    plan = PortfolioPlan.objects.of(request.workspace).get_or_404(pk=plan_id)
    return archive_of(several_of_portfolio(plan).pipelines, plan.name)


def _generate(request: WorkspaceRequest, several: Several) -> None:
    """Generate those that wait, with real rows where they were ticked, and say how many."""
    form = GenerateForm(request.POST)
    with_rows = form.is_valid() and bool(form.cleaned_data["include_rows"])
    started = pipelines_generate(access=request.access, canvases=several.waiting, include_rows=with_rows)
    messages.success(request, f"{things(len(started), 'pipeline')} are being generated.")
