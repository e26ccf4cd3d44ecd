"""How a process really runs: five tabs, and each of their tables as CSV."""

import csv

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import WorkspaceRequest, workspace_view
from common.security import chart_page
from planner.domain.foresight.features import pseudonym
from planner.selectors.observed import observed_log
from planner.selectors.observed_page import TABS, Asked, every_table, observed_page
from planner.selectors.observed_tables import Kind, Table
from planner.services.training_tables import pseudonym_key
from planner.views.processes import process_of
from planner.views.tasks import safe_cell


@require_GET
@workspace_view()
@chart_page
def observed(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The tab of `?tab=`; `activity`, `person`, `sort` and `all` say what of it. Unknown ones show the usual page."""
    process = process_of(request, pk)
    source = observed_log(process)
    page = None if source is None else observed_page(process, source, asked_of(request))
    return render(request, "planner/observed.html", {"process": process, "current_step": "process", "page": page})


@require_GET
@workspace_view()
def observed_csv(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The table of `?table=` whole, raw figures in it, people as stand-ins; empty while there is no log."""
    process = process_of(request, pk)
    source = observed_log(process)
    tables = {} if source is None else every_table(source)
    table = tables.get(request.GET.get("table", "")) or next(iter(tables.values()), None)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    name = table.key if table else "empty"
    answer["Content-Disposition"] = f'attachment; filename="{name}-{process.pk}.csv"'
    if table is not None:
        write(table.about(request.GET.get("activity", "")), answer, pseudonym_key(request.workspace))
    return answer


def write(table: Table, target: HttpResponse, key: bytes) -> None:
    """Heading and rows; no text can be taken for a formula, no person is named."""
    writer = csv.writer(target)
    writer.writerow([safe_cell(column.heading) for column in table.columns])
    people = [column.kind is Kind.PERSON for column in table.columns]
    for row in table.rows:
        named = [
            pseudonym(str(value), key=key) if is_person else value for value, is_person in zip(row, people, strict=True)
        ]
        writer.writerow([safe_cell(value) if isinstance(value, str) else value for value in named])


def asked_of(request: WorkspaceRequest) -> Asked:
    """What the address asks for."""
    given = request.GET
    tab = given.get("tab", "")
    return Asked(
        tab=tab if tab in TABS else "overview",
        activity=given.get("activity", ""),
        person=given.get("person", ""),
        sort=given.get("sort", ""),
        whole=bool(given.get("all")),
    )
