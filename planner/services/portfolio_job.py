"""Choosing a portfolio: at once where that is quick, else as a job whose progress its page shows."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from accounts.access import Access
from accounts.models import Role
from jobs.models import Run, Stage
from jobs.services import StageSpec, run_submit
from planner.models import PortfolioPlan
from planner.selectors.portfolio_inputs import fingerprint_of, is_quick, processes_of, tasks_of
from planner.selectors.portfolio_result import portfolio_of

TASK = "planner.choose_portfolio"
Progress = Callable[[float, str], None]


def portfolio_choose_start(*, access: Access, plan: PortfolioPlan) -> Run | None:
    """Choose anew if anything it rests on has changed: None when the result is there, else the job that makes it."""
    access.require(Role.EDITOR)
    fingerprint = fingerprint_of(plan)
    if plan.result and plan.fingerprint == fingerprint:
        return None
    if is_quick(tasks_of(plan.workspace, processes_of(plan)).count()):
        _keep(plan.pk, fingerprint, portfolio_of(plan))
        plan.refresh_from_db(fields=["result", "fingerprint"])
        return None
    earlier = list(Run.objects.of(access.workspace).filter(kind=TASK, subject=f"portfolio:{plan.pk}"))
    running = next((run for run in earlier if not run.is_over), None)
    if running is not None:
        return running
    return run_submit(
        access=access,
        kind=TASK,
        title=f"Choose the portfolio {plan.name}"[:200],
        stages=[StageSpec(name="choose", task_name=TASK, params={"plan": plan.pk})],
        subject=f"portfolio:{plan.pk}",
        idempotency_key=f"{TASK}:{plan.pk}:{len(earlier) + 1}",
    )


def portfolio_choose_compute(*, params: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """The choice and the fingerprint of what it rests on. Empty when the plan was deleted meanwhile."""
    plan = PortfolioPlan.objects.select_related("workspace").filter(pk=params["plan"]).first()
    if plan is None:
        return {}
    fingerprint = fingerprint_of(plan)
    return {"plan": plan.pk, "fingerprint": fingerprint, "result": portfolio_of(plan, progress)}


def portfolio_choose_publish(stage: Stage, output: Mapping[str, Any]) -> None:
    """Keep the choice with its plan, unless that is gone."""
    if output:
        _keep(output["plan"], output["fingerprint"], output["result"])


def _keep(pk: int, fingerprint: str, result: Mapping[str, Any]) -> None:
    """The figures of the decision stay beside those of now."""
    with transaction.atomic():
        plan = PortfolioPlan.objects.select_for_update().filter(pk=pk).first()
        if plan is not None:
            then = {"then": plan.result["then"]} if "then" in plan.result else {}
            plan.result, plan.fingerprint = {**result, **then}, fingerprint
            plan.save(update_fields=["result", "fingerprint"])
