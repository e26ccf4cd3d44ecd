"""What a workspace counts with: owners change it, the trail keeps what changed, the foot of every page says it."""

import pytest

from accounts.models import AuditEntry
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

GIVEN = {
    "name": "Acme",
    "currency": "USD",
    "hourly_wage": "41.25",
    "discount_percent": "8",
    "working_days_a_year": "220",
    "hours_a_day": "8",
    "horizon_years": "5",
}


def test_an_owner_changes_them_and_the_trail_says_from_what_to_what(cast: Cast) -> None:
    assert cast.browser(cast.owner).post("/w/acme/settings/", GIVEN).status_code == 302
    entry = AuditEntry.objects.of(cast.workspace).get()
    assert entry.verb == "workspace.changed"
    assert dict(entry.detail_words) == {"currency": "EUR → USD", "hourly wage": "38.00 → 41.25"}


def test_saving_the_same_again_writes_nothing(cast: Cast) -> None:
    client = cast.browser(cast.owner)
    for _ in range(2):
        client.post("/w/acme/settings/", GIVEN)
    assert AuditEntry.objects.of(cast.workspace).count() == 1


def test_what_is_out_of_range_changes_nothing(cast: Cast) -> None:
    answer = cast.browser(cast.owner).post("/w/acme/settings/", {**GIVEN, "horizon_years": "0"})
    assert answer.status_code == 422
    cast.workspace.refresh_from_db()
    assert (cast.workspace.currency, cast.workspace.horizon_years) == ("EUR", 5)


def test_the_form_shows_a_rate_in_per_cent_as_it_was_written(cast: Cast) -> None:
    client = cast.browser(cast.owner)
    client.post("/w/acme/settings/", {**GIVEN, "discount_percent": "6.25"})
    assert 'value="6.25"' in client.get("/w/acme/settings/").content.decode()


def test_the_foot_of_a_page_says_how_amounts_are_counted(cast: Cast) -> None:
    page = cast.browser(cast.viewer).get("/w/acme/audit/").content.decode()
    assert "Amounts in EUR, 8 % a year, 5 years, 38.00 an hour unless said otherwise" in page


def test_a_second_workspace_is_made_and_owned(cast: Cast) -> None:
    client = cast.browser(cast.viewer)
    answer = client.post("/workspaces/", {**GIVEN, "name": "Vera's own"})
    assert answer["Location"] == "/w/vera-s-own/"
    assert "Vera&#x27;s own" in client.get("/workspaces/").content.decode()
