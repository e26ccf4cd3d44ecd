"""A token stands for one person in one workspace, is shown once and can be lost."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import ApiToken, Membership
from accounts.services import api_token_create, api_token_revoke
from common.errors import NotAllowed
from tests.conftest import Cast

WORKSPACES = "/api/v1/workspaces/"
TOKEN = "/api/v1/auth/token/"


def asked(cast: Cast, **changed: object) -> dict[str, object]:
    given = {"email": cast.editor.email, "password": cast.password, "workspace": "acme", "name": "laptop"}
    return {**given, **changed}


def with_token(secret: str, scheme: str = "Token") -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"{scheme} {secret}")
    return client


def test_email_and_password_give_a_token_that_works(cast: Cast) -> None:
    answer = APIClient().post(TOKEN, asked(cast, write=True))
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    listed = with_token(answer.json()["token"]).get(WORKSPACES).json()
    assert [(each["slug"], each["role"]) for each in listed["results"]] == [("acme", "editor")]


def test_only_the_digest_of_a_token_is_kept(cast: Cast) -> None:
    secret = APIClient().post(TOKEN, asked(cast)).json()["token"]
    kept = ApiToken.objects.values().get()
    assert secret not in str(kept)
    assert kept["prefix"] == secret[:8]


@pytest.mark.parametrize(
    "wrong", [{"password": "wrong"}, {"email": "nobody@example.org"}], ids=["wrong password", "unknown address"]
)
def test_a_wrong_sign_in_does_not_say_what_was_wrong(cast: Cast, wrong: dict[str, str]) -> None:
    answer = APIClient().post(TOKEN, asked(cast, **wrong))
    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:taskworth:problem:sign-in-refused"


def test_six_wrong_tries_lock_the_sign_in(cast: Cast) -> None:
    for _ in range(6):
        APIClient().post(TOKEN, asked(cast, password="wrong"))
    assert APIClient().post(TOKEN, asked(cast)).status_code == 401


def test_the_eleventh_try_in_a_minute_has_to_wait(cast: Cast) -> None:
    answers = [APIClient().post(TOKEN, {}) for _ in range(11)]
    assert [answer.status_code for answer in answers[-2:]] == [400, 429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_no_token_for_a_workspace_one_is_not_in(cast: Cast) -> None:
    assert APIClient().post(TOKEN, asked(cast, workspace="other")).status_code == 404


def test_a_viewer_gets_no_token_that_writes(cast: Cast) -> None:
    refused = APIClient().post(TOKEN, asked(cast, email=cast.viewer.email, write=True))
    assert (refused.status_code, refused.headers["Content-Type"]) == (403, "application/problem+json")


@pytest.mark.parametrize("scheme", ["Token", "Bearer"])
def test_an_unknown_token_is_refused_and_told_how_to_sign_in(db: None, scheme: str) -> None:
    answer = with_token("tw_nonsense", scheme).get(WORKSPACES)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"


def test_a_token_stops_when_it_expires_is_revoked_or_its_holder_leaves(cast: Cast) -> None:
    access = cast.access(cast.editor)
    soon = timezone.now() - timedelta(seconds=1)
    _, expired = api_token_create(access=access, name="a", can_write=False, expires_at=soon)
    revoked, secret = api_token_create(access=access, name="b", can_write=False)
    api_token_revoke(access=access, token=revoked)
    _, left = api_token_create(access=access, name="c", can_write=False)
    Membership.objects.filter(user=cast.editor).delete()
    assert {with_token(each).get(WORKSPACES).status_code for each in (expired, secret, left)} == {401}


def test_only_an_owner_revokes_the_token_of_another(cast: Cast) -> None:
    token, _ = api_token_create(access=cast.access(cast.editor), name="a", can_write=False)
    with pytest.raises(NotAllowed):
        api_token_revoke(access=cast.access(cast.viewer), token=token)
    api_token_revoke(access=cast.access(cast.owner), token=token)
    assert not ApiToken.objects.exists()


def test_a_signed_in_browser_reads_with_its_session(cast: Cast) -> None:
    assert cast.browser(cast.viewer).get(WORKSPACES).json()["count"] == 1


def test_use_of_a_token_is_noted(cast: Cast) -> None:
    token, secret = api_token_create(access=cast.access(cast.editor), name="a", can_write=False)
    with_token(secret).get(WORKSPACES)
    token.refresh_from_db()
    assert token.last_used_at is not None
