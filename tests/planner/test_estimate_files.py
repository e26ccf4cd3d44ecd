"""Estimates leave as a file and come back: unchanged they change nothing; each row at fault is named, none is set."""

import csv
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from common.errors import InvalidInput, NotAllowed, StaleEdit
from jobs.domain.states import RunState
from jobs.models import Run
from jobs.services import run_drain
from planner.domain.valuation.estimate_table import COLUMNS, guarded, unguarded, write_csv, write_workbook
from planner.models import Estimate, EstimateChange, Process, Task
from planner.selectors.assumption_defaults import DefaultsScope
from planner.selectors.estimate_table import estimate_lines
from planner.selectors.value_tasks import valued_task
from planner.services import (
    ImportPreview,
    assumption_defaults_update,
    estimate_import_apply,
    estimate_import_preview,
    estimate_import_start,
    estimate_undo,
    estimate_update,
    process_create,
)
from tests.conftest import Cast
from tests.planner.workbooks import MAIN, sheet_xml, workbook, zipped
from tests.planner.worth import claims_process, task_of

pytestmark = [pytest.mark.django_db, pytest.mark.second_leg]


@pytest.fixture
def process(cast: Cast) -> Process:
    process = claims_process(cast.workspace)
    Task.objects.filter(process=process, name="Pay").update(lane="Back office")
    scope = DefaultsScope(cast.workspace, process, "Back office")
    change = {"coverage": {"text": "60 % to 70 %", "source": "=SUM(A1)", "note": "-ask"}}
    assumption_defaults_update(access=cast.access(cast.editor), scope=scope, changes=change)
    own = {"hosting": {"text": "900", "source": "@offer", "note": "+1 'quoted'"}, "value_fn": {"text": "-300 to -100"}}
    estimate_update(access=cast.access(cast.editor), task=task_of(process, "Triage"), changes=own, version=0)
    return process


def previewed(cast: Cast, process: Process | None, data: bytes) -> ImportPreview:
    return estimate_import_preview(access=cast.access(cast.editor), process=process, data=data, filename="back.xlsx")


def file_of(rows: list[list[str]], header: str = "task,key,text,source") -> bytes:
    target = io.StringIO()
    csv.writer(target).writerows([header.split(","), *rows])
    return target.getvalue().encode()


def book_of(rows: list[list[Any]], header: str = "task,key,text") -> bytes:
    book, target = Workbook(), io.BytesIO()
    for row in (header.split(","), *rows):
        book.active.append(row)
    book.save(target)
    return target.getvalue()


def said(problem: pytest.ExceptionInfo[InvalidInput]) -> list[str]:
    return [each.message for each in problem.value.errors]


@pytest.mark.parametrize("write", [write_csv, write_workbook])
def test_a_file_brought_back_unchanged_changes_nothing(cast: Cast, process: Process, write: Any) -> None:
    for scope in (process, None):
        found = previewed(cast, scope, write(estimate_lines(cast.workspace, scope)))
        assert found.changes == ()
        assert (found.beside, found.unchanged) == (0, len(estimate_lines(cast.workspace, scope)))


@pytest.mark.parametrize("write", [write_csv, write_workbook])
@pytest.mark.parametrize(
    "words", ["a\nb\r\nc", "\x01bell", "'=x", '"quoted", and; more', "  ± −5 “x”  ", "\ttab", "x" * 390]
)
def test_any_note_comes_back_as_it_was(cast: Cast, process: Process, write: Any, words: str) -> None:
    Task.objects.filter(process=process, name="Pay").update(name=f"Pay {words}"[:110])
    change = {"support": {"text": "7 k", "source": words[:190], "note": words}}
    estimate_update(access=cast.access(cast.editor), task=task_of(process, "Triage"), changes=change, version=None)
    found = previewed(cast, process, write(estimate_lines(cast.workspace, process)))
    assert (found.changes, found.beside) == ((), 0)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_is_read_by_whatever_stands_between_its_columns(cast: Cast, process: Process, separator: str) -> None:
    rows = ["KEY|Task|text", "support|Triage|5 k", "||", "coverage|Triage|70 to 80"]
    data = "\r\n".join(rows).replace("|", separator).encode("utf-8-sig")
    assert [each.after for each in previewed(cast, process, data).changes] == ["5 k", "70 % to 80 %"]


