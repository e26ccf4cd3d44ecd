"""The last edit of a page that was left is taken on its own earlier ones, and never over somebody else's."""

import pytest

from planner.models import Estimate, Task, TaskDecision
from planner.services import estimate_update
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(cast: Cast) -> Task:
    return task_of(claims_process(cast.workspace), "Triage")


def leave(cast: Cast, task: Task, **more: str) -> int:
    """A beacon: wage 84 went out before and was saved, 85 comes now on the version the page was drawn with."""
    sent = {"version": "0", "a-wage": "85", "was-a-wage": "38", "was-wage": "38", "w-a-wage": "84", **more}
    return cast.browser(cast.editor).post(f"/w/acme/tasks/{task.pk}/value/", sent).status_code


def wage(task: Task) -> str:
    return str(Estimate.objects.get(task=task).assumptions["wage"]["text"])


def test_its_own_edit_is_no_other(cast: Cast, task: Task) -> None:
    estimate_update(access=cast.access(cast.editor), task=task, changes={"wage": {"text": "84"}}, version=0)
    assert leave(cast, task) == 302
    assert wage(task) == "85"


def test_what_somebody_else_wrote_is_not_overwritten(cast: Cast, task: Task) -> None:
    estimate_update(access=cast.access(cast.owner), task=task, changes={"wage": {"text": "60"}}, version=0)
    assert leave(cast, task) == 412
    assert wage(task) == "60"


def test_the_same_holds_for_the_inventory_and_the_decision(cast: Cast, task: Task) -> None:
    process = task.process
    browser = cast.browser(cast.editor)
    address = f"/w/acme/processes/{process.pk}/inventory/"
    drawn = str(process.version)
    for goal, seen in (("Pay fast", None), ("Pay faster", "Pay fast")):
        sent = {"version": drawn, "goal": goal} | ({"w-goal": seen} if seen else {})
        assert browser.post(address, sent).status_code == 302
        process.refresh_from_db()
        assert process.goal == goal
    browser.post(address, {"version": drawn, "goal": "Late", "w-goal": "Other"})
    process.refresh_from_db()
    assert process.goal == "Pay faster"
    decision = f"/w/acme/tasks/{task.pk}/decision/"
    browser.post(decision, {"version": "0", "d-action": "Pay"})
    browser.post(decision, {"version": "0", "d-action": "Pay at once", "w-d-action": "Pay"})
    assert TaskDecision.objects.get().action == "Pay at once"
    browser.post(decision, {"version": "0", "d-action": "Late", "w-d-action": "Pay"})
    assert TaskDecision.objects.get().action == "Pay at once"
