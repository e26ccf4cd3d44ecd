"""The parts that need a script: charts with their table and downloads, typing that saves, filtering."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from tests.browser import bench
from tests.conftest import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bench_page(page: Page, cast: Cast) -> Iterator[Page]:
    """The page of parts."""
    bench.NOTES.clear()
    with override_settings(ROOT_URLCONF="tests.browser.bench"):
        page.goto("/parts/")
        yield page


def bar_colour(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.querySelector('.chart .point path')).fill"))


def test_a_chart_is_drawn_in_the_colours_of_the_theme(bench_page: Page) -> None:
    expect(bench_page.locator(".chart .point")).to_have_count(3)
    light = bar_colour(bench_page)
    bench_page.get_by_role("button", name="Switch between light and dark").click()
    expect(bench_page.locator(".chart .point")).to_have_count(3)
    assert bar_colour(bench_page) != light


def test_the_figures_of_a_chart_are_a_table_one_press_away(bench_page: Page) -> None:
    bench_page.get_by_role("button", name="Table").click()
    table = bench_page.get_by_role("region", name="Figures of the chart")
    expect(table.get_by_role("row").nth(0)).to_have_text("seriesyeark EUR")
    expect(table.get_by_role("row").nth(1)).to_have_text("netstart−265")
    bench_page.get_by_role("button", name="Chart", exact=True).click()
    expect(table).to_be_hidden()


def test_a_chart_is_downloaded_as_csv_without_formulas_and_as_png(bench_page: Page, tmp_path: Path) -> None:
    with bench_page.expect_download() as sheet:
        bench_page.get_by_role("button", name="CSV").click()
    sheet.value.save_as(tmp_path / "figures.csv")
    lines = (tmp_path / "figures.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[:2] == ["series,year,k EUR", "net,start,-265"]
    assert lines[-1] == "'=cmd(),start,1"
    with bench_page.expect_download() as picture:
        bench_page.get_by_role("button", name="PNG").click()
    picture.value.save_as(tmp_path / "figures.png")
    assert (tmp_path / "figures.png").read_bytes().startswith(b"\x89PNG")


def test_typing_saves_and_says_so(bench_page: Page) -> None:
    said = bench_page.locator("[data-saved-word]")
    bench_page.get_by_label("Note").press_sequentially("30 k")
    expect(said).to_have_text("Not saved yet")
    expect(said).to_have_text("Saved")
    assert bench.NOTES == ["30 k"]


def test_leaving_at_once_loses_nothing(bench_page: Page) -> None:
    bench_page.get_by_label("Note").fill("half a thought")
    bench_page.goto("/sign-in/")
    bench_page.wait_for_timeout(500)
    assert bench.NOTES == ["half a thought"]


def test_a_refusal_is_told_and_what_was_typed_stays(bench_page: Page) -> None:
    # A page of its own: Chromium reports the refused request as an error in the console.
    page = bench_page.context.new_page()
    page.goto("/parts/")
    page.get_by_label("Note").fill("refuse")
    expect(page.locator("#toasts")).to_contain_text("Too long")
    expect(page.locator("[data-saved-word]")).to_contain_text("Not saved")
    expect(page.get_by_label("Note")).to_have_value("refuse")


def test_a_filter_leaves_the_rows_with_its_words(bench_page: Page) -> None:
    bench_page.get_by_label("Only").fill("tri")
    expect(bench_page.get_by_role("row")).to_have_count(1)
    expect(bench_page.get_by_text("1 shown")).to_be_visible()
