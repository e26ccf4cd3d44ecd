"""A mapping sent with a log is taken whole or refused with the path of what cannot be, for a first log and a newer."""

import io
import json
from typing import Any

import pytest

from jobs.services import run_drain
from planner.models import EventLog, LogUpload, Process
from tests.api.conftest import Calling
from tests.conftest import Cast
from tests.planner.logs import at, csv_log, xes_event, xes_log
from tests.planner.measuring import measured_process

API = "/api/v1/"
pytestmark = pytest.mark.django_db(transaction=True)
ODD = csv_log([(f"{n // 2}", "AB"[n % 2], at(30 * n), "note") for n in range(40)], "x,y,z,more")
XES = xes_log([("1", [xes_event("A", at(0)), xes_event("B", at(1))])])
NAMED = {"case": "x", "activity": "y", "end": "z"}

MAPPING = {**NAMED, "ignored": ["more"], "zone": "Europe/Berlin"}


def sent(client: Any, where: str, mapping: object, data: bytes = ODD, name: str = "orders.csv") -> Any:
    file = io.BytesIO(data)
    file.name = name
    return client.post(f"{API}{where}", {"file": file, "mapping": json.dumps(mapping)}, format="multipart")


WRONG = [
    ({"day_first": "x"}, "mapping.day_first"),
    ({"day_first": 1}, "mapping.day_first"),
    ({"sheet": {}}, "mapping.sheet"),
    ({"zone": 7}, "mapping.zone"),
    ({"ignored": "case"}, "mapping.ignored"),
    ({"ignored": ["more", 3]}, "mapping.ignored.1"),
    ({"ignored": ["nowhere"]}, "mapping.ignored.0"),
    ({"case": ["x"]}, "mapping.case"),
    ({"resource": "nobody"}, "mapping.resource"),
    ({"meaning": "later"}, "mapping.meaning"),
    ({"colour": "red"}, "mapping.colour"),
]


@pytest.mark.parametrize(("odd", "path"), WRONG, ids=str)
@pytest.mark.parametrize("newer", [False, True], ids=["first log", "newer log"])
def test_what_cannot_be_is_refused_with_its_path(
    cast: Cast, calling: Calling, odd: dict[str, object], path: str, newer: bool
) -> None:
    where = f"processes/{measured_process(cast.access(cast.editor)).pk}/logs/" if newer else "processes/import/"
    processes, logs = Process.objects.count(), EventLog.objects.count()
    answer = sent(calling(cast.editor), where, {**NAMED, **odd})
    assert answer.status_code == 400, answer.content
    assert [error["path"] for error in answer.json()["errors"]] == [path]
    assert (Process.objects.count(), EventLog.objects.count()) == (processes, logs)


@pytest.mark.parametrize(
    ("odd", "path"), [({"zoen": "UTC"}, "hours.zoen"), ({"closed": 7}, "hours.closed"), ({"zone": []}, "hours.zone")]
)
def test_hours_that_cannot_be_are_refused_with_their_path(
    cast: Cast, calling: Calling, odd: dict[str, object], path: str
) -> None:
    file = io.BytesIO(ODD)
    file.name = "orders.csv"
    hours = json.dumps({"days": ["9-17"] * 7, **odd})
    body = {"file": file, "mapping": json.dumps(NAMED), "hours": hours}
    answer = calling(cast.editor).post(f"{API}processes/import/", body, format="multipart")
    assert answer.status_code == 400, answer.content
    assert [error["path"] for error in answer.json()["errors"]] == [path]
    assert not Process.objects.exists()


def test_columns_of_xes_cannot_be_chosen(cast: Cast, calling: Calling) -> None:
    answer = sent(calling(cast.editor), "processes/import/", {"case": "x"}, XES, "orders.xes")
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, "mapping.case")


def test_a_newer_log_is_read_by_the_mapping_sent_with_it(cast: Cast, calling: Calling) -> None:
    process, client = measured_process(cast.access(cast.editor)), calling(cast.editor)
    answer = sent(client, f"processes/{process.pk}/logs/", MAPPING)
    assert answer.status_code == 202, answer.content
    run_drain(run_ids=[answer.json()["job"]])
    upload = LogUpload.objects.get(pk=answer.json()["id"])
    assert {key: upload.mapping[key] for key in MAPPING} == MAPPING
    newest = EventLog.objects.order_by("-pk")[0]
    assert (newest.process_id, newest.statistics["cases"], newest.applied_at) == (process.pk, 20, None)


def test_a_newer_log_without_a_mapping_keeps_the_columns_of_the_one_in_use(cast: Cast, calling: Calling) -> None:
    process = measured_process(cast.access(cast.editor))
    file = io.BytesIO(b"case,activity,time\n1,Register,2026-01-05T08:00:00\n1,Pay,2026-01-06T08:00:00\n")
    file.name = "newer.csv"
    answer = calling(cast.editor).post(f"{API}processes/{process.pk}/logs/", {"file": file}, format="multipart")
    assert answer.status_code == 202, answer.content
