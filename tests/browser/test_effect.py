"""A case before and after: boxes and shares move the figures without a new page, by keyboard and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.conftest import Cast
from tests.planner.modelled import modelled_process

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_choosing_tasks_moves_the_case(
    page: Page,
    cast: Cast,
    sign_in: Callable[[User], None],
    picture: Callable[[str], None],
    accessible: Callable[[], None],
) -> None:
    process = modelled_process(cast.access(cast.editor))
    sign_in(cast.viewer)
    page.goto(f"/w/acme/processes/{process.pk}/values/")
    page.get_by_role("link", name="Effect on a case").click()
    title = page.get_by_role("heading", level=1)
    expect(title).to_contain_text("choose what a model would do")
    page.get_by_role("checkbox", name="Triage claim").press("Space")
    expect(title).to_contain_text("of work instead of")
    page.get_by_label("Share of the repeats of Triage claim that disappears").fill("60 %")
    page.keyboard.press("Tab")
    row = page.get_by_role("row", name="Register claim")
    expect(row).to_contain_text("1.25 → 1.09")
    accessible()
    picture("effect")
    page.get_by_text("Where these figures come from").click()
    page.emulate_media(color_scheme="dark")
    accessible()
    picture("effect-dark")
    page.reload()
    expect(row).to_contain_text("1.25 → 1.09")
