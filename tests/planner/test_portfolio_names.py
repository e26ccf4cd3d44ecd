"""What tasks need is written by their names; circles are refused by name."""

import pytest

from common.errors import InvalidInput
from planner.models import PortfolioPlan, Process
from planner.services import PortfolioEntry, portfolio_create
from tests.conftest import Cast
from tests.planner.chosen import choose
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db

NAMES = ("Triage", "Request, then wait", "Estimate damage", "Pay")


@pytest.fixture
def process(cast: Cast) -> Process:
    return claims_process(cast.workspace, dict.fromkeys(NAMES, (1000, 9.0)))


@pytest.fixture
def plan(cast: Cast, process: Process) -> PortfolioPlan:
    return portfolio_create(access=cast.access(cast.editor), entry=PortfolioEntry("First year"))


def save(cast: Cast, plan: PortfolioPlan, **given: str) -> str:
    sent = {"name": plan.name, "budget": "", "days_a_quarter": "", "quarters": "4", "version": str(plan.version)}
    answer = cast.browser(cast.editor).post(f"/w/acme/portfolios/{plan.pk}/", {**sent, **given})
    plan.refresh_from_db()
    return answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Triage; Pay", ["Triage", "Pay"]),
        ("triage, pay", ["Triage", "Pay"]),
        (" Request, then wait ;Pay", ["Request, then wait", "Pay"]),
    ],
)
def test_names_are_read_and_shown_again(
    cast: Cast, plan: PortfolioPlan, process: Process, typed: str, meant: list[str]
) -> None:
    damage = task_of(process, "Estimate damage")
    save(cast, plan, **{f"needs-{damage.pk}": typed})
    ids = sorted(task_of(process, name).pk for name in meant)
    assert plan.needs == {str(damage.pk): ids}
    refused = save(cast, plan, quarters="0", **{f"needs-{damage.pk}": typed})
    assert f'value="{typed.strip()}"' in refused


def test_the_table_says_names_and_offers_them(cast: Cast, plan: PortfolioPlan, process: Process) -> None:
    damage, pay, triage = (task_of(process, name) for name in ("Estimate damage", "Pay", "Triage"))
    PortfolioPlan.objects.filter(pk=plan.pk).update(needs={str(damage.pk): [triage.pk, pay.pk]})
    choose(plan)
    page = cast.browser(cast.editor).get(f"/w/acme/portfolios/{plan.pk}/").content.decode()
    assert 'value="Triage; Pay"' in page
    assert '<option value="Request, then wait">' in page


def test_a_name_of_two_tasks_asks_which(cast: Cast, plan: PortfolioPlan, process: Process) -> None:
    other = claims_process(cast.workspace, {"Pay": (10, 1.0)})
    Process.objects.filter(pk=other.pk).update(name="Motor")
    triage = task_of(process, "Triage")
    page = save(cast, plan, **{f"needs-{triage.pk}": "Pay"})
    first, second = task_of(process, "Pay").pk, task_of(other, "Pay").pk
    assert "2 tasks are called “Pay”: write the number of the one meant, " in page
    assert f"{first} ({process.name})" in page
    assert f"{second} (Motor)" in page
    assert plan.needs == {}


def test_a_circle_is_refused_by_name(cast: Cast, plan: PortfolioPlan, process: Process) -> None:
    triage, damage, pay = (task_of(process, name).pk for name in ("Triage", "Estimate damage", "Pay"))
    needs = {f"needs-{triage}": "Estimate damage", f"needs-{damage}": "Pay", f"needs-{pay}": "Triage"}
    page = save(cast, plan, **needs)
    words = (
        "Triage needs Estimate damage, Estimate damage needs Pay, and Pay needs Triage: none of them could come first."
    )
    assert words in page
    assert f'aria-describedby="line-{triage}"' in page
    assert plan.needs == {}
    assert "Pay cannot need itself." in save(cast, plan, **{f"needs-{pay}": "Pay"})


def test_a_task_both_in_and_out_is_named(cast: Cast, process: Process) -> None:
    triage = task_of(process, "Triage").pk
    entry = PortfolioEntry("x", must=[triage], must_not=[triage])
    with pytest.raises(InvalidInput) as refused:
        portfolio_create(access=cast.access(cast.editor), entry=entry)
    assert refused.value.errors[0].message.startswith("Triage cannot be both")
