"""Who may do what in a workspace: owner, editor, viewer, stranger, and nobody."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.access import Access, WorkspaceRequest, workspace_view
from accounts.models import Role, User
from common.errors import NotAllowed
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

READ = ["settings", "members", "tokens", "audit"]


@workspace_view()
def page(request: WorkspaceRequest, pk: int = 0) -> HttpResponse:
    return HttpResponse(f"{request.workspace.slug} {request.access.role} {request.membership.role} {pk}")


def asked(user: User, method: str = "get") -> HttpResponse:
    request = getattr(RequestFactory(), method)("/w/acme/")
    request.user, request.session = user, {}
    answer = page(request, slug="acme", pk=3)
    assert isinstance(answer, HttpResponse)
    return answer


def test_a_view_knows_the_workspace_and_the_role(cast: Cast) -> None:
    assert asked(cast.editor).content.decode() == "acme editor editor 3"


def test_a_viewer_reads_and_does_not_write(cast: Cast) -> None:
    assert asked(cast.viewer).status_code == 200
    with pytest.raises(NotAllowed, match="You are viewer of Acme; this needs editor"):
        asked(cast.viewer, "post")
    assert asked(cast.editor, "post").status_code == 200


@pytest.mark.parametrize("name", READ)
def test_every_member_reads_and_a_stranger_finds_nothing(cast: Cast, name: str) -> None:
    path = f"/w/acme/{name}/"
    assert [cast.browser(one).get(path).status_code for one in (cast.owner, cast.editor, cast.viewer)] == [200] * 3
    assert cast.browser(cast.stranger).get(path).status_code == 404
    assert cast.browser(cast.stranger).get(f"/w/no-such/{name}/").status_code == 404
    assert cast.browser().get(path).status_code == 302


@pytest.mark.parametrize("name", ["settings", "members"])
def test_editors_and_viewers_are_refused_in_words(cast: Cast, name: str) -> None:
    for user, role in ((cast.editor, "editor"), (cast.viewer, "viewer")):
        answer = cast.browser(user).post(f"/w/acme/{name}/", {"role": "owner"})
        assert answer.status_code == 403
        assert f"You are {role} of Acme; this needs owner." in answer.content.decode()


def test_the_product_itself_may_do_everything(cast: Cast) -> None:
    access = Access.system(cast.workspace)
    access.require(Role.OWNER)
    assert (access.user, access.can_edit, access.is_owner) == (None, True, True)
