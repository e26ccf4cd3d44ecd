"""Comments on the sheet in a browser: a name completed by keys, seen by others without reloading, words kept."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from canvas.models import Canvas
from canvas.services import canvas_draft, comment_create
from planner.models import Process, Task
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def canvas(cast: Cast) -> Canvas:
    process = Process.objects.create(workspace=cast.workspace, name="Motor claims", cases_a_year=42_000)
    task = Task.objects.create(workspace=cast.workspace, process=process, name="Detect fraud")
    return canvas_draft(access=cast.access(cast.owner), task=task)


def test_a_name_is_completed_by_keys_and_the_answer_comes_by_itself(
    page: Page, cast: Cast, canvas: Canvas, sign_in: Callable[[User], None]
) -> None:
    sign_in(cast.viewer)
    page.goto(f"/w/acme/tasks/{canvas.task_id}/canvas/")
    block = page.locator("#decisions")
    page.locator("#talk-b-dec > summary").press("Enter")
    box = block.get_by_role("textbox", name="Comment on Decisions")
    box.press_sequentially("Why 0.24, @ed")
    expect(page.get_by_role("option", name="Edith")).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(box).to_have_value("Why 0.24, @Edith ")
    box.press("Tab")
    page.keyboard.press("Enter")
    expect(block.locator(".talk-list")).to_contain_text("Why 0.24, @Edith")
    expect(box).to_have_value("")
    expect(block.locator("summary").last).to_contain_text("1 open comment")
    box.fill("half a word")
    comment_create(access=cast.access(cast.editor), canvas=canvas, block="decisions", text="Because of July")
    expect(block.locator(".talk-list")).to_contain_text("Because of July", timeout=15_000)
    expect(box).to_have_value("half a word")
    expect(page.locator("#talk-said")).to_contain_text("Decisions")
