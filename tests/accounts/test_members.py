"""Members: changing roles, removing, leaving, and the owner who stays."""

import pytest

from accounts.models import ApiToken, AuditEntry, Membership, Role, User
from accounts.services import api_token_create, member_remove, member_role_change
from common.errors import Conflict, NotAllowed
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.second_leg]


def member(cast: Cast, user: User) -> Membership:
    return Membership.objects.of(cast.workspace).get(user=user)


def test_an_owner_changes_a_role_and_the_trail_says_so(cast: Cast) -> None:
    path = f"/w/acme/members/{member(cast, cast.viewer).pk}/role/"
    cast.browser(cast.owner).post(path, {"role": "editor"})
    assert member(cast, cast.viewer).role == Role.EDITOR
    entry = AuditEntry.objects.of(cast.workspace).get()
    assert (entry.verb, entry.detail["from"], entry.detail["to"]) == ("member.role-changed", "viewer", "editor")


def test_the_last_owner_cannot_step_down_or_leave(cast: Cast) -> None:
    owner = member(cast, cast.owner)
    access = cast.access(cast.owner)
    with pytest.raises(Conflict, match="only owner"):
        member_role_change(access=access, membership=owner, role=Role.VIEWER)
    with pytest.raises(Conflict, match="only owner"):
        member_remove(access=access, membership=owner)
    page = cast.browser(cast.owner).post(f"/w/acme/members/{owner.pk}/leave/")
    assert page.status_code == 409
    assert "Make somebody else an owner first" in page.content.decode()
    assert member(cast, cast.owner).role == Role.OWNER


def test_an_owner_leaves_when_there_is_another(cast: Cast) -> None:
    access = cast.access(cast.owner)
    member_role_change(access=access, membership=member(cast, cast.editor), role=Role.OWNER)
    member_remove(access=access, membership=member(cast, cast.owner))
    assert not Membership.objects.of(cast.workspace).filter(user=cast.owner).exists()


def test_whoever_is_removed_loses_their_tokens(cast: Cast) -> None:
    api_token_create(access=cast.access(cast.editor), name="import", can_write=True)
    cast.browser(cast.owner).post(f"/w/acme/members/{member(cast, cast.editor).pk}/leave/")
    assert not ApiToken.objects.filter(user=cast.editor).exists()
    assert cast.browser(cast.editor).get("/w/acme/members/").status_code == 404


def test_anybody_may_leave_but_only_owners_remove(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        member_remove(access=cast.access(cast.editor), membership=member(cast, cast.viewer))
    left = cast.browser(cast.viewer).post(f"/w/acme/members/{member(cast, cast.viewer).pk}/leave/")
    assert left["Location"] == "/workspaces/"
    assert AuditEntry.objects.of(cast.workspace).get().verb == "member.left"


def test_a_member_of_another_workspace_does_not_exist_here(cast: Cast) -> None:
    elsewhere = Membership.objects.of(cast.elsewhere).get()
    assert cast.browser(cast.owner).post(f"/w/acme/members/{elsewhere.pk}/leave/").status_code == 404
    assert Membership.objects.of(cast.elsewhere).count() == 1


def test_owners_see_controls_and_viewers_read(cast: Cast) -> None:
    seen = {
        user.name: cast.browser(user).get("/w/acme/members/").content.decode() for user in (cast.owner, cast.viewer)
    }
    assert "Invite somebody" in seen["Olga"]
    assert "Invite somebody" not in seen["Vera"]
    assert "olga@example.org" in seen["Vera"]
