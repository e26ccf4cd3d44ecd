"""Home: where do we stand, what needs me?"""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.access import WorkspaceRequest, workspace_view
from planner.selectors import home_page
from planner.services import examples_available


@workspace_view()
def home(request: WorkspaceRequest) -> HttpResponse:
    """Three doors for a new workspace; else what waits, and the processes."""
    page = home_page(request.workspace, can_edit=request.access.can_edit)
    return render(request, "planner/home.html", {"page": page, "examples": examples_available()})
