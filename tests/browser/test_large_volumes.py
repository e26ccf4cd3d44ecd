"""With a browser: of a billion visits a year every figure stays within its cell, on a phone and on a desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from planner.models import PortfolioPlan
from tests.browser.test_on_a_phone import CUT, OVERFLOWS
from tests.conftest import Cast
from tests.planner.chosen import choose
from tests.planner.worth import claims_process, task_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIGURES: dict[str, tuple[float | None, float | None]] = {
    "Triage of incoming claims": (1e9, 11.0),
    "Request documents": (9.87654321e9, 480.0),
    "Pay": (1e9, 525_600.0),
}
PAGES = (
    "",
    "processes/",
    "processes/{process}/tasks/",
    "processes/{process}/values/",
    "processes/{process}/ranking/",
    "processes/{process}/scenarios/",
    "processes/{process}/scenarios/new/",
    "processes/{process}/effect/",
    "tasks/{task}/value/",
    "ranking/",
    "portfolios/",
    "portfolios/{plan}/",
)


def test_large_figures_stay_within_their_cells(
    page: Page, cast: Cast, sign_in: Callable[[User], None], picture: Callable[[str], None]
) -> None:
    process = claims_process(cast.workspace, FIGURES)
    plan = choose(PortfolioPlan.objects.create(workspace=cast.workspace, name="First year", budget=4e12))
    places = {"process": process.pk, "task": task_of(process, "Pay").pk, "plan": plan.pk}
    sign_in(cast.owner)
    found = {}
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        for path in PAGES:
            page.goto("/w/acme/" + path.format(**places))
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            found[width, path] = [page.evaluate(OVERFLOWS), *page.evaluate(CUT)]
            if path.endswith(("ranking/", "scenarios/", "{plan}/")) and width == 390:
                name = path.strip("/").rpartition("/")[2].strip("{}")
                picture(f"large-{name}")
                page.set_viewport_size({"width": width, "height": 900})
    wrong = {where: said for where, said in found.items() if said[0] > 0 or said[1:]}
    assert not wrong, "\n".join(map(str, wrong.items()))
