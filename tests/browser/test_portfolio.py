"""With a browser: from tasks to a decided portfolio with its canvases, at both widths, accessible."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from jobs.models import Run
from jobs.services import run_drain
from planner.services import PortfolioEntry, SharedCostEntry, portfolio_create, shared_cost_create
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], None]
FIGURES: dict[str, tuple[float | None, float | None]] = {
    "Triage": (42_000, 9.0),
    "Request documents": (42_000, 8.0),
    "Check cover": (38_000, 11.0),
    "Estimate damage": (1_500, 14.0),
    "Pay": (35_000, None),
}


def chosen_by_the_job() -> None:
    """See the job through that the page waits for."""
    run_drain(run_ids=list(Run.objects.under_way().values_list("pk", flat=True)))


def test_limits_choose_anew_and_end_in_a_decision(
    page: Page, cast: Cast, sign_in: SignIn, picture: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    process = claims_process(cast.workspace, FIGURES)
    access = cast.access(cast.editor)
    labelled = [task_of(process, name).pk for name in ("Triage", "Check cover")]
    shared_cost_create(access=access, entry=SharedCostEntry("Labelled letters", "20 k to 30 k", labelled))
    portfolio_create(access=access, entry=PortfolioEntry("Later"))
    sign_in(cast.editor)
    page.goto("/w/acme/")
    page.get_by_role("link", name="Portfolios").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One portfolio")
    accessible()
    page.get_by_label("Name", exact=True).fill("First year")
    page.get_by_role("button", name="Draw it up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The tasks are being chosen")
    accessible()
    picture("portfolio-being-chosen")
    chosen_by_the_job()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Build 3 of 4 tasks", timeout=15_000)
    page.get_by_role("textbox", name="Budget").fill("60 k")
    page.get_by_label("Person-days a quarter").fill("40")
    page.get_by_label("Is Estimate damage in it?").select_option("must not")
    page.get_by_role("button", name="Save and choose").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The tasks are being chosen")
    chosen_by_the_job()
    expect(page.get_by_role("textbox", name="Budget")).to_have_value("60\u202f000", timeout=15_000)
    expect(page.get_by_text("You left it out.")).to_be_visible()
    accessible()
    picture("portfolio")
    address = page.url
    page.goto(f"{address}?theme=dark")
    accessible()
    picture("portfolio-dark")
    page.goto(address)
    page.get_by_role("button", name="Table", exact=True).click()
    expect(page.locator("#pv-table")).to_be_visible()
    page.get_by_role("button", name="Decide for these").click()
    expect(page.get_by_text("Nothing it rests on has changed since.")).to_be_visible()
    page.get_by_role("button", name="Make canvases for the chosen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The canvases of")
    accessible()
    picture("portfolio-canvases")
    page.goto("/w/acme/portfolios/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Two portfolios")
    accessible()
    picture("portfolios")


def test_limits_that_contradict_each_other_say_what_to_change(
    page: Page, cast: Cast, sign_in: SignIn, picture: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    process = claims_process(cast.workspace, FIGURES)
    triage = task_of(process, "Triage").pk
    plan = portfolio_create(
        access=cast.access(cast.editor), entry=PortfolioEntry("First year", budget=10_000, must=[triage])
    )
    sign_in(cast.editor)
    page.goto(f"/w/acme/portfolios/{plan.pk}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("The tasks are being chosen")
    accessible()
    chosen_by_the_job()
    expect(page.get_by_role("heading", level=1)).to_have_text("No choice keeps to these limits", timeout=15_000)
    expect(page.get_by_text("These cannot all hold: the budget is 10 k EUR, and Triage must be in it.")).to_be_visible()
    accessible()
    picture("portfolio-contradiction")
    way = page.get_by_text("Raise the budget to").inner_text()
    page.get_by_role("textbox", name="Budget").fill(way.removeprefix("Raise the budget to ").partition(" EUR")[0])
    page.get_by_role("button", name="Save and choose").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The tasks are being chosen")
    chosen_by_the_job()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Build 1 of 4 tasks", timeout=15_000)
