"""From the ranking of all processes to one figure and where it comes from, and back to a narrower ranking."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from planner.models import Process
from planner.services import estimate_prefill, estimate_update
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def claims(cast: Cast) -> Process:
    claims, mail = (
        claims_process(cast.workspace),
        claims_process(cast.workspace, {"Sort mail": (90_000, 4.0), "File": (20_000, 3.0)}),
    )
    Process.objects.filter(pk=mail.pk).update(name="Mail room")
    access, triage = cast.access(cast.editor), task_of(claims, "Triage")
    estimate_prefill(access=access, process=claims)
    estimate_update(access=access, task=triage, changes={"coverage": {"text": "85 % to 95 %"}}, version=0)
    return claims


def test_the_ranking_of_all_leads_to_a_figure_and_its_formula(
    *,
    page: Page,
    cast: Cast,
    claims: Process,
    sign_in: Callable[[User], None],
    picture: Callable[[str], None],
    accessible: Callable[[], None],
) -> None:
    sign_in(cast.viewer)
    page.goto("/w/acme/ranking/")
    expect(page.get_by_role("table", name="Tasks ranked by ROI").get_by_role("row")).to_have_count(6)
    accessible()
    picture("ranking-of-all")
    page.get_by_role("navigation", name="Order by").get_by_role("link", name="NPV", exact=True).click()
    table = page.get_by_role("table", name="Tasks ranked by NPV")
    expect(table.get_by_role("row")).to_have_count(6)
    page.wait_for_load_state()
    page.get_by_label("Process", exact=True).select_option("Mail room")
    expect(table.get_by_role("row")).to_have_count(3)
    expect(page.get_by_role("heading", name="2 of 5 valued tasks shown")).to_be_visible()
    page.get_by_role("link", name="Show all").click()
    page.get_by_role("table", name="Tasks ranked by NPV").get_by_role("link", name="Triage").click()
    expect(page.get_by_role("heading", name="What it was worth before")).to_be_visible()
    expect(page.get_by_role("table", name="Results, the latest first").get_by_role("row")).to_have_count(3)
    expect(page.get_by_role("table", name="Break-even of each input, the nearest first")).to_contain_text("%")
    page.get_by_text("How it is computed: Payback, discounted").click()
    expect(page.get_by_text("are still out, year").last).to_be_visible()
    accessible()
    picture("value-of-a-task")
    page.goto(f"/w/acme/tasks/{task_of(claims, 'Triage').pk}/value/?theme=dark")
    picture("value-of-a-task-dark")


def test_the_ranking_of_a_process_is_narrowed_in_its_address(
    *, page: Page, cast: Cast, claims: Process, sign_in: Callable[[User], None], picture: Callable[[str], None]
) -> None:
    sign_in(cast.editor)
    page.goto(f"/w/acme/processes/{claims.pk}/ranking/")
    page.get_by_label("Chance among the first").select_option("2")
    expect(page.get_by_role("columnheader", name="Of first 2")).to_be_visible()
    page.wait_for_load_state()
    page.get_by_label("Chance of success").select_option("at least 50 in 100")
    page.wait_for_url(lambda url: "chance=50" in url and "first=2" in url)
    with page.expect_download() as file:
        page.get_by_role("link", name="CSV").click()
    assert file.value.suggested_filename == f"ranking-{claims.pk}.csv"
    picture("ranking-narrowed")


def test_fields_follow_an_edit_and_are_not_taken_for_edits_themselves(
    *, page: Page, cast: Cast, claims: Process, sign_in: Callable[[User], None]
) -> None:
    task = task_of(claims, "Estimate damage")
    sign_in(cast.editor)
    page.goto(f"/w/acme/tasks/{task.pk}/value/")
    wage, day = (
        page.get_by_label("Cost of an hour of work", exact=True),
        page.get_by_label("Cost of a person-day", exact=True),
    )
    for written, rate in (("84", "1340"), ("42", "672")):
        wage.fill(written)
        wage.press("Tab")
        expect(day).to_have_value(rate)
        expect(page.locator("[data-saves] [data-saved]").first).to_have_text("Saved")
    task.refresh_from_db()
    assert set(task.estimate.assumptions) == {"wage"}
