"""The questions on suitability: words at both ends, answered by keyboard, saved as one goes."""

import time
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from planner.models import SuitabilityAnswer, Task, TaskDecision
from planner.services import suitability_answer
from tests.conftest import Cast
from tests.planner.processes import drawn_process, the_process

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tasks(cast: Cast) -> dict[str, Task]:
    return drawn_process(cast.access(cast.editor))


def grid(tasks: dict[str, Task]) -> str:
    return f"/w/acme/processes/{the_process(tasks).pk}/suitability/"


def cell(page: Page, task: Task, question: str) -> Locator:
    return page.locator(f'input[name="q-{task.pk}-{question}"]')


def answers_of(task: Task) -> dict[str, int]:
    return dict(SuitabilityAnswer.objects.filter(task=task).values_list("question", "score"))


def eventually(page: Page, holds: Callable[[], bool]) -> None:
    """Wait for what the server does, after the page has gone too. A busy machine is slow, not wrong."""
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until, "it never came to hold"
        page.wait_for_timeout(50)


def test_a_question_is_answered_with_the_arrow_keys_and_saved(
    page: Page, cast: Cast, tasks: dict[str, Task], sign_in: Callable[[User], None]
) -> None:
    sign_in(cast.editor)
    page.goto(f"/w/acme/processes/{the_process(tasks).pk}/suitability/?task={tasks['Triage'].pk}")
    question = page.get_by_role("group", name="Is an error tolerable, and would it be seen?")
    expect(question).to_contain_text("0 one does great harm, and nobody sees it")
    expect(question).to_contain_text("5 cheap, seen and mended at once")
    question.get_by_role("radio", name="Leave it open").focus()
    page.keyboard.press("ArrowUp")
    expect(question.get_by_role("radio", name="5")).to_be_checked()
    page.keyboard.press("ArrowLeft")
    expect(question.get_by_role("radio", name="4")).to_be_checked()
    eventually(page, lambda: answers_of(tasks["Triage"]) == {"error": 4})
    page.reload()
    expect(question.get_by_role("radio", name="4")).to_be_checked()


@pytest.mark.parametrize("turn", range(4))
def test_the_last_of_two_quick_answers_is_kept_when_the_page_is_left_at_once(
    *, turn: int, page: Page, cast: Cast, tasks: dict[str, Task], sign_in: Callable[[User], None]
) -> None:
    """The second still waits behind the first when the page goes; whichever arrives last, the second stands."""
    sign_in(cast.editor)
    page.goto(f"/w/acme/processes/{the_process(tasks).pk}/suitability/?task={tasks['Triage'].pk}")
    question = page.get_by_role("group", name="Is an error tolerable, and would it be seen?")
    question.get_by_role("radio", name="Leave it open").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    page.goto("/glossary/")
    eventually(page, lambda: answers_of(tasks["Triage"]) == {"error": 4})
    page.wait_for_timeout(700)
    assert answers_of(tasks["Triage"]) == {"error": 4}


