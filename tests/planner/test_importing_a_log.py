"""A file becomes a process through one job; a bad one is kept with its sentence, mended, and tried again."""

import io
from pathlib import Path
from threading import Thread

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse

from accounts.access import Access
from accounts.models import Workspace
from common.errors import Conflict, InvalidInput, NotAllowed, NotFound
from jobs.models import Run
from jobs.services import blob_open, run_drain
from planner.domain.event_log.columnar import read_events
from planner.models import EventLog, LogUpload, Process, Source
from planner.selectors import import_problem, latest_log, process_graph
from planner.services import (
    example_load,
    log_import_compute,
    log_import_start,
    log_upload_create,
    log_upload_map,
    log_upload_replace,
)
from tests.conftest import Cast
from tests.planner.logs import at, csv_log

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = [
    (f"c{n}", name, at(90 * n + 20 * step), at(90 * n + 20 * step + 6), f"u{n % 3}")
    for n in range(40)
    for step, name in enumerate(("Register", "Check", "Pay" if n % 4 else "Reject"))
]
HEADER = "case,activity,start,time,who"
WIDE = csv_log([("1", at(0), at(5), at(9)), ("2", at(1), at(6), at(8))], "order,registered,approved,paid")


def brought(access: Access, data: bytes, filename: str = "Some_claims.csv") -> LogUpload:
    return log_upload_create(access=access, file=io.BytesIO(data), filename=filename)


def imported(access: Access, upload: LogUpload) -> LogUpload:
    run = log_import_start(access=access, upload=upload)
    run_drain(run_ids=[run.pk])
    upload.refresh_from_db()
    return upload


def test_a_log_becomes_a_process_with_measured_tasks(cast: Cast) -> None:
    access = cast.access(cast.editor)
    upload = imported(access, brought(access, csv_log(ROWS, HEADER)))
    process = upload.process
    assert process is not None
    assert (process.name, process.cases_source) == ("Some claims", Source.LOG)
    tasks = {task.name: task for task in process.tasks.work()}
    assert list(tasks)[:2] == ["Register", "Check"]
    assert set(tasks) == {"Register", "Check", "Pay", "Reject"}
    assert tasks["Pay"].visits_a_case == 0.75
    assert tasks["Check"].handling_minutes == 6
    assert tasks["Check"].waiting_hours == pytest.approx(14 / 60)
    assert tasks["Pay"].volume_a_year == pytest.approx((process.cases_a_year or 0) * 0.75)
    flows = {(flow.source.name, flow.target.name): flow.probability for flow in process.flows.all()}
    assert flows["Check", "Pay"] == 0.75
    assert flows["Reject", "End"] == 1
    assert process_graph(process).findings() == []


def test_the_events_are_stored_as_columns(cast: Cast) -> None:
    access = cast.access(cast.editor)
    process = imported(access, brought(access, csv_log(ROWS, HEADER))).process
    assert process is not None
    log = latest_log(process)
    assert log is not None
    with blob_open(log.events) as source:
        events = read_events(source)
    assert list(events.columns) == ["case", "activity", "start", "end", "resource", "row"]
    assert list(events["activity"][:3]) == ["Register", "Check", "Reject"]
    assert str(events["end"].dtype) == "datetime64[us, UTC]"
    assert log.statistics["events"] == len(ROWS)
    assert log.statistics["directly_follows_pairs"] == 3


def test_pressing_twice_is_one_job_and_one_process(cast: Cast) -> None:
    access = cast.access(cast.editor)
    upload = brought(access, csv_log(ROWS, HEADER))
    first = log_import_start(access=access, upload=upload)
    assert log_import_start(access=access, upload=LogUpload.objects.get(pk=upload.pk)).pk == first.pk
    run_drain(run_ids=[first.pk])
    again = log_import_start(access=access, upload=LogUpload.objects.get(pk=upload.pk))
    assert again.pk == first.pk
    assert Process.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", "damaged archive"),
        (b"<!DOCTYPE log><log/>", "DOCTYPE"),
        (
            csv_log([("1", at(0), at(5), at(9)), ("2", at(1), at(6), at(8))], "order,registered,approved,paid"),
            "one row a case",
        ),
    ],
)
def test_a_bad_file_is_kept_with_its_sentence_and_cannot_be_imported(cast: Cast, data: bytes, words: str) -> None:
    access = cast.access(cast.editor)
    upload = brought(access, data)
    assert upload.state == LogUpload.State.REFUSED
    assert words in import_problem(upload)
    with pytest.raises(InvalidInput, match=words):
        log_import_start(access=access, upload=upload)
    assert not Run.objects.exists()


def test_a_mended_file_takes_the_place_of_the_bad_one_and_keeps_the_columns(cast: Cast) -> None:
    access = cast.access(cast.editor)
    upload = brought(access, csv_log([(case, name, "soon", "later", who) for case, name, _, _, who in ROWS], HEADER))
    mapping = {"case": "case", "activity": "activity", "end": "time", "resource": "who"}
    log_upload_map(access=access, upload=upload, mapping=mapping)
    upload = imported(access, upload)
    assert "No row has a time" in import_problem(upload)
    assert not Process.objects.exists()
    mended = log_upload_replace(access=access, upload=upload, file=io.BytesIO(csv_log(ROWS, HEADER)), filename="b.csv")
    assert mended.mapping["start"] == ""
    mended = imported(access, mended)
    assert mended.process is not None
    assert import_problem(mended) == ""
    assert EventLog.objects.count() == 1


