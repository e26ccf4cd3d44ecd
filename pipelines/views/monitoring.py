"""Pages of monitoring: how the model in use fares, and telling it what really happened."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import WorkspaceRequest, workspace_view
from common.errors import InvalidInput, ProblemError
from common.formatting import things
from pipelines.forms import OutcomeForm
from pipelines.models import OutcomeOrigin, Pipeline
from pipelines.selectors import monitoring_page
from pipelines.services import GivenOutcome, monitoring_start, outcome_value, outcomes_read, outcomes_record
from pipelines.services.outcomes import LONGEST_KEY
from pipelines.views.found import pipeline_at


@require_safe
@never_cache
@workspace_view()
def page(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The latest report of a pipeline; `key` names the case whose outcome is to be told."""
    form = OutcomeForm(initial={"key": request.GET.get("key", "")[:LONGEST_KEY]})
    return render(request, "pipelines/monitoring.html", _shown(pipeline_at(request, pk), form))


@require_POST
@workspace_view()
def look(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Make a report now."""
    try:
        monitoring_start(access=request.access, pipeline=pipeline_at(request, pk))
    except ProblemError as problem:
        messages.warning(request, str(problem))
    return redirect("pipelines:monitoring", slug=request.workspace.slug, pk=pk)


@require_POST
@workspace_view()
def outcomes(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Tell outcomes: one by hand, or a file of many."""
    pipeline = pipeline_at(request, pk)
    form = OutcomeForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            recorded = outcomes_record(access=request.access, pipeline=pipeline, **_given(form))
        except InvalidInput as problem:
            _place(form, problem)
        else:
            told = f"{things(recorded.kept, 'outcome')} kept, {recorded.joined} of a case that was predicted."
            messages.success(request, told)
            return redirect("pipelines:monitoring", slug=request.workspace.slug, pk=pk)
    return render(request, "pipelines/monitoring.html", _shown(pipeline, form), status=422)


def _given(form: OutcomeForm) -> dict[str, Any]:
    given = form.cleaned_data
    if given["file"]:
        return {"outcomes": outcomes_read(given["file"].read()), "origin": OutcomeOrigin.FILE}
    told = GivenOutcome(given["key"], outcome_value(given["outcome"]))
    return {"outcomes": [told], "origin": OutcomeOrigin.PAGE}


def _place(form: OutcomeForm, problem: InvalidInput) -> None:
    """Each error beside its field; those of a file's lines beside the file."""
    for one in problem.errors:
        form.add_error("file" if form.cleaned_data.get("file") else None, one.message)


def _shown(pipeline: Pipeline, form: OutcomeForm) -> dict[str, object]:
    return {
        "process": pipeline.task.process,
        "current_step": "life",
        "pipeline": pipeline,
        "page": monitoring_page(pipeline),
        "form": form,
    }
