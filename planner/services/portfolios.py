"""Portfolios: drawn up, changed, taken away, and decided."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import Conflict, StaleEdit
from planner.models import PortfolioPlan, Task
from planner.selectors.portfolio_inputs import fingerprint_of
from planner.services.portfolio_entry import PortfolioEntry, portfolio_checked

LABELS = {
    "name": "name",
    "budget": "budget",
    "days_a_quarter": "person-days a quarter",
    "quarters": "quarters",
    "must": "tasks that must be in it",
    "must_not": "tasks that must not be in it",
    "needs": "what tasks need",
    "exclusions": "groups of which at most one is built",
}


def portfolio_create(*, access: Access, entry: PortfolioEntry) -> PortfolioPlan:
    """Draw up a plan. InvalidInput names each field that cannot be used."""
    access.require(Role.EDITOR)
    processes = portfolio_checked(access, entry)
    with transaction.atomic():
        plan = PortfolioPlan.objects.create(workspace=access.workspace, created_by=access.user, **entry.fields())
        plan.processes.set(processes)
        _audit(access, "portfolio.created", plan, {})
    return plan


def portfolio_update(
    *, access: Access, plan: PortfolioPlan, entry: PortfolioEntry, version: int | None = None
) -> PortfolioPlan:
    """Change a plan. `version` is the one the edit was made on; StaleEdit says what holds meanwhile.

    What was decided stays decided, with the figures of then.
    """
    access.require(Role.EDITOR)
    processes = portfolio_checked(access, entry)
    with transaction.atomic():
        held = _held(access, plan)
        fields = entry.fields()
        changed = {name: value for name, value in fields.items() if getattr(held, name) != value}
        moved = {process.pk for process in held.processes.all()} != {process.pk for process in processes}
        if version is not None and version != held.version:
            raise _stale(access, held, list(changed), moved)
        if not changed and not moved:
            return held
        before = {name: getattr(held, name) for name in changed}
        names = _names(access, before, fields)
        detail = {
            LABELS[name]: {"from": _words(value, names), "to": _words(fields[name], names)}
            for name, value in before.items()
        }
        for name, value in changed.items():
            setattr(held, name, value)
        held.version += 1
        held.save(update_fields=[*changed, "version"])
        held.processes.set(processes)
        if moved:
            detail["processes"] = {"to": ", ".join(process.name for process in processes) or "all"}
        _audit(access, "portfolio.changed", held, detail)
    return held


def portfolio_delete(*, access: Access, plan: PortfolioPlan, version: int | None = None) -> None:
    """Take a plan away; its tasks stay as they are. StaleEdit where it is no longer the version that was looked at."""
    access.require(Role.EDITOR)
    with transaction.atomic():
        held = _held(access, plan)
        if version is not None and version != held.version:
            raise _changed(held, [f"It is called {held.name}, version {held.version}."])
        _audit(access, "portfolio.deleted", held, {})
        held.delete()


def portfolio_decide(*, access: Access, plan: PortfolioPlan, fingerprint: str | None = None) -> PortfolioPlan:
    """Decide for the tasks chosen: they are kept with the figures of now, whatever changes later.

    `fingerprint` is that of the figures somebody looked at; StaleEdit when they have changed since. Conflict where
    nothing is chosen.
    """
    access.require(Role.EDITOR)
    with transaction.atomic():
        held = _held(access, plan)
        now = fingerprint_of(held)
        if held.fingerprint != now or (fingerprint is not None and fingerprint != now):
            raise StaleEdit(
                "Not decided: the figures have changed since.",
                detail="Look at what is chosen now, then decide.",
                changed=["what the choice rests on"],
            )
        chosen = [line["id"] for line in held.result.get("chosen", ())]
        if not chosen:
            raise Conflict("There is nothing to decide: no task is chosen.", detail="Change the limits first.")
        then = {key: value for key, value in held.result.items() if key != "then"}
        held.result = held.result | {"then": then | {"fingerprint": now}}
        held.decided, held.decided_by, held.decided_at = chosen, access.user, timezone.now()
        held.version += 1
        held.save(update_fields=["result", "decided", "decided_by", "decided_at", "version"])
        names = ", ".join(line["name"] for line in held.result["chosen"])
        _audit(access, "portfolio.decided", held, {"tasks": names[:400]})
    return held


def _held(access: Access, plan: PortfolioPlan) -> PortfolioPlan:
    return PortfolioPlan.objects.of(access.workspace).select_for_update().get_or_404(pk=plan.pk)


def _stale(access: Access, held: PortfolioPlan, changed: Sequence[str], moved: bool) -> StaleEdit:
    values = {name: getattr(held, name) for name in changed}
    names = _names(access, values)
    now = [f"{LABELS[name]}: now {_words(value, names)}" for name, value in values.items()]
    if moved:
        now.append(f"processes: now {', '.join(process.name for process in held.processes.all()) or 'all'}")
    return _changed(held, now or ["nothing that you changed too"])


def _changed(held: PortfolioPlan, changed: Sequence[str]) -> StaleEdit:
    return StaleEdit(
        f"Not saved: “{held.name}” was changed meanwhile.",
        detail="The page now shows what holds; make your change again.",
        changed=changed,
    )


def _names(access: Access, *limits: Mapping[str, Any]) -> dict[int, str]:
    """What the tasks that limits speak of are called, by id."""
    found: set[int] = set()
    for each in limits:
        needs: dict[str, list[int]] = each.get("needs", {})
        groups = (each.get("must", ()), each.get("must_not", ()), *each.get("exclusions", ()), *needs.values())
        found |= {task for group in groups for task in group} | {int(task) for task in needs}
    return dict(Task.objects.of(access.workspace).filter(pk__in=found).values_list("pk", "name")) if found else {}


def _words(value: Any, names: Mapping[int, str]) -> str:
    def called(tasks: Sequence[int]) -> list[str]:
        return [names.get(task, str(task)) for task in tasks]

    if isinstance(value, dict):
        pairs = (f"{called([int(task)])[0]} needs {', '.join(called(needed))}" for task, needed in value.items())
        return "; ".join(pairs)[:200] or "none"
    if isinstance(value, list):
        parts = (" or ".join(called(one)) if isinstance(one, list) else called([one])[0] for one in value)
        return ", ".join(parts)[:200] or "none"
    return "no limit" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _audit(access: Access, verb: str, plan: PortfolioPlan, detail: Mapping[str, Any]) -> None:
    audit_record(access=access, verb=verb, subject=f"portfolio:{plan.pk}", detail={"portfolio": plan.name, **detail})
