"""What a service finds wrong stands beside the field it is about; the zone of a log is asked once."""

import io
import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from planner.models import LogUpload, Process, WorkingHours
from planner.services import log_upload_create
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

PLAIN = b"case,activity,time\n1,Register,2026-01-05 08:00\n1,Pay,2026-01-06 08:00\n2,Register,2026-01-05 09:00\n"
TOLD = PLAIN.replace(b":00\n", b":00:00+01:00\n")
COLUMNS = {"name": "Orders", "case": "case", "activity": "activity", "end": "time", "meaning": "completion"}
OWN = {"hours-which": "own", "hours-Mon": "9-17"}


def brought(cast: Cast, data: bytes = PLAIN) -> LogUpload:
    return log_upload_create(access=cast.access(cast.editor), file=io.BytesIO(data), filename="orders.csv")


def sent(cast: Cast, upload: LogUpload, values: dict[str, str]) -> Any:
    return cast.browser(cast.editor).post(reverse("planner:upload", args=["acme", upload.pk]), COLUMNS | values)


def beside(answer: HttpResponse, field: str) -> str:
    """The words that stand as the error of a field."""
    page = answer.content.decode()
    _, found, rest = page.partition(f'id="id_{field}_error"')
    return rest.partition("</div>")[0] if found else ""


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"activity": "case"}, "activity", "chosen twice"),
        ({"activity": "case"}, "case", "chosen twice"),
        ({**OWN, "hours-country": "DE", "hours-subdivision": "XX"}, "hours-subdivision", "no part of that country"),
        ({**OWN, "hours-closed": "24 December"}, "hours-closed", "is no date"),
    ],
)
def test_what_the_service_refuses_stands_beside_its_field(
    cast: Cast, values: dict[str, str], field: str, words: str
) -> None:
    upload = brought(cast)
    answer = sent(cast, upload, values)
    assert answer.status_code == 400
    assert words in beside(answer, field)
    assert "to mend, marked above" in answer.content.decode()
    upload.refresh_from_db()
    assert (upload.run, upload.calendar) == (None, None), "nothing is saved half"


def test_the_pages_of_working_hours_say_it_beside_the_field_too(cast: Cast) -> None:
    page = reverse("planner:workspace_hours", args=["acme"])
    form = {"which": "own", "Mon": "9-17", "zone": "UTC", "country": "DE", "subdivision": "XX"}
    answer = cast.browser(cast.owner).post(page, form)
    assert "no part of that country" in beside(answer, "subdivision")
    assert not WorkingHours.objects.exists()


def test_the_zone_of_the_times_is_that_of_the_hours_and_asked_once(cast: Cast) -> None:
    upload = brought(cast)
    page = cast.browser(cast.editor).get(reverse("planner:upload", args=["acme", upload.pk])).content.decode()
    assert 'name="zone"' in page
    assert 'name="hours-zone"' not in page
    sent(cast, upload, {**OWN, "zone": "Europe/Berlin", "hours-zone": "Asia/Tokyo"})
    upload.refresh_from_db()
    assert (upload.mapping["zone"], (upload.calendar or {})["zone"]) == ("Europe/Berlin", "Europe/Berlin")


def test_where_times_tell_their_zone_only_that_of_the_hours_is_asked(cast: Cast) -> None:
    upload = brought(cast, TOLD)
    page = cast.browser(cast.editor).get(reverse("planner:upload", args=["acme", upload.pk])).content.decode()
    assert 'name="zone"' not in page
    assert 'name="hours-zone"' in page
    sent(cast, upload, {**OWN, "hours-zone": "Asia/Tokyo"})
    upload.refresh_from_db()
    assert (upload.calendar or {})["zone"] == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("zone", "kept"), [({}, "Europe/Berlin"), ({"zone": "Asia/Tokyo"}, "Asia/Tokyo")], ids=["left out", "said"]
)
def test_hours_sent_without_a_zone_are_in_that_of_the_mapping(cast: Cast, zone: dict[str, str], kept: str) -> None:
    answer = imported(cast, {"zone": "Europe/Berlin"}, {"days": ["9-17"] * 7, **zone})
    assert answer.status_code == 202, answer.content
    assert (LogUpload.objects.get(pk=answer.json()["id"]).calendar or {})["zone"] == kept


@pytest.mark.parametrize(
    ("mapping", "hours", "paths"),
    [
        ({"zone": "Mars"}, {}, ["mapping.zone"]),
        ({"activity": "case"}, {}, ["mapping.case", "mapping.activity"]),
        ({}, {"days": ["9-17"] * 7, "zone": "Mars"}, ["hours.zone"]),
    ],
)
def test_a_program_is_told_the_path_of_what_it_sent(
    cast: Cast, mapping: dict[str, str], hours: dict[str, object], paths: list[str]
) -> None:
    answer = imported(cast, mapping, hours)
    assert answer.status_code == 400
    assert [one["path"] for one in answer.json()["errors"]] == paths
    assert not Process.objects.exists()


def imported(cast: Cast, mapping: dict[str, str], hours: dict[str, object]) -> Any:
    file = io.BytesIO(PLAIN)
    file.name = "orders.csv"
    columns = {key: COLUMNS[key] for key in ("case", "activity", "end")}
    body = {"file": file, "mapping": json.dumps(columns | mapping), "hours": json.dumps(hours)}
    return cast.browser(cast.editor).post(reverse("v1:process-import") + "?workspace=acme", body)
