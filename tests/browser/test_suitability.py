"""The questions on suitability: words at both ends, answered by keyboard, saved as one goes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from planner.models import SuitabilityAnswer, Task
from tests.conftest import Cast
from tests.planner.processes import drawn_process, the_process

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tasks(cast: Cast) -> dict[str, Task]:
    return drawn_process(cast.access(cast.editor))


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
    with page.expect_response(
        lambda answer: answer.request.method == "POST" and "q-error=4" in (answer.request.post_data or "")
    ):
        page.keyboard.press("ArrowLeft")
    expect(question.get_by_role("radio", name="4")).to_be_checked()
    page.reload()
    expect(question.get_by_role("radio", name="4")).to_be_checked()
    assert SuitabilityAnswer.objects.get(task=tasks["Triage"], question="error").score == 4


@pytest.mark.parametrize("time", range(4))
def test_the_last_of_two_quick_answers_is_kept_when_the_page_is_left_at_once(
    *, time: int, page: Page, cast: Cast, tasks: dict[str, Task], sign_in: Callable[[User], None]
) -> None:
    """The second still waits behind the first when the page goes: it was lost about one time in three."""
    sign_in(cast.editor)
    page.goto(f"/w/acme/processes/{the_process(tasks).pk}/suitability/?task={tasks['Triage'].pk}")
    question = page.get_by_role("group", name="Is an error tolerable, and would it be seen?")
    question.get_by_role("radio", name="Leave it open").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    page.goto("/glossary/")
    page.wait_for_timeout(1_500)
    assert SuitabilityAnswer.objects.get(task=tasks["Triage"], question="error").score == 4


def test_a_viewer_reads_the_answers_and_finds_no_field(
    page: Page, cast: Cast, tasks: dict[str, Task], sign_in: Callable[[User], None]
) -> None:
    sign_in(cast.viewer)
    page.goto(f"/w/acme/processes/{the_process(tasks).pk}/suitability/?task={tasks['Triage'].pk}")
    main = page.get_by_role("main")
    expect(main).to_contain_text("Is the pattern stable?")
    expect(main.locator("input, select, textarea")).to_have_count(0)