def test_dates_that_can_be_read_two_ways_are_asked(cast: Cast) -> None:
    access = cast.access(cast.editor)
    data = csv_log([("1", "A", "9.3.10 8:05"), ("1", "B", "10.3.10 8:05"), ("2", "A", "11.3.10 8:05")])
    upload = brought(access, data)
    assert list(upload.preview["ambiguous"]) == ["time"]
    with pytest.raises(InvalidInput) as asked:
        log_import_start(access=access, upload=upload)
    assert asked.value.errors[0].path == "day_first"
    log_upload_map(access=access, upload=upload, mapping={**upload.mapping, "day_first": False})
    process = imported(access, upload).process
    assert process is not None
    log = latest_log(process)
    assert log is not None
    assert log.first_start.month == 9


def test_columns_that_cannot_be_chosen_are_named(cast: Cast) -> None:
    access = cast.access(cast.editor)
    upload = brought(access, csv_log(ROWS, HEADER))
    with pytest.raises(InvalidInput) as refused:
        log_upload_map(access=access, upload=upload, mapping={"case": "case", "activity": "step", "end": "time"})
    assert refused.value.errors[0].path == "activity"
    assert "“activity”" in refused.value.detail


def test_an_imported_file_cannot_be_replaced_and_viewers_cannot_import(cast: Cast) -> None:
    access = cast.access(cast.editor)
    upload = imported(access, brought(access, csv_log(ROWS, HEADER)))
    with pytest.raises(Conflict):
        log_upload_replace(access=access, upload=upload, file=io.BytesIO(b""), filename="x.csv")
    with pytest.raises(NotAllowed):
        brought(cast.access(cast.viewer), csv_log(ROWS, HEADER))


def test_an_example_opens_once_and_then_leads_to_itself(cast: Cast) -> None:
    access = cast.access(cast.editor)
    run = example_load(access=access, key="purchasing")
    run_drain(run_ids=[run.pk])
    assert example_load(access=access, key="purchasing").pk == run.pk
    process = Process.objects.get()
    assert (process.name, process.tasks.work().count()) == ("Purchasing", 21)
    with pytest.raises(NotFound):
        example_load(access=access, key="nonsense")


def test_every_shipped_log_has_its_licence_line() -> None:
    folder = Path(__file__).parents[2] / "examples"
    words = (folder / "LICENCE.md").read_text(encoding="utf-8")
    assert [path.name for path in folder.glob("*.gz") if path.name not in words] == []


def test_the_road_through_the_pages(cast: Cast) -> None:
    browser = cast.browser(cast.editor)
    file = io.BytesIO(csv_log(ROWS, HEADER))
    file.name = "claims.csv"
    answer = browser.post(reverse("planner:import", args=["acme"]), {"file": file})
    upload = LogUpload.objects.get()
    page = reverse("planner:upload", args=["acme", upload.pk])
    assert answer["Location"] == page
    text = browser.get(page).content.decode()
    assert "2024-03-01 00:00:00 UTC" in text
    assert "u0" in text
    chosen = {
        "name": "Claims",
        "case": "case",
        "activity": "activity",
        "start": "start",
        "end": "time",
        "resource": "who",
    }
    wrong = browser.post(page, {**chosen, "end": ""})
    assert wrong.status_code == 422
    browser.post(page, chosen)
    run = Run.objects.get(kind="import")
    assert "Cancel" in browser.get(page).content.decode()
    run_drain(run_ids=[run.pk])
    process = Process.objects.get(name="Claims")
    assert browser.get(page)["Location"] == reverse("planner:tasks", args=["acme", process.pk])


@pytest.mark.second_leg
def test_two_presses_in_one_moment_are_one_job_and_one_process(cast: Cast) -> None:
    access = cast.access(cast.editor)
    pk = brought(access, csv_log(ROWS, HEADER)).pk
    both = [LogUpload.objects.get(pk=pk), LogUpload.objects.get(pk=pk)]
    runs = {log_import_start(access=access, upload=upload).pk for upload in both}
    assert len(runs) == 1
    run_drain(run_ids=sorted(runs))
    assert Process.objects.of(cast.workspace).count() == 1
    late = log_import_start(access=access, upload=both[1])
    assert late.pk in runs
    assert Process.objects.of(cast.workspace).count() == 1


@pytest.mark.second_leg
def test_an_import_holds_no_lock_while_it_reads_and_measures(cast: Cast, tmp_path: Path) -> None:
    upload = brought(cast.access(cast.editor), csv_log(ROWS * 400, HEADER))
    written: list[str] = []

    def write() -> None:
        # A connection of its own, as another process has it; SQLite has one write lock for everybody.
        try:
            Workspace.objects.filter(pk=cast.workspace.pk).update(name=f"Acme {len(written)}")
            written.append("in time")
        except DatabaseError as problem:
            written.append(str(problem))
        finally:
            connection.close()

    def another_writes(_share: float, note: str) -> None:
        writer = Thread(target=write)
        writer.start()
        writer.join()
        notes.append(note)

    notes: list[str] = []
    params = {"upload": upload.pk, "blob": upload.blob_id, "format": "csv", "mapping": upload.mapping}
    log_import_compute(params=params, directory=tmp_path, progress=another_writes)
    assert set(written) == {"in time"}
    assert {"reading", "measuring", "storing the events"} <= set(notes)
    assert notes.count("reading") > 3
    assert not Process.objects.of(cast.workspace).exists()
