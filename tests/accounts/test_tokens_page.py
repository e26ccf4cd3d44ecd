"""The page of API tokens: shown once, scoped, expiring, revoked."""

import re

import pytest
from django.utils import timezone

from accounts.models import ApiToken, AuditEntry
from accounts.services import api_token_create, api_token_found
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.second_leg]

PAGE = "/w/acme/tokens/"


def made(cast: Cast, **changed: str) -> str:
    answer = cast.browser(cast.editor).post(PAGE, {"name": "import", "scope": "read", "lifetime": "90", **changed})
    found = re.search(r"tw_[\w-]{30,}", answer.content.decode())
    assert answer.status_code == 200
    assert found is not None
    return found[0]


def test_a_token_is_shown_once_and_works(cast: Cast) -> None:
    secret = made(cast)
    assert secret not in cast.browser(cast.editor).get(PAGE).content.decode()
    found = api_token_found(secret=secret, now=timezone.now())
    assert found is not None
    token = found[0]
    assert (token.user, token.can_write, token.name) == (cast.editor, False, "import")
    assert token.expires_at is not None
    assert 89 <= (token.expires_at - timezone.now()).days <= 90


def test_only_its_digest_is_kept(cast: Cast) -> None:
    secret = made(cast)
    kept = ApiToken.objects.get()
    assert secret not in str(kept.__dict__)
    assert not any(secret in str(entry.__dict__) for entry in AuditEntry.objects.all())


def test_a_viewer_cannot_make_a_token_that_writes(cast: Cast) -> None:
    given = {"name": "import", "scope": "write", "lifetime": "30"}
    assert cast.browser(cast.viewer).post(PAGE, given).status_code == 403
    assert cast.browser(cast.viewer).post(PAGE, {**given, "scope": "read"}).status_code == 200


def test_revoking_is_for_its_holder_and_for_owners(cast: Cast) -> None:
    token, secret = api_token_create(access=cast.access(cast.editor), name="mine", can_write=False)
    path = f"{PAGE}{token.pk}/delete/"
    assert cast.browser(cast.viewer).post(path).status_code == 403
    assert cast.browser(cast.owner).post(path).status_code == 302
    assert api_token_found(secret=secret, now=timezone.now()) is None


def test_members_see_their_own_tokens_and_owners_all(cast: Cast) -> None:
    api_token_create(access=cast.access(cast.editor), name="of Edith", can_write=False)
    assert "of Edith" in cast.browser(cast.owner).get(PAGE).content.decode()
    assert "of Edith" not in cast.browser(cast.viewer).get(PAGE).content.decode()


def test_a_name_is_needed_and_the_error_stands_beside_it(cast: Cast) -> None:
    answer = cast.browser(cast.editor).post(PAGE, {"name": "", "scope": "read", "lifetime": "90"})
    assert answer.status_code == 422
    assert "required" in answer.content.decode().split('id="id_name_error"')[1].split("</div>")[0]
