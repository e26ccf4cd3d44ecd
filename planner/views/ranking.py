"""What first: the ranked tasks of a process."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import WorkspaceRequest, workspace_view
from common.security import chart_page
from planner.domain.valuation.ranking import RankBy
from planner.models import Process
from planner.selectors.foresight import screen_under_way
from planner.selectors.older_measures import older_measures
from planner.selectors.ranking_page import ranking_page
from planner.selectors.value_ranking import FIRST_K, ranking_of

MOST_AT_ONCE = 20


@require_GET
@workspace_view()
@chart_page
def ranking(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The table, the map and what can be done with the first k; `?by=` and `?first=` say how."""
    process = Process.objects.of(request.workspace).select_related("workspace").get_or_404(pk=pk)
    by = _by(request.GET.get("by", ""))
    found = ranking_of(process, by, _first(request.GET.get("first", "")))
    shown = {
        "process": process,
        "current_step": "ranking",
        "ranking": found,
        "page": ranking_page(found),
        "checking": screen_under_way(process),
        "older": older_measures(process),
        "first_options": range(1, min(len(found.rows), MOST_AT_ONCE) + 1),
        "can_edit": request.access.can_edit,
    }
    return render(request, "planner/ranking.html", shown)


def _by(given: str) -> RankBy:
    """The order asked for; the first where there is no such order, so that an old link still shows a ranking."""
    return RankBy(given) if given in set(RankBy) else RankBy.ROI


def _first(given: str) -> int:
    return min(MOST_AT_ONCE, max(1, int(given))) if given.isascii() and given.isdigit() and len(given) < 4 else FIRST_K
