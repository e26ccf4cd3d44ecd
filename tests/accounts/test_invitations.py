"""An invitation: a link that lets one person in, once, within a week, for as long as nobody takes it back."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, Invitation, Membership, Role, User
from accounts.services import invitation_accept, invitation_create
from common.errors import Conflict, NotAllowed
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.second_leg]


def invited(cast: Cast, role: Role = Role.EDITOR, email: str = "") -> str:
    _, secret = invitation_create(access=cast.access(cast.owner), role=role, now=timezone.now(), email=email)
    return secret


def role_of(cast: Cast, user: User) -> str | None:
    found = Membership.objects.of(cast.workspace).filter(user=user).first()
    return found.role if found else None


def test_the_page_shows_the_link_once_and_keeps_only_its_digest(cast: Cast) -> None:
    client = cast.browser(cast.owner)
    page = client.post("/w/acme/members/", {"role": "viewer", "email": ""}).content.decode()
    link = re.search(r"http://testserver(/join/(ti_[\w-]+)/)", page)
    assert link is not None
    kept = Invitation.objects.get()
    assert link[2] not in (kept.digest, str(kept.__dict__))
    assert link[2] not in client.get("/w/acme/members/").content.decode()
    assert cast.browser(cast.stranger).post(link[1])["Location"].startswith("/w/acme/")
    assert role_of(cast, cast.stranger) == Role.VIEWER


def test_a_link_lets_one_person_in(cast: Cast) -> None:
    secret = invited(cast)
    invitation_accept(user=cast.stranger, secret=secret, now=timezone.now())
    late = User.objects.create(email="late@example.org")
    with pytest.raises(Conflict, match="used already"):
        invitation_accept(user=late, secret=secret, now=timezone.now())
    assert role_of(cast, late) is None


def test_a_link_expires_after_a_week(cast: Cast) -> None:
    secret = invited(cast)
    with pytest.raises(Conflict, match="expired"):
        invitation_accept(user=cast.stranger, secret=secret, now=timezone.now() + timedelta(days=7, seconds=1))


def test_a_link_taken_back_is_gone(cast: Cast) -> None:
    secret = invited(cast)
    kept = Invitation.objects.get()
    cast.browser(cast.owner).post(f"/w/acme/invitations/{kept.pk}/delete/")
    page = cast.browser(cast.stranger).get(f"/join/{secret}/")
    assert page.status_code == 404
    assert "This invitation does not exist" in page.content.decode()


def test_an_invitation_to_an_address_is_mailed_and_is_for_that_account(cast: Cast) -> None:
    page = cast.browser(cast.owner).post("/w/acme/members/", {"role": "editor", "email": "Stan@example.org"})
    assert page.status_code == 200
    assert mail.outbox[0].to == ["stan@example.org"]
    secret = re.search(r"/join/([\w-]+)/", str(mail.outbox[0].body))
    assert secret is not None
    other = User.objects.create(email="other@example.org")
    with pytest.raises(NotAllowed, match="for stan@example.org"):
        invitation_accept(user=other, secret=secret[1], now=timezone.now())
    assert invitation_accept(user=cast.stranger, secret=secret[1], now=timezone.now()).role == Role.EDITOR


def test_a_member_who_follows_a_link_keeps_their_role(cast: Cast) -> None:
    invitation_accept(user=cast.owner, secret=invited(cast, Role.VIEWER), now=timezone.now())
    assert role_of(cast, cast.owner) == Role.OWNER


def test_a_newcomer_signs_up_without_a_workspace_and_joins(cast: Cast, client: Client) -> None:
    path = f"/join/{invited(cast)}/"
    assert f"/sign-up/?next={path}" in client.get(path).content.decode()
    given = {"email": "new@example.org", "password": "a long enough phrase", "name": "", "next": path}
    assert client.post("/sign-up/", given)["Location"] == f"/w/{cast.workspace.slug}/"
    assert [one.workspace for one in Membership.objects.filter(user__email="new@example.org")] == [cast.workspace]


def test_inviting_and_joining_are_in_the_trail_without_the_secret(cast: Cast) -> None:
    secret = invited(cast)
    invitation_accept(user=cast.stranger, secret=secret, now=timezone.now())
    entries = list(AuditEntry.objects.of(cast.workspace))
    assert {entry.verb for entry in entries} == {"invitation.created", "member.joined"}
    assert not any(secret in str(entry.__dict__) for entry in entries)
