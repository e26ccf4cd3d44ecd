"""Choosing a portfolio: a job whose progress its page shows, since valuing, choosing and trying other budgets takes
longer than a page waits."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from accounts.access import Access
from accounts.models import Role
from jobs.domain.states import RunState
from jobs.models import Run, Stage
from jobs.services import StageSpec, run_submit
from planner.models import PortfolioPlan
from planner.selectors.portfolio_inputs import fingerprint_of
from planner.selectors.portfolio_result import portfolio_of
from planner.selectors.portfolio_standing import KIND, choice_key, choices_made

Progress = Callable[[float, str], None]


def portfolio_choose_start(*, access: Access, plan: PortfolioPlan) -> Run | None:
    """Choose anew if anything the choice rests on has changed: None when it is there, else the job that makes it.

    One that is under way for the same limits and figures is given back; so is one that failed or was cancelled, to be
    tried again.
    """
    access.require(Role.EDITOR)
    fingerprint = fingerprint_of(plan)
    if plan.result and plan.fingerprint == fingerprint:
        return None
    with transaction.atomic():
        earlier = choices_made(plan, fingerprint)
        last = earlier.first()
        if last is not None and last.state_of is not RunState.SUCCEEDED:
            return last
        return run_submit(
            access=access,
            kind=KIND,
            title=f"Choose the portfolio {plan.name}"[:200],
            stages=[StageSpec(name="choose", task_name=KIND, params={"plan": plan.pk})],
            subject=f"portfolio:{plan.pk}",
            idempotency_key=f"{choice_key(plan, fingerprint)}{earlier.count() + 1}",
        )


def portfolio_choose_compute(*, params: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """The choice and the fingerprint of what it rests on. Empty when the plan was deleted meanwhile."""
    plan = PortfolioPlan.objects.select_related("workspace").filter(pk=params["plan"]).first()
    if plan is None:
        return {}
    fingerprint = fingerprint_of(plan)
    return {"plan": plan.pk, "fingerprint": fingerprint, "result": portfolio_of(plan, progress)}


def portfolio_choose_publish(stage: Stage, output: Mapping[str, Any]) -> None:
    """Keep the choice with its plan, unless that is gone or has changed meanwhile; the figures of the decision stay."""
    if not output:
        return
    found = PortfolioPlan.objects.select_for_update(of=("self",)).filter(pk=output["plan"])
    plan = found.select_related("workspace").first()
    if plan is None or fingerprint_of(plan) != output["fingerprint"]:
        return
    then = {"then": plan.result["then"]} if "then" in plan.result else {}
    plan.result, plan.fingerprint = {**output["result"], **then}, output["fingerprint"]
    plan.save(update_fields=["result", "fingerprint"])
