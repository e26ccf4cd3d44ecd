"""Pages of realised value: planned against realised by month, what is to come, the costs of a month."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import WorkspaceRequest, workspace_view
from common.errors import ProblemError, StaleEdit
from common.security import chart_page
from pipelines.forms import MonthCostsForm, TakeMeasuredForm
from pipelines.models import Pipeline, RealisedMonth
from pipelines.selectors import (
    computed_at,
    computing_of,
    estimate_version,
    in_use_since,
    measured_of,
    realised_headline,
    realised_standing,
)
from pipelines.selectors.realised_charts import cumulated_figure, months_figure
from pipelines.services import measured_take, month_costs_set, months_start
from pipelines.views.found import pipeline_at


@require_safe
@never_cache
@chart_page
@workspace_view()
def page(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Planned against realised."""
    pipeline = pipeline_at(request, pk)
    standing, currency = realised_standing(pipeline), request.workspace.currency
    shown = {
        **_around(pipeline),
        "standing": standing,
        "headline": realised_headline(pipeline, standing),
        "measured": measured_of(standing),
        "estimate_version": estimate_version(pipeline),
        "job": computing_of(pipeline),
        "used": in_use_since(pipeline) is not None,
        "counted": computed_at(month.row for month in standing.months),
    }
    if standing.case is not None and standing.months:
        shown["by_month"] = months_figure(standing.months, currency)
        shown["added_up"] = cumulated_figure(standing, currency)
    return render(request, "pipelines/value.html", shown)


@require_POST
@workspace_view()
def count(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Count the months now."""
    try:
        months_start(access=request.access, pipeline=pipeline_at(request, pk))
    except ProblemError as problem:
        messages.warning(request, str(problem))
    return redirect("pipelines:value", slug=request.workspace.slug, pk=pk)


@require_POST
@workspace_view()
def take(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """What was measured goes into the estimate."""
    pipeline = pipeline_at(request, pk)
    form = TakeMeasuredForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "Not saved: open the page again.")
        return redirect("pipelines:value", slug=request.workspace.slug, pk=pk)
    version = form.cleaned_data["version"]
    try:
        taken = measured_take(
            access=request.access, pipeline=pipeline, standing=realised_standing(pipeline), version=version
        )
    except ProblemError as problem:
        messages.warning(request, str(problem))
    else:
        messages.success(request, f"In the estimate now: {taken.words}. Ranking and portfolio follow it.")
    return redirect("pipelines:value", slug=request.workspace.slug, pk=pk)


@workspace_view()
def month(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The costs of a month, and how many cases it had."""
    found = RealisedMonth.objects.of(request.workspace).select_related("pipeline__task__process").get_or_404(pk=pk)
    form = MonthCostsForm(request.POST if request.method == "POST" else None, month=found)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                month_costs_set(
                    access=request.access,
                    month=found,
                    costs=form.costs(),
                    cases=form.cleaned_data["cases"],
                    revision=form.cleaned_data["revision"],
                )
            except StaleEdit as problem:
                form, status = MonthCostsForm(month=found), 409
                messages.warning(request, f"{problem} What holds now is shown.")
            else:
                messages.success(request, f"Costs of {found.month:%B %Y} saved.")
                return redirect("pipelines:value", slug=request.workspace.slug, pk=found.pipeline_id)
    shown = {**_around(found.pipeline), "month": found, "form": form}
    return render(request, "pipelines/month.html", shown, status=status)


def _pipeline(request: WorkspaceRequest, pk: int) -> Pipeline:
    return Pipeline.objects.of(request.workspace).with_task().select_related("workspace").get_or_404(pk=pk)


def _around(pipeline: Pipeline) -> dict[str, object]:
    return {"process": pipeline.task.process, "current_step": "life", "pipeline": pipeline}
