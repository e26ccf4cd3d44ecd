"""A task made a sub-process says that its own handling time no longer counts, and has it back as a task again."""

import pytest
from django.urls import reverse

from planner.models import Task
from planner.selectors import task_sheet
from planner.services import task_update
from tests.conftest import Cast
from tests.planner.processes import drawn_process, the_process

pytestmark = pytest.mark.django_db(transaction=True)
SAID = "The 6 min of handling “Triage” had as a task no longer count"


@pytest.fixture
def tasks(cast: Cast) -> dict[str, Task]:
    return drawn_process(cast.access(cast.editor))


def test_the_form_of_the_nodes_and_the_page_say_it(cast: Cast, tasks: dict[str, Task]) -> None:
    process, triage = the_process(tasks), tasks["Triage"]
    address = reverse("planner:nodes", args=["acme", process.pk])
    answer = cast.browser(cast.editor).post(address, {f"kind-{triage.pk}": "subprocess"}, follow=True)
    triage.refresh_from_db()
    assert triage.kind == "subprocess"
    assert SAID in answer.content.decode()
    page = reverse("planner:task", args=["acme", triage.pk])
    assert SAID in cast.browser(cast.viewer).get(page).content.decode()
    cost = task_sheet(the_process(tasks)).cost
    task_update(access=cast.access(cast.editor), task=triage, changes={"kind": "task"})
    triage.refresh_from_db()
    assert (triage.handling_minutes, triage.set_aside) == (6, "")
    now = task_sheet(the_process(tasks)).cost
    assert cost is not None
    assert now is not None
    assert now > cost


def test_the_api_answers_with_it(cast: Cast, tasks: dict[str, Task]) -> None:
    browser, address = cast.browser(cast.editor), f"/api/v1/tasks/{tasks['Triage'].pk}/?workspace=acme"
    tag = browser.get(address)["ETag"]
    answer = browser.patch(address, {"kind": "subprocess"}, content_type="application/json", headers={"If-Match": tag})
    assert answer.status_code == 200, answer.content
    assert answer.json()["set_aside"].startswith(SAID)
    task_update(access=cast.access(cast.editor), task=tasks["Pay"], changes={"kind": "exclusive"})
    gateway = browser.get(f"/api/v1/tasks/{tasks['Pay'].pk}/?workspace=acme").json()
    assert "no longer count: it takes no time now" in gateway["set_aside"]
    assert browser.get(f"/api/v1/tasks/{tasks['Ask'].pk}/?workspace=acme").json()["set_aside"] == ""
