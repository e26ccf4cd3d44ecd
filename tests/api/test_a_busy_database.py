"""A write that waits too long for another is told so, with when to try again, as a page and as a problem."""

import sqlite3
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client(cast: Cast) -> Iterator[Client]:
    """An editor, signed in, while another connection is in the middle of a write for which nobody waits long."""
    if connection.vendor != "sqlite":
        pytest.skip("writers of PostgreSQL do not hold each other off")
    client = cast.browser(cast.editor)
    client.raise_request_exception = False
    name = str(connection.settings_dict["NAME"])
    other = sqlite3.connect(name, uri=name.startswith("file:"), isolation_level=None)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE planner_process SET name = name")
    yield client
    other.rollback()
    other.close()


def test_the_api_says_when_to_try_again(client: Client) -> None:
    answer = client.post("/api/v1/processes/?workspace=acme", {"name": "Claims"}, content_type="application/json")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:taskworth:problem:busy")
    assert int(answer.headers["Retry-After"]) > 0


def test_the_page_says_that_nothing_is_lost(client: Client) -> None:
    answer = client.post("/w/acme/processes/new/", {"name": "Claims"})
    assert answer.status_code == 503
    assert "again in a few seconds" in answer.content.decode()
