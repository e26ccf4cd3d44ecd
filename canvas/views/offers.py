"""Accepting and refusing what a canvas is offered, by one click on the sheet."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from accounts.access import WorkspaceRequest, workspace_view
from canvas.domain.changes import label_of
from canvas.forms import DecisionForm
from canvas.services import canvas_offer_accept, canvas_offer_refuse
from canvas.views.sheets import found_canvas
from common.errors import InvalidInput


@require_POST
@workspace_view()
def decide(request: WorkspaceRequest, task_id: int) -> HttpResponse:
    """Accept or refuse one drafted value; the page named it, and the value it showed."""
    canvas, form = found_canvas(request, task_id), DecisionForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("The page is not one of this canvas.", detail="Open the canvas again.")
    accepts, path, token = form.decision()
    decided = canvas_offer_accept if accepts else canvas_offer_refuse
    decided(access=request.access, canvas=canvas, path=path, token=token)
    messages.success(request, f"{label_of(path)}: {'accepted' if accepts else 'refused'}.")
    block = path.partition(".")[0]
    sheet = reverse("canvas:sheet", args=[request.workspace.slug, task_id])
    return redirect(f"{sheet}?{urlencode({'order': form.cleaned_data['order'], 'at': block})}#{block}")
