"""Pages of predictions: asking the served model about a case, and what it was asked before."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import WorkspaceRequest, workspace_view
from common.errors import ProblemError
from pipelines.forms import AskForm
from pipelines.models import Deployment, OutcomeRecord, PredictionRecord
from pipelines.services import predictions_make
from pipelines.views.found import pipeline_at

PAGE = 50


@never_cache
@workspace_view()
def ask(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Ask the champion about one case; the answer stands above the form."""
    pipeline = pipeline_at(request, pk)
    deployment = Deployment.objects.of(request.workspace).select_related("serves").filter(pipeline=pipeline).first()
    version = deployment.serves if deployment else None
    form = AskForm(request.POST or None, signature=version.signature if version else {})
    shown: dict[str, object] = {
        "process": pipeline.task.process,
        "current_step": "life",
        "pipeline": pipeline,
        "deployment": deployment,
        "form": form,
    }
    if request.method != "POST":
        return render(request, "pipelines/ask.html", shown)
    if not form.is_valid():
        return render(request, "pipelines/ask.html", shown, status=422)
    keys = [form.cleaned_data["key"]] if form.cleaned_data["key"] else None
    try:
        found = predictions_make(access=request.access, pipeline=pipeline, instances=[form.row()], keys=keys)
    except ProblemError as problem:
        return render(request, "pipelines/ask.html", shown | {"problem": problem}, status=problem.status)
    return render(request, "pipelines/ask.html", shown | {"predicted": found[0]})


@require_safe
@never_cache
@workspace_view()
def made(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """What was predicted, newest first, each with what really happened where that is known."""
    pipeline = pipeline_at(request, pk)
    found = PredictionRecord.objects.of(request.workspace).filter(pipeline=pipeline).select_related("version")
    number = request.GET.get("version", "")
    if number.isascii() and number.isdigit() and len(number) < 10:
        found = found.filter(version__number=int(number))
    else:
        number = ""
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = {"process": pipeline.task.process, "current_step": "life", "pipeline": pipeline, "page": page}
    shown["version"] = number
    told = OutcomeRecord.objects.of(request.workspace).filter(pipeline=pipeline, key__in=[one.key for one in page])
    outcomes = dict(told.values_list("key", "value"))
    shown["rows"] = [(one, outcomes.get(one.key)) for one in page]
    return render(request, "pipelines/predictions.html", shown)
