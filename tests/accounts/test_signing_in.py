"""Signing in, the locked door, signing out, and where one lands."""

import pytest
from django.test import Client, override_settings

from tests.conftest import Cast

pytestmark = pytest.mark.django_db

SIGN_IN = "/sign-in/"


def tried(client: Client, password: str, email: str = "olga@example.org", **extra: str) -> int:
    return client.post(SIGN_IN, {"username": email, "password": password}, headers=extra or None).status_code


def test_the_right_password_opens_in_whatever_case_the_address_is(cast: Cast) -> None:
    client = cast.browser()
    answer = client.post(SIGN_IN, {"username": "Olga@Example.org", "password": cast.password})
    assert (answer.status_code, answer["Location"]) == (302, "/start/")


def test_a_wrong_password_and_an_unknown_address_answer_alike(cast: Cast) -> None:
    client = cast.browser()
    pages = [
        client.post(SIGN_IN, {"username": email, "password": "wrong"}).content.decode()
        for email in ("olga@example.org", "nobody@example.org")
    ]
    assert all("E-mail and password do not match an account" in page for page in pages)


def test_six_wrong_tries_lock_the_door_in_words(cast: Cast) -> None:
    client = cast.browser()
    answers = [tried(client, "wrong") for _ in range(6)]
    assert answers[:5] == [200] * 5
    locked = client.post(SIGN_IN, {"username": "olga@example.org", "password": cast.password})
    assert locked.status_code == 429
    assert "Sign-in is locked for an hour" in locked.content.decode()
    assert tried(client, cast.password, "OLGA@example.org") == 429


def test_forged_addresses_do_not_open_the_door_again(cast: Cast) -> None:
    for number in range(6):
        tried(cast.browser(), "wrong", **{"X-Forwarded-For": f"203.0.113.{number}"})
    assert tried(cast.browser(), cast.password, **{"X-Forwarded-For": "203.0.113.99"}) == 429


def test_who_signs_in_meanwhile_opens_no_door_for_a_guesser(cast: Cast) -> None:
    cast.elsewhere.is_demo = True
    cast.elsewhere.save()
    with override_settings(DEMO=True):
        for _ in range(3):
            assert 302 not in [tried(cast.browser(), "wrong") for _ in range(2)]
            assert cast.browser().post("/demo/").status_code == 302
            assert tried(cast.browser(), cast.password, "edith@example.org") == 302
    assert tried(cast.browser(), cast.password) == 429


def test_ones_own_success_forgives_ones_wrong_tries(cast: Cast) -> None:
    for _ in range(3):
        assert [tried(cast.browser(), "wrong") for _ in range(5)] == [200] * 5
        assert tried(cast.browser(), cast.password) == 302


def test_who_is_locked_out_locks_out_no_colleague_at_the_same_address(cast: Cast) -> None:
    for _ in range(9):
        tried(cast.browser(), "wrong")
    assert tried(cast.browser(), cast.password) == 429
    assert tried(cast.browser(), "wrong", "edith@example.org") == 200
    assert tried(cast.browser(), cast.password, "edith@example.org") == 302


@override_settings(AXES_IPWARE_PROXY_COUNT=1)
def test_who_is_locked_out_here_may_come_in_elsewhere(cast: Cast) -> None:
    for _ in range(70):
        tried(cast.browser(), "wrong", **{"X-Forwarded-For": "1.1.1.1, 203.0.113.5"})
    assert tried(cast.browser(), cast.password, **{"X-Forwarded-For": "203.0.113.5"}) == 429
    assert tried(cast.browser(), cast.password, **{"X-Forwarded-For": "203.0.113.6"}) == 302


@override_settings(AXES_IPWARE_PROXY_COUNT=1, AXES_FAILURE_LIMIT=1)
def test_one_person_is_not_guessed_at_from_many_addresses(cast: Cast) -> None:
    for number in range(10):
        tried(cast.browser(), "wrong", **{"X-Forwarded-For": f"203.0.113.{number}"})
    assert tried(cast.browser(), cast.password, **{"X-Forwarded-For": "203.0.113.99"}) == 429


@override_settings(AXES_IPWARE_PROXY_COUNT=1, AXES_FAILURE_LIMIT=1)
def test_many_persons_are_not_guessed_at_from_one_address(cast: Cast) -> None:
    for number in range(10):
        tried(cast.browser(), "wrong", f"unknown{number}@example.org", **{"X-Forwarded-For": "203.0.113.5"})
    assert tried(cast.browser(), cast.password, **{"X-Forwarded-For": "203.0.113.5"}) == 429
    assert tried(cast.browser(), cast.password, **{"X-Forwarded-For": "203.0.113.6"}) == 302


def test_one_lands_in_the_workspace_one_was_in_last(cast: Cast) -> None:
    client = cast.browser(cast.owner)
    client.get("/w/acme/members/")
    assert client.get("/start/")["Location"].startswith("/w/acme/")


def test_who_is_in_no_workspace_is_asked_to_make_one(cast: Cast) -> None:
    cast.owner.memberships.all().delete()
    client = cast.browser(cast.owner)
    assert client.get("/start/")["Location"] == "/workspaces/"
    assert "You are in no workspace yet" in client.get("/workspaces/").content.decode()


def test_a_page_of_a_workspace_asks_to_sign_in_and_leads_back(cast: Cast) -> None:
    client = cast.browser()
    asked = client.get("/w/acme/members/")
    assert (asked.status_code, asked["Location"]) == (302, "/sign-in/?next=/w/acme/members/")
    answer = client.post(asked["Location"], {"username": "olga@example.org", "password": cast.password})
    assert answer["Location"] == "/w/acme/members/"


def test_nobody_is_led_to_another_site(cast: Cast) -> None:
    client = cast.browser()
    given = {"username": "olga@example.org", "password": cast.password, "next": "https://evil.example/"}
    assert client.post(SIGN_IN, given)["Location"] == "/start/"


def test_signing_out_is_a_press_and_ends_the_session(cast: Cast) -> None:
    client = cast.browser(cast.owner)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/"
    assert client.get("/profile/").status_code == 302
