"""Signing up makes an account and a workspace that counts with the figures given."""

import pytest
from django.test import Client

from accounts.models import AuditEntry, Membership, Role, User, Workspace

pytestmark = [pytest.mark.django_db, pytest.mark.second_leg]

GIVEN = {
    "name": "Marta Keller",
    "email": "Marta.Keller@Example.org",
    "password": "a long enough phrase",
    "workspace-name": "Motor claims",
    "workspace-currency": "CHF",
    "workspace-hourly_wage": "61.50",
    "workspace-discount_percent": "6.5",
    "workspace-working_days_a_year": "214",
    "workspace-hours_a_day": "8.4",
    "workspace-horizon_years": "4",
}


def sign_up(client: Client, **changed: str) -> None:
    assert client.post("/sign-up/", {**GIVEN, **changed}).status_code == 302


def test_a_newcomer_owns_the_workspace_they_name(client: Client) -> None:
    answer = client.post("/sign-up/", GIVEN)
    assert (answer.status_code, answer["Location"]) == (302, "/start/")
    user = User.objects.get(email="marta.keller@example.org")
    membership = Membership.objects.get(user=user)
    workspace = membership.workspace
    assert membership.role == Role.OWNER
    assert (workspace.name, workspace.slug, workspace.currency) == ("Motor claims", "motor-claims", "CHF")
    assert (str(workspace.hourly_wage), str(workspace.discount_rate)) == ("61.50", "0.0650")
    assert (workspace.working_days_a_year, str(workspace.hours_a_day), workspace.horizon_years) == (214, "8.40", 4)
    assert client.session["_auth_user_id"] == str(user.pk)


def test_the_password_is_kept_as_an_argon2_hash(client: Client) -> None:
    sign_up(client)
    assert User.objects.get().password.startswith("argon2$")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("password", "short", "at least 10 characters"),
        ("password", "marta.keller", "too similar"),
        ("email", "not an address", "valid email"),
        ("workspace-hourly_wage", "0", "greater than or equal"),
        ("workspace-discount_percent", "101", "less than or equal"),
        ("workspace-currency", "XXX", "not one of the available choices"),
        ("workspace-working_days_a_year", "400", "less than or equal"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(
    client: Client, field: str, value: str, words: str
) -> None:
    answer = client.post("/sign-up/", {**GIVEN, field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page.split(f'id="id_{field}_error"')[1].split("</div>")[0]
    assert "61.50" in page or field == "workspace-hourly_wage"
    assert not User.objects.exists()
    assert not Workspace.objects.exists()


def test_an_address_is_taken_in_whatever_case(client: Client) -> None:
    sign_up(client)
    answer = Client().post("/sign-up/", {**GIVEN, "email": "MARTA.KELLER@example.org"})
    assert answer.status_code == 422
    assert "There is an account with this address" in answer.content.decode()
    assert User.objects.count() == 1


def test_two_workspaces_of_one_name_have_two_addresses(client: Client) -> None:
    sign_up(client)
    sign_up(Client(), email="other@example.org")
    assert set(Workspace.objects.values_list("slug", flat=True)) == {"motor-claims", "motor-claims-2"}


def test_making_a_workspace_is_written_to_its_trail(client: Client) -> None:
    sign_up(client)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor) == ("workspace.created", User.objects.get())
