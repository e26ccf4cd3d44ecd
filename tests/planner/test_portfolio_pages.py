"""The portfolio page: drawn up, limited, explained, decided; refusals beside the line, and who may do what."""

import math

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from canvas.models import Canvas
from jobs.models import Run
from planner.models import PortfolioPlan, Process, Task
from planner.services import PortfolioEntry, SharedCostEntry, estimate_update, portfolio_create, shared_cost_create
from tests.conftest import Cast
from tests.planner.chosen import choose
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(cast: Cast) -> Process:
    """Triage and Request documents gain, Estimate damage loses, Pay is not valued."""
    volumes = {"Triage": (42_000, 9.0), "Request documents": (42_000, 8.0), "Estimate damage": (1_500, 14.0)}
    return claims_process(cast.workspace, {**volumes, "Pay": (35_000, None)})


@pytest.fixture
def plan(cast: Cast, process: Process) -> PortfolioPlan:
    return portfolio_create(access=cast.access(cast.editor), entry=PortfolioEntry("First year"))


def address(plan: PortfolioPlan, rest: str = "") -> str:
    return f"/w/acme/portfolios/{plan.pk}/{rest}"


def text_of(client: Client, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200
    return answer.content.decode()


def limits(plan: PortfolioPlan, **given: str) -> dict[str, str]:
    return {
        "name": plan.name,
        "budget": "",
        "days_a_quarter": "",
        "quarters": "4",
        "version": str(plan.version),
        **given,
    }


def save(cast: Cast, plan: PortfolioPlan, **given: str) -> str:
    """Send the limits and return the page that shows what came of it."""
    answer = cast.browser(cast.editor).post(address(plan), limits(plan, **given), follow=True)
    plan.refresh_from_db()
    if not answer.redirect_chain:
        return answer.content.decode()
    return text_of(cast.browser(cast.editor), address(choose(plan)))


def chosen(plan: PortfolioPlan) -> list[str]:
    return [line["name"] for line in plan.result["chosen"]]


def test_a_portfolio_is_drawn_up_and_chosen_by_a_job(cast: Cast, process: Process) -> None:
    editor = cast.browser(cast.editor)
    assert "No portfolio yet" in text_of(editor, "/w/acme/portfolios/")
    answer = editor.post("/w/acme/portfolios/", {"name": "First year"}, follow=True)
    text = answer.content.decode()
    assert "<h1>The tasks are being chosen</h1>" in text
    assert "Choose the portfolio First year" in text
    plan = choose(PortfolioPlan.objects.get())
    text = text_of(editor, address(plan))
    assert "<h1>Build " in text
    assert "that it loses money</h1>" in text
    assert "Not valued: " in text
    assert "Triage" in chosen(plan)
    assert "First year" in text_of(editor, "/w/acme/portfolios/")


def test_a_budget_leaves_out_what_is_too_dear_and_says_what_more_would_bring(cast: Cast, plan: PortfolioPlan) -> None:
    save(cast, plan)
    everything = plan.result["once"]
    assert len(plan.result["chosen"]) > 1
    text = save(cast, plan, budget=f"{everything - 1:.0f}")
    assert plan.budget == pytest.approx(everything - 1, abs=1)
    assert plan.budget is not None
    assert plan.result["once"] <= plan.budget
    before = plan.result["npv"]
    assert "of budget are missing" in text
    assert "What holds it back" in text
    assert " more would bring " in text
    more = plan.result["more"]
    save(cast, plan, budget=f"{plan.budget + more['budget'] - 1}")
    assert plan.result["npv"] < before + more["worth"] - 1
    save(cast, plan, budget=f"{plan.budget + 1}")
    assert plan.result["npv"] == pytest.approx(before + more["worth"])


def test_must_must_not_needs_and_groups_are_kept_from_the_table(
    cast: Cast, plan: PortfolioPlan, process: Process
) -> None:
    triage, request, damage = (task_of(process, name) for name in ("Triage", "Request documents", "Estimate damage"))
    text = save(
        cast,
        plan,
        **{f"state-{damage.pk}": "must", f"needs-{damage.pk}": str(triage.pk)},
        **{f"groups-{triage.pk}": "a", f"groups-{request.pk}": "A"},
    )
    assert (plan.must, plan.needs) == ([damage.pk], {str(damage.pk): [triage.pk]})
    assert plan.exclusions == [sorted([triage.pk, request.pk])]
    assert chosen(plan) == ["Triage", "Estimate damage"]
    assert "At most one of a group is built, and Triage is." in text
    text = save(
        cast,
        plan,
        **{f"state-{triage.pk}": "must_not", f"state-{damage.pk}": "must", f"needs-{damage.pk}": str(triage.pk)},
    )
    assert "No choice keeps to these limits" in text
    assert (
        "These cannot all hold: Estimate damage needs Triage, Estimate damage must be in it, and Triage must not be in "
        "it. Any one of them given up, the others can." in text
    )
    for way in ("Let Estimate damage be built without Triage.", "Let Estimate damage be built only if it pays."):
        assert f"<li>{way}</li>" in text
    assert "<li>Allow Triage.</li>" in text


def test_a_budget_below_what_must_be_in_it_says_what_would_be_enough(
    cast: Cast, plan: PortfolioPlan, process: Process
) -> None:
    triage = task_of(process, "Triage")
    save(cast, plan, **{f"state-{triage.pk}": "must"})
    once = next(line["once"] for line in plan.result["chosen"] if line["id"] == triage.pk)
    text = save(cast, plan, budget="10 k", **{f"state-{triage.pk}": "must"})
    assert "These cannot all hold: the budget is 10 k EUR, and Triage must be in it." in text
    wanted = f"{math.ceil(once):,}".replace(",", "\u202f")
    assert f"Raise the budget to {wanted} EUR" in text
    text = save(cast, plan, budget=str(math.ceil(once)), **{f"state-{triage.pk}": "must"})
    assert "<h1>Build " in text


def test_a_must_that_needs_what_cannot_be_chosen_says_so(cast: Cast, plan: PortfolioPlan, process: Process) -> None:
    triage, pay = task_of(process, "Triage"), task_of(process, "Pay")
    text = save(cast, plan, **{f"state-{triage.pk}": "must", f"needs-{triage.pk}": str(pay.pk)})
    assert "Triage must be in it, and Triage needs a task that cannot be chosen." in text
    assert "Value the task that Triage needs, or take it off what it needs." in text


def test_a_must_that_loses_money_is_said(cast: Cast, plan: PortfolioPlan, process: Process) -> None:
    damage = task_of(process, "Estimate damage")
    text = save(cast, plan, **{f"state-{damage.pk}": "must"})
    line = next(line for line in plan.result["chosen"] if line["id"] == damage.pk)
    assert line["npv"] < 0
    assert "This rests on a task that loses money." in text


def test_a_shared_cost_is_paid_once(cast: Cast, plan: PortfolioPlan, process: Process) -> None:
    tasks = [task_of(process, name).pk for name in ("Triage", "Request documents")]
    save(cast, plan)
    before = plan.result["npv"]
    shared_cost_create(access=cast.access(cast.editor), entry=SharedCostEntry("Labelled data", "1000", tasks))
    text = save(cast, plan)
    assert plan.result["npv"] == pytest.approx(before - 1000)
    assert "Labelled data: 1 k EUR once, for Triage and Request documents" in text
    assert [line["npv"] - line["npv_alone"] for line in plan.result["chosen"]] == pytest.approx([1000, 1000])


def test_capacity_plans_quarters(cast: Cast, plan: PortfolioPlan) -> None:
    save(cast, plan, days_a_quarter="200", quarters="8")
    assert all(line["first"] >= 1 for line in plan.result["chosen"])
    text = save(cast, plan, days_a_quarter="0")
    assert "<h1>Build none of " in text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"budget": "a lot"}, "such as"),
        ({"budget": "10 to 20"}, "not a range"),
        ({"budget": "-5"}, "field-error"),
        ({"quarters": "0"}, "greater than or equal to 1"),
        ({"quarters": "200"}, "less than or equal to 40"),
        ({"name": " "}, "required"),
        ({"processes": "999999"}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    cast: Cast, plan: PortfolioPlan, given: dict[str, str], words: str
) -> None:
    text = save(cast, plan, **given)
    assert "Not saved." in text
    assert words in text
    assert plan.version == 1


