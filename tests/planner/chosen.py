"""The job that chooses a portfolio, seen through here and now, in the transaction of a test."""

from django.db import transaction

from accounts.access import Access
from jobs.models import Run, Stage
from planner.models import PortfolioPlan
from planner.selectors.portfolio_standing import KIND
from planner.services import portfolio_choose_start
from planner.services.portfolio_job import portfolio_choose_compute, portfolio_choose_publish


def choose(plan: PortfolioPlan) -> PortfolioPlan:
    """The plan with the choice that holds now."""
    run = portfolio_choose_start(
        access=Access.system(plan.workspace), plan=PortfolioPlan.objects.select_related("workspace").get(pk=plan.pk)
    )
    if run is not None:
        assert run.kind == KIND
        stage = Stage.objects.get(run=run)
        publish = transaction.atomic(portfolio_choose_publish)  # as the engine does
        publish(stage, portfolio_choose_compute(params=stage.params, progress=lambda share, words: None))
        Stage.objects.filter(pk=stage.pk).update(state="succeeded")
        Run.objects.filter(pk=run.pk).update(state="succeeded")
    plan.refresh_from_db()
    return plan
