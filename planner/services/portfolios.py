"""Portfolios: drawn up, changed, taken away, and decided."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import Conflict, FieldProblem, InvalidInput, StaleEdit
from planner.models import PortfolioPlan, Process, Task
from planner.models.portfolio import MOST_QUARTERS
from planner.selectors.portfolio_inputs import fingerprint_of

LONGEST_NAME = 120
MOST_NAMED = 1_000
"""Tasks that may be named in the limits of one plan."""
LARGEST = 1e12
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


@dataclass(frozen=True)
class PortfolioEntry:
    """A plan as people give it: ids of processes (none: all) and tasks, money in the workspace's currency, None where
    there is no limit. `needs` is {task: the tasks it needs}, at most one of each of `exclusions` is built.
    """

    name: str
    processes: Sequence[int] = ()
    budget: float | None = None
    days_a_quarter: float | None = None
    quarters: int = 4
    must: Sequence[int] = ()
    must_not: Sequence[int] = ()
    needs: Mapping[int, Sequence[int]] = field(default_factory=dict)
    exclusions: Sequence[Sequence[int]] = ()

    @property
    def named(self) -> set[int]:
        """Every task the limits speak of."""
        groups = (self.must, self.must_not, self.needs, *self.needs.values(), *self.exclusions)
        return {task for group in groups for task in group}

    def fields(self) -> dict[str, Any]:
        """What is stored of it, but for the processes; the same limits are stored alike."""
        needs = {str(task): sorted(set(needed)) for task, needed in sorted(self.needs.items()) if needed}
        groups = sorted(sorted(set(group)) for group in self.exclusions)
        return {
            "name": self.name.strip(),
            "budget": self.budget,
            "days_a_quarter": self.days_a_quarter,
            "quarters": self.quarters,
            "must": sorted(set(self.must)),
            "must_not": sorted(set(self.must_not)),
            "needs": needs,
            "exclusions": groups,
        }


def portfolio_create(*, access: Access, entry: PortfolioEntry) -> PortfolioPlan:
    """Draw up a plan. InvalidInput names each field that cannot be used."""
    access.require(Role.EDITOR)
    processes = _checked(access, entry)
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
    processes = _checked(access, entry)
    with transaction.atomic():
        held = _held(access, plan)
        fields = entry.fields()
        changed = {name: value for name, value in fields.items() if getattr(held, name) != value}
        moved = {process.pk for process in held.processes.all()} != {process.pk for process in processes}
        if version is not None and version != held.version:
            raise _stale(held, list(changed), moved)
        if not changed and not moved:
            return held
        detail = {LABELS[name]: {"from": _words(getattr(held, name)), "to": _words(fields[name])} for name in changed}
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


def _checked(access: Access, entry: PortfolioEntry) -> list[Process]:
    """The processes it is chosen from. InvalidInput names every field that cannot be."""
    problems = [*_text_and_amounts(entry), *_of_tasks(access, entry)]
    wanted = set(entry.processes)
    processes = list(Process.objects.of(access.workspace).filter(pk__in=wanted)) if len(wanted) <= MOST_NAMED else []
    if len(processes) < len(wanted):
        problems.append(FieldProblem("processes", "One of these processes is not in this workspace."))
    if processes and not problems:
        problems += _outside(access, entry)
    if problems:
        raise InvalidInput("Not saved.", detail="Mend the fields named.", errors=problems)
    return processes


def _outside(access: Access, entry: PortfolioEntry) -> Iterator[FieldProblem]:
    """What must be in it, or is needed, of a process nothing is chosen from: it would be left out without a word."""
    wanted = {*entry.must, *(task for needed in entry.needs.values() for task in needed)}
    tasks = Task.objects.of(access.workspace).filter(pk__in=wanted).exclude(process__in=entry.processes)
    for task in tasks.select_related("process")[:20]:
        needing = next((key for key, needed in entry.needs.items() if task.pk in needed), None)
        path = "must" if task.pk in entry.must else f"needs.{needing}"
        words = f"{task.name} is of {task.process.name}, which is not among the processes chosen from."
        yield FieldProblem(path, words)


def _text_and_amounts(entry: PortfolioEntry) -> Iterator[FieldProblem]:
    name = entry.name.strip()
    if not name or len(name) > LONGEST_NAME:
        words = f"Write at most {LONGEST_NAME} characters." if name else "Name it, such as “First year”."
        yield FieldProblem("name", words)
    for path in ("budget", "days_a_quarter"):
        amount = getattr(entry, path)
        if amount is not None and not (isfinite(amount) and 0 <= amount <= LARGEST):
            yield FieldProblem(path, "A number from zero to a trillion, or empty for no limit.")
    if not 1 <= entry.quarters <= MOST_QUARTERS:
        yield FieldProblem("quarters", f"A whole number of quarters from 1 to {MOST_QUARTERS}.")


def _of_tasks(access: Access, entry: PortfolioEntry) -> Iterator[FieldProblem]:
    if len(entry.named) > MOST_NAMED or len(entry.exclusions) > MOST_NAMED:
        yield FieldProblem("needs", f"The limits can speak of at most {MOST_NAMED} tasks.")
        return
    every = Task.objects.of(access.workspace).work().filter(pk__in=entry.named)
    known = set(every.values_list("pk", flat=True))
    groups: list[tuple[str, Sequence[int]]] = [("must", entry.must), ("must_not", entry.must_not)]
    groups += [("exclusions", group) for group in entry.exclusions]
    groups += [(f"needs.{task}", [task, *needed]) for task, needed in entry.needs.items()]
    for path, tasks in groups:
        if unknown := sorted(set(tasks) - known):
            yield FieldProblem(path, f"There is no task with the number {unknown[0]} in this workspace.")
    if set(entry.must) & set(entry.must_not):
        yield FieldProblem("must_not", "A task cannot be both: in it for certain, and left out for certain.")
    for task, needed in entry.needs.items():
        if task in needed:
            yield FieldProblem(f"needs.{task}", "A task cannot need itself.")
    if any(len(set(group)) < 2 for group in entry.exclusions):
        yield FieldProblem("exclusions", "Of a group at most one is built, so it has at least two tasks.")


def _stale(held: PortfolioPlan, changed: Sequence[str], moved: bool) -> StaleEdit:
    now = [f"{LABELS[name]}: now {_words(getattr(held, name))}" for name in changed]
    if moved:
        now.append(f"processes: now {', '.join(process.name for process in held.processes.all()) or 'all'}")
    return _changed(held, now or ["nothing that you changed too"])


def _changed(held: PortfolioPlan, changed: Sequence[str]) -> StaleEdit:
    return StaleEdit(
        f"Not saved: “{held.name}” was changed meanwhile.",
        detail="The page now shows what holds; make your change again.",
        changed=changed,
    )


def _words(value: Any) -> str:
    if isinstance(value, dict):
        pairs = (f"{task} needs {', '.join(map(str, needed))}" for task, needed in value.items())
        return "; ".join(pairs)[:200] or "none"
    if isinstance(value, list):
        return (
            ", ".join(" or ".join(map(str, one)) if isinstance(one, list) else str(one) for one in value)[:200]
            or "none"
        )
    return "no limit" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _audit(access: Access, verb: str, plan: PortfolioPlan, detail: Mapping[str, Any]) -> None:
    audit_record(access=access, verb=verb, subject=f"portfolio:{plan.pk}", detail={"portfolio": plan.name, **detail})
