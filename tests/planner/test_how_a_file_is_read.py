"""What the file does not tell is asked: what a time means, its zone, encoding and sheet; what is left out is listed."""

import csv
import io
from typing import Any

import pytest
from django.urls import reverse

from common.errors import InvalidInput
from jobs.services import run_drain
from planner.models import LogUpload, Process
from planner.selectors import latest_log
from planner.services import log_import_start, log_upload_create, log_upload_map, workspace_hours_update
from tests.conftest import Cast
from tests.planner.logs import csv_log
from tests.planner.workbooks import sheet_xml, workbook

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = [(f"c{n // 2}", ("Prüfen", "Ablegen")[n % 2], f"2024-07-0{1 + n}T12:00:00") for n in range(8)]
PLAIN = csv_log(ROWS)


def brought(cast: Cast, data: bytes, filename: str = "claims.csv") -> LogUpload:
    return log_upload_create(access=cast.access(cast.editor), file=io.BytesIO(data), filename=filename)


def statistics(cast: Cast, upload: LogUpload) -> dict[str, Any]:
    run_drain(run_ids=[log_import_start(access=cast.access(cast.editor), upload=upload).pk])
    process = LogUpload.objects.get(pk=upload.pk).process
    assert process is not None
    log = latest_log(process)
    assert log is not None
    return dict(log.statistics)


def page(upload: LogUpload, name: str = "upload") -> str:
    return reverse(f"planner:{name}", args=["acme", upload.pk])


FORM = {"name": "Claims", "case": "case", "activity": "activity", "end": "time"}


def test_what_the_only_time_means_is_asked_and_kept(cast: Cast) -> None:
    upload, browser = brought(cast, PLAIN), cast.browser(cast.editor)
    asked = browser.post(page(upload), FORM)
    assert asked.status_code == 422
    assert "Say what the time of an event means" in asked.content.decode()
    assert browser.post(page(upload), {**FORM, "meaning": "scheduled"}).status_code == 302
    upload.refresh_from_db()
    found = statistics(cast, upload)
    assert found["meaning"] == "scheduled"
    process = Process.objects.get()
    assert [task.waiting_hours for task in process.tasks.work()] == [None, None], "plans do not say how long"


def test_times_without_an_offset_are_of_the_zone_of_the_workspace_unless_another_is_chosen(cast: Cast) -> None:
    workspace_hours_update(access=cast.access(cast.owner), choice={"days": ["9-17"] * 7, "zone": "Europe/Amsterdam"})
    upload, browser = brought(cast, PLAIN), cast.browser(cast.editor)
    assert "2024-07-01 12:00:00 UTC+2" in browser.get(page(upload)).content.decode()
    choices = {**FORM, "zone": "Asia/Kolkata", "meaning": "completion"}
    rows = browser.post(page(upload, "upload_rows"), choices).content.decode()
    assert "2024-07-01 12:00:00 UTC+5:30" in rows
    assert LogUpload.objects.get().mapping["zone"] == "Europe/Amsterdam", "looking keeps nothing"
    browser.post(page(upload), choices)
    upload.refresh_from_db()
    found = statistics(cast, upload)
    assert found["first"] == "2024-07-01T06:30:00+00:00"
    assert "Times without a zone are taken as Asia/Kolkata." in found["notes"]


def test_another_choice_of_columns_is_seen_at_once(cast: Cast) -> None:
    upload = brought(cast, PLAIN)
    swapped = {**FORM, "case": "activity", "activity": "case"}
    text = cast.browser(cast.editor).post(page(upload, "upload_rows"), swapped).content.decode()
    assert '<td data-label="Case">Prüfen</td>' in text
    assert '<td data-label="Activity">c0</td>' in text


def test_the_encoding_taken_is_said_and_another_can_be_chosen(cast: Cast) -> None:
    upload, browser = brought(cast, PLAIN.decode().encode("cp1252")), cast.browser(cast.editor)
    text = browser.get(page(upload)).content.decode()
    assert "read as Windows-1252, Western Europe" in text
    assert browser.post(page(upload), {**FORM, "encoding": "cp1251", "look": "1"}).status_code == 302
    text = browser.get(page(upload)).content.decode()
    assert "Prьfen" in text
    assert upload.mapping["case"] == "case"


def test_a_file_that_cannot_be_read_as_text_can_be_read_in_another_encoding(cast: Cast) -> None:
    data = "case,activity,time\n".encode("utf-16") + b"\x00\xd8" * 40
    upload, browser = brought(cast, data), cast.browser(cast.editor)
    assert upload.state == LogUpload.State.REFUSED
    assert "Read it in another way?" in browser.get(page(upload)).content.decode()
    late = brought(cast, PLAIN.decode().encode() + "c9,Prüfen,2024-07-09\n".encode("cp1252") + PLAIN * 3000)
    log_upload_map(access=cast.access(cast.editor), upload=late, mapping={**late.mapping, "encoding": "cp1252"})
    assert late.preview["encoding"] == "cp1252"