@pytest.mark.parametrize(
    ("typed", "words"), [("x", "No task here is called “x”"), ("999999", "no task with the number 999999")]
)
def test_what_cannot_be_in_a_line_is_refused_beside_it(
    cast: Cast, plan: PortfolioPlan, process: Process, typed: str, words: str
) -> None:
    triage = task_of(process, "Triage")
    text = save(cast, plan, **{f"needs-{triage.pk}": typed})
    assert words in text
    assert f'aria-describedby="line-{triage.pk}"' in text
    assert plan.needs == {}


def test_a_late_edit_is_told_what_changed(cast: Cast, plan: PortfolioPlan) -> None:
    save(cast, plan, budget="100 k")
    answer = cast.browser(cast.editor).post(address(plan), {**limits(plan, budget="50 k"), "version": "1"})
    assert answer.status_code == 412
    assert "budget: now 100000" in answer.content.decode()
    plan.refresh_from_db()
    assert plan.budget == 100_000
    late = cast.browser(cast.editor).post(address(plan, "delete/"), {"version": "1"}, follow=True)
    assert "was changed meanwhile" in late.content.decode()
    assert cast.browser(cast.viewer).post(address(plan, "delete/"), {"version": "2"}).status_code == 403
    gone = cast.browser(cast.editor).post(address(plan, "delete/"), {"version": "2"}, follow=True)
    assert "deleted. Its tasks are as they were." in gone.content.decode()
    assert not PortfolioPlan.objects.exists()


