"""Sentences about a portfolio: why a task is left out, which limit holds the choice back, what is paid once."""

from collections.abc import Callable, Mapping
from math import ceil
from typing import Any

from common.formatting import listed, money, number, written
from planner.domain.valuation.portfolio import Limit
from planner.domain.valuation.portfolio_reasons import Why


def left_words(line: Mapping[str, Any], currency: str) -> str:
    """Why a task is not chosen."""
    if line.get("unbuildable"):
        return "Needs a task that cannot be chosen: it is not valued, or no longer there."
    return _WHY[Why(line["why"])](line, currency)


_WHY: dict[Why, Callable[[Mapping[str, Any], str], str]] = {
    Why.MUST_NOT: lambda line, currency: "You left it out.",
    Why.NEEDS: lambda line, currency: f"Needs {listed(line['others'])}, not chosen either.",
    Why.EXCLUDED: lambda line, currency: f"At most one of a group is built, and {listed(line['others'])} is.",
    Why.LOSES: lambda line, currency: (
        f"Would lose {money(-line['added'], currency)}." if line["added"] < 0 else "Would bring nothing."
    ),
    Why.BUDGET: lambda line, currency: (
        f"Would bring {money(line['added'], currency)}, but {money(line['missing'], currency)} of budget are missing."
    ),
    Why.PERSON_DAYS: lambda line, currency: (
        f"Would bring {money(line['added'], currency)}, but {number(line['missing'])} person-days are missing."
    ),
    Why.OTHERS: lambda line, currency: "Others bring more within the limits.",
}


def enough(amount: float) -> str:
    """An amount rounded up to whole units, since less than it would not do.

    >>> enough(12_345.2), enough(40.0)
    ('12\u202f346', '40')
    """
    return written(ceil(amount - 1e-6), 0)


def more_words(more: Mapping[str, Any], currency: str, what: str = "more") -> str:
    """What the least budget that changes the choice would bring."""
    return f"{enough(more['budget'])} {currency} {what} would bring {money(more['worth'], currency)}"


def loss_words(result: Mapping[str, Any]) -> str:
    """How sure the chance of a loss is."""
    draws = number(result["draws"])
    if not 0 < result["loss"] < 1:
        return f"{'none' if not result['loss'] else 'all'} of {draws} draws of all chosen tasks together"
    return f"± {number(100 * result['loss_error'], 2)} in 100, standard error of {draws} draws of all together"


def binding_words(binding: Mapping[str, Any], more: Mapping[str, Any] | None, currency: str) -> str:
    """What a limit costs, and what would change without it."""
    worth, moved = money(binding["worth"], currency), _moved(binding)
    if binding["limit"] == Limit.BUDGET.value and more:
        step = f"{more_words(more, currency)} ({_moved(more)})"
        return f"The budget: {step}, the least that changes anything; without any limit {worth} ({moved})."
    return f"{_LIMIT_WORDS[binding['limit']]}: without, {worth} more ({moved})."


_LIMIT_WORDS = {
    Limit.BUDGET.value: "The budget",
    Limit.PERSON_DAYS.value: "The person-days",
    Limit.PREREQUISITES.value: "What tasks need",
    Limit.EXCLUSIONS.value: "At most one of a group",
    Limit.MUST.value: "What must be in it",
    Limit.MUST_NOT.value: "What must not be in it",
}


def _moved(binding: Mapping[str, Any]) -> str:
    parts = [f"also {listed(binding['added'])}"] if binding["added"] else []
    parts += [f"not {listed(binding['dropped'])}"] if binding["dropped"] else []
    return ", ".join(parts)


def shared_words(cost: Mapping[str, Any], currency: str) -> str:
    """A shared cost that is paid once, and for whom."""
    return f"{cost['label']}: {money(cost['amount'], currency)} once, for {listed(cost['tasks'])}"


def roi_words(roi: float | None) -> str:
    """A return in percent, as in the ranking."""
    return "undefined" if roi is None else number(100 * roi, 2)


def short_words(result: Mapping[str, Any], currency: str) -> str:
    """Whether another choice may be worth more, and by how much at most."""
    if not result.get("short"):
        return "No other choice within the limits is worth more on average."
    most = money(result["short"], currency)
    return f"Not proven best, since the search was stopped: another choice may be worth at most {most} more on average."
