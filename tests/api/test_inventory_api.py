"""The inventory in the API: entries with ETags, filters, orderings, and what is known so far."""

import pytest

from planner.services import process_create
from tests.api.conftest import Calling
from tests.conftest import Cast
from tests.planner.processes import drawn_process

API = "/api/v1/processes/"
pytestmark = pytest.mark.django_db


def test_entries_are_changed_on_a_version(cast: Cast, calling: Calling) -> None:
    client = calling(cast.editor)
    made = client.post(API, {"name": "Invoices", "goal": "Pay on time"}, format="json")
    one, tag = f"{API}{made.json()['id']}/", made["ETag"]
    sent = {"owner": cast.viewer.pk, "pain": "Late fees", "cases_a_year": 42000, "cases_note": "ledger"}
    changed = client.patch(one, sent, format="json", headers={"If-Match": tag})
    assert changed.status_code == 200
    body = changed.json()
    assert (body["owner"], body["goal"], body["cases_source"]) == (cast.viewer.pk, "Pay on time", "user")
    assert client.patch(one, {"pain": "x"}, format="json", headers={"If-Match": tag}).status_code == 412
    for wrong in ({"owner": cast.stranger.pk}, {"goal": "x" * 500}, {"ml_change": 7 * ["x"]}):
        refused = client.patch(one, wrong, format="json", headers={"If-Match": changed["ETag"]})
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, next(iter(wrong)))
    assert calling(cast.viewer).patch(one, sent, format="json", headers={"If-Match": "*"}).status_code == 403


@pytest.mark.second_leg
def test_processes_are_filtered_and_ordered(cast: Cast, calling: Calling) -> None:
    access = cast.access(cast.editor)
    process_create(access=access, name="Bills", cases_a_year=10, entries={"pain": "slow"})
    process_create(access=access, name="Claims", cases_a_year=900, entries={"owner": cast.owner})
    process_create(access=access, name="Archive")
    client = calling(cast.viewer)

    def found(**asked: object) -> list[str]:
        return [one["name"] for one in client.get(API, asked).json()["results"]]

    assert found() == ["Archive", "Claims", "Bills"]
    assert found(ordering="-cases_a_year") == ["Claims", "Bills", "Archive"]
    assert found(ordering="name", q="slow") == ["Bills"]
    assert found(owner=cast.owner.pk) == ["Claims"]
    assert found(owner=999_999) == []
    refused = client.get(API, {"ordering": "password"})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, "ordering")


@pytest.mark.parametrize(("asked", "value"), [("ordering", "zz"), ("q", "word " * 13)])
def test_what_the_inventory_cannot_be_asked_is_refused(cast: Cast, calling: Calling, asked: str, value: str) -> None:
    refused = calling(cast.viewer).get(f"{API}inventory/", {asked: value})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, asked)


def test_what_is_known_is_read_at_once(cast: Cast, calling: Calling) -> None:
    drawn_process(cast.access(cast.editor))
    process_create(access=cast.access(cast.editor), name="Archive")
    rows = calling(cast.viewer).get(f"{API}inventory/", {"ordering": "-cost"}).json()
    assert [(row["name"], row["tasks"], row["step"]) for row in rows] == [
        ("Claims", 3, "ranking"),
        ("Archive", 0, "process"),
    ]
    assert rows[0]["cost_a_year"] > 0
    assert (rows[1]["cost_a_year"], rows[1]["best_task"]) == (None, None)
    assert calling(cast.stranger, workspace=cast.elsewhere).get(f"{API}inventory/").json() == []
