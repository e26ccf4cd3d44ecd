"""With a browser: an amount is drawn while it is typed, defaults are set, pages fit any width and are accessible."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from planner.models import Estimate, Process, Task
from planner.selectors.assumption_defaults import DefaultsScope
from planner.services import SharedCostEntry, assumption_defaults_update, estimate_update, shared_cost_create
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[User], None]


@pytest.fixture
def process(cast: Cast) -> Process:
    process = claims_process(cast.workspace)
    Task.objects.filter(process=process, name__in=["Triage", "Pay"]).update(lane="Back office")
    scope = DefaultsScope(cast.workspace, process, "Back office")
    change = {"coverage": {"text": "60 % to 70 %", "source": "pilot of May"}}
    assumption_defaults_update(access=cast.access(cast.editor), scope=scope, changes=change)
    return process


def test_an_amount_is_drawn_while_it_is_typed_and_its_source_is_saved(
    page: Page, cast: Cast, process: Process, sign_in: SignIn, accessible: Callable[[], None]
) -> None:
    task = task_of(process, "Triage")
    sign_in(cast.editor)
    page.goto(f"/w/acme/tasks/{task.pk}/value/")
    field = page.locator("#a-person_days")
    field.fill("pert(10, 20, 60)")
    expect(page.locator("#d-person_days")).to_contain_text("Mean 25 days; nine times in ten between 12.9 and 41.1")
    expect(page.locator("#d-person_days svg")).to_be_visible()
    page.locator("details.assume-more:has(#src-person_days) > summary").click()
    page.locator("#src-person_days").fill("two builders asked")
    with page.expect_response(lambda answer: "two+builders" in (answer.request.post_data or "").replace("%20", "+")):
        page.locator("#src-person_days").blur()
    expect(page.locator("[data-saved-word]")).to_have_text("Saved")
    expect(page.locator("#b-person_days")).to_contain_text("instead of 30 to 60, default for one model on one log")
    assert Estimate.objects.get().assumptions["person_days"] == {
        "text": "pert(10, 20, 60)", "source": "two builders asked",
    }  # fmt: skip
    accessible()


def test_what_cannot_be_read_is_said_before_it_is_sent(
    page: Page, cast: Cast, process: Process, sign_in: SignIn
) -> None:
    sign_in(cast.editor)
    page.goto(f"/w/acme/processes/{process.pk}/assumptions/")
    page.locator("#a-coverage").fill("70 to 170")
    expect(page.locator("#d-coverage")).to_contain_text("170 % is more than 100 %")
    page.locator("#a-coverage").fill("70 to 80")
    expect(page.locator("#d-coverage")).to_contain_text("Mean 75 %")
    page.get_by_role("button", name="Save the defaults").click()
    expect(page.locator(".toast")).to_contain_text("Saved")
    expect(page.locator("#a-coverage")).to_have_value("70 % to 80 %")


def test_the_pages_fit_any_width_and_are_accessible(
    *,
    page: Page,
    cast: Cast,
    process: Process,
    sign_in: SignIn,
    picture: Callable[[str], None],
    accessible: Callable[[], None],
) -> None:
    task = task_of(process, "Triage")
    change = {"coverage": {"text": "pert(60 %, 80 %, 90 %)", "note": "ask the pilot's team"}}
    estimate_update(access=cast.access(cast.editor), task=task, changes=change, version=None)
    cost = shared_cost_create(
        access=cast.access(cast.editor),
        entry=SharedCostEntry("One labelled data set", "20 k to 30 k", [task.pk], "offer of May"),
    )
    sign_in(cast.owner)
    for name, path in (
        ("assumptions-value", f"tasks/{task.pk}/value/"),
        ("assumptions-process", f"processes/{process.pk}/assumptions/"),
        ("assumptions-lane", f"processes/{process.pk}/assumptions/?lane=Back%20office&theme=dark"),
        ("assumptions-workspace", "assumptions/"),
        ("shared-costs", "shared-costs/"),
        ("shared-cost", f"shared-costs/{cost.pk}/"),
        ("shared-cost-dark", "shared-costs/new/?theme=dark"),
        ("estimates", f"processes/{process.pk}/estimates/"),
    ):
        page.goto(f"/w/acme/{path}")
        if name == "assumptions-value":
            page.locator("details.assume-more:has(#src-coverage) > summary").click()
            page.locator("#a-coverage").focus()
            expect(page.locator("#d-coverage svg")).to_be_visible()
        accessible()
        picture(name)


def test_a_file_is_looked_at_before_it_is_applied(
    page: Page,
    cast: Cast,
    process: Process,
    sign_in: SignIn,
    accessible: Callable[[], None],
) -> None:
    sign_in(cast.editor)
    page.goto(f"/w/acme/processes/{process.pk}/estimates/")
    text = "task,key,text,source,note\nTriage,support,5 k,IT,ask again\nPay,minutes_before,8 to 12,,\n"
    page.get_by_label("File of estimates").set_input_files(
        {"name": "back.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 tasks would change")
    accessible()
    page.screenshot(path="screenshots/estimates-preview.png", full_page=True)
    page.set_viewport_size({"width": 390, "height": 900})
    accessible()
    page.screenshot(path="screenshots/estimates-preview-phone.png", full_page=True)
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".toast")).to_contain_text("2 tasks changed")
    assert Estimate.objects.get(task__name="Triage").assumptions["support"]["note"] == "ask again"
