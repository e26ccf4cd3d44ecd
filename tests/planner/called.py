"""The API as a person's program calls it."""

from rest_framework.test import APIClient

from accounts.models import User, Workspace
from accounts.services import api_token_create
from tests.conftest import Cast


def called(cast: Cast, user: User, workspace: Workspace | None = None) -> APIClient:
    """A client with a token of this person."""
    access = cast.access(user, workspace)
    _, secret = api_token_create(access=access, name="test", can_write=access.can_edit)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
    return client
