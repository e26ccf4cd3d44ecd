"""How a process really runs, in a browser: readable in both themes and widths, chosen from, drawn and told."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from planner.models import Process
from tests.conftest import Cast
from tests.planner.measured_claims import claims_measured

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AREA = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def address(cast: Cast, sign_in: Callable[[User], None]) -> str:
    process: Process = claims_measured(cast)
    sign_in(cast.viewer)
    return f"/w/acme/processes/{process.pk}/as-it-runs/"


@pytest.mark.parametrize("tab", ["overview", "variants", "rework", "resources", "times"])
def test_every_tab_is_accessible_and_fits(page: Page, accessible: Callable[[], None], address: str, tab: str) -> None:
    for theme in ("light", "dark"):
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{address}?tab={tab}&theme={theme}")
            accessible()
            assert page.evaluate(AREA) <= 0, f"{tab} scrolls sideways at {width} px"


def test_choosing_an_activity_changes_the_address_and_the_tables(page: Page, address: str) -> None:
    page.goto(f"{address}?tab=times")
    waits = page.get_by_role("region", name="Rows: Waiting before each activity").locator("tbody tr")
    expect(waits).to_have_count(3)
    page.get_by_label("Look at").select_option("Ask")
    expect(page).to_have_url(re.compile("activity=Ask"))
    expect(waits).to_have_count(1)
    page.go_back()
    expect(waits).to_have_count(3)


def test_a_chart_shows_its_figures_as_a_table(page: Page, address: str) -> None:
    page.goto(f"{address}?tab=rework")
    expect(page.locator("[data-figure=repeated] .main-svg").first).to_be_visible()
    page.get_by_role("button", name="Table").click()
    row = page.get_by_role("region", name="Figures of the chart").locator("tr", has_text="later")
    expect(row).to_contain_text("Check")
    expect(row.locator("td.num")).to_have_text("10")
