"""Files that other tools stumble over: each is read as far as it holds a log, or refused whole with its sentence."""

import gzip
import io

import pytest
from django.urls import reverse

from jobs.services import run_drain
from planner.domain.event_log.eventlog import LogError, log_statistics, pair_instances
from planner.domain.event_log.intake import read_log
from planner.models import EventLog, LogUpload, Process
from tests.conftest import Cast
from tests.planner.logs import at, csv_log, stream, xes_event, xes_log
from tests.planner.workbooks import zipped

NAMELESS = xes_event(None, at(0))
OVERLAPPING = xes_log(
    [
        (
            "1",
            [
                xes_event("A", at(0), "start"),
                xes_event("B", at(1), "start"),
                xes_event("A", at(2), "start"),
                xes_event("B", at(5), "complete"),
                xes_event("A", at(6), "complete"),
                xes_event("A", at(9), "complete"),
            ],
        )
    ]
)
MISSING_TIMES = xes_log(
    [
        (
            "1",
            [
                xes_event("A", at(0), "start"),
                xes_event("A", None, "complete"),
                xes_event("B", None, "start"),
                xes_event("B", at(4), "complete"),
            ],
        )
    ]
)

READ = {
    "one event": (xes_log([("1", [xes_event("A", at(0))])]), (1, 1)),
    "two traces, one event each": (xes_log([("1", [xes_event("A", at(0))]), ("2", [xes_event("A", at(0))])]), (2, 2)),
    "an empty trace beside a full one": (xes_log([("1", []), ("2", [xes_event("A", at(0))])]), (1, 1)),
    "two cases of one name": (xes_log([("1", [xes_event("A", at(0))]), ("1", [xes_event("B", at(1))])]), (2, 1)),
    "a case without a name": (xes_log([("1", [xes_event("A", at(0))])]).replace(b"concept:name", b"x", 1), (1, 1)),
    "overlapping activities": (OVERLAPPING, (6, 1)),
    "missing times": (MISSING_TIMES, (2, 1)),
}


@pytest.mark.parametrize("name", READ)
def test_what_holds_a_log_is_read(name: str) -> None:
    data, (events, cases) = READ[name]
    raw = read_log(stream(data), None)
    found = log_statistics(raw)
    assert (found.events, found.cases) == (events, cases)


def test_overlapping_activities_keep_their_own_spans() -> None:
    frame = pair_instances(read_log(stream(OVERLAPPING), None)).frame
    spans = sorted((str(row.activity), row.start.minute, row.end.minute) for row in frame.itertuples())
    assert spans == [("A", 0, 6), ("A", 2, 9), ("B", 1, 5)]


def test_events_without_a_time_are_listed_and_their_halves_are_not_guessed() -> None:
    instances = pair_instances(read_log(stream(MISSING_TIMES), None))
    assert instances.rejected["row"].tolist() == [1, 2, 3]
    assert instances.frame[["activity"]].values.tolist() == [["B"]]
    assert instances.frame["start"].isna().all()


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
BAD = {
    "empty log": (xes_log([]), "holds no events"),
    "only an empty trace": (xes_log([("1", [])]), "holds no events"),
    "no names": (xes_log([("1", [NAMELESS])]), "No event has a name"),
    "truncated gzip": (gzip.compress(csv_log([("1", "A", at(n)) for n in range(500)]))[:-40], "ends too early"),
    "billion laughs": (f'<!DOCTYPE log [<!ENTITY a0 "ha">{LAUGHS}]><log>&a9;</log>'.encode(), "DOCTYPE"),
    "external entity": (b'<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]><log>&x;</log>', "DOCTYPE"),
    "nested 200 000 deep": (b"<log><trace>" + b"<list>" * 200_000, "nested deeper"),
    "100 000 columns": (b",".join(b"c%d" % n for n in range(100_000)) + b"\n" + b"," * 99_999, "columns or more"),
    "XES in UTF-7": (b'<?xml version="1.0" encoding="UTF-7"?><log/>', "encoding"),
    "two logs in a zip": (zipped({"a.csv": csv_log([]), "b.csv": csv_log([])}), "holds 2 files"),
    "a damaged spreadsheet": (zipped({"xl/workbook.xml": b"<workbook"}), "damaged"),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_refused_over_the_api_and_on_the_page_and_nothing_is_half_done(
    cast: Cast, name: str
) -> None:
    data, words = BAD[name]
    with pytest.raises(LogError, match=words):
        read_log(stream(data), None)
    browser, sent = cast.browser(cast.editor), []
    for address in (reverse("v1:process-import") + "?workspace=acme", reverse("planner:import", args=["acme"])):
        file = io.BytesIO(data)
        file.name = "log"
        sent.append(browser.post(address, {"file": file}))
    assert sent[0].status_code == 400
    assert words in sent[0].json()["detail"]
    page = browser.get(sent[1]["Location"]).content.decode()
    assert words in page
    assert "cannot be read as a log" in page
    assert not Process.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_log_that_turns_bad_after_its_beginning_fails_whole_and_can_be_read_otherwise(cast: Cast) -> None:
    lines = csv_log([(str(n // 3), "ABC"[n % 3], at(n)) for n in range(12_000)]) + b"9,Pr\xfcfen,2024-03-01T00:00:00Z\n"
    browser, file = cast.browser(cast.editor), io.BytesIO(lines)
    file.name = "log.csv"
    answer = browser.post(reverse("v1:process-import") + "?workspace=acme", {"file": file}).json()
    run_drain(run_ids=[answer["job"]])
    upload = LogUpload.objects.get()
    page = browser.get(reverse("planner:upload", args=["acme", upload.pk])).content.decode()
    assert "Line 12002 cannot be read as text" in page
    assert "Choose another encoding" in page
    assert not Process.objects.exists()
    assert not EventLog.objects.exists()
    form = {"name": "Log", "case": "case", "activity": "activity", "end": "time", "meaning": "completion"}
    browser.post(reverse("planner:upload", args=["acme", upload.pk]), {**form, "encoding": "cp1252"})
    upload.refresh_from_db()
    run_drain(run_ids=[upload.run_id or 0])
    assert "Prüfen" in [task.name for task in Process.objects.get().tasks.work()]
