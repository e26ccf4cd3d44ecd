"""The look in a real browser: forms with errors, the theme, and what floats, by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.services import api_token_create
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_form_with_errors_is_accessible_and_keeps_what_was_typed(
    page: Page, accessible: Callable[[], None], cast: Cast
) -> None:
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill("olga@example.org")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not match an account")
    expect(page.get_by_label("E-mail")).to_have_value("olga@example.org")
    accessible()


def test_the_theme_is_toggled_and_kept(page: Page, cast: Cast) -> None:
    page.goto("/sign-in/")
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    page.get_by_role("button", name="Switch between light and dark").click()
    after = page.evaluate(ground)
    assert before != after
    page.reload()
    assert page.evaluate(ground) == after


def test_the_palette_finds_and_opens_by_keyboard(
    page: Page, accessible: Callable[[], None], cast: Cast, sign_in: Callable[[User], None]
) -> None:
    sign_in(cast.owner)
    page.goto("/w/acme/settings/")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Find a process, a task or an action")
    expect(field).to_be_focused()
    field.press_sequentially("invite")
    expect(page.locator(".palette-item")).to_have_count(1)
    accessible()
    page.keyboard.press("Enter")
    expect(page).to_have_url("/w/acme/members/")


def test_one_escape_closes_the_palette_and_gives_the_focus_back(
    page: Page, cast: Cast, sign_in: Callable[[User], None]
) -> None:
    sign_in(cast.owner)
    page.goto("/w/acme/settings/")
    opener = page.get_by_role("link", name="Find a process, task or action")
    opener.click()
    page.get_by_role("combobox", name="Find a process, a task or an action").fill("members")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_keys_are_listed_and_escape_closes_them(page: Page, cast: Cast, sign_in: Callable[[User], None]) -> None:
    sign_in(cast.owner)
    page.goto("/w/acme/settings/")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()


def test_what_cannot_be_undone_is_asked_first(page: Page, cast: Cast, sign_in: Callable[[User], None]) -> None:
    token, _ = api_token_create(access=cast.access(cast.owner), name="Nightly import", can_write=True)
    sign_in(cast.owner)
    page.goto("/w/acme/tokens/")
    page.get_by_role("button", name="Revoke Nightly import").click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("Programs that use Nightly import are refused")
    dialog.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text(f"{token.prefix}…")).to_be_visible()
    page.get_by_role("button", name="Revoke Nightly import").click()
    dialog.get_by_role("button", name="Revoke it").click()
    expect(page.locator("#toasts")).to_contain_text("The token Nightly import is revoked")


def test_a_role_is_changed_by_choosing_it(page: Page, cast: Cast, sign_in: Callable[[User], None]) -> None:
    sign_in(cast.owner)
    page.goto("/w/acme/members/")
    page.get_by_label("Role of Vera").select_option("editor")
    expect(page.locator("#toasts")).to_contain_text("Vera is editor now")


def test_without_scripts_a_newcomer_signs_in_and_finds(page: Page, cast: Cast, live_server: object) -> None:
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, base_url=str(live_server))
    plain = context.new_page()
    plain.goto("/sign-in/?next=/w/acme/members/")
    plain.get_by_label("E-mail").fill("olga@example.org")
    plain.get_by_label("Password").fill(cast.password)
    plain.get_by_role("main").get_by_role("button", name="Sign in").click()
    plain.get_by_role("link", name="Find a process, task or action").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Everything you can open or do")
    context.close()
