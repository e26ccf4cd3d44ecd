"""Sentences about limits no choice keeps to: which contradict each other, and what would make a choice possible."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from common.formatting import listed, money, number
from planner.domain.valuation.portfolio import Limit
from planner.selectors.portfolio_result import UNBUILDABLE
from planner.selectors.portfolio_words import enough

Told = Mapping[str, Any]


def conflict_lede(contradiction: Sequence[Told], currency: str) -> str:
    """The limits that contradict each other, at least two, each as it was set.

    >>> must = {"limit": "must be in it", "tasks": ["Triage"], "helps": True, "given": None, "enough": None}
    >>> budget = {"limit": "budget", "tasks": [], "helps": True, "given": 50_000.0, "enough": 61_200.4}
    >>> conflict_lede([budget, must], "EUR")
    'These cannot all hold: the budget is 50 k EUR, and Triage must be in it. Any one of them given up, the others can.'
    >>> ways_out([budget, must], 4, "EUR")
    ('Raise the budget to 61\u202f201 EUR: 11\u202f201 EUR more.', 'Let Triage be built only if it pays.')
    """
    said = [_SAID[each["limit"]](each, currency) for each in contradiction]
    sentence = (
        f"These cannot all hold: {', '.join(said[:-1])}, and {said[-1]}. Any one of them given up, the others can."
    )
    if any(each["helps"] for each in contradiction):
        return sentence
    return f"{sentence} There is another contradiction besides, which is named once this one is resolved."


def ways_out(contradiction: Sequence[Told], quarters: int, currency: str) -> tuple[str, ...]:
    """What to change, one sentence each; where any would make a choice possible, those alone."""
    helping = [each for each in contradiction if each["helps"]] or contradiction
    return tuple(_WAYS[each["limit"]](each, quarters, currency) for each in helping)


_SAID: Mapping[str, Callable[[Told, str], str]] = {
    Limit.BUDGET.value: lambda each, currency: f"the budget is {money(each['given'], currency)}",
    Limit.PERSON_DAYS.value: lambda each, currency: f"there are {number(each['given'])} person-days",
    Limit.PREREQUISITES.value: lambda each, currency: f"{each['tasks'][0]} needs {each['tasks'][1]}",
    Limit.EXCLUSIONS.value: lambda each, currency: f"at most one of {listed(each['tasks'])} is built",
    Limit.MUST.value: lambda each, currency: f"{each['tasks'][0]} must be in it",
    Limit.MUST_NOT.value: lambda each, currency: f"{each['tasks'][0]} must not be in it",
    UNBUILDABLE: lambda each, currency: f"{each['tasks'][0]} needs a task that cannot be chosen",
}


def _budget(each: Told, quarters: int, currency: str) -> str:
    if each["enough"] is None:
        return "Take the budget off."
    more = enough(each["enough"] - each["given"])
    return f"Raise the budget to {enough(each['enough'])} {currency}: {more} {currency} more."


def _days(each: Told, quarters: int, currency: str) -> str:
    if each["enough"] is None:
        return "Take the limit of person-days off."
    whole, more = enough(each["enough"]), enough(each["enough"] - each["given"])
    by_quarter = enough(each["enough"] / quarters)
    return f"Have {whole} person-days, {more} more: {by_quarter} a quarter for {quarters} quarters, or more quarters."


_WAYS: Mapping[str, Callable[[Told, int, str], str]] = {
    Limit.BUDGET.value: _budget,
    Limit.PERSON_DAYS.value: _days,
    Limit.PREREQUISITES.value: lambda each, quarters, currency: (
        f"Let {each['tasks'][0]} be built without {each['tasks'][1]}."
    ),
    Limit.EXCLUSIONS.value: lambda each, quarters, currency: f"Let more than one of {listed(each['tasks'])} be built.",
    Limit.MUST.value: lambda each, quarters, currency: f"Let {each['tasks'][0]} be built only if it pays.",
    Limit.MUST_NOT.value: lambda each, quarters, currency: f"Allow {each['tasks'][0]}.",
    UNBUILDABLE: lambda each, quarters, currency: (
        f"Value the task that {each['tasks'][0]} needs, or take it off what it needs."
    ),
}
