"""A page left while the answer to its first edit is still on its way keeps the second one too."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from accounts.models import User
from planner.models import Estimate, Process, Task, TaskDecision
from tests.browser.test_suitability import eventually
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LATE = """
  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (body) {
    const load = this.onload;
    this.onload = (event) => setTimeout(() => load.call(this, event), 60000);
    return send.call(this, body);
  };
"""
"""The server hears every request at once; the page hears its answer a minute later."""
EDIT = """([name, text, type]) => {
  const field = document.querySelector(`[name="${name}"]`);
  field.value = text;
  field.dispatchEvent(new Event(type, { bubbles: true }));
}"""


@pytest.fixture
def claims(cast: Cast) -> Process:
    return claims_process(cast.workspace)


def texts_of(task: Task) -> dict[str, str]:
    found = Estimate.objects.filter(task=task).first()
    return {key: each["text"] for key, each in found.assumptions.items()} if found else {}


def test_both_edits_of_an_estimate_are_kept(
    page: Page, cast: Cast, claims: Process, sign_in: Callable[[User], None]
) -> None:
    task = task_of(claims, "Estimate damage")
    sign_in(cast.editor)
    page.add_init_script(LATE)
    page.goto(f"/w/acme/tasks/{task.pk}/value/")
    page.evaluate(EDIT, ["a-wage", "84", "change"])
    eventually(page, lambda: texts_of(task) == {"wage": "84"})
    page.evaluate(EDIT, ["a-recapture", "55 %", "input"])
    page.evaluate(EDIT, ["a-wage", "85", "input"])
    page.goto("/glossary/")
    eventually(page, lambda: texts_of(task) == {"wage": "85", "recapture": "55 %"})


def test_both_edits_of_a_decision_are_kept(
    page: Page, cast: Cast, claims: Process, sign_in: Callable[[User], None]
) -> None:
    task = task_of(claims, "Estimate damage")
    sign_in(cast.editor)
    page.add_init_script(LATE)
    page.goto(f"/w/acme/processes/{claims.pk}/suitability/?task={task.pk}")
    decisions = TaskDecision.objects.filter(task=task)
    page.evaluate(EDIT, ["d-action", "Pay at once", "change"])
    eventually(page, lambda: decisions.filter(action="Pay at once").exists())
    page.evaluate(EDIT, ["d-judgment", "What an error costs", "input"])
    page.goto("/glossary/")
    eventually(page, lambda: decisions.filter(action="Pay at once", judgment="What an error costs").exists())


def test_both_edits_of_the_inventory_are_kept(
    page: Page, cast: Cast, claims: Process, sign_in: Callable[[User], None]
) -> None:
    sign_in(cast.editor)
    page.add_init_script(LATE)
    page.goto(f"/w/acme/processes/{claims.pk}/")
    page.evaluate(EDIT, ["goal", "Pay fast", "change"])
    processes = Process.objects.filter(pk=claims.pk)
    eventually(page, lambda: processes.filter(goal="Pay fast").exists())
    page.evaluate(EDIT, ["goal", "Pay faster", "input"])
    page.evaluate(EDIT, ["pain", "Letters", "input"])
    page.goto("/glossary/")
    eventually(page, lambda: processes.filter(goal="Pay faster", pain="Letters").exists())
