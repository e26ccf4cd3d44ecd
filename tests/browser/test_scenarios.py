"""A scenario of one's own: made, seen beside base, low and high, changed for one task, by keyboard and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.conftest import Cast
from tests.planner.worth import claims_process

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_scenario_is_made_and_stands_beside_the_others(
    *,
    page: Page,
    cast: Cast,
    sign_in: Callable[[User], None],
    picture: Callable[[str], None],
    accessible: Callable[[], None],
    faults: list[str],
) -> None:
    process = claims_process(cast.workspace)
    sign_in(cast.editor)
    page.goto(f"/w/acme/processes/{process.pk}/ranking/")
    page.get_by_role("link", name="Scenarios").click()
    page.get_by_role("link", name="Make a scenario").first.click()
    page.get_by_label("Name").fill("Wages rise")
    page.get_by_label("Share the model decides alone").fill("150 %")
    page.get_by_role("button", name="Put it beside the others").click()
    expect(page.locator("#s-coverage")).to_contain_text("100 %")
    accessible()
    picture("scenario-form")
    assert len(faults) == 1, "the refused form alone"
    faults.clear()
    page.get_by_label("Share the model decides alone").fill("30 %")
    page.get_by_role("button", name="Put it beside the others").press("Enter")
    expect(page.get_by_role("columnheader", name="Wages rise")).to_be_visible()
    accessible()
    picture("scenarios")
    page.emulate_media(color_scheme="dark")
    accessible()
    picture("scenarios-dark")
    page.get_by_role("link", name="Triage").first.click()
    expect(page.get_by_role("heading", name="In other scenarios")).to_be_visible()
    accessible()
    picture("value-in-scenarios")
