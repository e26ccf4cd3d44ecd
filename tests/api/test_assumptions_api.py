"""Defaults and shared costs over the API: read, changed on a version, refused field by field, not for strangers."""

import pytest

from planner.models import Process
from tests.api.conftest import Calling
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(cast: Cast) -> Process:
    return claims_process(cast.workspace)


def test_a_default_of_a_process_is_set_on_a_version_and_reaches_its_tasks(
    calling: Calling, cast: Cast, process: Process
) -> None:
    client, where = calling(cast.editor), f"/api/v1/processes/{process.pk}/assumptions/"
    tag = client.get(where)["ETag"]
    change = {"assumptions": [{"key": "hosting", "text": "900", "source": "offer", "note": "ask again in May"}]}
    changed = client.patch(where, change, format="json", headers={"If-Match": tag})
    assert changed.status_code == 200, changed.content
    assert changed.json()["defaults"][0]["note"] == "ask again in May"
    triage = task_of(process, "Triage")
    body = client.get(f"/api/v1/tasks/{triage.pk}/estimate/").json()
    hosting = next(each for each in body["assumptions"] if each["key"] == "hosting")
    assert (hosting["text"], hosting["origin"]) == ("900", "process")
    assert hosting["instead_of"][0]["origin"] == "default"
    stale = client.patch(where, change, format="json", headers={"If-Match": tag})
    assert stale.status_code == 412
    assert stale.json()["changed"] == ["Hosting: now 900, by Edith"]


def test_defaults_of_the_workspace_are_the_owners_to_set(calling: Calling, cast: Cast, process: Process) -> None:
    change = {"assumptions": [{"key": "hosting", "text": "900"}]}
    where, any_version = "/api/v1/assumptions/", {"If-Match": "*"}
    assert calling(cast.editor).patch(where, change, format="json", headers=any_version).status_code == 403
    assert calling(cast.owner).patch(where, change, format="json", headers=any_version).status_code == 200
    assert calling(cast.viewer).get(where).json()["defaults"][0]["text"] == "900"


def test_what_cannot_be_read_is_named_and_nothing_is_saved(calling: Calling, cast: Cast, process: Process) -> None:
    change = {"assumptions": [{"key": "hosting", "text": "900"}, {"key": "coverage", "text": "150 %"}]}
    where = f"/api/v1/processes/{process.pk}/assumptions/"
    refused = calling(cast.editor).patch(where, change, format="json", headers={"If-Match": "*"})
    assert refused.status_code == 400
    assert [each["path"] for each in refused.json()["errors"]] == ["coverage"]
    assert calling(cast.viewer).get(where).json()["defaults"] == []


def test_a_field_inside_an_assumption_and_a_lane_that_nobody_knows_are_refused(
    calling: Calling, cast: Cast, process: Process
) -> None:
    client, where = calling(cast.editor), f"/api/v1/processes/{process.pk}/assumptions/"
    change = {"assumptions": [{"key": "hosting", "text": "900", "notes": "ask again in May"}]}
    refused = client.patch(where, change, format="json", headers={"If-Match": "*"})
    assert refused.json()["errors"] == [
        {"path": "assumptions.0.notes", "message": "There is no field “notes”; did you mean “note”?"}
    ]
    for answer in (client.get(f"{where}?lane=Nobody"), client.patch(f"{where}?lane=Nobody", {"assumptions": []})):
        assert (answer.status_code, [each["path"] for each in answer.json()["errors"]]) == (400, ["lane"])


def test_a_shared_cost_lives_its_life(calling: Calling, cast: Cast, process: Process) -> None:
    client, triage = calling(cast.editor), task_of(process, "Triage")
    given = {"label": "Data set", "text": "20 k to 30 k", "tasks": [triage.pk]}
    made = client.post("/api/v1/shared-costs/", given, format="json")
    assert made.status_code == 201, made.content
    where, tag = f"/api/v1/shared-costs/{made.json()['id']}/", made["ETag"]
    changed = client.put(where, {**given, "text": "40 k"}, format="json", headers={"If-Match": tag})
    assert (changed.json()["text"], changed.json()["tasks"]) == ("40 k", [triage.pk])
    assert client.put(where, given, format="json", headers={"If-Match": tag}).status_code == 412
    assert client.get("/api/v1/shared-costs/").json()[0]["version"] == 2
    assert calling(cast.stranger, workspace=cast.elsewhere).get(where).status_code == 404
    assert calling(cast.viewer).delete(where, headers={"If-Match": "*"}).status_code == 403
    assert client.delete(where).status_code == 428
    assert client.delete(where, headers={"If-Match": tag}).status_code == 412
    assert client.delete(where, headers={"If-Match": changed["ETag"]}).status_code == 204
    assert client.get(where).status_code == 404


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"text": "-1"}, "text"),
        ({"text": "nan"}, "text"),
        ({"text": "30 to 20"}, "text"),
        ({"tasks": [10**9]}, "tasks"),
        ({"label": ""}, "label"),
    ],
)
def test_a_shared_cost_that_cannot_be_is_refused(
    calling: Calling, cast: Cast, process: Process, given: dict[str, object], path: str
) -> None:
    whole = {"label": "Data set", "text": "20 k", "tasks": [task_of(process, "Triage").pk], **given}
    refused = calling(cast.editor).post("/api/v1/shared-costs/", whole, format="json")
    assert refused.status_code == 400
    assert [each["path"] for each in refused.json()["errors"]] == [path]
