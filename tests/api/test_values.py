"""Suitability, estimates and rankings through the API: read, changed on a version, refused in the one shape."""

import pytest

from planner.models import Estimate, Task
from tests.api.conftest import Calling
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(cast: Cast) -> Task:
    return task_of(claims_process(cast.workspace), "Triage")


def test_an_estimate_tells_its_assumptions_value_and_formulas(calling: Calling, cast: Cast, task: Task) -> None:
    answer = calling(cast.viewer).get(f"/api/v1/tasks/{task.pk}/estimate/")
    body = answer.json()
    assert answer["ETag"] == f'"estimate-{task.pk}-0"'
    assert body["value"]["npv_p5"] < body["value"]["npv_p50"] < body["value"]["npv_p95"]
    sources = {each["key"]: each["origin"] for each in body["assumptions"]}
    assert (sources["volume"], sources["wage"], sources["coverage"]) == ("log", "workspace", "default")
    formulas = {each["label"]: each["expression"] for each in body["formulas"]}
    assert formulas["building"] == "= 45 × 608"
    assert body["drivers"][0]["npv_low"] != body["drivers"][0]["npv_high"]


def test_a_task_that_cannot_be_valued_says_why(calling: Calling, cast: Cast, task: Task) -> None:
    pay = task_of(task.process, "Pay")
    body = calling(cast.viewer).get(f"/api/v1/tasks/{pay.pk}/estimate/").json()
    assert body["value"] is None
    assert body["gap"] == "handling minutes missing"


def test_an_assumption_is_changed_on_the_version_it_was_read_at(calling: Calling, cast: Cast, task: Task) -> None:
    client, where = calling(cast.editor), f"/api/v1/tasks/{task.pk}/estimate/"
    change = {"assumptions": [{"key": "wage", "text": "50", "source": "payroll"}]}
    assert client.patch(where, change, format="json").status_code == 428
    tag = client.get(where)["ETag"]
    changed = client.patch(where, change, format="json", headers={"If-Match": tag})
    assert changed.status_code == 200
    assert changed["ETag"] == f'"estimate-{task.pk}-1"'
    stale = client.patch(where, change, format="json", headers={"If-Match": tag})
    assert stale.status_code == 412
    assert stale.json()["changed"] == ["Cost of an hour of work: 38 became 50, by Edith"]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        *[("wage", "nan"), ("coverage", "120"), ("coverage", "1.2"), ("volume", "-3"), ("volume", "150 %")],
        *[("horizon", "0"), ("horizon", "200"), ("discount_rate", "-100 %"), ("moon", "1")],
    ],
)
def test_what_cannot_be_used_is_named_with_its_path(
    calling: Calling, cast: Cast, task: Task, key: str, text: str
) -> None:
    change = {"assumptions": [{"key": key, "text": text}]}
    where = f"/api/v1/tasks/{task.pk}/estimate/"
    answer = calling(cast.editor).patch(where, change, format="json", headers={"If-Match": "*"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["path"]
    assert not Estimate.objects.filter(version__gt=0).exists()


@pytest.mark.parametrize("texts", [("5", "6"), ("5",) * 1000])
def test_an_assumption_is_said_once(calling: Calling, cast: Cast, task: Task, texts: tuple[str, ...]) -> None:
    change = {"assumptions": [{"key": "volume", "text": text} for text in texts]}
    where = f"/api/v1/tasks/{task.pk}/estimate/"
    answer = calling(cast.editor).patch(where, change, format="json", headers={"If-Match": "*"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["path"].startswith("assumptions")
    assert not Estimate.objects.filter(version__gt=0).exists()


def test_a_ranking_lists_the_ranked_and_the_others(calling: Calling, cast: Cast, task: Task) -> None:
    body = calling(cast.viewer).get(f"/api/v1/processes/{task.process_id}/ranking/?by=npv&first=2").json()
    assert [row["name"] for row in body["ranked"]] == ["Triage", "Request documents", "Estimate damage"]
    assert sum(row["first_k"] for row in body["ranked"]) == pytest.approx(2.0)
    assert [(row["name"], row["gap"]) for row in body["not_ranked"]] == [("Pay", "handling minutes missing")]


@pytest.mark.parametrize("query", ["by=colour", "first=0", "first=x", "first=000100", "first=51"])
def test_an_order_that_is_none_is_refused(calling: Calling, cast: Cast, task: Task, query: str) -> None:
    answer = calling(cast.viewer).get(f"/api/v1/processes/{task.process_id}/ranking/?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["path"] == query.split("=", maxsplit=1)[0]


def test_answers_are_given_and_taken_back(calling: Calling, cast: Cast, task: Task) -> None:
    client, where = calling(cast.editor), f"/api/v1/tasks/{task.pk}/suitability/"
    before = client.get(where)
    change = {"answers": [{"question": "error", "score": 4, "evidence": "seen at once"}]}
    after = client.patch(where, change, format="json", headers={"If-Match": before["ETag"]})
    given = {each["question"]: each for each in after.json()["answers"]}["error"]
    assert (given["score"], given["source"]) == (4, "person")
    assert client.patch(where, change, format="json", headers={"If-Match": before["ETag"]}).status_code == 412
    back = {"answers": [{"question": "error", "score": None}]}
    assert client.patch(where, back, format="json", headers={"If-Match": "*"}).json() == before.json()


@pytest.mark.parametrize("name", ["estimate", "suitability"])
def test_strangers_find_nothing_and_viewers_change_nothing(calling: Calling, cast: Cast, task: Task, name: str) -> None:
    where = f"/api/v1/tasks/{task.pk}/{name}/"
    assert calling(cast.stranger, workspace=cast.elsewhere).get(where).status_code == 404
    assert calling(cast.viewer).patch(where, {}, format="json", headers={"If-Match": "*"}).status_code == 403
