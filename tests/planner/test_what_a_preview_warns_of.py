"""Before the import the page says how many rows would be left out and why, which times are odd, and whose clocks."""

from io import BytesIO

import pytest
from django.urls import reverse

from jobs.services import run_drain
from planner.models import EventLog, LogUpload
from planner.services import log_import_start, log_upload_create, log_upload_map
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

HEAD = "case,activity,time\n"
GOOD = "".join(f"{case},{name},2024-03-01T0{hour}:00:00+02:00\n" for case in "123" for hour, name in enumerate("ab"))
MAPPING = {"case": "case", "activity": "activity", "end": "time"}


def brought(cast: Cast, rows: str) -> LogUpload:
    return log_upload_create(access=cast.access(cast.editor), file=BytesIO((HEAD + rows).encode()), filename="log.csv")


def text_of(cast: Cast, upload: LogUpload) -> str:
    return cast.browser(cast.editor).get(reverse("planner:upload", args=["acme", upload.pk])).content.decode()


def test_it_says_how_many_rows_and_why(cast: Cast) -> None:
    bad = ",a,2024-03-01T08:00:00Z\n4,,2024-03-01T08:00:00Z\n5,a,soon\n5,b,\n6,a\n"
    text = text_of(cast, brought(cast, GOOD + bad))
    assert "Of the 11 rows 5 would be left out: 1 without a case, 1 without an activity, " in text
    assert "2 without a time that can be read, such as “soon” and 1 with more or fewer cells" in text


@pytest.mark.django_db(transaction=True)
def test_it_agrees_with_the_import(cast: Cast) -> None:
    upload = brought(cast, GOOD + ",a,2024-03-01T08:00:00Z\n5,a,soon\n5,b,2024-03-02T08:00:00Z\n")
    assert "Of the 9 rows 2 would be left out" in text_of(cast, upload)
    access = cast.access(cast.editor)
    log_upload_map(access=access, upload=upload, mapping=MAPPING)
    run_drain(run_ids=[log_import_start(access=access, upload=upload).pk])
    assert sum(one["count"] for one in EventLog.objects.get().statistics["dropped"]) == 2


def test_a_log_without_doubts_says_so_and_another_choice_is_counted_at_once(cast: Cast) -> None:
    upload = brought(cast, GOOD)
    assert "None of the 6 rows would be left out." in text_of(cast, upload)
    address = reverse("planner:upload_rows", args=["acme", upload.pk])
    rows = cast.browser(cast.editor).post(address, {"name": "x", **MAPPING, "case": "time", "end": "case"})
    assert "6 without a time that can be read, such as “1”" in rows.content.decode()


def test_of_a_long_file_only_the_first_rows_are_spoken_of(cast: Cast) -> None:
    text = text_of(cast, brought(cast, GOOD * 500))
    assert "None of the first 2" in text
    assert "The import counts the rest." in text


@pytest.mark.django_db(transaction=True)
def test_times_no_log_has_are_named_before_and_after_the_import(cast: Cast) -> None:
    upload = brought(cast, GOOD + "4,a,0001-01-01T00:00:00Z\n4,b,9999-12-31T00:00:00Z\n")
    text = text_of(cast, upload)
    assert "2 times lie before 1970 or after " in text
    assert "such as 0001-01-01 00:00:00 UTC." in text
    access = cast.access(cast.editor)
    log_upload_map(access=access, upload=upload, mapping=MAPPING)
    run_drain(run_ids=[log_import_start(access=access, upload=upload).pk])
    assert any("2 times lie before 1970" in note for note in EventLog.objects.get().statistics["notes"])


def test_times_are_shown_by_the_clocks_the_file_names(cast: Cast) -> None:
    text = text_of(cast, brought(cast, GOOD))
    assert "2024-03-01 01:00:00 UTC+2" in text
    assert "2024-03-01 01:00:00 UTC<" not in text
