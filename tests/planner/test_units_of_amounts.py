"""A unit beside an amount is taken where it is the unit of the field or a time like it, else refused."""

import pytest

from planner.domain.valuation.amounts import UnreadableAmount, read_amount, read_years
from planner.domain.valuation.assumptions import kept_text, read_text
from planner.services import PortfolioEntry, portfolio_create
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of


@pytest.mark.parametrize(
    ("key", "text", "kept"),
    [
        ("wage", "40 to 50 EUR", "40 to 50"),
        ("wage", "40 € to 50 €", "40 to 50"),
        ("wage", "eur 40", "40"),
        ("wage", "€40/h", "40"),
        ("wage", "40 EUR an hour", "40"),
        ("wage", "40–50 EUR per hour", "40–50"),
        ("hosting", "12 k EUR a year", "12 k"),
        ("hosting", "2 to 3k€ p.a.", "2 to 3k"),
        ("discovery", "pert(1 k, 2 k, 5 k) EUR", "pert(1 k, 2 k, 5 k)"),
        ("minutes_before", "0,5 h", "30"),
        ("minutes_before", "0.5 to 1 h", "30 to 60"),
        ("minutes_before", "30 min to 1 h", "30 to 60"),
        ("minutes_before", "90 s", "1.5"),
        ("minutes_before", "30 ± 5 min", "30 ± 5"),
        ("minutes_before", "12 minutes a visit", "12"),
        ("waiting_hours", "90 min", "1.5"),
        ("person_days", "20 to 40 days", "20 to 40"),
        ("volume", "31 000 a year", "31 000"),
        ("volume", "31 000 visits a year", "31 000"),
        ("volume", "2e3", "2e3"),
        ("minutes_before", "[10, 20] min", "[10, 20]"),
        ("labels", "2 k to 5 k labels", "2 k to 5 k"),
        ("coverage", "70 to 80 % of visits", "70 to 80 %"),
        ("minutes_before", "12,5", "12,5"),
    ],
)
def test_the_unit_of_the_field_is_taken_off(key: str, text: str, kept: str) -> None:
    assert kept_text(key, text, "EUR") == kept
    assert read_text(key, text, "EUR") == read_text(key, kept)


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("wage", "40 to 50 USD", "“USD” is not what is counted here: write it in EUR an hour, such as 2 k to 5 k."),
        ("wage", "40 EUR a day", "“EUR a day” is not what is counted here: write it in EUR an hour"),
        ("minutes_before", "2 d", "“d” is not what is counted here: write it in minutes a visit, such as 20 to 40."),
        ("minutes_before", "5 m", "“m” is not what is counted here: write it in minutes a visit"),
        ("person_days", "3 weeks", "“weeks” is not what is counted here: write it in days, such as 20 to 40."),
        ("volume", "300 a day", "“a day” is not what is counted here: write it without a unit, such as 20 to 40."),
        ("minutes_before", "1,200 s", "can be read in two ways: write 1200"),
        ("minutes_before", "[0,5] h", "Write these numbers in minutes a visit"),
    ],
)
def test_another_unit_is_refused_with_what_to_write(key: str, text: str, words: str) -> None:
    with pytest.raises(UnreadableAmount) as refused:
        read_text(key, text, "EUR")
    assert words in str(refused.value)


@pytest.mark.parametrize("text", ["50 80 90", "50 % 80 % 90 %", "50 %, 80 %, 90 %", "0.5, 0.8, 0.9", "50; 80; 90"])
def test_shares_of_years_are_read_however_they_are_separated(text: str) -> None:
    assert read_years(text) == (0.5, 0.8, 0.9)


@pytest.mark.parametrize("text", ["50 to 80", "many", "50,, 80", "50 80 percent"])
def test_what_are_no_shares_of_years_says_how_years_are_written(text: str) -> None:
    with pytest.raises(UnreadableAmount, match=r"such as 40 %, 75 %, 90 %\.$"):
        read_years(text)


@pytest.mark.django_db
def test_units_are_taken_on_the_page_and_kept_without(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    task = task_of(process, "Triage")
    browser = cast.browser(cast.editor)
    preview = browser.get("/w/acme/amount/", {"key": "minutes_before", "text": "0,5 h"}).content.decode()
    assert "exactly 30 minutes a visit" in preview
    entered = {"a-wage": "40 to 50 EUR an hour", "a-minutes_before": "0,5 h"}
    browser.post(f"/w/acme/tasks/{task.pk}/value/", {**entered, "version": "0"})
    task.refresh_from_db()
    kept = task.estimate.assumptions
    assert (kept["wage"]["text"], kept["minutes_before"]["text"]) == ("40 to 50", "30")


@pytest.mark.django_db
def test_limits_of_a_portfolio_take_their_unit(cast: Cast) -> None:
    claims_process(cast.workspace)
    plan = portfolio_create(access=cast.access(cast.editor), entry=PortfolioEntry("First year"))
    sent = {"name": plan.name, "quarters": "4", "version": "1", "budget": "400 k EUR", "days_a_quarter": "40,5 days"}
    cast.browser(cast.editor).post(f"/w/acme/portfolios/{plan.pk}/", sent)
    plan.refresh_from_db()
    assert (plan.budget, plan.days_a_quarter) == (400_000.0, 40.5)


def test_reading_without_a_field_takes_no_unit() -> None:
    with pytest.raises(UnreadableAmount):
        read_amount("40 EUR")
