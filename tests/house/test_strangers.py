"""A stranger gets nothing: every address × method, found by walking the URL configuration."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.core import serializers
from django.db import models
from django.test import Client

from accounts.access import Access
from accounts.models import Workspace
from accounts.pace import UserPace
from accounts.services import api_token_create
from jobs.models import Run
from planner.models import PortfolioPlan
from planner.selectors.estimate_files import WRITE_ESTIMATES
from planner.services.portfolio_job import portfolio_choose_compute
from tests.conftest import Cast
from tests.house.addresses import API, NOWHERE, PK, Address, arguments_of, every_address
from tests.house.populated import populate, scoped_models

pytestmark = pytest.mark.django_db

WRITING = ("post", "put", "patch", "delete")
METHODS = ("get", "head", "options", *WRITING)
PAGES = [each for each in every_address() if each.in_workspace]
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
    "api-docs",
    "api-schema",
    "api-unknown",
    "glossary",
    "health",
}
PERSONAL = {"accounts:start", "accounts:profile", "accounts:change_password", "accounts:workspaces"}
OPEN_CALLS = {"v1:token", "v1:hook"}
CALLS = [each for each in every_address() if each.in_api and each.name not in OPEN_CALLS]
# What a viewer may send: leaving, what is theirs alone, and what they have to say.
VIEWERS_MAY = {"accounts:member_leave", "accounts:tokens", "accounts:token_delete", "canvas:comments"}


@pytest.fixture
def acme(cast: Cast) -> Workspace:
    """The shared workspace with one row of every model, and with what the product computes for whoever looks."""
    populate(cast.workspace)
    chosen = portfolio_choose_compute(params={"plan": PK}, progress=lambda *_: None)
    PortfolioPlan.objects.filter(pk=PK).update(result=chosen["result"], fingerprint=chosen["fingerprint"])
    Run.objects.filter(pk=PK).update(kind=WRITE_ESTIMATES)
    return cast.workspace


def contents(workspace: Workspace) -> str:
    """Everything the workspace holds, as text."""
    rows: list[models.Model] = [workspace]
    for model in scoped_models():
        rows += model._base_manager.filter(workspace=workspace).order_by("pk")
    return str(serializers.serialize("json", rows))


def answers(client: Client, url: str, **options: Any) -> dict[str, int]:
    """The status each method is answered with; a view that breaks counts as 500."""
    client.raise_request_exception = False
    return {method: getattr(client, method)(url, **options).status_code for method in METHODS}


class Faults(dict[str, object]):
    """What went wrong, by address; looks after each whether the workspace still holds what it held at first."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace, self._before = workspace, contents(workspace)

    def walk(self, addresses: list[Address]) -> Iterator[Address]:
        """Each address in turn."""
        for address in addresses:
            yield address
            if contents(self._workspace) != self._before:
                self[address.name] = "changed something"


def test_every_address_is_in_a_workspace_or_known_to_be_open() -> None:
    strays = {each.name for each in every_address() if not each.in_workspace and not each.in_api}
    assert strays - OPEN - PERSONAL == set()


def test_a_stranger_cannot_tell_a_page_from_one_that_does_not_exist(cast: Cast, acme: Workspace) -> None:
    stranger, faults = cast.browser(cast.stranger), Faults(acme)
    for page in faults.walk(PAGES):
        found = answers(stranger, page.url(acme.slug))
        if not set(found.values()) <= {404, 405} or found != answers(stranger, page.url("no-such-workspace")):
            faults[page.name] = found
    assert faults == {}


def test_a_row_of_another_workspace_is_not_reached_through_ones_own(cast: Cast, acme: Workspace) -> None:
    stranger, faults = cast.browser(cast.stranger), Faults(acme)
    for page in faults.walk(PAGES):
        found = answers(stranger, page.url(cast.elsewhere.slug)) if page.of_one_thing else {}
        if not set(found.values()) <= {404, 405}:
            faults[page.name] = found
    assert faults == {}


def test_somebody_signed_out_is_sent_to_the_sign_in_page(cast: Cast, acme: Workspace) -> None:
    nobody, faults = cast.browser(), Faults(acme)
    for page in faults.walk(PAGES):
        for method in METHODS:
            answer = getattr(nobody, method)(page.url(acme.slug))
            if answer.status_code != 405 and not answer.headers.get("Location", "").startswith("/sign-in/"):
                faults[page.name] = (method, answer.status_code)
    assert faults == {}


