"""A real browser against a live server: nothing may be fetched from elsewhere, nothing may be reported as an error."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.browser.faults import watch
from tests.conftest import Cast

SCREENSHOTS = Path(__file__).resolve().parents[2] / "screenshots"
WIDTHS = {"desktop": 1440, "phone": 390}
# A busy machine is slow, not wrong.
expect.set_options(timeout=20_000)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests; Debian's, so nothing is downloaded."""
    # Playwright keeps an event loop in this thread, which Django would take for an asynchronous caller.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """A fresh profile at the live server. A request to any other host is stopped and fails the test."""
    elsewhere: list[str] = []
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": WIDTHS["desktop"], "height": 900}, reduced_motion="reduce"
    )

    def guard(route: Route) -> None:
        if route.request.url.startswith((live_server.url, "data:", "blob:")):
            route.continue_()
        else:
            elsewhere.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    context.set_default_timeout(15_000)
    yield context
    context.close()
    assert elsewhere == []


@pytest.fixture
def faults() -> list[str]:
    """What the page of this test complained of so far."""
    return []


@pytest.fixture
def page(context: BrowserContext, faults: list[str]) -> Iterator[Page]:
    """A page; an error in its console or scripts, or a report of the content policy, fails the test."""
    page = context.new_page()
    watch(page, faults)
    yield page
    assert faults == []


@pytest.fixture
def sign_in(context: BrowserContext, live_server: LiveServer, cast: Cast) -> Callable[[User], None]:
    """Sign a person in without the form: the session cookie of a test client."""

    def sign_in(user: User) -> None:
        cookie = cast.browser(user).cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": live_server.url}])

    return sign_in


@pytest.fixture
def picture(page: Page) -> Callable[[str], None]:
    """Save the page as `screenshots/<name>-desktop.png` and `-phone.png`; no width may scroll sideways."""

    def picture(name: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        for device, width in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=SCREENSHOTS / f"{name}-{device}.png", full_page=True)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{name} is {wide} px wider than a {device} of {width} px"
        page.set_viewport_size({"width": WIDTHS["desktop"], "height": 900})

    return picture


@pytest.fixture
def accessible(page: Page) -> Callable[[], None]:
    """Fail on anything axe finds on the page as it stands."""

    def accessible() -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    return accessible
