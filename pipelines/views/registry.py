"""Pages of models: the versions of a pipeline, one version, what is put into use and by whom; the workspace's rules."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import WorkspaceRequest, workspace_view
from accounts.models import Role
from common.errors import ProblemError
from pipelines.forms import DecideForm, PolicyForm, PromoteForm
from pipelines.models import ModelVersion, Pipeline, Promotion
from pipelines.selectors import aliases_of, download_of, figure_rows_of, registry_of, version_lineage
from pipelines.services import (
    policy_change,
    policy_of,
    promotion_approve,
    promotion_decline,
    serving_start,
    serving_stop,
    version_promote,
    version_roll_back,
)
from pipelines.views.found import pipeline_at


@require_safe
@workspace_view()
def models(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The versions of a pipeline's model."""
    return render(request, "pipelines/models.html", _shown(request, pipeline_at(request, pk)))


@require_safe
@never_cache
@workspace_view()
def serving(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """What is served, for the page that shows it while that changes; nothing (204) where nothing is in use."""
    pipeline = pipeline_at(request, pk)
    registry = registry_of(pipeline)
    if registry.deployment is None or registry.champion is None:
        return HttpResponse(status=204)
    shown = {"pipeline": pipeline, "registry": registry, "deployment": registry.deployment}
    return render(request, "pipelines/_deployment.html", shown)


@require_safe
@workspace_view()
def version(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """One version: what it takes and gives, how good it is, what made it."""
    found = _version(request, pk)
    shown = {
        "process": found.pipeline.task.process,
        "current_step": "life",
        "pipeline": found.pipeline,
        "version": found,
        "aliases": aliases_of(found),
        "figures": figure_rows_of(found),
        "lineage": version_lineage(found),
    }
    return render(request, "pipelines/version.html", shown)


@require_safe
@workspace_view()
def package(request: WorkspaceRequest, pk: int) -> HttpResponseBase:
    """The package of a version as a zip."""
    found = _version(request, pk)
    if found.package is None:
        raise Http404("This model stayed where it was trained.")
    return download_of(found.package, f"model-{found.pipeline_id}-version-{found.number}.zip")


@require_POST
@workspace_view()
def promote(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Put a version into use, or ask for it."""
    found = _version(request, pk)
    form = PromoteForm(request.POST)
    if not form.is_valid():
        return _refused(request, found.pipeline, form.errors.as_text())
    try:
        promotion = version_promote(access=request.access, version=found, reason=form.cleaned_data["reason"])
    except ProblemError as problem:
        return _refused(request, found.pipeline, str(problem))
    waits = promotion.state == "waiting"
    words = "waits for another person's approval" if waits else "is in use"
    messages.success(request, f"Version {found.number} {words}.")
    return redirect("pipelines:models", slug=request.workspace.slug, pk=found.pipeline_id)


@require_POST
@workspace_view()
def decide(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Say yes or no to a version that waits."""
    promotion = Promotion.objects.of(request.workspace).select_related("pipeline__task__process").get_or_404(pk=pk)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return render(request, "pipelines/models.html", _shown(request, promotion.pipeline, form), status=422)
    verb = promotion_approve if request.POST.get("decision") == "approve" else promotion_decline
    try:
        verb(access=request.access, promotion=promotion, comment=form.cleaned_data["comment"])
    except ProblemError as problem:
        return _refused(request, promotion.pipeline, str(problem))
    return redirect("pipelines:models", slug=request.workspace.slug, pk=promotion.pipeline_id)


@require_POST
@workspace_view()
def roll_back(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The previous champion is in use again."""
    pipeline = pipeline_at(request, pk)
    asked = request.POST.get("to", "")
    to = ModelVersion.objects.of(request.workspace).filter(pipeline=pipeline).get_or_404(pk=asked) if asked else None
    try:
        promotion = version_roll_back(access=request.access, pipeline=pipeline, to=to)
    except ProblemError as problem:
        return _refused(request, pipeline, str(problem))
    messages.success(request, f"Version {promotion.version.number} is in use again.")
    return redirect("pipelines:models", slug=request.workspace.slug, pk=pk)


@require_POST
@workspace_view()
def serve(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Serve the champion, or stop serving it."""
    pipeline = pipeline_at(request, pk)
    verb = serving_stop if request.POST.get("wanted") == "no" else serving_start
    try:
        verb(access=request.access, pipeline=pipeline)
    except ProblemError as problem:
        return _refused(request, pipeline, str(problem))
    return redirect("pipelines:models", slug=request.workspace.slug, pk=pk)


@workspace_view(writes=Role.OWNER)
def policy(request: WorkspaceRequest) -> HttpResponse:
    """The workspace's rules for models; owners change them."""
    found = policy_of(request.access)
    now = {"approval_needed": found.approval_needed, "keep_inputs": found.keep_inputs, "version": found.version}
    form = PolicyForm(request.POST or None, initial=now)
    if request.method != "POST":
        return render(request, "pipelines/policy.html", {"policy": found, "form": form})
    if form.is_valid():
        try:
            policy_change(access=request.access, **form.cleaned_data)
        except ProblemError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Saved.")
            return redirect("pipelines:policy", slug=request.workspace.slug)
    return render(request, "pipelines/policy.html", {"policy": found, "form": form}, status=422)


def _version(request: WorkspaceRequest, pk: int) -> ModelVersion:
    return ModelVersion.objects.of(request.workspace).with_origin().select_related("package").get_or_404(pk=pk)


def _refused(request: WorkspaceRequest, pipeline: Pipeline, words: str) -> HttpResponse:
    shown = _shown(request, pipeline) | {"refused": words}
    return render(request, "pipelines/models.html", shown, status=409)


def _shown(request: WorkspaceRequest, pipeline: Pipeline, deciding: DecideForm | None = None) -> dict[str, object]:
    return {
        "process": pipeline.task.process,
        "current_step": "life",
        "pipeline": pipeline,
        "registry": registry_of(pipeline),
        "policy": policy_of(request.access),
        "promoting": PromoteForm(),
        "deciding": deciding or DecideForm(),
    }
