"""Scenarios over the API: listed with their values, made, replaced on a version, refused field by field."""

import pytest

from planner.models import Process, ProcessScenario
from tests.api.conftest import Calling
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(cast: Cast) -> Process:
    return claims_process(cast.workspace)


def there(process: Process) -> str:
    return f"/api/v1/processes/{process.pk}/scenarios/"


def test_the_list_holds_every_task_and_all_together(calling: Calling, cast: Cast, process: Process) -> None:
    triage = task_of(process, "Triage")
    given = {"name": "Wages rise", "amounts": {"wage": "45"}, "task_amounts": {str(triage.pk): {"wage": "50"}}}
    assert calling(cast.editor).post(there(process), given, format="json").status_code == 201
    body = calling(cast.viewer).get(there(process)).json()
    assert [each["scenario"] for each in body] == ["base", "low", "high", "own"]
    base, own = (next(each for each in body[at]["tasks"] if each["task"] == triage.pk) for at in (0, 3))
    assert own["differs"][0] | {"alone": 0} == {
        "key": "wage",
        "label": "Cost of an hour of work",
        "base": 38.0,
        "here": 50.0,
        "alone": 0,
    }
    assert own["npv"] - base["npv"] == pytest.approx(own["differs"][0]["alone"])
    assert body[0]["together"]["npv"] == pytest.approx(sum(each["npv"] for each in body[0]["tasks"]))
    assert len(base["irr"]) == 1


def test_a_scenario_lives_its_life(calling: Calling, cast: Cast, process: Process) -> None:
    client, given = calling(cast.editor), {"name": "Wages rise", "amounts": {"wage": "45"}}
    made = client.post(there(process), given, format="json")
    assert made.status_code == 201, made.content
    where, tag = f"/api/v1/scenarios/{made.json()['id']}/", made["ETag"]
    assert client.put(where, given, format="json").status_code == 428
    changed = client.put(
        where, {**given, "amounts": {"coverage": "90 to 95"}}, format="json", headers={"If-Match": tag}
    )
    assert changed.json()["amounts"] == {"coverage": "90 % to 95 %"}
    stale = client.put(where, given, format="json", headers={"If-Match": tag})
    assert stale.status_code == 412
    assert "Share the model decides alone: now 90 % to 95 %" in stale.json()["changed"]
    assert client.get(where)["ETag"] == changed["ETag"]
    assert calling(cast.stranger, workspace=cast.elsewhere).get(where).status_code == 404
    assert calling(cast.viewer).delete(where, headers={"If-Match": "*"}).status_code == 403
    assert client.delete(where, headers={"If-Match": tag}).status_code == 412
    assert client.delete(where, headers={"If-Match": changed["ETag"]}).status_code == 204
    assert client.get(where).status_code == 404


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"name": ""}, "name"),
        ({"name": "base"}, "name"),
        ({"amounts": {"wage": "NaN"}}, "amounts.wage"),
        ({"amounts": {"coverage": "200 %"}}, "amounts.coverage"),
        ({"amounts": {"nothing": "2"}}, "amounts.nothing"),
        ({"amounts": ["wage"]}, "amounts"),
        ({"task_amounts": {"1000000000": {"wage": "40"}}}, "task_amounts.1000000000"),
        ({"task_amounts": {"1": "40"}}, "task_amounts.1"),
    ],
)
def test_what_cannot_be_is_named(
    calling: Calling, cast: Cast, process: Process, given: dict[str, object], path: str
) -> None:
    refused = calling(cast.editor).post(there(process), {"name": "Mine", **given}, format="json")
    assert refused.status_code == 400, refused.content
    assert refused.json()["errors"][0]["path"].startswith(path)
    assert not ProcessScenario.objects.exists()