def test_a_decision_is_kept_and_a_change_of_the_world_shown(cast: Cast, plan: PortfolioPlan, process: Process) -> None:
    save(cast, plan)
    editor, triage = cast.browser(cast.editor), task_of(process, "Triage")
    editor.post(address(plan, "decide/"), {"fingerprint": plan.fingerprint})
    plan.refresh_from_db()
    assert triage.pk in plan.decided
    assert "Nothing it rests on has changed since." in text_of(editor, address(plan))
    then, seen = plan.result["npv"], plan.fingerprint
    estimate_update(access=cast.access(cast.editor), task=triage, changes={"discovery": {"text": "9 M"}}, version=None)
    text = text_of(editor, address(plan))
    assert "The tasks are being chosen" in text, "it is chosen anew as soon as somebody looks"
    assert "Nothing it rests on has changed since." not in text
    assert "Decide anew" not in text
    text = text_of(editor, address(choose(plan)))
    assert "The world has changed since this was decided." in text
    assert "No longer chosen: Triage." in text
    plan.refresh_from_db()
    assert plan.result["then"]["npv"] == then
    stale = editor.post(address(plan, "decide/"), {"fingerprint": seen}, follow=True)
    assert "the figures have changed since" in stale.content.decode()


def test_canvases_of_the_chosen_are_drafted_in_one_press(cast: Cast, plan: PortfolioPlan) -> None:
    save(cast, plan)
    editor = cast.browser(cast.editor)
    text = editor.post(address(plan, "canvases/draft/"), follow=True).content.decode()
    assert set(Canvas.objects.values_list("task_id", flat=True)) == {line["id"] for line in plan.result["chosen"]}
    assert "The canvases of " in text
    versions = dict(Canvas.objects.values_list("pk", "version"))
    editor.post(address(plan, "canvases/draft/"))
    assert dict(Canvas.objects.values_list("pk", "version")) == versions


def test_viewers_look_and_change_nothing_and_strangers_see_nothing(cast: Cast, plan: PortfolioPlan) -> None:
    assert cast.browser(cast.viewer).post(address(plan, "choose/")).status_code == 403
    assert not Run.objects.exists()
    for _ in range(2):
        assert "The tasks are being chosen" in text_of(cast.browser(cast.viewer), address(plan))
    assert Run.objects.count() == 1
    text = text_of(cast.browser(cast.viewer), address(choose(plan)))
    assert "<h1>Build " in text
    assert '<form method="post"' not in text.partition("</header>")[2]
    assert cast.browser(cast.viewer).post(address(plan), limits(plan)).status_code == 403
    assert cast.browser(cast.stranger).get(address(plan)).status_code == 404
    plan.refresh_from_db()
    assert (plan.version, plan.decided) == (1, [])


def test_the_page_asks_as_much_of_many_tasks_as_of_few(cast: Cast, plan: PortfolioPlan, process: Process) -> None:
    save(cast, plan)
    viewer = cast.browser(cast.viewer)
    with CaptureQueriesContext(connection) as few:
        text_of(viewer, address(plan))
    for place in range(5):
        Task.objects.create(workspace=cast.workspace, process=process, name=f"More {place}", position=10 + place)
    save(cast, plan)
    with CaptureQueriesContext(connection) as many:
        text_of(viewer, address(plan))
    assert len(many) == len(few)
