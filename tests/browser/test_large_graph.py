"""A graph of hundreds of tasks in a browser: drawn around the task chosen, found by name, in reach by keyboard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.conftest import Cast
from tests.planner.test_large_processes import large, named

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_large_process_is_found_drawn_and_paged(
    *,
    page: Page,
    cast: Cast,
    sign_in: Callable[[User], None],
    accessible: Callable[[], None],
    picture: Callable[[str], None],
) -> None:
    process = large(cast)
    sign_in(cast.editor)
    page.goto(f"/w/acme/processes/{process.pk}/tasks/")
    accessible()
    picture("large-tasks")
    page.get_by_role("searchbox", name="Find tasks").fill("0444")
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-pick]")).to_have_count(1)
    page.locator("tr[data-pick] td").nth(1).click()
    page.get_by_role("link", name="Draw around the task chosen").click()
    expect(page.get_by_text("The 120 nodes nearest to Task 0444")).to_be_visible()
    expect(page).to_have_url(re.compile(f"task={named(process, 444).pk}"))
    page.wait_for_function("document.querySelector('[data-graph]').cytoscape")
    drawn = page.evaluate("document.querySelector('[data-graph]').cytoscape.nodes().map((one) => one.data('name'))")
    assert "Task 0444" in drawn
    assert len(drawn) == 120
    expect(page.locator("tr.is-selected")).to_contain_text("Task 0444")
    accessible()
    picture("large-around")
    page.get_by_role("link", name="Before").click()
    expect(page.locator("tr[data-pick]").first).to_contain_text("Task 0400")
    page.goto(f"/w/acme/processes/{process.pk}/flows/")
    accessible()
    picture("large-flows")
    page.goto(f"/w/acme/processes/{process.pk}/tasks/?edit=figures&page=2")
    accessible()
    page.goto(f"/w/acme/processes/{process.pk}/tasks/?edit=graph")
    accessible()
    picture("large-edit")
