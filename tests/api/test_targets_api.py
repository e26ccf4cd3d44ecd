"""Targets in the API: read, choose, check again; the one error shape when a choice cannot be."""

import pytest

from jobs.models import Blob, Run
from planner.domain.foresight.targets import TargetSpec
from planner.models import DecisionTarget, EventLog, Process, Task
from tests.api.conftest import Calling
from tests.conftest import Cast


@pytest.fixture
def task(cast: Cast) -> Task:
    """A task in a log, with one target that was checked."""
    process = Process.objects.create(workspace=cast.workspace, name="Claims")
    made = [
        Task.objects.create(workspace=cast.workspace, process=process, name=name, activity=name)
        for name in ("Triage", "Investigate")
    ]
    blob = Blob.objects.create(workspace=cast.workspace, digest="0" * 64, size=1, media_type="x")
    log = EventLog.objects.create(
        workspace=cast.workspace,
        process=process,
        events=blob,
        name="claims",
        first_start="2024-01-01T00:00Z",
        last_start="2024-12-31T00:00Z",
    )
    target = TargetSpec.next_activity(task="Triage", positive="Investigate")
    DecisionTarget.objects.create(
        workspace=cast.workspace,
        task=made[0],
        log=log,
        text=target.text,
        spec=target.as_json(),
        role="next",
        verdict="predict",
        reason="It can be foreseen.",
        chosen=True,
    )
    return made[0]


def address(task: Task) -> str:
    return f"/api/v1/tasks/{task.pk}/targets/"


def test_targets_are_read_with_question_verdict_and_label(cast: Cast, calling: Calling, task: Task) -> None:
    (read,) = calling(cast.viewer).get(address(task)).json()
    assert read["target"] == "next:Investigate"
    assert read["question"] == "Is “Investigate” next?"
    assert (read["verdict"], read["label_kind"], read["chosen"]) == ("predict", "imitation", True)


def test_a_choice_that_was_not_checked_starts_a_check(cast: Cast, calling: Calling, task: Task) -> None:
    answer = calling(cast.editor).post(address(task), {"target": "later:Investigate"})
    assert answer.status_code == 201
    assert (answer.json()["verdict"], answer.json()["chosen"]) == ("", True)
    assert Run.objects.of(cast.workspace).get(kind="planner.screen").subject == f"task:{task.pk}"


@pytest.mark.parametrize("text", ["volume:day", "volume:week"])
def test_how_many_cases_come_can_be_asked_for(cast: Cast, calling: Calling, task: Task, text: str) -> None:
    answer = calling(cast.editor).post(address(task), {"target": text})
    assert answer.status_code == 201
    assert answer.json()["question"] == f"How many cases come here in the next {text.partition(':')[2]}?"


def test_another_period_is_refused_with_those_there_are(cast: Cast, calling: Calling, task: Task) -> None:
    answer = calling(cast.editor).post(address(task), {"target": "volume:month"})
    assert answer.status_code == 400
    assert "volume:day or volume:week" in answer.json()["errors"][0]["message"]


def test_what_the_log_does_not_have_is_refused_beside_its_field(cast: Cast, calling: Calling, task: Task) -> None:
    answer = calling(cast.editor).post(address(task), {"target": "next:Fly"})
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"path": "target", "message": "The log has no activity “Fly”."}]


def test_the_check_of_a_process_is_a_job_to_poll(cast: Cast, calling: Calling, task: Task) -> None:
    client = calling(cast.editor)
    answer = client.post(f"/api/v1/processes/{task.process_id}/foresight/")
    assert answer.status_code == 202
    assert client.get(answer["Location"]).json()["kind"] == "planner.screen"


def test_strangers_find_nothing_and_viewers_change_nothing(cast: Cast, calling: Calling, task: Task) -> None:
    stranger = calling(cast.stranger, workspace=cast.elsewhere)
    assert stranger.get(address(task)).status_code == 404
    assert calling(cast.viewer).post(address(task), {"target": "remaining"}).status_code == 403