def test_a_sheet_is_chosen_among_several(cast: Cast) -> None:
    sheets = {
        "March": sheet_xml({1: ["case", "activity", "time"], 2: ["1", "A", 45352.0], 3: ["1", "B", 45353.0]}, (2,)),
        "April": sheet_xml({1: ["case", "activity", "time"], 2: ["9", "X", 45383.0], 3: ["9", "Y", 45384.0]}, (2,)),
    }
    upload = brought(cast, workbook(sheets), "Claims.xlsx")
    assert (upload.name, upload.format, upload.preview["sheet"]) == ("Claims", "xlsx", "March")
    log_upload_map(access=cast.access(cast.editor), upload=upload, mapping={**upload.mapping, "sheet": "April"})
    assert statistics(cast, upload)["first"] == "2024-04-01T00:00:00+00:00"


def test_every_row_left_out_is_listed_for_download_and_the_counts_agree(cast: Cast) -> None:
    bad = [(f"c{n}", "Prüfen", "=soon()") for n in range(40)] + [("", "Prüfen", "2024-07-01"), ("c1", "x")]
    upload = brought(cast, csv_log([*ROWS, *bad]))
    mapping = {"case": "case", "activity": "activity", "end": "time"}
    log_upload_map(access=cast.access(cast.editor), upload=upload, mapping=mapping)
    found = statistics(cast, upload)
    process = Process.objects.get()
    browser = cast.browser(cast.viewer)
    pages = [reverse("planner:rejected_rows", args=["acme", process.pk])]
    pages.append(reverse("v1:process-left-out", args=[process.pk]) + "?workspace=acme")
    for address in pages:
        answer = browser.get(address)
        rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
        assert [int(row["row"]) for row in rows] == list(range(10, 52))
        assert rows[0]["cell"] == "'=soon()", "no spreadsheet runs it"
        assert (rows[0]["column"], rows[-1]["cell"]) == ("time", "c1,x")
    assert sum(one["count"] for one in found["dropped"]) == 42
    text = browser.get(reverse("planner:process", args=["acme", process.pk])).content.decode()
    assert "40: no time, or one that cannot be read, rows 10, 11, 12, 13, 14 …" in text
    assert pages[0] in text


def test_a_log_of_which_nothing_was_left_out_has_no_such_list(cast: Cast) -> None:
    statistics(cast, brought(cast, PLAIN))
    process = Process.objects.get()
    answer = cast.browser(cast.editor).get(reverse("planner:rejected_rows", args=["acme", process.pk]))
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"encoding": "utf-7"}, "encoding"),
        ({"separator": "#"}, "separates no columns"),
        ({"zone": "Mars"}, "no time zone"),
        ({"meaning": "maybe"}, "cannot mean"),
    ],
)
def test_choices_that_cannot_be_are_refused(cast: Cast, mapping: dict[str, str], words: str) -> None:
    upload = brought(cast, PLAIN)
    with pytest.raises(InvalidInput, match=words):
        log_upload_map(access=cast.access(cast.editor), upload=upload, mapping={**upload.mapping, **mapping})


def test_the_api_takes_the_same_choices(cast: Cast) -> None:
    browser = cast.browser(cast.editor)
    address = reverse("v1:process-import") + "?workspace=acme"

    def sent(**more: str) -> Any:
        file = io.BytesIO(PLAIN.decode().encode("cp1250"))
        file.name = "claims.csv"
        return browser.post(address, {"file": file, **more})

    mapping = '{"encoding": "cp1250", "zone": "Europe/Amsterdam", "meaning": "start"}'
    answer = sent(mapping=mapping, hours='{"days": ["9-17", "", "", "", "", "", ""]}')
    assert answer.status_code == 202, answer.content
    run_drain(run_ids=[answer.json()["job"]])
    process = Process.objects.get()
    log = browser.get(reverse("v1:process-log", args=[process.pk]) + "?workspace=acme").json()
    assert (log["first"], log["meaning"]) == ("2024-07-01T10:00:00+00:00", "start")
    assert log["calendar"]["words"] == "working hours Mon 9–17"
    assert "no key of a mapping" in sent(mapping='{"tme": "time"}').content.decode()
    assert sent(hours='{"days": []}').status_code == 400
    assert Process.objects.count() == 1
