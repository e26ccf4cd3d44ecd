"""With a browser: the inventory saves as one types, the filter shows what it would do, pages fit and are accessible."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from planner.models import Process
from planner.services import process_create
from tests.conftest import Cast
from tests.planner.measuring import measured_process, newer_log
from tests.planner.test_measuring_anew import NEWER

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], None]


def saved(page: Page) -> None:
    expect(page.locator("[data-saved-word]")).to_have_text("Saved")


def test_cells_of_the_inventory_save_as_one_types(page: Page, cast: Cast, sign_in: SignIn) -> None:
    process = process_create(access=cast.access(cast.editor), name="Invoices")
    sign_in(cast.editor)
    page.goto("/w/acme/processes/?edit=1")
    page.get_by_label("Pain of Invoices").fill("Late fees")
    saved(page)
    page.get_by_label("Owner of Invoices").fill("Vera")
    page.get_by_label("Cases a year of Invoices").fill("42000")
    with page.expect_response(lambda answer: "42000" in (answer.request.post_data or "")):
        page.get_by_label("Cases a year of Invoices").blur()
    saved(page)
    process.refresh_from_db()
    assert (process.pain, process.owner, process.cases_a_year) == ("Late fees", cast.viewer, 42000)


def test_entries_save_on_the_page_of_the_process_beside_its_name(page: Page, cast: Cast, sign_in: SignIn) -> None:
    process = process_create(access=cast.access(cast.editor), name="Invoices")
    sign_in(cast.editor)
    page.goto(f"/w/acme/processes/{process.pk}/")
    page.get_by_label("Goal").fill("Pay on time")
    saved(page)
    page.get_by_role("textbox", name="Name").fill("Bills")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Bills")
    process.refresh_from_db()
    assert (process.name, process.goal) == ("Bills", "Pay on time")


def test_a_slider_shows_at_once_what_it_would_hide(page: Page, cast: Cast, sign_in: SignIn) -> None:
    process = measured_process(cast.access(cast.editor))
    sign_in(cast.editor)
    page.goto(f"/w/acme/processes/{process.pk}/discovery/")
    expect(page.locator("#preview")).to_contain_text("Nothing is hidden")
    page.get_by_label("Activities", exact=True).fill("95")
    expect(page.locator("#preview")).to_contain_text("Left out: “Phone”")
    page.get_by_role("button", name="Apply to the graph").click()
    expect(page.locator(".toast")).to_contain_text("The graph shows it.")
    assert not Process.objects.get().tasks.filter(name="Phone").exists()


def test_the_pages_fit_any_width_and_are_accessible(
    page: Page, cast: Cast, sign_in: SignIn, picture: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    access = cast.access(cast.editor)
    process = measured_process(access)
    entries = {"goal": "Settle within a week", "pain": "A third is asked back twice", "ml_change": "Route claims"}
    other = process_create(access=access, name="Invoices", cases_a_year=1200, entries=entries)
    log = newer_log(access, process, NEWER, minutes=9)
    sign_in(cast.editor)
    for name, path in (
        ("inventory", "processes/"),
        ("inventory-edit", "processes/?edit=1"),
        ("inventory-compare", f"processes/compare/?process={process.pk}&process={other.pk}"),
        ("process", f"processes/{process.pk}/"),
        ("filters", f"processes/{process.pk}/discovery/?activities=95&flows=50"),
        ("logs", f"processes/{process.pk}/logs/"),
        ("log", f"logs/{log.pk}/"),
        ("log-delete", f"logs/{log.pk}/delete/"),
    ):
        page.goto(f"/w/acme/{path}")
        accessible()
        picture(name)
