"""The list of portfolios says which of them have to be chosen anew, with as many queries for many as for few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from planner.models import PortfolioPlan, Task
from planner.services import PortfolioEntry, portfolio_create
from tests.conftest import Cast
from tests.planner.chosen import choose
from tests.planner.worth import claims_process

pytestmark = pytest.mark.django_db
WORDS = "to be chosen anew</span>"


def text_of(cast: Cast) -> str:
    return cast.browser(cast.viewer).get("/w/acme/portfolios/").content.decode()


def test_a_portfolio_is_old_once_what_it_rests_on_changed(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    access = cast.access(cast.editor)
    of_all = portfolio_create(access=access, entry=PortfolioEntry("All"))
    assert WORDS not in text_of(cast), "nothing was chosen yet"
    of_one = portfolio_create(access=access, entry=PortfolioEntry("One", processes=[process.pk]))
    for plan in (of_all, of_one):
        choose(plan)
    assert WORDS not in text_of(cast)
    claims_process(cast.workspace)
    assert text_of(cast).count(WORDS) == 1, "another process is nothing to the second"
    Task.objects.filter(process=process, name="Triage").update(volume_a_year=9)
    assert text_of(cast).count(WORDS) == 2


def test_many_cost_no_more_queries_than_one(cast: Cast) -> None:
    claims_process(cast.workspace)
    access = cast.access(cast.editor)
    choose(portfolio_create(access=access, entry=PortfolioEntry("First")))
    browser = cast.browser(cast.viewer)
    browser.get("/w/acme/portfolios/")
    with CaptureQueriesContext(connection) as one:
        browser.get("/w/acme/portfolios/")
    for number in range(5):
        portfolio_create(access=access, entry=PortfolioEntry(f"Next {number}"))
    PortfolioPlan.objects.update(result={"version": 1}, fingerprint="x")
    with CaptureQueriesContext(connection) as many:
        browser.get("/w/acme/portfolios/")
    assert len(many) == len(one)
