"""A model with gateways, lanes and a sub-process in a browser: drawn, opened, added to, readable by axe."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from planner.models import Process, Task
from tests.browser.test_task_graph import press
from tests.conftest import Cast
from tests.planner.modelled import modelled_process

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def process(cast: Cast) -> Process:
    return modelled_process(cast.access(cast.editor))


def test_a_subprocess_is_opened_from_the_drawing_and_left_by_the_crumbs(
    *,
    page: Page,
    cast: Cast,
    process: Process,
    sign_in: Callable[[User], None],
    accessible: Callable[[], None],
    picture: Callable[[str], None],
) -> None:
    sign_in(cast.viewer)
    page.goto(f"/w/acme/processes/{process.pk}/tasks/")
    accessible()
    picture("model")
    press(page, "Settle")
    expect(page.locator('[aria-current="page"]').filter(has_text="Settle")).to_be_visible()
    assert f"in={Task.objects.get(name='Settle').pk}" in page.url
    press(page, "Pay")
    expect(page.locator("#picked h2")).to_have_text("Pay")
    page.get_by_role("navigation", name="Where this is").get_by_role("link", name="Motor claims").click()
    expect(page.get_by_role("heading", name="By lane")).to_be_visible()


def test_a_gateway_is_added_on_the_canvas_and_taken_back(
    *,
    page: Page,
    cast: Cast,
    process: Process,
    sign_in: Callable[[User], None],
    accessible: Callable[[], None],
    picture: Callable[[str], None],
) -> None:
    sign_in(cast.editor)
    page.goto(f"/w/acme/processes/{process.pk}/tasks/?edit=graph")
    accessible()
    picture("model-edit")
    page.get_by_role("combobox", name="Kind", exact=True).select_option("exclusive")
    page.get_by_label("After").select_option(label="Register claim")
    page.get_by_role("button", name="Add task").click()
    expect(page.locator("[data-graph-words]")).to_have_text("exclusive gateway added.")
    assert Task.objects.filter(kind="exclusive").count() == 1
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-graph-words]")).to_have_text("Taken back: exclusive gateway added.")
    assert not Task.objects.filter(kind="exclusive").exists()


def test_the_flow_as_text_is_readable(
    *,
    page: Page,
    cast: Cast,
    process: Process,
    sign_in: Callable[[User], None],
    accessible: Callable[[], None],
    picture: Callable[[str], None],
) -> None:
    sign_in(cast.editor)
    page.goto(f"/w/acme/processes/{process.pk}/flows/")
    accessible()
    picture("model-flows")
