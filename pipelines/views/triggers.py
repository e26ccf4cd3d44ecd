"""Pages of triggers: what starts runs of a pipeline by itself, and what it did."""

import logging

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.access import WorkspaceRequest, workspace_view
from common.errors import InvalidInput, ProblemError
from pipelines.domain.pushes import PushRefused
from pipelines.forms import PushHookForm, TriggerForm, TriggerSwitchForm
from pipelines.models import Pipeline, PushHook, PushProvider, Trigger, TriggerKind
from pipelines.selectors import triggers_page
from pipelines.services import (
    push_hook_create,
    push_hook_delete,
    push_receive,
    trigger_change,
    trigger_create,
    trigger_delete,
)
from pipelines.views.found import pipeline_at

MOST_BYTES = 2_000_000
log = logging.getLogger(__name__)


@never_cache
@workspace_view()
def triggers(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The triggers of a pipeline; a form adds one."""
    pipeline = pipeline_at(request, pk)
    form = TriggerForm(request.POST or None)
    if request.method != "POST":
        return render(request, "pipelines/triggers.html", _shown(pipeline, form))
    if form.is_valid():
        given = form.cleaned_data
        try:
            trigger_create(
                access=request.access,
                pipeline=pipeline,
                kind=TriggerKind(given["kind"]),
                cron=given["cron"],
                zone=given["zone"] or "UTC",
                quiet_seconds=int(given["quiet_seconds"]),
            )
        except InvalidInput as problem:
            _place(form, problem)
        else:
            messages.success(request, "It is looked after from now on.")
            return redirect("pipelines:triggers", slug=request.workspace.slug, pk=pk)
    return render(request, "pipelines/triggers.html", _shown(pipeline, form), status=422)


@require_POST
@workspace_view()
def switch(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """On or off."""
    trigger = _trigger(request, pk)
    form = TriggerSwitchForm(request.POST)
    if not form.is_valid():
        raise Http404("There is no such switch.")
    try:
        trigger_change(
            access=request.access,
            trigger=trigger,
            version=form.cleaned_data["version"],
            enabled=form.cleaned_data["enabled"],
            cron=trigger.cron,
            zone=trigger.zone,
            quiet_seconds=trigger.quiet_seconds,
        )
    except ProblemError as problem:
        messages.error(request, str(problem))
    return redirect("pipelines:triggers", slug=request.workspace.slug, pk=trigger.pipeline_id)


@require_POST
@workspace_view()
def delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    trigger = _trigger(request, pk)
    pipeline_id = trigger.pipeline_id
    trigger_delete(access=request.access, trigger=trigger)
    messages.success(request, "It is deleted.")
    return redirect("pipelines:triggers", slug=request.workspace.slug, pk=pipeline_id)


@require_POST
@never_cache
@workspace_view()
def hook(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """An address for pushes; its secret is shown in the answer, once. With `delete` it is deleted."""
    pipeline = pipeline_at(request, pk)
    if "delete" in request.POST:
        known = PushHook.objects.of(request.workspace).select_related("pipeline__task").get_or_404(pipeline=pipeline)
        push_hook_delete(access=request.access, hook=known)
        return redirect("pipelines:triggers", slug=request.workspace.slug, pk=pk)
    form = PushHookForm(request.POST)
    if form.is_valid():
        try:
            made, secret = push_hook_create(
                access=request.access,
                pipeline=pipeline,
                provider=PushProvider(form.cleaned_data["provider"]),
                notify_url=form.cleaned_data["notify_url"],
            )
        except InvalidInput as problem:
            _place(form, problem)
        else:
            address = request.build_absolute_uri(reverse("v1:hook", args=[made.token]))
            shown = _shown(pipeline, TriggerForm()) | {"secret": secret, "hook_address": address}
            return render(request, "pipelines/triggers.html", shown)
    return render(request, "pipelines/triggers.html", _shown(pipeline, TriggerForm(), form), status=422)


@csrf_exempt
@require_POST
def pushed(request: HttpRequest, token: str) -> HttpResponse:
    """A repository tells of a push. Believed by its signature alone; an address nobody knows answers 404."""
    found = PushHook.objects.filter(token=token, enabled=True, pipeline__task__removed_at=None)
    known = found.select_related("workspace", "pipeline__task").first() if token.isprintable() else None
    if known is None:
        raise Http404("There is no such hook.")
    if len(request.body) > MOST_BYTES:
        return JsonResponse({"detail": "The message is too large."}, status=413)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        firing = push_receive(hook=known, headers=headers, body=request.body, now=timezone.now())
    except PushRefused as refused:
        log.warning("Hook %s refused a message: %s", known.pk, refused)
        return JsonResponse({"detail": str(refused)}, status=403)
    return JsonResponse({"noted": firing is not None}, status=202 if firing else 200)


def _trigger(request: WorkspaceRequest, pk: int) -> Trigger:
    found = Trigger.objects.of(request.workspace).select_related("pipeline__task__process", "pipeline__canvas")
    return found.get_or_404(pk=pk)


def _place(form: TriggerForm | PushHookForm, problem: InvalidInput) -> None:
    """Each error beside its field."""
    for one in problem.errors:
        form.add_error(one.path if one.path in form.fields else None, one.message)
    if not problem.errors:
        form.add_error(None, str(problem))


def _shown(pipeline: Pipeline, form: TriggerForm, hook_form: PushHookForm | None = None) -> dict[str, object]:
    return {
        "process": pipeline.task.process,
        "current_step": "life",
        "pipeline": pipeline,
        "page": triggers_page(pipeline),
        "form": form,
        "hook_form": hook_form or PushHookForm(),
    }