def test_the_table_says_everything_of_each_assumption(cast: Cast, process: Process) -> None:
    rows = list(csv.DictReader(io.StringIO(write_csv(estimate_lines(cast.workspace, process)).decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS
    row = next(each for each in rows if each["task"] == "Pay" and each["key"] == "coverage")
    assert (row["process"], row["text"], row["origin"], row["unit"]) == ("Claims", "60 % to 70 %", "lane", "of visits")
    assert row["instead of"] == "50 % to 80 % (default: the clear cases, until a model is measured)"
    gap = next(each for each in rows if each["task"] == "Pay" and each["key"] == "minutes_before")
    assert gap["text"] == ""


def test_no_cell_is_taken_for_a_formula(cast: Cast, process: Process) -> None:
    Task.objects.filter(process=process, name="Triage").update(name="=cmd|'/C calc'!A0")
    lines = estimate_lines(cast.workspace, process)
    cells = [cell for row in csv.reader(io.StringIO(write_csv(lines).decode("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    sheet = load_workbook(io.BytesIO(write_workbook(lines)))["Estimates"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert previewed(cast, process, write_csv(lines)).changes == ()


@given(st.text(alphabet="'=+-@\t ab＝", max_size=6))
def test_a_guard_is_taken_away_exactly(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_only_what_differs_is_set_and_each_task_has_one_edit_to_undo(cast: Cast, process: Process) -> None:
    rows = [
        ["Triage", "hosting", "900", "@offer"],
        ["Triage", "support", "5 k", "IT"],
        ["Triage", "coverage", "90%", ""],
    ]
    found = previewed(cast, process, file_of([*rows, ["Pay", "minutes_before", "8 to 12", ""]]))
    assert [(each.name, each.key, each.before, each.after) for each in found.changes] == [
        ("Triage", "support", "3040 to 7300", "5 k"),
        ("Triage", "coverage", "50 % to 80 %", "90%"),
        ("Pay", "minutes_before", "", "8 to 12"),
    ]
    assert not Estimate.objects.filter(task__name="Pay").exists()
    assert estimate_import_apply(access=cast.access(cast.editor), token=found.token) == 2
    assert EstimateChange.objects.count() == 3
    kept = Estimate.objects.get(task__name="Triage").assumptions
    assert kept["support"] == {"text": "5 k", "source": "IT"}
    assert kept["coverage"]["text"] == "90%"
    estimate_undo(access=cast.access(cast.editor), task=task_of(process, "Triage"), version=None)
    assert set(Estimate.objects.get(task__name="Triage").assumptions) == {"hosting", "value_fn"}


def test_a_changed_text_does_not_keep_the_words_of_what_it_replaced(cast: Cast, process: Process) -> None:
    text = write_csv(estimate_lines(cast.workspace, process)).decode("utf-8-sig")
    changed = re.sub(r"(Triage,\d+,support,Support,)[^,]*", r"\g<1>7000", text)
    found = previewed(cast, process, changed.encode())
    assert [(each.after, each.source) for each in found.changes] == [("7000", "from the file back.xlsx")]


def test_an_emptied_text_goes_back_to_what_is_proposed(cast: Cast, process: Process) -> None:
    found = previewed(cast, process, file_of([["Triage", "hosting", "", ""], ["Triage", "support", "", ""]]))
    assert [(each.key, each.before, each.text) for each in found.changes] == [("hosting", "900", "")]
    estimate_import_apply(access=cast.access(cast.editor), token=found.token)
    assert "hosting" not in Estimate.objects.get(task__name="Triage").assumptions


def test_numbers_and_percentages_of_a_spreadsheet_are_read(cast: Cast, process: Process) -> None:
    book, target = Workbook(), io.BytesIO()
    sheet: Any = book.active
    for row in (["task", "key", "text"], ["Triage", "support", 5000], ["Triage", "coverage", 0.85]):
        sheet.append(row)
    sheet["C3"].number_format = "0%"
    book.save(target)
    assert [each.after for each in previewed(cast, process, target.getvalue()).changes] == ["5000", "85 %"]


def test_every_row_at_fault_is_named_with_its_number_and_nothing_is_set(cast: Cast, process: Process) -> None:
    rows = [
        ["Nobody", "hosting", "1", ""],
        ["Triage", "nonsense", "1", ""],
        ["Triage", "coverage", "150 %", ""],
        ["Triage", "hosting", "nan", ""],
        ["Triage", "support", "1e999", ""],
        ["Triage", "support", "-5", ""],
        ["Triage", "volume", "=1+1", ""],
        ["Triage", "wage", "50", ""],
    ]
    with pytest.raises(InvalidInput) as formula:
        previewed(cast, process, file_of(rows))
    assert said(formula) == ["Row 8, text: The cell holds a formula, =1+1: write what it comes to."]
    with pytest.raises(InvalidInput) as refused:
        previewed(cast, process, file_of([row for row in rows if row[2] != "=1+1"]))
    assert [each.path for each in refused.value.errors] == [
        "rows.2.task", "rows.3.key", "rows.4.text", "rows.5.text", "rows.6.text", "rows.7.key", "rows.7.text",
    ]  # fmt: skip
    assert "There is no task “Nobody” here." in said(refused)[0]
    assert set(Estimate.objects.get().assumptions) == {"hosting", "value_fn"}


@pytest.mark.parametrize(
    ("cell", "words"),
    [("=1+1", "formula, =1+1"), ("#N/A", "the error #N/A"), (True, "true or false"), ("x" * 5_000, "more than 4000")],
)
def test_a_cell_that_is_no_text_or_number_is_refused(cast: Cast, process: Process, cell: Any, words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        previewed(cast, process, book_of([["Triage", "hosting", "900"], ["Triage", "support", cell]]))
    assert len(refused.value.errors) == 1
    assert said(refused)[0].startswith("Row 3, text: ")
    assert words in said(refused)[0]


BOMB = b"<worksheet><sheetData>" + b" " * (200 * 1024**2) + b"</sheetData></worksheet>"
RELS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><Relationships/>'
SHEET = sheet_xml({1: ["task", "key", "text"], 2: ["Triage", "hosting", "900"]})


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: workbook({"S": SHEET}, more={"xl/bomb.xml": BOMB}), "larger than"),
        (lambda: workbook({"S": f"<!DOCTYPE x>{SHEET}"}), "DOCTYPE"),
        (lambda: workbook({"S": SHEET}, more={"xl/_rels/workbook.xml.rels": RELS}), "DOCTYPE"),
        (lambda: workbook({"S": SHEET})[:-30], "damaged"),
        (lambda: zipped({"a.txt": b"x"}), "no spreadsheet"),
        (lambda: b"\xff\xfe\x00", "not UTF-8"),
        (lambda: b"task,key,text\n" + b"\n".join(b"Triage,hosting,900" for _ in range(20_001)), "more than 20000 rows"),
        (lambda: b"task,text\nTriage,1\n", "names no column “key”"),
        (lambda: b"task,key,text,text\nTriage,hosting,1,2\n", "twice"),
        (lambda: b"", "empty"),
        (lambda: b"x" * (8 * 1024**2 + 1), "larger than 8 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(cast: Cast, process: Process, make: Any, words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        previewed(cast, process, make())
    assert words in " ".join(said(refused))


def test_tasks_of_the_same_name_are_told_apart_by_their_number(cast: Cast, process: Process) -> None:
    other = claims_process(cast.workspace)
    with pytest.raises(InvalidInput, match="Nothing was changed") as refused:
        previewed(cast, None, file_of([["Triage", "support", "5 k", ""]]))
    assert "2 tasks are called “Triage”" in said(refused)[0]
    number = str(task_of(other, "Triage").pk)
    found = previewed(cast, None, file_of([[number, "support", "5 k"]], "task id,key,text"))
    assert [each.task for each in found.changes] == [int(number)]
    with pytest.raises(InvalidInput):
        previewed(cast, process, file_of([[number, "support", "5 k"]], "task id,key,text"))


def test_tasks_of_another_workspace_are_not_there(cast: Cast, process: Process) -> None:
    theirs = task_of(claims_process(cast.elsewhere), "Triage")
    with pytest.raises(InvalidInput):
        previewed(cast, None, file_of([[str(theirs.pk), "support", "5 k"]], "task id,key,text"))


def test_what_somebody_changed_meanwhile_is_told_and_nothing_applied(cast: Cast, process: Process) -> None:
    rows = [["Pay", "minutes_before", "8 to 12", ""], ["Triage", "support", "5 k", ""]]
    found = previewed(cast, process, file_of(rows))
    change = {"hosting": {"text": "950"}}
    estimate_update(access=cast.access(cast.owner), task=task_of(process, "Triage"), changes=change, version=None)
    with pytest.raises(StaleEdit) as refused:
        estimate_import_apply(access=cast.access(cast.editor), token=found.token)
    assert refused.value.changed == ("Triage: Hosting: 900 became 950, by Olga",)
    assert not Estimate.objects.filter(task__name="Pay", version__gt=0).exists()


def test_a_default_changed_meanwhile_is_told_too(cast: Cast, process: Process) -> None:
    found = previewed(cast, process, file_of([["Pay", "coverage", "90 %", ""]]))
    scope = DefaultsScope(cast.workspace, process, "Back office")
    change = {"coverage": {"text": "10 %"}}
    assumption_defaults_update(access=cast.access(cast.editor), scope=scope, changes=change)
    with pytest.raises(StaleEdit) as refused:
        estimate_import_apply(access=cast.access(cast.editor), token=found.token)
    assert refused.value.changed == ("Pay: Share the model decides alone: 60 % to 70 % became 10 %",)


def test_viewers_bring_nothing_and_a_token_works_in_its_workspace_only(cast: Cast, process: Process) -> None:
    data = file_of([["Triage", "support", "5 k", ""]])
    with pytest.raises(NotAllowed):
        estimate_import_preview(access=cast.access(cast.viewer), process=process, data=data)
    token = previewed(cast, process, data).token
    for access, sent in ((cast.access(cast.stranger, cast.elsewhere), token), (cast.access(cast.editor), token[:-2])):
        with pytest.raises(InvalidInput):
            estimate_import_apply(access=access, token=sent)
    assert valued_task(task_of(process, "Triage")).assumptions["support"].text != "5 k"


def test_the_page_shows_what_would_change_and_applies_it(cast: Cast, process: Process) -> None:
    client, where = cast.browser(cast.editor), f"/w/acme/processes/{process.pk}/estimates/"
    file = io.BytesIO(file_of([["Triage", "support", "5 k", "IT"]]))
    file.name = "back.csv"
    answer = client.post(where, {"file": file})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "back.csv would change 1 assumption of 1 task" in text
    token = re.search(r'name="token" value="([^"]+)"', text)
    assert token
    assert client.post(where, {"token": token[1]}).status_code == 302
    assert Estimate.objects.get(task__name="Triage").assumptions["support"]["source"] == "IT"
    assert client.post(where, {"token": token[1]}).status_code == 412
    assert client.post(where, {}).status_code == 400
    bad = io.BytesIO(file_of([["Triage", "support", "=1", ""]]))
    answer = client.post(where, {"file": bad})
    assert answer.status_code == 400
    assert "Row 2, text: The cell holds a formula" in answer.content.decode()
    assert cast.browser(cast.viewer).post(where, {"token": token[1]}).status_code == 403
    assert 'type="file"' not in cast.browser(cast.viewer).get(where).content.decode()


def test_an_export_asks_as_many_questions_for_one_task_as_for_many(cast: Cast) -> None:
    client, counts = cast.browser(cast.viewer), []
    for figures in ({"One": (10.0, 5.0)}, {f"Task {number}": (10.0, 5.0) for number in range(12)}):
        process = claims_process(cast.workspace, figures)
        for where in (f"/w/acme/processes/{process.pk}/estimates.csv", "/w/acme/estimates.xlsx"):
            client.get(where)
            with CaptureQueriesContext(connection) as found:
                assert client.get(where).status_code == 200
            counts.append(len(found))
    assert counts[:2] == counts[2:]


def test_a_process_without_tasks_says_what_is_missing(cast: Cast) -> None:
    empty = Process.objects.create(workspace=cast.workspace, name="Empty")
    text = cast.browser(cast.editor).get(f"/w/acme/processes/{empty.pk}/estimates/").content.decode()
    assert "This process has no task yet" in text
    assert 'type="file"' not in text
    assert "has a task yet" in cast.browser(cast.editor).get("/w/acme/estimates/").content.decode()


def many(cast: Cast) -> tuple[Process, bytes]:
    process = claims_process(cast.workspace, {f"Task {number}": (10.0, 5.0) for number in range(12)})
    return process, file_of([[f"Task {number}", "support", "5 k", ""] for number in range(12)])


@pytest.mark.django_db(transaction=True)
def test_many_tasks_are_set_by_a_job_in_the_name_of_who_asked(cast: Cast) -> None:
    process, data = many(cast)
    client, where = cast.browser(cast.editor), f"/w/acme/processes/{process.pk}/estimates/"
    token = previewed(cast, process, data).token
    answer = client.post(where, {"token": token}, follow=True)
    assert "Set the estimates of 12 tasks" in answer.content.decode()
    assert not EstimateChange.objects.exists()
    run = Run.objects.get()
    assert client.post(where, {"token": token}).status_code == 302
    run_drain(run_ids=[run.pk])
    run.refresh_from_db()
    assert (Run.objects.count(), run.state) == (1, RunState.SUCCEEDED)
    assert set(EstimateChange.objects.values_list("changed_by__name", flat=True)) == {"Edith"}
    assert EstimateChange.objects.count() == 12


@pytest.mark.django_db(transaction=True)
def test_a_job_that_comes_too_late_sets_nothing_and_says_why(cast: Cast) -> None:
    process, data = many(cast)
    token = previewed(cast, process, data).token
    started = estimate_import_start(access=cast.access(cast.editor), token=token, process=process)
    assert started.run is not None
    task, change = task_of(process, "Task 3"), {"support": {"text": "7 k"}}
    estimate_update(access=cast.access(cast.owner), task=task, changes=change, version=None)
    run_drain(run_ids=[started.run.pk])
    started.run.refresh_from_db()
    assert started.run.state == RunState.FAILED
    assert "by Olga" in started.run.stages.get().reason
    assert EstimateChange.objects.count() == 1


def test_a_preview_is_applied_where_it_was_made_and_nowhere_else(cast: Cast, process: Process) -> None:
    other = process_create(access=cast.access(cast.editor), name="Other claims")
    token = previewed(cast, process, file_of([["Triage", "hosting", "950", ""]])).token
    for elsewhere in (other, None):
        with pytest.raises(InvalidInput, match="of another place"):
            estimate_import_start(access=cast.access(cast.editor), token=token, process=elsewhere)
    assert estimate_import_start(access=cast.access(cast.editor), token=token, process=process).tasks == 1


def test_a_sheet_of_a_million_empty_rows_is_refused_before_it_is_read(cast: Cast, process: Process) -> None:
    rows = '<row r="5"><c r="A5"/></row>' * 250_000
    with pytest.raises(InvalidInput) as refused:
        previewed(cast, process, workbook({"Sheet": f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"}))
    assert "more than 400 000 rows and cells" in refused.value.detail
