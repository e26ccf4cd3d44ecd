"""A page asked for before the database is ready says so and looks again; health says it too."""

import sqlite3

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from accounts.models import Workspace
from common.middleware import ProblemMiddleware, broken
from common.unready import is_database_unready
from tests.conftest import Cast


def absent() -> OperationalError:
    error = OperationalError("no such table: django_session")
    error.__cause__ = sqlite3.OperationalError("no such table: django_session")
    return error


def test_a_page_says_it_is_being_prepared_and_the_api_when_to_ask_again() -> None:
    for path in ("/sign-up/", "/api/v1/processes/"):
        request = RequestFactory().get(path)
        try:
            raise absent()
        except OperationalError as error:
            answers = [broken(request), ProblemMiddleware(broken).process_exception(request, error)]
        for answer in answers:
            assert answer is not None
            assert answer.status_code == 503
            assert "being prepared" in answer.content.decode()


def test_other_faults_stay_what_they_are() -> None:
    assert not is_database_unready(OperationalError("disk I/O error"))
    assert not is_database_unready(ValueError("no such table"))


@pytest.mark.django_db
def test_health_needs_the_tables(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get("/health/").status_code == 200

    def away(*_: object) -> bool:
        raise absent()

    monkeypatch.setattr(type(Workspace.objects.all()), "exists", away)
    assert Client().get("/health/").status_code == 503