def test_a_viewer_sends_nothing_that_changes_anything(cast: Cast, acme: Workspace) -> None:
    viewer, faults = cast.browser(cast.viewer), Faults(acme)
    for page in faults.walk(PAGES):
        if page.name not in VIEWERS_MAY:
            found = answers(viewer, page.url(acme.slug))
            if not {found[method] for method in WRITING} <= {403, 405}:
                faults[page.name] = found
    assert faults == {}


def test_the_row_is_really_there_for_a_member(cast: Cast, acme: Workspace) -> None:
    """Without this the tests above would pass on an address that never finds anything."""
    owner, faults = cast.browser(cast.owner), Faults(acme)
    owner.raise_request_exception = False
    for page in faults.walk(PAGES):
        named_by_number = all(kind == "int" or argument == "slug" for argument, kind in page.arguments)
        if named_by_number and owner.get(page.url(acme.slug)).status_code == 404:
            faults[page.name] = 404
    assert faults == {}


def token(access: Access) -> str:
    return "Token " + api_token_create(access=access, name="test", can_write=True)[1]


def test_the_api_asks_who_is_calling(cast: Cast, acme: Workspace) -> None:
    nobody, faults = cast.browser(), Faults(acme)
    for call in faults.walk(CALLS):
        found = answers(nobody, call.url(acme.slug))
        if not set(found.values()) <= {401, 405}:
            faults[call.name] = found
    assert faults == {}


@pytest.fixture
def unpaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Walking every address takes more calls than a minute allows."""
    monkeypatch.setattr(UserPace, "allow_request", lambda *_: True)


@pytest.mark.usefixtures("unpaced")
def test_the_api_gives_a_strangers_token_nothing_of_others(cast: Cast, acme: Workspace) -> None:
    """A row of others is answered like one that exists nowhere; a list holds none of theirs."""
    client, faults = cast.browser(), Faults(acme)
    client.raise_request_exception = False
    headers = {"Authorization": token(cast.access(cast.stranger, cast.elsewhere))}
    for call in faults.walk(CALLS):
        for method in METHODS:
            send = partial(getattr(client, method), headers=headers, **body(method))
            answer, nowhere = send(call.url(acme.slug)), send(call.url(acme.slug, NOWHERE))
            alike = answer.status_code == nowhere.status_code and answer.status_code in range(200, 500)
            found = call.of_one_thing and answer.status_code < 300 and method != "options"
            if not alike or found or mentions(answer):
                faults[f"{method} {call.name}"] = (answer.status_code, nowhere.status_code, answer.content[:300])
    assert faults == {}


GARBAGE = {"not JSON": b"{", "a list": b"[1]", "an unknown field": b'{"no_such": 1}', "null": b"null"}


@pytest.mark.parametrize("sent", GARBAGE.values(), ids=GARBAGE.keys())
def test_a_stranger_learns_of_no_row_by_what_is_wrong_with_a_body(cast: Cast, acme: Workspace, sent: bytes) -> None:
    """Whether a row is there for the caller comes before what was sent: 404, never what is wrong with the body."""
    client, faults = cast.browser(), Faults(acme)
    client.raise_request_exception = False
    headers = {"Authorization": token(cast.access(cast.stranger, cast.elsewhere)), "If-Match": "*"}
    for call in faults.walk([each for each in CALLS if each.of_one_thing]):
        for method in WRITING:
            send = partial(getattr(client, method), data=sent, content_type="application/json", headers=headers)
            if (status := send(call.url(acme.slug)).status_code) not in (404, 405):
                faults[f"{method} {call.name}"] = status
    assert faults == {}


def test_the_api_hides_a_workspace_from_a_strangers_session(cast: Cast, acme: Workspace) -> None:
    stranger, faults = cast.browser(cast.stranger), Faults(acme)
    for call in faults.walk(CALLS):
        answer = stranger.get(f"{call.url(acme.slug)}?workspace={acme.slug}")
        if answer.status_code not in (404, 405) and mentions(answer):
            faults[call.name] = (answer.status_code, answer.content[:300])
    assert faults == {}


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
