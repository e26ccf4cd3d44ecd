"""Many tasks are chosen from in a job: the page shows it, and what it found when it is done."""

import pytest

from jobs.services import run_drain
from planner.models import PortfolioPlan
from planner.selectors import portfolio_inputs
from planner.services import PortfolioEntry, portfolio_choose_start, portfolio_create
from tests.conftest import Cast
from tests.planner.worth import claims_process

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_large_choice_is_a_job(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portfolio_inputs, "QUICK", 2)
    claims_process(cast.workspace)
    access, editor = cast.access(cast.editor), cast.browser(cast.editor)
    plan = portfolio_create(access=access, entry=PortfolioEntry("First year"))
    where = f"/w/acme/portfolios/{plan.pk}/"
    assert "Choose now" in editor.get(where).content.decode()
    editor.post(f"{where}choose/")
    run = portfolio_choose_start(access=access, plan=plan)
    assert run is not None
    assert f'id="job-{run.pk}"' in editor.get(where).content.decode()
    run_drain(run_ids=[run.pk])
    assert "<h1>Build 1 of " in editor.get(where).content.decode()
    assert portfolio_choose_start(access=access, plan=PortfolioPlan.objects.get()) is None
