"""A portfolio is chosen by a job: pages show it and compute nothing; it is started once for the same limits."""

import pytest

from jobs.models import Run
from jobs.services import run_cancel, run_drain
from planner.models import PortfolioPlan, Process
from planner.selectors import portfolio_result
from planner.selectors.value_results import MOST_AT_ONCE, forget_values
from planner.services import PortfolioEntry, portfolio_choose_start, portfolio_create, portfolio_update
from planner.services.portfolio_job import portfolio_choose_compute, portfolio_choose_publish
from tests.conftest import Cast
from tests.planner.chosen import choose
from tests.planner.worth import claims_process

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast: Cast) -> PortfolioPlan:
    claims_process(cast.workspace)
    return portfolio_create(access=cast.access(cast.editor), entry=PortfolioEntry("First year"))


def started(cast: Cast, plan: PortfolioPlan) -> str:
    """The page after an editor had it chosen."""
    where = f"/w/acme/portfolios/{plan.pk}/choose/"
    return cast.browser(cast.editor).post(where, follow=True).content.decode()


def page(cast: Cast, plan: PortfolioPlan) -> str:
    return cast.browser(cast.editor).get(f"/w/acme/portfolios/{plan.pk}/").content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.second_leg
def test_the_page_shows_the_job_and_what_it_found(
    cast: Cast, plan: PortfolioPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_a_request(*_: object) -> None:
        raise AssertionError("computed while a page waits")

    monkeypatch.setattr(portfolio_result, "portfolio_choose", in_a_request)
    text = page(cast, plan)
    run = Run.objects.get()
    assert f'id="job-{run.pk}"' in text
    assert "hx-get" in text
    started(cast, plan)
    assert Run.objects.count() == 1
    monkeypatch.undo()
    run_drain(run_ids=[run.pk])
    assert "<h1>Build 1 of " in page(cast, plan)
    assert portfolio_choose_start(access=cast.access(cast.editor), plan=PortfolioPlan.objects.get()) is None
    assert Run.objects.count() == 1


def test_a_cancelled_job_waits_for_an_editor_to_try_it_again(cast: Cast, plan: PortfolioPlan) -> None:
    started(cast, plan)
    run_cancel(access=cast.access(cast.editor), run=Run.objects.get())
    text = page(cast, plan)
    assert "Nothing is chosen: the job has stopped" in text
    assert "Try again" in text
    assert Run.objects.count() == 1


def test_a_choice_that_others_overtook_is_not_kept(cast: Cast, plan: PortfolioPlan) -> None:
    started(cast, plan)
    stage = Run.objects.get().stages.get()
    late = portfolio_choose_compute(params=stage.params, progress=lambda share, words: None)
    portfolio_update(access=cast.access(cast.editor), plan=plan, entry=PortfolioEntry("First year", budget=5.0))
    portfolio_choose_publish(stage, late)
    plan.refresh_from_db()
    assert plan.result == {}
    assert choose(plan).result["chosen"] == []


def test_all_of_many_tasks_are_valued_and_chosen_from(cast: Cast) -> None:
    """More than a page would value while it waits, by a process that remembers none of them."""
    many = MOST_AT_ONCE + 5
    figures: dict[str, tuple[float | None, float | None]] = {f"Step {n}": (90_000.0, 9.0) for n in range(many)}
    claims_process(cast.workspace, figures)
    plan = portfolio_create(access=cast.access(cast.editor), entry=PortfolioEntry("First year"))
    forget_values()
    assert choose(plan).result["candidates"] == many
    assert len(plan.result["chosen"]) == many


def test_progress_is_told_in_order(cast: Cast, plan: PortfolioPlan) -> None:
    told: list[tuple[float, str]] = []
    portfolio_choose_compute(params={"plan": plan.pk}, progress=lambda share, words: told.append((share, words)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] < 1
    assert {"valuing the tasks", "choosing", "weighing each limit"} <= {words for _, words in told}


def test_tasks_of_one_name_are_told_apart_by_their_process(cast: Cast) -> None:
    one, other = (claims_process(cast.workspace) for _ in range(2))
    Process.objects.filter(pk=other.pk).update(name="Claims abroad")
    triage = [each.tasks.get(name="Triage").pk for each in (one, other)]
    entry = PortfolioEntry("First year", must=triage, exclusions=[triage])
    plan = choose(portfolio_create(access=cast.access(cast.editor), entry=entry))
    assert "at most one of Triage (Claims) and Triage (Claims abroad) is built" in page(cast, plan)


def test_a_choice_stored_by_an_earlier_version_is_made_anew(cast: Cast, plan: PortfolioPlan) -> None:
    earlier = {"candidates": 1, "conflict": [], "chosen": [], "curve": [{"budget": 0.0, "npv": 0.0, "chosen": []}]}
    PortfolioPlan.objects.update(result=earlier, fingerprint="0" * 64)
    text = page(cast, plan)
    assert "<h1>The tasks are being chosen</h1>" in text
    assert choose(plan).result["chosen"]
    assert "<h1>Build 1 of " in page(cast, plan)
