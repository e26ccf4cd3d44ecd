"""What a portfolio is given as, and what is refused of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import isfinite
from typing import Any

from accounts.access import Access
from common.errors import FieldProblem, InvalidInput
from planner.domain.valuation.prerequisites import circle_of
from planner.models import Process, Task
from planner.models.portfolio import MOST_QUARTERS

LONGEST_NAME = 120
MOST_NAMED = 1_000
"""Tasks that may be named in the limits of one plan."""
LARGEST = 1e12


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


def portfolio_checked(access: Access, entry: PortfolioEntry) -> list[Process]:
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
    for task in tasks.with_process()[:20]:
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
    known = dict(every.values_list("pk", "name"))
    groups: list[tuple[str, Sequence[int]]] = [("must", entry.must), ("must_not", entry.must_not)]
    groups += [("exclusions", group) for group in entry.exclusions]
    groups += [(f"needs.{task}", [task, *needed]) for task, needed in entry.needs.items()]
    for path, tasks in groups:
        if unknown := sorted(set(tasks) - set(known)):
            yield FieldProblem(path, f"There is no task with the number {unknown[0]} in this workspace.")
    for task in sorted(set(entry.must) & set(entry.must_not) & set(known))[:1]:
        words = f"{known[task]} cannot be both: in it for certain, and left out for certain."
        yield FieldProblem("must_not", words)
    yield from _circle(entry, known)
    if any(len(set(group)) < 2 for group in entry.exclusions):
        yield FieldProblem("exclusions", "Of a group at most one is built, so it has at least two tasks.")


def _circle(entry: PortfolioEntry, known: Mapping[int, str]) -> Iterator[FieldProblem]:
    circle = circle_of(entry.needs)
    if not circle or not set(circle) <= set(known):
        return
    names = [known[task] for task in circle]
    if len(names) == 1:
        words = f"{names[0]} cannot need itself."
    else:
        steps = [f"{one} needs {other}" for one, other in pairwise([*names, names[0]])]
        words = f"{', '.join(steps[:-1])}, and {steps[-1]}: none of them could come first. Take one of these away."
    yield FieldProblem(f"needs.{circle[0]}", words)
