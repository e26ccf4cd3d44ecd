"""Every page, in both themes: no error or report in the console, nothing for axe to find, no sideways scrolling."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from canvas.models import Canvas
from tests.conftest import Cast
from tests.house.addresses import WORKSPACE, every_address
from tests.house.whole import Whole, whole_workspace

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (1440, 1280, 1024, 768, 390)
LOOKED_AT = {("light", 1440), ("dark", 390)}
TOO_WIDE = "document.documentElement.scrollWidth - window.innerWidth"
STICKING_OUT = """() => {
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  const found = [];
  while (walker.nextNode()) {
    range.selectNodeContents(walker.currentNode);
    if (range.getBoundingClientRect().right > window.innerWidth) { found.push(walker.currentNode.textContent.trim()); }
  }
  return found.filter(Boolean).map((text) => text.slice(0, 40)).slice(0, 9).join(" | ");
}"""
# Drawn by the vendored Swagger UI, which has faults of its own: held to the console and to the widths.
VENDORED = "API"
OUTSIDE = ("/", "/sign-in/", "/sign-up/", "/password/", "/password/sent/", "/glossary/")
# What needs a secret or a query that cannot be guessed; files that are there only when rows were left out, or a job
# has written them.
UNKNOWN = {
    "accounts:join",
    "accounts:reset_confirm",
    "pipelines:file",
    "pipelines:serving",
    "planner:rejected_rows",
    "planner:estimate_file",
    "api-unknown",
    "api-docs",
}


def inside(whole: Whole) -> dict[str, str]:
    """The address of each page by its name, and the forms a page takes besides."""
    process, task = whole.process.pk, whole.pipeline.task_id
    # The number in an address is of the kind of row its first word names; only posted to: zero finds nothing.
    rows = {
        "processes": process, "tasks": task, "logs": whole.process.logs.first().pk, "import": whole.upload.pk,
        "jobs": whole.job, "runs": whole.run, "pipelines": whole.pipeline.pk,
        "generations": whole.pipeline.generations.first().pk, "flows": whole.process.flows.first().pk,
        "members": 0, "invitations": 0, "tokens": 0, "shared-costs": whole.shared_cost, "scenarios": whole.scenario,
        "portfolios": whole.portfolio, "reports": whole.report, "estimates": 0, "training-tables": whole.table,
        "models": whole.pipeline.versions.exclude(package=None).first().pk, "triggers": 0, "promotions": 0,
        "outside-runs": whole.outside,
        "months": whole.month, "comments": whole.comment,
    }  # fmt: skip
    found = {}
    for each in every_address():
        if each.in_api or each.name in UNKNOWN:
            continue
        kind = each.route.removeprefix(WORKSPACE).split("/")[0]
        assert not each.of_one_thing or kind in rows, f"{each.route}: say which row “{kind}” is of"
        found[each.name] = each.url("acme", rows.get(kind, 0))
    empty = f"/w/acme/processes/{whole.empty.pk}"
    others = (
        "",
        "tasks/",
        "flows/",
        "suitability/",
        "values/",
        "ranking/",
        "scenarios/",
        "effect/",
        "estimates/",
        "assumptions/",
        "reports/",
        "foresight/",
        "canvases/",
        "pipelines/",
        "lives/",
    )
    return found | {f"empty {name}": f"{empty}/{name}" for name in others} | {
        "tasks, graph edited": f"{found['planner:tasks']}?edit=graph",
        "tasks, figures edited": f"{found['planner:tasks']}?edit=figures",
        "scenario for one task": f"{found['planner:scenario']}?task={task}",
        "effect of one task": f"{found['planner:effect']}?tasks={task}&repeats-{task}=50 %25",
        "suitability of a task": f"{found['planner:suitability']}?task={task}",
        "no canvas yet": f"/w/acme/tasks/{whole.process.tasks.work().exclude(pk=task).first().pk}/canvas/",
        VENDORED: "/api/docs/",
    }  # fmt: skip


def is_page(client: Client, path: str) -> bool:
    """A page of its own: no part of one, file, redirect or address that is only posted to. A refusal counts."""
    answer = client.get(path)
    if answer.status_code in (302, 405) or answer.streaming or "html" not in answer.headers["Content-Type"]:
        return False
    return answer.status_code != 200 or b"<html" in answer.content


def wider(page: Page) -> int:
    """How far the page sticks out sideways once charts have followed the new width."""
    for _ in range(20):
        excess = int(page.evaluate(TOO_WIDE))
        if excess <= 0:
            return 0
        page.wait_for_timeout(100)
    return excess


def looked_at(page: Page, name: str, path: str, faults: list[str]) -> Iterator[str]:
    """What is wrong with a page in either theme at any width."""
    for theme in ("light", "dark"):
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        before = len(faults)
        answer = page.goto(f"{path}{'&' if '?' in path else '?'}theme={theme}")
        if answer is None or answer.status != 200:
            yield f"{name} ({path}) answers {answer.status if answer else 'nothing'}"
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if excess := wider(page):
                yield f"{name} is {excess} px wider than {width} px: {page.evaluate(STICKING_OUT)}"
            if (theme, width) in LOOKED_AT and name != VENDORED:
                found = Axe().run(page)
                if found.violations_count:
                    yield f"{name}, {theme}, {width} px: {found.generate_report()}"
        yield from (f"{name}, {theme}: {fault}" for fault in faults[before:])


def test_every_page_is_quiet_readable_and_no_wider_than_the_screen(
    page: Page, cast: Cast, sign_in: Callable[[User], None], faults: list[str]
) -> None:
    whole = whole_workspace(cast.access(cast.owner))
    assert Canvas.objects.filter(task=whole.pipeline.task_id).exists()
    wrong: list[str] = []
    for path in OUTSIDE:
        wrong += looked_at(page, path, path, faults)
    sign_in(cast.owner)
    client, opened = cast.browser(cast.owner), 0
    for name, path in inside(whole).items():
        if not is_page(client, path):
            continue
        opened += 1
        wrong += looked_at(page, name, path, faults)
    assert opened > 40, "hardly anything was taken for a page"
    faults.clear()
    assert not wrong, "\n".join(wrong)


def test_errors_are_pages_of_the_same_look(page: Page, cast: Cast, sign_in: Callable[[User], None]) -> None:
    """Read without the guard on the console: a browser reports every answer of 404."""
    sign_in(cast.owner)
    other = page.context.new_page()
    for theme in ("light", "dark"):
        other.goto(f"/w/acme/nothing/here/?theme={theme}")
        expect(other.get_by_role("heading", level=1)).to_be_visible()
        for width in (1440, 390):
            other.set_viewport_size({"width": width, "height": 900})
            assert Axe().run(other).violations_count == 0
            assert other.evaluate(TOO_WIDE) <= 0
