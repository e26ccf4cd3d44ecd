"""The decision of a task through the API: read with its proposals, written on a version, refused in the one shape."""

import pytest

from planner.models import Task
from tests.api.conftest import Calling
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(cast: Cast) -> Task:
    return task_of(claims_process(cast.workspace), "Triage")


def test_parts_are_written_on_the_version_they_were_read_at(calling: Calling, cast: Cast, task: Task) -> None:
    client, where = calling(cast.editor), f"/api/v1/tasks/{task.pk}/decision/"
    before = client.get(where)
    assert {part["source"] for part in before.json()["parts"]} <= {"proposed", "open"}
    assert client.patch(where, {"action": "Stop it"}, format="json").status_code == 428
    after = client.patch(where, {"action": "Stop it"}, format="json", headers={"If-Match": before["ETag"]})
    action = {part["part"]: part for part in after.json()["parts"]}["action"]
    assert (action["text"], action["source"], after.json()["version"]) == ("Stop it", "person", 1)
    stale = client.patch(where, {"action": "Pay"}, format="json", headers={"If-Match": before["ETag"]})
    assert (stale.status_code, stale.json()["changed"][-1]) == (412, "Action: now Stop it")


@pytest.mark.parametrize("change", [{"mood": "x"}, {"action": "x" * 301}, {"action": None}, {"action": ["x"]}])
def test_what_cannot_be_kept_is_refused(calling: Calling, cast: Cast, task: Task, change: dict[str, object]) -> None:
    where = f"/api/v1/tasks/{task.pk}/decision/"
    answer = calling(cast.editor).patch(where, {"judgment": "fine", **change}, format="json", headers={"If-Match": "*"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["path"] in change
    assert calling(cast.viewer).get(where).json()["version"] == 0


def test_strangers_find_nothing_and_viewers_change_nothing(calling: Calling, cast: Cast, task: Task) -> None:
    where = f"/api/v1/tasks/{task.pk}/decision/"
    assert calling(cast.stranger, workspace=cast.elsewhere).get(where).status_code == 404
    assert calling(cast.viewer).patch(where, {}, format="json", headers={"If-Match": "*"}).status_code == 403
