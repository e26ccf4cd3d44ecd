"""With a browser: the columns of a log are chosen, mended where it is said, and imported from anywhere on the page."""

import io
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from planner.models import LogUpload
from planner.services import log_upload_create
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], None]
LOG = b"case,activity,time,who\n" + b"".join(
    b"%d,%s,2026-01-%02d 08:00,clerk\n" % (case, name, day)
    for case in range(1, 30)
    for day, name in ((5, b"Register"), (16, b"Check"), (27, b"Pay"))
)


def opened(page: Page, cast: Cast, sign_in: SignIn) -> LogUpload:
    upload = log_upload_create(access=cast.access(cast.editor), file=io.BytesIO(LOG), filename="orders.csv")
    sign_in(cast.editor)
    page.goto(f"/w/acme/import/{upload.pk}/")
    return upload


def test_an_error_stands_beside_its_field_and_has_the_focus(
    page: Page, cast: Cast, sign_in: SignIn, faults: list[str], accessible: Callable[[], None]
) -> None:
    opened(page, cast, sign_in)
    page.get_by_label("Its completion").check()
    page.get_by_label("Resource").select_option("case")
    page.get_by_role("button", name="Import", exact=True).click()
    resource = page.get_by_label("Resource")
    expect(page.locator(".field").filter(has=resource).locator(".field-error")).to_contain_text("is chosen twice")
    expect(page.locator(".action-bar")).to_contain_text("2 fields to mend")
    expect(page.get_by_label("Case", exact=True)).to_be_focused()
    accessible()
    # A refused form is answered 400, which a console reports.
    faults.clear()


def test_there_is_one_time_zone(page: Page, cast: Cast, sign_in: SignIn) -> None:
    opened(page, cast, sign_in)
    page.get_by_text("Working hours:").click()
    page.get_by_label("The working hours below").check()
    zones = page.locator("main select").filter(has=page.locator("option[value='Europe/Amsterdam']"))
    expect(zones).to_have_count(1)
    expect(page.locator("main")).to_contain_text("told by the same clocks as the times of the log")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_import_is_pressed_without_scrolling_and_hides_no_field_one_tabs_to(
    page: Page, cast: Cast, sign_in: SignIn, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    upload = opened(page, cast, sign_in)
    button = page.get_by_role("button", name="Import", exact=True)
    expect(button).to_be_in_viewport(ratio=1)
    for label in ("Case", "Transition", "Times without a zone are those of"):
        page.get_by_label(label).first.focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        below = page.get_by_label(label).first.bounding_box()
        bar = page.locator(".action-bar").bounding_box()
        assert below
        assert bar
        assert below["y"] + below["height"] <= bar["y"]
    page.get_by_label("Its completion").check()
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/import/{upload.pk}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("is being imported")
