"""A forgotten password: a mail, a link that works once, and words about where the mail is."""

import re
from pathlib import Path

import pytest
from django.core import mail
from django.test import override_settings

from tests.conftest import Cast

pytestmark = pytest.mark.django_db

NEW = "an entirely new phrase"


def link_in(text: str) -> str:
    found = re.search(r"http://testserver(/password/\S+)", text)
    assert found is not None
    return found[1]


def test_the_link_of_the_mail_sets_a_password_once(cast: Cast) -> None:
    client = cast.browser()
    assert client.post("/password/", {"email": "OLGA@example.org"})["Location"] == "/password/sent/"
    link = link_in(str(mail.outbox[0].body))
    form = client.get(link, follow=True).redirect_chain[-1][0]
    changed = client.post(form, {"new_password1": NEW, "new_password2": NEW})
    assert changed["Location"] == "/start/"
    assert cast.browser().post("/sign-in/", {"username": "olga@example.org", "password": NEW})["Location"] == "/start/"
    again = cast.browser().get(link, follow=True)
    assert "This link no longer works" in again.content.decode()


def test_an_unknown_address_gets_the_same_answer_and_no_mail(cast: Cast) -> None:
    assert cast.browser().post("/password/", {"email": "nobody@example.org"})["Location"] == "/password/sent/"
    assert mail.outbox == []


def test_without_a_mail_server_the_page_says_where_the_mail_is(cast: Cast, tmp_path: Path) -> None:
    client = cast.browser()
    files = {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(tmp_path / "mail"),
    }
    with override_settings(**files):
        page = client.post("/password/", {"email": "olga@example.org"}, follow=True).content.decode()
        assert str(tmp_path / "mail") in page
        written = next((tmp_path / "mail").iterdir()).read_text(encoding="utf-8")
    assert link_in(written)


@override_settings(
    ALLOWED_HOSTS=["taskworth.example"], EMAIL_BACKEND="django.core.mail.backends.filebased.EmailBackend"
)
def test_a_folder_of_the_server_is_not_told_to_the_world(cast: Cast) -> None:
    page = cast.browser().get("/password/sent/", headers={"host": "taskworth.example"}).content.decode()
    assert "No mail server is set" in page
    assert "/mail" not in page
