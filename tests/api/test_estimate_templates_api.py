"""Templates over the API: listed with their sentences, applied to a task, refused on an old version."""

import pytest

from tests.api.conftest import Calling
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db


def test_a_template_is_listed_and_applied(calling: Calling, cast: Cast) -> None:
    client, task = calling(cast.editor), task_of(claims_process(cast.workspace), "Triage")
    listed = client.get("/api/v1/estimate-templates/").json()
    assert {"triage", "fraud", "next-action", "forecast", "extraction", "approval"} == {
        each["template"] for each in listed
    }
    where = f"/api/v1/tasks/{task.pk}/estimate/template/"
    assert client.post(where, {"template": "nonsense"}, format="json").status_code == 400
    old = {"If-Match": f'"estimate-{task.pk}-7"'}
    assert client.post(where, {"template": "triage"}, format="json", headers=old).status_code == 412
    answer = client.post(where, {"template": "triage"}, format="json")
    assert answer.status_code == 200, answer.content
    coverage = next(each for each in answer.json()["assumptions"] if each["key"] == "coverage")
    assert (coverage["text"], coverage["origin"]) == ("60 % to 85 %", "template")
    assert coverage["instead_of"][0]["origin"] == "default"
    assert client.post(where, {"template": "triage"}, format="json").status_code == 409
    assert calling(cast.viewer).post(where, {"template": "triage"}, format="json").status_code == 403
    stranger = calling(cast.stranger, workspace=cast.elsewhere)
    assert stranger.post(where, {"template": "triage"}, format="json").status_code == 404
