"""A stranger gets nothing: every address × method, found by walking the URL configuration."""

import json
from typing import Any

import pytest
from django.core import serializers
from django.db import models
from django.test import Client

from accounts.access import Access
from accounts.models import Workspace
from accounts.services import api_token_create
from tests.conftest import Cast
from tests.house.addresses import API, PK, Address, arguments_of, every_address
from tests.house.populated import populate, scoped_models

pytestmark = pytest.mark.django_db

METHODS = ("get", "head", "options", "post", "put", "patch", "delete")
PAGES = [each for each in every_address() if each.in_workspace]
CALLS = [each for each in every_address() if each.in_api]
# Addresses that belong to no workspace: open to anybody, or about the person who is signed in.
OPEN = {
    "accounts:landing",
    "accounts:sign_in",
    "accounts:sign_up",
    "accounts:sign_out",
    "accounts:demo",
    "accounts:reset",
    "accounts:reset_sent",
    "accounts:reset_confirm",
    "accounts:join",
    "health",
}
PERSONAL = {"accounts:start", "accounts:profile", "accounts:change_password", "accounts:workspaces"}
OPEN_CALLS = {"v1:token", "v1:hook", "v1:schema", "v1:docs"}
# What a viewer may send: leaving, and what is theirs alone.
VIEWERS_MAY = {"accounts:member_leave", "accounts:tokens", "accounts:token_delete"}


def name(address: Address) -> str:
    return address.name


@pytest.fixture
def acme(cast: Cast) -> Workspace:
    """The shared workspace with one row of every model."""
    populate(cast.workspace)
    return cast.workspace


def contents(workspace: Workspace) -> str:
    """Everything the workspace holds, as text."""
    rows: list[models.Model] = [workspace]
    for model in scoped_models():
        rows += model._base_manager.filter(workspace=workspace).order_by("pk")
    return serializers.serialize("json", rows)


def statuses(client: Client, url: str, **headers: str) -> dict[str, int]:
    client.raise_request_exception = False
    return {method: getattr(client, method)(url, headers=headers).status_code for method in METHODS}


def test_every_address_is_in_a_workspace_or_known_to_be_open() -> None:
    strays = {each.name for each in every_address() if not each.in_workspace and not each.in_api}
    assert {each for each in strays if not each.startswith(("api-docs:", "schema"))} - OPEN - PERSONAL == set()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_stranger_cannot_tell_a_page_from_one_that_does_not_exist(page: Address, cast: Cast, acme: Workspace) -> None:
    stranger, before = cast.browser(cast.stranger), contents(acme)
    answers = statuses(stranger, page.url(acme.slug))
    assert set(answers.values()) <= {404, 405}
    assert answers == statuses(stranger, page.url("no-such-workspace"))
    assert contents(acme) == before


@pytest.mark.parametrize("page", [each for each in PAGES if each.of_one_thing], ids=name)
def test_a_row_of_another_workspace_is_not_reached_through_ones_own(page: Address, cast: Cast, acme: Workspace) -> None:
    before = contents(acme)
    answers = statuses(cast.browser(cast.stranger), page.url(cast.elsewhere.slug))
    assert set(answers.values()) <= {404, 405}
    assert contents(acme) == before


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_somebody_signed_out_is_sent_to_the_sign_in_page(page: Address, cast: Cast, acme: Workspace) -> None:
    before = contents(acme)
    for method in METHODS:
        answer = getattr(cast.browser(), method)(page.url(acme.slug))
        assert answer.status_code == 405 or answer.headers.get("Location", "").startswith("/sign-in/"), method
    assert contents(acme) == before


@pytest.mark.parametrize("page", [each for each in PAGES if each.name not in VIEWERS_MAY], ids=name)
def test_a_viewer_sends_nothing_that_changes_anything(page: Address, cast: Cast, acme: Workspace) -> None:
    before = contents(acme)
    answers = statuses(cast.browser(cast.viewer), page.url(acme.slug))
    assert all(answers[method] in (403, 404, 405) for method in ("post", "put", "patch", "delete")), answers
    assert contents(acme) == before


@pytest.mark.parametrize("page", [each for each in PAGES if each.of_one_thing], ids=name)
def test_the_row_is_really_there_for_a_member(page: Address, cast: Cast, acme: Workspace) -> None:
    """Without this the tests above would pass on an address that never finds anything."""
    if {argument for argument, kind in page.arguments if kind in ("str", "path")}:
        return
    client = cast.browser(cast.owner)
    client.raise_request_exception = False
    assert client.get(page.url(acme.slug)).status_code != 404


def token(access: Access) -> str:
    return "Token " + api_token_create(access=access, name="test", can_write=True)[1]


def closed_calls() -> list[Address]:
    return [each for each in CALLS if each.name not in OPEN_CALLS]


@pytest.mark.parametrize("call", closed_calls(), ids=name)
def test_the_api_asks_who_is_calling(call: Address, cast: Cast, acme: Workspace) -> None:
    before = contents(acme)
    answers = statuses(cast.browser(), call.url(acme.slug))
    assert set(answers.values()) <= {401, 405}
    assert contents(acme) == before


@pytest.mark.parametrize("call", closed_calls(), ids=name)
def test_the_api_gives_a_strangers_token_nothing_of_others(call: Address, cast: Cast, acme: Workspace) -> None:
    client, headers = cast.browser(), {"Authorization": token(cast.access(cast.stranger, cast.elsewhere))}
    before = contents(acme)
    for method in METHODS:
        client.raise_request_exception = False
        answer = getattr(client, method)(call.url(acme.slug), headers=headers, **body(method))
        if call.of_one_thing and method != "options":
            assert answer.status_code in (404, 405, 415), f"{method}: {answer.status_code}"
        assert answer.status_code < 500, method
        assert not mentions(answer), method
    assert contents(acme) == before


@pytest.mark.parametrize("call", closed_calls(), ids=name)
def test_the_api_hides_a_workspace_from_a_strangers_session(call: Address, cast: Cast, acme: Workspace) -> None:
    answer = cast.browser(cast.stranger).get(f"{call.url(acme.slug)}?workspace={acme.slug}")
    assert answer.status_code in (404, 405) or not mentions(answer)


def body(method: str) -> dict[str, Any]:
    return {"data": {}, "content_type": "application/json"} if method in ("post", "put", "patch") else {}


def mentions(answer: Any) -> bool:
    """The answer names a row that is the other workspace's, or the workspace itself."""
    text = b"".join(answer) if answer.streaming else answer.content
    try:
        values = set(_values(json.loads(text or b"null")))
    except ValueError:
        values = set(text.decode(errors="replace").split('"'))
    return bool(values & {PK, str(PK), "acme", "Acme"})


def _values(content: Any) -> list[Any]:
    if isinstance(content, dict):
        return [value for each in content.values() for value in _values(each)]
    if isinstance(content, list):
        return [value for each in content for value in _values(each)]
    return [content]


def test_the_walk_sees_converters_and_regular_expressions() -> None:
    assert list(arguments_of("w/<slug:slug>/x/<int:pk>/<name>/")) == [("slug", "slug"), ("pk", "int"), ("name", "str")]
    assert list(arguments_of("things/(?P<pk>[^/.]+)/$")) == [("pk", "regex")]


def test_the_walk_finds_pages_and_the_api() -> None:
    assert all(each.route.startswith(API) for each in CALLS)
    assert CALLS
    assert PAGES
