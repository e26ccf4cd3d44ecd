"""The canvas in a browser: typing saves by itself, a late edit keeps what was typed, one block at a time on a phone."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import User
from canvas.models import Canvas
from canvas.services import canvas_draft, canvas_update
from planner.models import Process, Task
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def canvas(cast: Cast) -> Canvas:
    process = Process.objects.create(workspace=cast.workspace, name="Motor claims", cases_a_year=42_000)
    known = {"volume_a_year": 31_000.0, "volume_source": "log", "handling_minutes": 11.0, "handling_source": "log"}
    task = Task.objects.create(workspace=cast.workspace, process=process, name="Detect fraud", **known)
    return canvas_draft(access=cast.access(cast.owner), task=task)


@pytest.fixture
def sheet(page: Page, cast: Cast, canvas: Canvas, sign_in: Callable[[User], None]) -> Page:
    sign_in(cast.editor)
    page.goto(f"/w/acme/tasks/{canvas.task_id}/canvas/")
    return page


def test_typing_saves_and_says_so(sheet: Page, canvas: Canvas) -> None:
    sheet.get_by_role("textbox", name="Action", exact=True).press_sequentially("claim is held 5 days")
    expect(sheet.locator("#said-decisions-action")).to_contain_text("Edith")
    expect(sheet.locator("[data-saved]").first).to_contain_text("Saved")
    sheet.reload()
    expect(sheet.get_by_role("textbox", name="Action", exact=True)).to_have_value("claim is held 5 days")


def test_an_adjective_is_named_at_once_and_goes_when_a_value_stands_there(sheet: Page) -> None:
    latency = sheet.get_by_label("Time allowed, ms")
    latency.fill("fast")
    expect(sheet.locator("#sheet-next")).to_contain_text("Still an adjective: “fast”")
    expect(sheet.locator("h1")).to_contain_text("one word still needs a value")
    latency.fill("200")
    expect(sheet.locator("#sheet-next")).not_to_contain_text("adjective")


def test_a_field_of_batches_appears_when_batch_is_chosen(sheet: Page) -> None:
    expect(sheet.get_by_label("How often")).to_be_hidden()
    sheet.get_by_label("When", exact=True).select_option("batch")
    expect(sheet.get_by_label("How often")).to_be_visible()
    expect(sheet.get_by_label("Time allowed, ms")).to_be_hidden()


def test_a_late_edit_keeps_what_was_typed_and_can_still_win(
    context: BrowserContext, cast: Cast, canvas: Canvas, sign_in: Callable[[User], None]
) -> None:
    sign_in(cast.editor)
    # A page of its own: Chromium reports the refusal (422) in the console, which the shared page takes for a fault.
    page = context.new_page()
    page.goto(f"/w/acme/tasks/{canvas.task_id}/canvas/")
    canvas_update(
        access=cast.access(cast.owner), canvas=canvas, values={"decisions.action": "paid at once"}, version=None
    )
    action = page.get_by_role("textbox", name="Action", exact=True)
    action.fill("held 5 days")
    expect(page.locator("#said-decisions-action")).to_contain_text("Olga set Decisions, Action: “paid at once”")
    expect(action).to_have_value("held 5 days")
    page.get_by_role("button", name="Save mine instead").click()
    expect(page.locator("#said-decisions-action")).to_contain_text("Edith")
    page.reload()
    expect(action).to_have_value("held 5 days")


def test_on_a_phone_one_block_stands_at_a_time(sheet: Page) -> None:
    sheet.set_viewport_size({"width": 390, "height": 900})
    expect(sheet.locator("[data-step-label]")).to_have_text("1 of 10: Value Proposition")
    expect(sheet.locator(".block:visible")).to_have_count(1)
    sheet.get_by_role("button", name="Next block").click()
    expect(sheet.locator("[data-step-label]")).to_have_text("2 of 10: Prediction Task")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_sheet_can_be_used_by_everybody(
    sheet: Page, accessible: Callable[[], None], picture: Callable[[str], None], theme: str
) -> None:
    sheet.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    sheet.get_by_label("Test set").fill("recent claims")
    expect(sheet.locator("#sheet-next")).to_contain_text("recent claims")
    accessible()
    picture(f"canvas-{theme}")


def test_the_list_of_canvases_can_be_used_by_everybody(
    sheet: Page, accessible: Callable[[], None], picture: Callable[[str], None], canvas: Canvas
) -> None:
    sheet.goto(f"/w/acme/processes/{canvas.task.process_id}/canvases/")
    accessible()
    picture("canvases")


def test_two_people_at_once_lose_no_word(
    context: BrowserContext, chromium: Browser, cast: Cast, canvas: Canvas, sign_in: Callable[[User], None]
) -> None:
    address = f"/w/acme/tasks/{canvas.task_id}/canvas/"
    sign_in(cast.editor)
    first = context.new_page()
    first.goto(address)
    other = chromium.new_context(base_url=first.url.removesuffix(address), viewport={"width": 1440, "height": 900})
    try:
        cookie = cast.browser(cast.owner).cookies[settings.SESSION_COOKIE_NAME]
        other.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": first.url}])
        second = other.new_page()
        second.goto(address)
        for page, name, field, text in (
            (first, "Action", "decisions-action", "held 5 days"),
            (second, "They gain", "value_proposition-benefit", "6 minutes a claim"),
        ):
            page.get_by_role("textbox", name=name, exact=True).fill(text)
            expect(page.locator(f"#said-{field}")).not_to_contain_text("while you were writing")
        expect(first.locator("#said-decisions-action")).to_contain_text("Edith")
        expect(second.locator("#said-value_proposition-benefit")).to_contain_text("Olga")
        # In the same block, twice: what the other page wrote is not written over by what this one still showed.
        for threshold in ("0.3", "0.4"):
            second.get_by_label("Threshold").fill(threshold)
            expect(second.locator("#said-decisions-threshold")).not_to_have_class(re.compile("is-gap"))
            expect(second.locator("[data-saved]").first).to_contain_text("Saved")
        expect(second.get_by_role("textbox", name="Action", exact=True)).to_have_value("held 5 days")
        first.get_by_role("textbox", name="Action", exact=True).fill("held 6 days")
        expect(first.locator("#said-decisions-action")).to_contain_text("Edith")
        expect(first.locator("[data-saved]").first).to_contain_text("Saved")
        long = f"paid at once, {'and told to everybody ' * 5}today"
        second.get_by_role("textbox", name="Action", exact=True).fill(long)
        said = second.locator("#said-decisions-action")
        expect(said.locator(".theirs")).to_contain_text(["held 6 days", long])
        said.get_by_role("button", name="Save mine instead").click()
        expect(said).to_contain_text("Olga")
        first.reload()
        expect(first.get_by_role("textbox", name="Action", exact=True)).to_have_value(long)
        expect(first.get_by_role("textbox", name="They gain", exact=True)).to_have_value("6 minutes a claim")
    finally:
        other.close()
