"""Answers of suitability are taken back one by one, by Ctrl+Z or the button, and saved like any other."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from planner.models import Task
from planner.services import suitability_answer
from tests.browser.test_suitability import answers_of, cell, eventually, grid
from tests.conftest import Cast
from tests.planner.processes import drawn_process, the_process

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tasks(cast: Cast) -> dict[str, Task]:
    return drawn_process(cast.access(cast.editor))


def test_the_last_answers_of_the_grid_are_taken_back(
    page: Page, cast: Cast, tasks: dict[str, Task], sign_in: Callable[[User], None], accessible: Callable[[], None]
) -> None:
    triage = tasks["Triage"]
    suitability_answer(access=cast.access(cast.editor), task=triage, question="rule", score=4, evidence="asked")
    sign_in(cast.editor)
    page.goto(grid(tasks))
    undo = page.get_by_role("button", name="Undo the last answer")
    expect(undo).to_be_disabled()
    cell(page, triage, "error").focus()
    page.keyboard.press("2")
    cell(page, triage, "rule").focus()
    page.keyboard.press("Delete")
    eventually(page, lambda: answers_of(triage) == {"error": 2})
    accessible()
    page.keyboard.press("Control+z")
    expect(cell(page, triage, "rule")).to_have_value("4")
    eventually(page, lambda: answers_of(triage) == {"error": 2, "rule": 4})
    assert triage.answers.get(question="rule").evidence == "asked"
    undo.click()
    eventually(page, lambda: answers_of(triage) == {"rule": 4})
    expect(cell(page, triage, "error")).to_have_value("")
    expect(cell(page, triage, "error")).to_be_focused()
    expect(undo).to_be_disabled()


def test_an_answer_of_one_task_is_taken_back(
    page: Page, cast: Cast, tasks: dict[str, Task], sign_in: Callable[[User], None]
) -> None:
    triage = tasks["Triage"]
    sign_in(cast.editor)
    page.goto(f"/w/acme/processes/{the_process(tasks).pk}/suitability/?task={triage.pk}")
    question = page.get_by_role("group", name="Is an error tolerable, and would it be seen?")
    question.get_by_role("radio", name="Leave it open").focus()
    page.keyboard.press("ArrowUp")
    eventually(page, lambda: answers_of(triage) == {"error": 5})
    page.keyboard.press("Control+z")
    expect(question.get_by_role("radio", name="Leave it open")).to_be_checked()
    eventually(page, lambda: answers_of(triage) == {})
