"""What first: the ranked tasks of a process, and of all processes of a workspace."""

import csv

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import WorkspaceRequest, workspace_view
from common.errors import Conflict
from common.security import chart_page
from jobs.models import Run
from planner.domain.valuation.ranking import RankBy
from planner.models import Process
from planner.selectors.foresight import screen_under_way
from planner.selectors.older_measures import older_measures
from planner.selectors.ranking_filter import RankingFilter, ranking_filter
from planner.selectors.ranking_page import ranking_page
from planner.selectors.ranking_table import COLUMNS, table_row
from planner.selectors.rated_task import RatedTask
from planner.selectors.value_ranking import FIRST_K, Ranking
from planner.services.ranking import ranking_or_job
from planner.views.tasks import safe_cell

MOST_AT_ONCE = 20
Found = tuple[Ranking[RatedTask], Run | None]
"""A ranking, and the job that works out what it waits for."""


@require_GET
@workspace_view()
@chart_page
def ranking(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The table, the map and what can be done with the first k; the address says in which order and what of it."""
    process = _process(request, pk)
    found, narrowed = _asked(request, process)
    shown = {
        **_shown(request, found, narrowed),
        "process": process,
        "current_step": "ranking",
        "checking": screen_under_way(process),
        "older": older_measures(process),
    }
    return render(request, "planner/ranking.html", shown)


@require_GET
@workspace_view()
@chart_page
def ranking_all(request: WorkspaceRequest) -> HttpResponse:
    """The tasks of all processes in one ranking."""
    found, narrowed = _asked(request, None)
    return render(request, "planner/ranking_all.html", _shown(request, found, narrowed))


@require_GET
@workspace_view()
def ranking_csv(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The ranking of a process as CSV, as it is shown; no text is taken for a formula."""
    return _csv(*_asked(request, _process(request, pk)), f"ranking-{pk}.csv")


@require_GET
@workspace_view()
def ranking_all_csv(request: WorkspaceRequest) -> HttpResponse:
    """The ranking of all processes as CSV, as it is shown."""
    return _csv(*_asked(request, None), "ranking.csv")


def _process(request: WorkspaceRequest, pk: int) -> Process:
    return Process.objects.of(request.workspace).select_related("workspace").get_or_404(pk=pk)


def _asked(request: WorkspaceRequest, process: Process | None) -> tuple[Found, RankingFilter]:
    """What the address asks for; a part that cannot be is left out, so that an old link still shows a ranking."""
    narrowed, _ = ranking_filter({name: request.GET[name] for name in request.GET})
    by, first = _by(request.GET.get("by", "")), _first(request.GET.get("first", ""))
    return ranking_or_job(workspace=request.workspace, process=process, by=by, k=first), narrowed


def _shown(request: WorkspaceRequest, asked: Found, narrowed: RankingFilter) -> dict[str, object]:
    found, run = asked
    return {
        "ranking": found,
        "page": ranking_page(found, narrowed, _number(request.GET.get("page", ""))),
        "run": run,
        "losing": [row.valued.task.name for row in found.rows[: found.k] if row.figures.npv < 0],
        "first_options": range(1, min(len(found.rows), MOST_AT_ONCE) + 1),
        "can_edit": request.access.can_edit,
    }


def _csv(asked: Found, narrowed: RankingFilter, name: str) -> HttpResponse:
    found, run = asked
    if run is not None:
        raise Conflict("The ranking is being computed.", detail="Its file is there in a moment: ask for it again.")
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(answer)
    writer.writerow(COLUMNS)
    for row in found.rows:
        if narrowed.lets(row.valued):
            cells = table_row(row, found.workspace.currency)
            writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in cells])
    return answer


def _by(given: str) -> RankBy:
    """The order asked for; the first where there is no such order, so that an old link still shows a ranking."""
    return RankBy(given) if given in set(RankBy) else RankBy.ROI


def _first(given: str) -> int:
    return min(MOST_AT_ONCE, max(1, int(given))) if given.isascii() and given.isdigit() and len(given) < 4 else FIRST_K


def _number(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 1