def test_the_grid_is_walked_and_answered_by_keyboard(
    page: Page, cast: Cast, tasks: dict[str, Task], sign_in: Callable[[User], None], accessible: Callable[[], None]
) -> None:
    triage, ask, pay = tasks["Triage"], tasks["Ask"], tasks["Pay"]
    sign_in(cast.editor)
    page.goto(grid(tasks))
    side = page.locator("#answers-side")
    cell(page, triage, "prediction").focus()
    expect(side.get_by_role("heading", name="Triage: Prediction")).to_be_visible()
    expect(side).to_contain_text("The log says 4: 2 different steps follow it.")
    page.keyboard.press("End")
    expect(cell(page, triage, "rule")).to_be_focused()
    page.keyboard.press("0")
    expect(page.locator(f"#verdict-{triage.pk}")).to_contain_text("Write a rule")
    expect(side.locator("#side-verdict")).to_contain_text("today's rule is written down already")
    page.keyboard.press("r")
    page.keyboard.type("the manual, page 4")
    page.keyboard.press("Escape")
    expect(cell(page, triage, "rule")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    expect(cell(page, ask, "volume")).to_be_focused()
    for key in "7354":
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.keyboard.press("1")
    page.keyboard.press("Delete")
    expect(side.locator("[data-saved-word]").locator("visible=true").first).to_have_text("Saved")
    assert (answers_of(triage), answers_of(ask), answers_of(pay)) == ({"rule": 0}, {"volume": 4}, {})
    assert triage.answers.get().evidence == "the manual, page 4"
    side.get_by_label("Action").locator("visible=true").fill("Pay at once")
    eventually(page, lambda: TaskDecision.objects.filter(task=pay, action="Pay at once").exists())
    accessible()
    page.set_viewport_size({"width": 390, "height": 844})
    accessible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.reload()
    expect(cell(page, ask, "volume")).to_have_value("4")
    cell(page, ask, "error").click()
    side.get_by_role("radio", name="2", exact=True).locator("visible=true").check(force=True)
    eventually(page, lambda: answers_of(ask) == {"volume": 4, "error": 2})


def test_the_grid_tells_its_keys_and_why_there_is_no_reason_to_give_yet(
    page: Page, cast: Cast, tasks: dict[str, Task], sign_in: Callable[[User], None]
) -> None:
    sign_in(cast.editor)
    page.goto(grid(tasks))
    cell(page, tasks["Triage"], "error").focus()
    page.keyboard.press("r")
    expect(page.get_by_text("Answer 0 to 5 first: a reason stands beside an answer", exact=True)).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    assert answers_of(tasks["Triage"]) == {}


def test_an_answer_somebody_else_gave_meanwhile_is_shown_in_its_place_and_the_others_are_saved(
    page: Page, cast: Cast, tasks: dict[str, Task], sign_in: Callable[[User], None], faults: list[str]
) -> None:
    triage = tasks["Triage"]
    sign_in(cast.editor)
    page.goto(grid(tasks))
    suitability_answer(access=cast.access(cast.owner), task=triage, question="error", score=1, evidence="it cost us")
    cell(page, triage, "error").focus()
    page.keyboard.press("5")
    expect(page.get_by_role("alert").filter(has_text="Not saved")).to_contain_text("now 1, “it cost us”, by Olga")
    expect(cell(page, triage, "error")).to_have_value("1")
    page.keyboard.press("5")
    eventually(page, lambda: answers_of(triage) == {"error": 5})
    expect(cell(page, triage, "error")).not_to_have_attribute("aria-invalid", "true")
    assert [fault for fault in faults if "412" not in fault] == []
    faults.clear()


@pytest.mark.parametrize("turn", range(4))
def test_quick_answers_in_the_grid_are_kept_when_the_page_is_left_at_once(
    *, turn: int, page: Page, cast: Cast, tasks: dict[str, Task], sign_in: Callable[[User], None]
) -> None:
    triage = tasks["Triage"]
    sign_in(cast.editor)
    page.goto(grid(tasks))
    cell(page, triage, "stable").focus()
    for key in ("1", "2", "ArrowRight", "3", "4"):
        page.keyboard.press(key)
    page.goto("/glossary/")
    eventually(page, lambda: answers_of(triage) == {"stable": 2, "error": 4})
    page.wait_for_timeout(700)
    assert answers_of(triage) == {"stable": 2, "error": 4}


def test_without_scripts_the_grid_is_a_form(
    chromium: Browser, live_server: LiveServer, cast: Cast, tasks: dict[str, Task]
) -> None:
    plain = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    cookie = cast.browser(cast.editor).cookies[settings.SESSION_COOKIE_NAME]
    plain.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": live_server.url}])
    page = plain.new_page()
    page.goto(grid(tasks))
    cell(page, tasks["Triage"], "error").fill("3")
    cell(page, tasks["Pay"], "rule").fill("2")
    page.get_by_role("button", name="Save the answers").click()
    expect(cell(page, tasks["Pay"], "rule")).to_have_value("2")
    assert (answers_of(tasks["Triage"]), answers_of(tasks["Pay"])) == ({"error": 3}, {"rule": 2})
    plain.close()


def test_a_viewer_reads_the_answers_and_finds_no_field(
    page: Page, cast: Cast, tasks: dict[str, Task], sign_in: Callable[[User], None]
) -> None:
    sign_in(cast.viewer)
    page.goto(f"/w/acme/processes/{the_process(tasks).pk}/suitability/?task={tasks['Triage'].pk}")
    main = page.get_by_role("main")
    expect(main).to_contain_text("Is the pattern stable?")
    expect(main.locator("input, select, textarea")).to_have_count(0)
