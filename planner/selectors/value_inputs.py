"""What the assumptions of a task are now: proposed from log, workspace and defaults, with people's own on top."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from accounts.models import Workspace
from planner.domain.valuation.assumptions import ADOPTION, ERROR_FORM, HORIZON, INPUTS
from planner.domain.valuation.estimate import Assumption, EstimateFacts, Origin, propose_estimate
from planner.models import Estimate, Source, Task

KEYS = frozenset({*INPUTS, ADOPTION, ERROR_FORM, HORIZON})
"""Every key an assumption can have."""

_ORIGINS = {
    Source.LOG: Origin.LOG,
    Source.FLOW: Origin.LOG,
    Source.USER: Origin.PERSON,
    Source.DEFAULT: Origin.DEFAULT,
}


def facts_of(task: Task, workspace: Workspace) -> EstimateFacts:
    """What is known of a task and its workspace that an estimate starts from."""
    return EstimateFacts(
        volume_a_year=_above_zero(task.volume_a_year),
        volume_origin=_ORIGINS.get(Source(task.volume_source), Origin.LOG),
        handling_minutes=_above_zero(task.handling_minutes),
        handling_origin=_ORIGINS.get(Source(task.handling_source), Origin.LOG),
        wage=float(workspace.hourly_wage),
        hours_a_day=float(workspace.hours_a_day),
        discount_rate=float(workspace.discount_rate),
        horizon=workspace.horizon_years,
    )


def assumptions_of(task: Task, workspace: Workspace, set_by_people: Mapping[str, Any]) -> dict[str, Assumption]:
    """Every assumption in use, by key; those people set come with their own source."""
    facts = facts_of(task, workspace)
    found = propose_estimate(replace(facts, wage=_wage(set_by_people, facts.wage)))
    for key, entry in set_by_people.items():
        if key in KEYS:
            found[key] = Assumption(key, entry["text"], entry.get("source") or "set here", Origin.PERSON)
    return found


def set_by_people(task: Task) -> dict[str, Any]:
    """What people set on a task's estimate, empty where there is none yet."""
    estimate: Estimate | None = getattr(task, "estimate", None)
    return dict(estimate.assumptions) if estimate is not None else {}


def version_of(task: Task) -> int:
    """The estimate's version an edit is made on; 0 before the first."""
    estimate: Estimate | None = getattr(task, "estimate", None)
    return estimate.version if estimate is not None else 0


def _wage(set_by_people: Mapping[str, Any], otherwise: float) -> float:
    """The wage that defaults follow: the one people set on the task, its mean where it is a range."""
    try:
        return INPUTS["wage"].read(set_by_people["wage"]["text"]).mean
    except (KeyError, ValueError):
        return otherwise


def _above_zero(amount: float | None) -> float | None:
    """A volume or duration of zero is no estimate: it is asked for, like a missing one."""
    return amount if amount is not None and amount > 0 else None
