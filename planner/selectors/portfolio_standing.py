"""How a portfolio stands: the choice that is stored, whether it still holds, and the job that makes it anew."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from jobs.domain.states import RunState
from jobs.models import Run
from planner.models import PortfolioPlan
from planner.selectors.portfolio_inputs import RESULT_VERSION, fingerprint_of

KIND = "planner.choose_portfolio"


@dataclass(frozen=True)
class Standing:
    """`result` is the choice made last with its `fingerprint`, None where there is none that can be shown. It holds now
    where `is_current`; else `run` is the job that makes it anew, if one was started: under way, failed or cancelled.
    """

    result: dict[str, Any] | None
    is_current: bool
    run: Run | None = None


def standing_of(plan: PortfolioPlan) -> Standing:
    """From what is stored; nothing is chosen here."""
    fingerprint = fingerprint_of(plan)
    known = plan.result.get("version") == RESULT_VERSION
    result = {**plan.result, "fingerprint": plan.fingerprint} if known else None
    if result is not None and plan.fingerprint == fingerprint:
        return Standing(result, is_current=True)
    last = choices_made(plan, fingerprint).first()
    return Standing(result, is_current=False, run=last if last and last.state_of is not RunState.SUCCEEDED else None)


def choices_made(plan: PortfolioPlan, fingerprint: str) -> QuerySet[Run]:
    """The jobs that chose from just this, the latest first."""
    found = Run.objects.of(plan.workspace).filter(idempotency_key__startswith=choice_key(plan, fingerprint))
    return found.order_by("-pk")


def choice_key(plan: PortfolioPlan, fingerprint: str) -> str:
    """What the keys of these jobs begin with."""
    return f"{KIND}:{plan.pk}:{fingerprint[:32]}:#"
