"""Portfolios over the API: drawn up, changed on a version, chosen, decided; refused field by field."""

from typing import Any

import pytest

from planner.models import PortfolioPlan, Process
from tests.api.conftest import Calling
from tests.conftest import Cast
from tests.planner.chosen import choose
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db
WHERE = "/api/v1/portfolios/"


@pytest.fixture
def process(cast: Cast) -> Process:
    return claims_process(cast.workspace)


def test_a_portfolio_lives_its_life(calling: Calling, cast: Cast, process: Process) -> None:
    client, triage = calling(cast.editor), task_of(process, "Triage")
    request = task_of(process, "Request documents")
    given = {
        "name": "First year",
        "processes": [process.pk],
        "budget": 200_000,
        "needs": [{"task": request.pk, "needs": [triage.pk]}],
    }
    made = client.post(WHERE, given, format="json")
    assert made.status_code == 201, made.content
    assert (made.json()["needs"], made.json()["version"]) == (given["needs"], 1)
    one, tag = f"{WHERE}{made.json()['id']}/", made["ETag"]
    changed = client.put(one, {**given, "quarters": 8}, format="json", headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["quarters"]) == (200, 8)
    stale = client.put(one, {**given, "quarters": 2}, format="json", headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["changed"]) == (412, ["quarters: now 8"])
    assert client.get(one, headers={"If-None-Match": changed["ETag"]}).status_code == 304
    assert [each["name"] for each in client.get(WHERE).json()] == ["First year"]
    assert client.delete(one).status_code == 428
    assert client.delete(one, headers={"If-Match": tag}).status_code == 412
    assert client.delete(one, headers={"If-Match": changed["ETag"]}).status_code == 204
    assert client.get(one).status_code == 404


