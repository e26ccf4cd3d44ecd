"""The task graph in a browser: one selection with the table, edited on the canvas with undo, readable by axe."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from planner.models import Flow, Process, Task
from tests.conftest import Cast
from tests.planner.processes import drawn_process, the_process

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PLACES = """() => {
  const cy = document.querySelector("[data-graph]").cytoscape;
  cy.resize(); // it may not have heard yet that the window has another size
  cy.fit(undefined, 20);
  const place = (node) => [node.renderedPosition().x, node.renderedPosition().y];
  return Object.fromEntries(cy.nodes().map((node) => [node.data("name"), place(node)]));
}"""

DRAWN = """(name) => {
  const cy = document.querySelector("[data-graph]")?.cytoscape;
  return cy && cy.nodes().some((node) => node.data("name") === name);
}"""


@pytest.fixture
def tasks(cast: Cast) -> dict[str, Task]:
    return drawn_process(cast.access(cast.editor))


@pytest.fixture
def process(tasks: dict[str, Task]) -> Process:
    return the_process(tasks)


def press(page: Page, name: str) -> None:
    """Click a task in the drawing."""
    page.locator("#graph").scroll_into_view_if_needed()
    page.wait_for_function(DRAWN, arg=name)  # after a link the page is there before its drawing is
    x, y = page.evaluate(PLACES)[name]
    box = page.locator("#graph").bounding_box()
    assert box
    page.mouse.click(box["x"] + x, box["y"] + y)


def test_graph_table_and_address_hold_one_selection(
    *,
    page: Page,
    cast: Cast,
    tasks: dict[str, Task],
    process: Process,
    sign_in: Callable[[User], None],
    accessible: Callable[[], None],
    picture: Callable[[str], None],
) -> None:
    sign_in(cast.viewer)
    page.goto(f"/w/acme/processes/{process.pk}/tasks/")
    press(page, "Ask")
    expect(page.locator("#picked h2")).to_have_text("Ask")
    expect(page.locator("tr.is-selected")).to_contain_text("Ask")
    assert f"task={tasks['Ask'].pk}" in page.url
    page.reload()
    expect(page.locator("tr.is-selected")).to_contain_text("Ask")
    page.get_by_role("button", name="Waiting").click()
    expect(page.locator("[data-legend-title]")).to_have_text("Waiting before it, median")
    accessible()
    picture("tasks")


def test_the_graph_is_edited_on_the_canvas_and_every_step_can_be_taken_back(
    page: Page, cast: Cast, tasks: dict[str, Task], process: Process, sign_in: Callable[[User], None]
) -> None:
    sign_in(cast.editor)
    page.goto(f"/w/acme/processes/{process.pk}/tasks/?edit=graph")
    words = page.locator("[data-graph-words]")
    page.get_by_label("New task").fill("Close")
    page.get_by_label("After").select_option(label="Pay")
    page.get_by_role("button", name="Add task").click()
    expect(words).to_have_text("Close added.")
    expect(page.locator("#tasks")).to_contain_text("Close")
    page.get_by_role("button", name="Rename").click()
    page.get_by_label("New name of Close").fill("Close file")
    page.keyboard.press("Enter")
    expect(words).to_have_text("Renamed to Close file.")
    page.get_by_role("button", name="Connect").click()
    press(page, "Close file")
    press(page, "Triage")
    expect(words).to_have_text("Flow from Close file to Triage drawn.")
    assert Flow.objects.filter(source__name="Close file", target=tasks["Triage"]).exists()
    undo = page.get_by_role("button", name="Undo")
    for taken_back in ("Flow from Close file to Triage drawn", "Renamed to Close file", "Close added"):
        undo.click()
        expect(words).to_have_text(f"Taken back: {taken_back}.")
    expect(undo).to_be_disabled()
    assert set(Task.objects.work().values_list("name", flat=True)) == {"Triage", "Ask", "Pay"}


@pytest.mark.parametrize("path", ["", "processes/new/", "import/", "processes/{}/", "processes/{}/flows/"])
def test_the_other_pages_are_readable(
    *,
    path: str,
    page: Page,
    cast: Cast,
    process: Process,
    sign_in: Callable[[User], None],
    accessible: Callable[[], None],
) -> None:
    sign_in(cast.editor)
    page.goto(f"/w/acme/{path.format(process.pk)}")
    accessible()
