"""What an amount means, asked while it is typed."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import WorkspaceRequest, workspace_view
from planner.selectors.amount_preview import amount_preview
from planner.selectors.value_inputs import KEYS


@require_safe
@workspace_view()
def amount(request: WorkspaceRequest) -> HttpResponse:
    """`?key=coverage&text=70 to 80`: the drawing and words of how it is read, or the sentence of what is wrong."""
    key = request.GET.get("key", next(iter(sorted(KEYS))))
    if key not in KEYS:
        raise Http404("There is no assumption of this name.")
    preview = amount_preview(key, request.GET.get("text", ""), request.workspace.currency)
    return render(request, "planner/value/_amount.html", {"preview": preview})
