"""The limits of a portfolio over many tasks: a page of lines, found by name, and nothing that is not shown is lost."""

import re

import pytest

from planner.forms.portfolio import MOST_LINES
from planner.models import PortfolioPlan, Process
from planner.selectors.portfolio_page import MOST_LEFT
from planner.services import PortfolioEntry, portfolio_create
from tests.conftest import Cast
from tests.planner.chosen import choose
from tests.planner.test_large_processes import large, named

pytestmark = pytest.mark.django_db
MANY = MOST_LINES + MOST_LEFT


@pytest.fixture
def process(cast: Cast) -> Process:
    return large(cast, MANY)


@pytest.fixture
def plan(cast: Cast, process: Process) -> PortfolioPlan:
    must = [named(process, MANY - 1).pk]
    entry = PortfolioEntry("First year", budget=1.0, must_not=must)
    return choose(portfolio_create(access=cast.access(cast.editor), entry=entry))


def page(cast: Cast, plan: PortfolioPlan, query: str = "") -> str:
    return cast.browser(cast.editor).get(f"/w/acme/portfolios/{plan.pk}/?{query}").content.decode()


def lines(text: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'<select class="input" name="state-(\d+)"', text)]


def test_a_page_of_lines_is_shown_with_those_that_say_something(
    cast: Cast, plan: PortfolioPlan, process: Process
) -> None:
    text = page(cast, plan)
    assert len(lines(text)) == MOST_LINES + 1
    assert lines(text)[0] == named(process, MANY - 1).pk
    assert f"{MOST_LINES + 1} of {MANY} tasks below" in text
    found = lines(page(cast, plan, "q=task+0077"))
    assert found == [named(process, MANY - 1).pk, named(process, 77).pk]


def test_what_is_not_chosen_is_told_up_to_a_length(cast: Cast, plan: PortfolioPlan) -> None:
    text = page(cast, plan)
    left = text.partition("Not chosen, and why")[2]
    assert left.count('<td class="full" data-label="Why not">') == MOST_LEFT
    assert f"And {MANY - MOST_LEFT} more tasks" in left


def test_saving_some_lines_leaves_what_is_set_for_the_others(cast: Cast, plan: PortfolioPlan, process: Process) -> None:
    shown, before = named(process, 77), plan.must_not
    form = {"name": plan.name, "quarters": plan.quarters, "version": plan.version, "some": "1"}
    where = f"/w/acme/portfolios/{plan.pk}/"
    browser = cast.browser(cast.editor)
    assert browser.post(where, {**form, f"state-{shown.pk}": "must", f"needs-{shown.pk}": ""}).status_code == 302
    plan.refresh_from_db()
    assert (plan.must, plan.must_not) == ([shown.pk], before)
    again = {**form, "version": plan.version, f"state-{before[0]}": "", f"state-{shown.pk}": "must"}
    assert browser.post(where, again).status_code == 302
    plan.refresh_from_db()
    assert (plan.must, plan.must_not) == ([shown.pk], [])
