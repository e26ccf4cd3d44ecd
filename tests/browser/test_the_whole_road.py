"""A newcomer walks from an event log to a run whose worth is measured, in the product as `make run` starts it."""

import os
import re
import signal
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SCREENSHOTS, WIDTHS
from tests.browser.faults import watch
from tests.browser.running import ROOT, Running, running

pytestmark = pytest.mark.browser
IMPORTED_MS, CHECKED_MS, RUN_MS = 90_000, 120_000, 300_000


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("product")) as found:
        yield found


@pytest.fixture
def page(chromium: Browser, product: Running) -> Iterator[Page]:
    """A fresh browser at the running product; an error in its console fails the test."""
    context = chromium.new_context(base_url=product.url, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()
    faults: list[str] = []
    watch(page, faults)
    yield page
    context.close()
    assert faults == []


@pytest.fixture
def seen(page: Page) -> Callable[[str], None]:
    """Save a screen at both widths; it may not scroll sideways, and axe may find nothing."""

    def seen(name: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        for device, width in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=SCREENSHOTS / f"road-{name}-{device}.png", full_page=True)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{name} is {wide} px wider than a {device}"
        page.set_viewport_size({"width": WIDTHS["desktop"], "height": 900})

    return seen


def test_from_an_event_log_to_a_measured_model(
    page: Page, product: Running, seen: Callable[[str], None], tmp_path: Path
) -> None:
    sign_up(page)
    seen("1-home")
    import_the_claims(page, seen)
    look_at_tasks(page, seen)
    values_and_ranking(page, seen)
    draft_and_fill_a_canvas(page, seen)
    generate_and_download(page, seen, tmp_path)
    run_it_though_the_worker_is_killed(page, product, seen)
    planned_and_measured(page, seen)


def sign_up(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Sign up").first.click()
    page.get_by_label("Your name").fill("Nora Newcomer")
    page.get_by_label("E-mail").fill("nora@example.org")
    page.get_by_label("Password").first.fill("a long enough sentence")
    page.get_by_label("Name of the workspace").fill("Claims team")
    page.get_by_role("button", name=re.compile("Make the account")).click()
    expect(page).to_have_url(re.compile("/w/claims-team/"))


def import_the_claims(page: Page, seen: Callable[[str], None]) -> None:
    page.goto("/w/claims-team/import/")
    page.locator("input[type=file]").set_input_files(ROOT / "examples" / "claims.csv.gz")
    page.locator("form[enctype] button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Triage claim")
    expect(page.locator("main")).to_contain_text("claim_amount")
    seen("2-check-the-file")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page).to_have_url(re.compile(r"/processes/\d+/"), timeout=IMPORTED_MS)


def address(page: Page, tail: str) -> str:
    found = re.search(r"/processes/(\d+)/", page.url)
    assert found, page.url
    return f"/w/claims-team/processes/{found.group(1)}/{tail}"


def look_at_tasks(page: Page, seen: Callable[[str], None]) -> None:
    page.goto(address(page, "tasks/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("tasks cost")
    expect(page.locator("table#tasks")).to_contain_text("Investigate claim")
    answer = page.request.get("/api/v1/processes/?workspace=claims-team")
    assert answer.ok, f"the API of the running product answers {answer.status}: {answer.text()}"
    assert [one["name"] for one in answer.json()["results"]] == ["Claims"]
    seen("3-tasks")


def values_and_ranking(page: Page, seen: Callable[[str], None]) -> None:
    page.goto(address(page, "foresight/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("can be foreseen", timeout=CHECKED_MS)
    page.goto(address(page, "suitability/"))
    seen("4-suitability")
    page.goto(address(page, "ranking/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Triage claim")
    for verdict in ("trivial", "write a rule", "not predictable"):
        expect(page.locator("main")).to_contain_text(re.compile(verdict, re.IGNORECASE))
    seen("4-ranking")
    page.get_by_role("link", name="Triage claim").first.click()
    expect(page.locator("main")).to_contain_text("net present value", ignore_case=True)
    seen("4-value")
    page.goto(page.url.split("/tasks/")[0] + "/processes/")
    page.get_by_role("link", name="Claims", exact=False).first.click()


def draft_and_fill_a_canvas(page: Page, seen: Callable[[str], None]) -> None:
    page.goto(address(page, "canvases/"))
    page.get_by_role("button", name="Draft at once").click()
    page.goto(address(page, "canvases/"))
    page.locator("main table").get_by_role("link", name="Open").first.click()
    expect(page.locator(".sheet .block")).to_have_count(10)
    expect(page.locator("main")).to_contain_text("Louis Dorard")
    box = page.locator(".sheet textarea").first
    box.fill("Handlers of claims team B")
    box.press("Tab")
    expect(page.locator(".saved").first).to_be_visible()
    page.wait_for_timeout(1500)
    page.reload()
    expect(page.locator(".sheet textarea").first).to_have_value("Handlers of claims team B")
    seen("5-canvas")


def generate_and_download(page: Page, seen: Callable[[str], None], folder: Path) -> None:
    page.get_by_role("button", name="Generate the pipeline").click()
    page.locator("form[action*='generate'] button[type=submit]").first.click()
    expect(page).to_have_url(re.compile(r"/pipelines/\d+/$"), timeout=IMPORTED_MS)
    expect(page.get_by_role("link", name=re.compile("Download zip"))).to_be_visible(timeout=IMPORTED_MS)
    seen("6-pipeline")
    with page.expect_download() as coming:
        page.get_by_role("link", name=re.compile("Download zip")).click()
    archive = folder / "project.zip"
    coming.value.save_as(archive)
    with zipfile.ZipFile(archive) as found:
        names = [name.split("/", 1)[-1] for name in found.namelist()]
        assert found.testzip() is None
    assert {"README.md", "Makefile", "Dockerfile", "pyproject.toml", "requirements.lock"} <= set(names)


def run_it_though_the_worker_is_killed(page: Page, product: Running, seen: Callable[[str], None]) -> None:
    page.get_by_role("button", name=re.compile("Run")).first.click()
    expect(page).to_have_url(re.compile(r"/runs/\d+/"))
    training = page.locator(".stage.is-run", has_text=re.compile("train", re.IGNORECASE))
    expect(training.first).to_be_visible(timeout=RUN_MS)
    seen("7-training")
    for pid in product.processes("celery"):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    expect(page.locator("main")).to_contain_text("Planned", timeout=RUN_MS)
    seen("7-run")


def planned_and_measured(page: Page, seen: Callable[[str], None]) -> None:
    page.reload()
    main = page.locator("main")
    expect(main).to_contain_text(re.compile("measured", re.IGNORECASE))
    expect(main).to_contain_text(re.compile("accepted", re.IGNORECASE))
    page.goto(page.url.split("/runs/")[0] + "/pipelines/")
    seen("8-pipelines")
