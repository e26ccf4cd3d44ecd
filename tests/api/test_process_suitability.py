"""The questions of all tasks of a process through the API: read in pages, several answers at once or none."""

import pytest

from planner.models import Process, SuitabilityAnswer
from tests.api.conftest import Calling
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(cast: Cast) -> Process:
    return claims_process(cast.workspace)


def of(process: Process) -> str:
    return f"/api/v1/processes/{process.pk}/suitability/"


def test_every_task_is_read_with_its_answers_evidence_and_verdict(
    calling: Calling, cast: Cast, process: Process
) -> None:
    body = calling(cast.viewer).get(of(process), {"page_size": 3}).json()
    assert (body["count"], [task["name"] for task in body["results"]]) == (
        4,
        ["Triage", "Request documents", "Estimate damage"],
    )
    volume = {answer["question"]: answer for answer in body["results"][0]["answers"]}["volume"]
    assert (volume["score"], volume["source"], volume["evidence"]) == (4, "log", "42\u202f000 a year")
    assert volume["proposed"] == {"score": 4, "evidence": "42\u202f000 a year"}
    assert [task["name"] for task in calling(cast.viewer).get(body["next"]).json()["results"]] == ["Pay"]


def test_answers_of_several_tasks_are_given_on_the_version_that_was_read(
    calling: Calling, cast: Cast, process: Process
) -> None:
    client, triage, pay = calling(cast.editor), task_of(process, "Triage"), task_of(process, "Pay")
    before = client.get(of(process))
    change = {
        "answers": [
            {"task": triage.pk, "question": "error", "score": 4, "evidence": "seen at once"},
            {"task": pay.pk, "question": "rule", "score": 0},
        ]
    }
    assert client.patch(of(process), change, format="json").status_code == 428
    after = client.patch(of(process), change, format="json", headers={"If-Match": before["ETag"]})
    assert [task["name"] for task in after.json()["tasks"]] == ["Triage", "Pay"]
    assert after.json()["tasks"][1]["verdict"]["verdict"] == "write_a_rule"
    assert after["ETag"] == client.get(of(process))["ETag"] != before["ETag"]
    late = {"answers": [{"task": pay.pk, "question": "rule", "score": 3}]}
    stale = client.patch(of(process), late, format="json", headers={"If-Match": before["ETag"]})
    assert stale.status_code == 412
    assert stale.json()["changed"] == ["Pay, No rule: now 0, by Edith"]


def test_the_answers_of_one_task_are_stale_by_their_own_version(calling: Calling, cast: Cast, process: Process) -> None:
    client, triage, pay = calling(cast.editor), task_of(process, "Triage"), task_of(process, "Pay")
    where = f"/api/v1/tasks/{triage.pk}/suitability/"
    tag = client.get(where)["ETag"]
    other = {"answers": [{"task": pay.pk, "question": "rule", "score": 3}]}
    assert client.patch(of(process), other, format="json", headers={"If-Match": "*"}).status_code == 200
    mine = {"answers": [{"question": "error", "score": 2}]}
    assert client.patch(where, mine, format="json", headers={"If-Match": tag}).status_code == 200
    stale = client.patch(where, mine, format="json", headers={"If-Match": tag})
    assert stale.json()["changed"] == ["Triage, Error: now 2, by Edith"]


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"score": 6}, "score"),
        ({"score": 2.5}, "score"),
        ({"score": "NaN"}, "score"),
        ({"question": "mood"}, "question"),
        ({"task": 0}, "task"),
        ({"task": 999_999}, "task"),
        ({"mood": 1}, "mood"),
        ({"score": None, "evidence": "why"}, "evidence"),
    ],
)
def test_one_answer_at_fault_is_named_and_none_is_saved(
    calling: Calling, cast: Cast, process: Process, wrong: dict[str, object], path: str
) -> None:
    pk = task_of(process, "Triage").pk
    answers = [{"task": pk, "question": "stable", "score": 3}, {"task": pk, "question": "error", "score": 3, **wrong}]
    answer = calling(cast.editor).patch(of(process), {"answers": answers}, format="json", headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, f"answers.1.{path}")
    assert not SuitabilityAnswer.objects.exists()


def test_strangers_find_nothing_and_viewers_change_nothing(calling: Calling, cast: Cast, process: Process) -> None:
    where = of(process)
    assert calling(cast.stranger, workspace=cast.elsewhere).get(where).status_code == 404
    assert calling(cast.viewer).patch(where, {}, format="json", headers={"If-Match": "*"}).status_code == 403
