"""The demo: one press, while it is switched on and its workspace is there."""

import pytest
from django.test import override_settings

from tests.conftest import Cast

pytestmark = pytest.mark.django_db

WORDS = "Use the demo"


def test_without_a_demo_workspace_there_is_no_button(cast: Cast) -> None:
    assert WORDS not in cast.browser().get("/sign-in/").content.decode()
    assert cast.browser().post("/demo/").status_code == 404


def test_one_press_signs_in(cast: Cast) -> None:
    cast.elsewhere.is_demo = True
    cast.elsewhere.save()
    client = cast.browser()
    with override_settings(DEMO=True):
        assert WORDS in client.get("/sign-in/").content.decode()
        assert WORDS in client.get("/").content.decode()
        assert client.get("/demo/").status_code == 405
        assert client.post("/demo/")["Location"] == "/start/"
    assert client.session["_auth_user_id"] == str(cast.stranger.pk)


def test_switched_off_it_is_shut(cast: Cast) -> None:
    cast.elsewhere.is_demo = True
    cast.elsewhere.save()
    with override_settings(DEMO=False):
        assert cast.browser().post("/demo/").status_code == 404
