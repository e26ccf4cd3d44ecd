"""With a phone of 390 px: no page scrolls sideways, nothing is cut off, what scrolls says so, and a thumb hits it."""

import io
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from planner.services import log_upload_create, process_create
from tests.conftest import Cast
from tests.planner.measuring import measured_process, newer_log
from tests.planner.test_measuring_anew import NEWER

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], None]
PAGES = {
    "home": "",
    "inventory": "processes/",
    "inventory, edited": "processes/?edit=1",
    "process": "processes/{process}/",
    "tasks": "processes/{process}/tasks/",
    "graph, edited": "processes/{process}/tasks/?edit=graph",
    "figures, edited": "processes/{process}/tasks/?edit=figures",
    "task": "tasks/{task}/",
    "flows": "processes/{process}/flows/",
    "discovery": "processes/{process}/discovery/?activities=95&flows=50",
    "comparison of logs": "logs/{log}/",
    "variants": "processes/{process}/as-it-runs/?tab=variants",
    "resources": "processes/{process}/as-it-runs/?tab=resources",
    "times": "processes/{process}/as-it-runs/?tab=times",
    "working hours": "processes/{process}/hours/",
    "suitability": "processes/{process}/suitability/",
    "suitability of a task": "processes/{process}/suitability/?task={task}",
    "ranking": "processes/{process}/ranking/",
    "value": "tasks/{task}/value/",
    "values of all tasks": "processes/{process}/values/",
    "ranking across processes": "ranking/",
    "scenarios": "processes/{process}/scenarios/",
    "scenario, new": "processes/{process}/scenarios/new/",
    "process effect": "processes/{process}/effect/",
    "assumptions": "assumptions/",
    "assumptions of a process": "processes/{process}/assumptions/",
    "shared costs": "shared-costs/",
    "shared cost, new": "shared-costs/new/",
    "estimates": "estimates/",
    "estimates of a process": "processes/{process}/estimates/",
    "reports": "processes/{process}/reports/",
    "portfolios": "portfolios/",
    "import": "import/{upload}/",
}
TABLE = (
    b"order;done;time;amount\n1;Register;05.01.2026 08:00;3,50\n1;Pay;06.01.2026 09:00;4,50\n2;Pay;07.01.2026 08:00;1\n"
)
OVERFLOWS = "document.documentElement.scrollWidth - window.innerWidth"
# Text wider than its cell or control, where nothing scrolls it; heads of tables that have become lists are not seen.
CUT = """() => [...document.querySelectorAll("main td, main tbody th, main dd, main .btn, main .tag, main h1, main h2")]
  .filter((el) => el.checkVisibility() && !el.closest(".vh") && getComputedStyle(el).display !== "inline")
  .filter((el) => el.clientWidth && el.scrollWidth > el.clientWidth + 2)
  .map((el) => `${el.tagName} “${el.textContent.trim().slice(0, 40)}” ${el.scrollWidth} in ${el.clientWidth} px`)"""
UNHINTED = """() => [...document.querySelectorAll("main *")].filter((el) => {
    const style = getComputedStyle(el);
    return el.checkVisibility() && ["auto", "scroll"].includes(style.overflowX) && el.clientWidth
      && el.scrollWidth > el.clientWidth + 1
      && !(style.backgroundImage !== "none" && (el.tabIndex >= 0 || el.querySelector("a[href], button")));
  }).map((el) => `${el.tagName}.${el.className}`)"""
SMALL = """() => [...document.querySelectorAll(
    "main button, main select, main input:not([type=hidden]), main :is(a.btn, summary, .seg a), .topbar :is(a, button)"
  )].filter((el) => el.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .map((el) => [el, (["checkbox", "radio"].includes(el.type) && el.closest("label") || el).getBoundingClientRect()])
  .filter(([, box]) => box.height > 0 && box.height < 39.5)
  .map(([el, box]) => [el, (el.textContent || el.name).trim().slice(0, 30), box.height])
  .map(([el, words, height]) => `${el.tagName}.${el.className} “${words}” ${height} px`)"""


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_fits_a_phone(page: Page, cast: Cast, sign_in: SignIn, path: str) -> None:
    access = cast.access(cast.owner)
    process = measured_process(access)
    process_create(access=access, name="Invoices of suppliers in the second quarter", cases_a_year=42_000)
    places = {
        "process": process.pk,
        "task": process.tasks.work()[1].pk,
        "log": newer_log(access, process, NEWER, minutes=9).pk,
        "upload": log_upload_create(access=access, file=io.BytesIO(TABLE), filename="orders_2026.csv").pk,
    }
    sign_in(cast.owner)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/w/acme/" + path.format(**places))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_function(f"({OVERFLOWS}) <= 0")
    assert page.evaluate(CUT) == [], "text is cut off"
    assert page.evaluate(UNHINTED) == [], "it scrolls without a hint, or a keyboard cannot reach it"
    assert page.evaluate(SMALL) == [], "too small for a thumb"
