"""How a process really ran in the API: lists in pages, people as stand-ins, unchanged ones answered 304."""

import io

import pytest

from jobs.services import run_drain
from planner.models import Process
from planner.services import log_import_start, log_upload_create, process_create
from tests.api.conftest import Calling
from tests.conftest import Cast
from tests.planner.logs import at, csv_log

pytestmark = pytest.mark.django_db(transaction=True)

API = "/api/v1/processes/"
LISTS = ("directly-follows", "variants", "rework", "resources", "hand-overs", "bottlenecks")
ROWS = [
    (f"c{case}", name, at(100 * case + minute), at(100 * case + minute + 5), who)
    for case in range(30)
    for name, minute, who in (("Register", 0, "Ann"), ("Check", 20, "Kim"), ("Check", 40, "Kim"), ("Pay", 90, "Bo"))
]


@pytest.fixture
def process(cast: Cast) -> Process:
    access = cast.access(cast.editor)
    data = csv_log(ROWS, "case,activity,start,time,who")
    upload = log_upload_create(access=access, file=io.BytesIO(data), filename="Claims.csv")
    run_drain(run_ids=[log_import_start(access=access, upload=upload).pk])
    return Process.objects.get()


def test_every_list_tells_its_part(cast: Cast, calling: Calling, process: Process) -> None:
    client = calling(cast.viewer)
    found = {name: client.get(f"{API}{process.pk}/{name}/").json()["results"] for name in LISTS}
    assert [(each["source"], each["target"], each["count"]) for each in found["directly-follows"]] == [
        *(("Check", "Check", 30), ("Check", "Pay", 30), ("Register", "Check", 30))
    ]
    assert found["variants"][0]["sequence"] == ["Register", "Check", "Check", "Pay"]
    assert found["variants"][0]["cumulative_share"] == 1
    assert [(each["activity"], each["self_loops"], each["returns"]) for each in found["rework"]] == [("Check", 30, 0)]
    assert found["rework"][0]["handling_hours"] == pytest.approx(2.5)
    assert found["bottlenecks"][0]["activity"] == "Pay"
    assert found["bottlenecks"][0]["total_hours"] == pytest.approx(30 * 45 / 60)
    assert found["bottlenecks"][0]["hours_a_year"] > 1000


def test_people_are_stand_ins_that_stay_the_same(cast: Cast, calling: Calling, process: Process) -> None:
    client = calling(cast.viewer)
    people = {each["name"] for each in client.get(f"{API}{process.pk}/resources/").json()["results"]}
    passed = client.get(f"{API}{process.pk}/hand-overs/").json()["results"]
    assert len(people) == 3
    assert not people & {"Ann", "Kim", "Bo"}
    assert {each["source"] for each in passed} | {each["target"] for each in passed} == people


def test_lists_come_in_pages_and_are_not_sent_twice(cast: Cast, calling: Calling, process: Process) -> None:
    client, url = calling(cast.viewer), f"{API}{process.pk}/directly-follows/"
    first = client.get(url, {"page_size": 2})
    assert (first.json()["count"], len(first.json()["results"])) == (3, 2)
    assert len(client.get(first.json()["next"]).json()["results"]) == 1
    assert client.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_the_statistics_name_the_bottleneck(cast: Cast, calling: Calling, process: Process) -> None:
    told = calling(cast.viewer).get(f"{API}{process.pk}/log/").json()["observed"]
    assert told["most_waiting"]["activity"] == "Pay"
    assert told["cases_with_rework"] == 30


def test_a_process_without_a_log_answers_404_with_what_to_do(cast: Cast, calling: Calling) -> None:
    drawn = process_create(access=cast.access(cast.editor), name="Drawn")
    for name in LISTS:
        answer = calling(cast.viewer).get(f"{API}{drawn.pk}/{name}/")
        assert answer.status_code == 404
        assert "Import a log" in answer.json()["detail"]
