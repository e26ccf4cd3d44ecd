"""Clients of the API, each with a token of one of the cast."""

from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from accounts.models import User, Workspace
from accounts.services import api_token_create
from tests.conftest import Cast

Calling = Callable[..., APIClient]


@pytest.fixture(autouse=True)
def unthrottled(db: None, settings: Settings) -> None:
    """Counts of earlier tests do not slow this one down: they go with the database, a broker would keep them."""
    settings.REDIS_URL = ""


@pytest.fixture
def calling(cast: Cast) -> Calling:
    """`calling(cast.editor)` is a client with that person's token; `write=False` gives a token that only reads."""

    def calling(user: User, *, write: bool = True, workspace: Workspace | None = None) -> APIClient:
        access = cast.access(user, workspace)
        _, secret = api_token_create(access=access, name="test", can_write=write and access.can_edit)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
        return client

    return calling