def test_the_result_is_chosen_decided_and_makes_canvases(calling: Calling, cast: Cast, process: Process) -> None:
    client, triage = calling(cast.editor), task_of(process, "Triage")
    pk = client.post(WHERE, {"name": "First year"}, format="json").json()["id"]
    assert client.get(f"{WHERE}{pk}/result/").status_code == 409
    waiting = client.post(f"{WHERE}{pk}/result/")
    assert client.get(f"{WHERE}{pk}/result/").json()["id"] == waiting.json()["id"]
    assert (waiting.status_code, waiting.json()["kind"]) == (202, "planner.choose_portfolio")
    assert waiting["Location"] == f"/api/v1/jobs/{waiting.json()['id']}/"
    choose(PortfolioPlan.objects.get(pk=pk))
    result = client.get(f"{WHERE}{pk}/result/").json()
    assert [each["id"] for each in result["chosen"]] == [triage.pk]
    assert result["npv"] == pytest.approx(result["chosen"][0]["npv"])
    assert result["loss_error"] == pytest.approx((result["loss"] * (1 - result["loss"]) / (result["draws"] - 1)) ** 0.5)
    assert result["curve_whole"] is True
    assert (result["curve"][-1]["npv"], result["more"]) == (pytest.approx(result["npv"]), None)
    assert client.get(f"{WHERE}{pk}/result/").json() == result
    late = client.post(f"{WHERE}{pk}/decide/", {"fingerprint": "0" * 64}, format="json")
    assert late.status_code == 412
    decided = client.post(f"{WHERE}{pk}/decide/", {"fingerprint": result["fingerprint"]}, format="json")
    assert (decided.status_code, decided.json()["decided"]) == (200, [triage.pk])
    drafted = client.post("/api/v1/canvases/", {"portfolio": pk}, format="json")
    assert drafted.status_code == 201, drafted.content
    assert len(drafted.json()["canvases"]) == 1


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"budget": -1}, "budget"),
        ({"quarters": 0}, "quarters"),
        ({"quarters": 200}, "quarters"),
        ({"must": [999_999]}, "must"),
        ({"processes": [999_999]}, "processes"),
        ({"exclusions": [[999_998, 999_999]]}, "exclusions"),
        ({"name": ""}, "name"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_saved(
    calling: Calling, cast: Cast, process: Process, given: dict[str, Any], path: str
) -> None:
    refused = calling(cast.editor).post(WHERE, {"name": "First year", **given}, format="json")
    assert refused.status_code == 400
    assert [each["path"].split(".")[0] for each in refused.json()["errors"]] == [path]
    assert not PortfolioPlan.objects.exists()


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e999"])
def test_a_budget_that_is_no_number_is_refused(calling: Calling, cast: Cast, amount: str) -> None:
    body = f'{{"name": "First year", "budget": {amount}}}'
    assert calling(cast.editor).post(WHERE, body, content_type="application/json").status_code == 400
    told = calling(cast.editor).post(WHERE, {"name": "First year", "budget": amount}, format="json")
    assert told.status_code == 400
    assert not PortfolioPlan.objects.exists()


def test_tasks_and_processes_of_others_are_not_known(calling: Calling, cast: Cast, process: Process) -> None:
    client = calling(cast.stranger, workspace=cast.elsewhere)
    for given in ({"processes": [process.pk]}, {"must_not": [task_of(process, "Triage").pk]}):
        assert client.post(WHERE, {"name": "Theirs", **given}, format="json").status_code == 400
    assert not PortfolioPlan.objects.exists()


def test_viewers_read_and_change_nothing(calling: Calling, cast: Cast, process: Process) -> None:
    pk = calling(cast.editor).post(WHERE, {"name": "First year"}, format="json").json()["id"]
    viewer = calling(cast.viewer)
    assert viewer.get(f"{WHERE}{pk}/result/").status_code == 409
    assert viewer.post(f"{WHERE}{pk}/result/").status_code == 403
    choose(PortfolioPlan.objects.get(pk=pk))
    assert viewer.get(f"{WHERE}{pk}/result/").status_code == 200
    assert viewer.post(f"{WHERE}{pk}/decide/", {}, format="json").status_code == 403
    assert viewer.post(WHERE, {"name": "Mine"}, format="json").status_code == 403
    assert viewer.delete(f"{WHERE}{pk}/", headers={"If-Match": "*"}).status_code == 403


def test_limits_that_contradict_each_other_are_named_one_by_one(calling: Calling, cast: Cast, process: Process) -> None:
    client, triage = calling(cast.editor), task_of(process, "Triage")
    given = {"name": "First year", "budget": 100, "must": [triage.pk]}
    pk = client.post(WHERE, given, format="json").json()["id"]
    choose(PortfolioPlan.objects.get(pk=pk))
    result = client.get(f"{WHERE}{pk}/result/").json()
    assert (result["conflict"], result["chosen"]) == (["budget", "must be in it"], [])
    budget, must = result["contradiction"]
    assert (budget["given"], budget["helps"], must["tasks"]) == (100, True, ["Triage"])
    enough = {**given, "budget": budget["enough"]}
    pk = client.post(WHERE, {**enough, "name": "Enough"}, format="json").json()["id"]
    choose(PortfolioPlan.objects.get(pk=pk))
    assert [each["id"] for each in client.get(f"{WHERE}{pk}/result/").json()["chosen"]] == [triage.pk]


@pytest.mark.parametrize("field", ["must", "needs"])
def test_what_must_be_in_it_is_of_a_process_it_is_chosen_from(
    calling: Calling, cast: Cast, process: Process, field: str
) -> None:
    other = claims_process(cast.workspace)
    inside, outside = task_of(process, "Triage").pk, task_of(other, "Triage").pk
    limit = {"must": [outside]} if field == "must" else {"needs": [{"task": inside, "needs": [outside]}]}
    given = {"name": "First year", "processes": [process.pk], **limit}
    refused = calling(cast.editor).post(WHERE, given, format="json")
    assert refused.status_code == 400
    [error] = refused.json()["errors"]
    assert error["path"] == (field if field == "must" else f"needs.{inside}")
    assert "not among the processes chosen from" in error["message"]
    assert not PortfolioPlan.objects.exists()
    assert calling(cast.editor).post(WHERE, {**given, "processes": []}, format="json").status_code == 201
