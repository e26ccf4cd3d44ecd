"""The limits of a portfolio as a form: budget, capacity and processes, and a line for each task."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from common.errors import FieldProblem
from common.formatting import written
from planner.domain.valuation.amounts import UnreadableAmount, read_amount
from planner.domain.valuation.distributions import Constant
from planner.models import PortfolioPlan, Process, Task
from planner.models.portfolio import MOST_QUARTERS
from planner.services import PortfolioEntry

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
STATES = (("", "if it pays"), ("must", "must be in it"), ("must_not", "must not"))


class AmountField(forms.CharField):
    """One amount as people write it, `400 k`; None where it is empty."""

    def clean(self, value: Any) -> float | None:
        text = super().clean(value).strip()
        if not text:
            return None
        try:
            found = read_amount(text, lower=0.0)
        except UnreadableAmount as problem:
            raise forms.ValidationError(str(problem)) from problem
        if not isinstance(found, Constant):
            raise forms.ValidationError("A limit is one amount, not a range: 400 k.")
        return found.value


class PortfolioForm(forms.Form):
    """What is not said a task."""

    name = forms.CharField(max_length=120)
    budget = AmountField(
        label="Budget",
        required=False,
        max_length=40,
        help_text="for one-off costs in total, such as 400 k; empty: none",
    )
    days_a_quarter = AmountField(
        label="Person-days a quarter", required=False, max_length=40, help_text="of those who build; empty: no limit"
    )
    quarters = forms.IntegerField(label="Quarters planned for", min_value=1, max_value=MOST_QUARTERS)
    processes = forms.MultipleChoiceField(
        label="Processes", required=False, widget=forms.CheckboxSelectMultiple, help_text="none ticked: all of them"
    )

    def __init__(self, *args: Any, among: Sequence[Process], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = self.fields["processes"]
        assert isinstance(choices, forms.MultipleChoiceField)
        choices.choices = [(str(process.pk), process.name) for process in among]

    @staticmethod
    def values(plan: PortfolioPlan) -> dict[str, Any]:
        """What the form begins with."""
        amounts = {name: _text(getattr(plan, name)) for name in ("budget", "days_a_quarter")}
        named = [str(process.pk) for process in plan.processes.all()]
        return {"name": plan.name, "quarters": plan.quarters, "processes": named, **amounts}

    def told(self, problems: Sequence[FieldProblem]) -> None:
        """Put what a service refused beside its field; that of a line stands beside the line."""
        for problem in problems:
            if problem.path in self.fields:
                self.add_error(problem.path, problem.message)


@dataclass
class TaskLine:
    """A task in the table of limits, as typed: its state, the numbers of those it needs, the letters of its groups."""

    task: Task
    state: str
    needs: str
    groups: str
    problem: str = ""

    @property
    def says(self) -> bool:
        """Something is set for the task, or wrong."""
        return bool(self.state or self.needs or self.groups or self.problem)


def lines_of(plan: PortfolioPlan, tasks: Sequence[Task]) -> list[TaskLine]:
    """The table of a plan."""
    groups: dict[int, list[str]] = defaultdict(list)
    for place, group in enumerate(plan.exclusions):
        for task in group:
            groups[task].append(letter_of(place))
    return [
        TaskLine(
            task,
            "must" if task.pk in plan.must else "must_not" if task.pk in plan.must_not else "",
            ", ".join(map(str, plan.needs.get(str(task.pk), ()))),
            ", ".join(groups[task.pk]),
        )
        for task in tasks
    ]


def letter_of(place: int) -> str:
    """
    >>> letter_of(0), letter_of(25), letter_of(26)
    ('A', 'Z', 'A2')
    """
    again, at = divmod(place, len(LETTERS))
    return LETTERS[at] + (str(again + 1) if again else "")


def posted_lines(posted: QueryDict, tasks: Sequence[Task]) -> list[TaskLine]:
    """The table as it was sent; what cannot be read has its problem."""
    found = []
    for task in tasks:
        state, needs, groups = (posted.get(f"{name}-{task.pk}", "")[:400] for name in ("state", "needs", "groups"))
        line = TaskLine(task, state if state in dict(STATES) else "", needs.strip(), groups.strip().upper())
        if not re.fullmatch(r"[\d,;\s]*", line.needs, re.ASCII) or any(len(one) > 12 for one in _parts(line.needs)):
            line.problem = "Write the numbers of the tasks it needs: 12, 14."
        elif not re.fullmatch(r"[A-Z0-9,;\s]*", line.groups):
            line.problem = "Write the letter of a group: A."
        found.append(line)
    return found


def entry_of(cleaned: Mapping[str, Any], lines: Sequence[TaskLine], plan: PortfolioPlan) -> PortfolioEntry:
    """What the service takes. What the plan says of tasks of other processes stays."""
    here = {line.task.pk for line in lines}
    groups: dict[str, list[int]] = defaultdict(list)
    for place, group in enumerate(plan.exclusions):
        groups[letter_of(place)] += [task for task in group if task not in here]
    for line in lines:
        for letter in _parts(line.groups):
            groups[letter].append(line.task.pk)
    needs = {int(task): needed for task, needed in dict(plan.needs).items() if int(task) not in here}
    needs |= {line.task.pk: [int(one) for one in _parts(line.needs)] for line in lines if line.needs}
    return PortfolioEntry(
        **{name: cleaned[name] for name in ("name", "budget", "days_a_quarter", "quarters")},
        processes=[int(pk) for pk in cleaned["processes"]],
        must=[task for task in plan.must if task not in here] + [one.task.pk for one in lines if one.state == "must"],
        must_not=[task for task in plan.must_not if task not in here]
        + [one.task.pk for one in lines if one.state == "must_not"],
        needs=needs,
        exclusions=[group for group in groups.values() if group],
    )


def told_lines(lines: Sequence[TaskLine], problems: Sequence[FieldProblem]) -> list[str]:
    """Put what a service refused beside its line; what belongs to no line is returned."""
    by_task = {f"needs.{line.task.pk}": line for line in lines}
    rest = []
    for problem in problems:
        if problem.path in by_task:
            by_task[problem.path].problem = problem.message
        elif problem.path in ("must", "must_not", "needs", "exclusions"):
            rest.append(problem.message)
    return rest


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[,;\s]+", text) if part]


def _text(amount: float | None) -> str:
    return "" if amount is None else written(amount, 2)
