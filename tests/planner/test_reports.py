"""A report: one PDF and one workbook with the figures of the moment, made as a job, kept as it was, put away whole."""

import io
import re
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from common.errors import InvalidInput, NotAllowed
from jobs.models import Blob
from jobs.services import blob_open, run_drain
from planner.models import Process, ProcessReport
from planner.selectors.value_ranking import ranking_of
from planner.services import estimate_update, process_delete, report_delete, report_start
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.second_leg]

HOSTILE = {
    '=HYPERLINK("http://x.example")': (42_000.0, 9.0),
    "#panic() $x$ *bold* <svg/onload=1> \x07": (12_000.0, 6.0),
    "Estimate damage": (1_500.0, 14.0),
    "Pay": (35_000.0, None),
}


def made(cast: Cast, process: Process, decision: str = "") -> ProcessReport:
    run = report_start(access=cast.access(cast.editor), process=process, decision=decision)
    run_drain(run_ids=[run.pk])
    run.refresh_from_db()
    assert run.state == "succeeded", run.result
    return ProcessReport.objects.select_related("document", "workbook").latest("pk")


def book_of(report: ProcessReport) -> Any:
    with blob_open(report.workbook) as source:
        return load_workbook(io.BytesIO(source.read()))


def test_both_files_hold_the_figures_of_the_moment(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    report = made(cast, process, "Build triage in spring.")
    best = ranking_of(process).rows[0]
    assert best.valued.outcome is not None
    with blob_open(report.document) as source:
        pdf = source.read()
    assert pdf.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 3
    sheet = book_of(report)["Ranking"]
    assert [cell.value for cell in sheet[2]][1] == best.valued.task.name
    assert sheet.cell(2, 5).value == pytest.approx(best.valued.outcome.summary.mean)
    assert sheet.cell(2, 6).value == pytest.approx(best.valued.outcome.summary.p5)
    words = [cell.value for cell in book_of(report)["Decision"]["B"]]
    assert "Build triage in spring." in words
    assert report.headline in words


def test_the_workbook_computes_the_same_value_from_its_own_cells(cast: Cast) -> None:
    sheet = book_of(made(cast, claims_process(cast.workspace)))["Money by year"]
    head, benefits, costs, net = (sheet[row] for row in range(3, 7))
    years = [place for place, cell in enumerate(head) if cell.value and str(cell.value).startswith(("Start", "Year"))]
    flows = [benefits[place].value + costs[place].value for place in years]
    rate = net[years[-1] + 1].value
    by_hand = sum(flow / (1 + rate) ** year for year, flow in enumerate(flows))
    assert net[years[-1] + 3].value == pytest.approx(by_hand)
    assert net[years[-1] + 2].value == "=NPV(H6,C6:G6)+B6"


def test_every_assumption_stands_with_its_source(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    change = {"coverage": {"text": "85 % to 95 %", "source": "pilot in spring", "note": "ask again"}}
    estimate_update(access=cast.access(cast.editor), task=task_of(process, "Triage"), changes=change, version=0)
    rows = list(book_of(made(cast, process))["Assumptions"].values)
    said = next(row for row in rows if row[0] == "Triage" and row[2] == "85 % to 95 %")
    assert said[4:] == ("pilot in spring", "person", "ask again")


def test_what_people_wrote_is_text_in_both_files(cast: Cast) -> None:
    report = made(cast, claims_process(cast.workspace, HOSTILE), '=1+1\n#import "x.typ"')
    book = book_of(report)
    ours = {("Money by year", cell.coordinate) for row in book["Money by year"] for cell in row}
    formulas = {
        (sheet.title, cell.coordinate) for sheet in book for row in sheet for cell in row if cell.data_type == "f"
    }
    assert formulas
    assert formulas <= ours
    assert '=HYPERLINK("http://x.example")' in [cell.value for cell in book["Ranking"]["B"]]


def test_a_report_stays_as_it_was_made(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    first = made(cast, process)
    before = first.document.digest
    change = {"coverage": {"text": "1 % to 2 %", "source": ""}}
    estimate_update(access=cast.access(cast.editor), task=task_of(process, "Triage"), changes=change, version=0)
    second = made(cast, process)
    first.refresh_from_db()
    assert first.document.digest == before != second.document.digest
    assert first.headline != second.headline


def test_a_process_without_valued_tasks_has_a_report_that_says_so(cast: Cast) -> None:
    report = made(cast, claims_process(cast.workspace, {"Pay": (35_000.0, None)}))
    words = [str(cell.value) for cell in book_of(report)["Decision"]["B"]]
    assert any("handling minutes missing" in each for each in words)


def test_files_go_with_the_report_and_with_the_process(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    report_delete(access=cast.access(cast.editor), report=made(cast, process))
    assert not Blob.objects.exists()
    made(cast, process)
    assert Blob.objects.count() == 2
    process_delete(access=cast.access(cast.editor), process=process)
    assert not Blob.objects.exists()


def test_viewers_read_and_make_none_and_a_long_decision_is_refused(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    with pytest.raises(NotAllowed):
        report_start(access=cast.access(cast.viewer), process=process)
    with pytest.raises(InvalidInput) as refused:
        report_start(access=cast.access(cast.editor), process=process, decision="x" * 2_001, by="luck")
    assert {problem.path for problem in refused.value.errors} == {"decision", "by"}


def test_the_page_makes_lists_and_hands_out(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    client = Client()
    client.force_login(cast.editor)
    where = f"/w/{cast.workspace.slug}/processes/{process.pk}/reports/"
    assert "No report yet" in client.get(where).content.decode()
    assert client.post(where, {"decision": "x" * 2_001, "by": "roi"}).status_code == 422
    assert client.post(where, {"decision": "Go", "by": "npv"}).status_code == 302
    assert "Report of Claims" in client.get(where).content.decode()
    report = made(cast, process, "Go on")
    page = client.get(where).content.decode()
    assert report.headline in page
    pdf = client.get(f"/w/{cast.workspace.slug}/reports/{report.pk}/report.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert "attachment" in pdf["Content-Disposition"]
    client.force_login(cast.stranger)
    assert client.get(f"/w/{cast.workspace.slug}/reports/{report.pk}/report.pdf").status_code == 404
