"""The best portfolio within the limits of a plan, as plain values that can be stored and shown again."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

from django.conf import settings

from planner.domain.valuation.portfolio import (
    Bounds,
    Candidate,
    Demand,
    Limit,
    NoPortfolio,
    OutOfTime,
    Portfolio,
)
from planner.domain.valuation.portfolio_budget import BudgetCurve, BudgetStep, budget_curve
from planner.domain.valuation.portfolio_candidates import Choices, choices_of
from planner.domain.valuation.portfolio_choice import Binding, portfolio_bindings, portfolio_choose, share_error
from planner.domain.valuation.portfolio_quarters import Slot, quarters_planned
from planner.domain.valuation.portfolio_reasons import left_out
from planner.domain.valuation.uncertainty import quantiles
from planner.models import PortfolioPlan
from planner.selectors.portfolio_inputs import RESULT_VERSION, bounds_of, needs_of, processes_of
from planner.selectors.value_outcome import simulated
from planner.selectors.value_tasks import ValuedTask, valued_of

Progress = Callable[[float, str], None]
BESIDE = 1 / 6
"""Of the time for the choice, what each question beside it may take: one of the curve, of a limit."""
UNBUILDABLE = "needs what cannot be chosen"
"""Stands where a limit would in a contradiction: the task needs one that is not valued, or no longer there."""


@dataclass(frozen=True, eq=False)
class _Pool:
    """What a choice is made from: tasks by id, and those that need a task nobody can choose."""

    plan: PortfolioPlan
    valued: Mapping[str, ValuedTask]
    choices: Choices
    bounds: Bounds
    unbuildable: frozenset[str]

    @cached_property
    def candidates(self) -> Mapping[str, Candidate]:
        return {one.key: one for one in self.choices.candidates}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What each task is called; with its process where another has the same name."""
        tasks = {key: each.task for key, each in self.valued.items()}
        often = Counter(task.name for task in tasks.values())
        return {
            key: f"{task.name} ({task.process.name})" if often[task.name] > 1 else task.name
            for key, task in tasks.items()
        }

    def named(self, keys: Iterable[str]) -> list[str]:
        return [self.names[key] for key in keys]

    def bears(self, key: str) -> float:
        """The shared costs a task would bear alone, mean, currency."""
        return sum(cost.amount for cost in self.choices.shared if key in cost.tasks)


@dataclass(frozen=True, eq=False)
class _Chosen:
    """A choice, and what it was made from."""

    pool: _Pool
    best: Portfolio


def portfolio_of(plan: PortfolioPlan, progress: Progress = lambda share, words: None) -> dict[str, Any]:
    """The best portfolio of a plan, valued and explained; tasks by id, money in currency, chances from 0 to 1.

    Where no choice keeps to the limits `conflict` names their kinds, `contradiction` each of those that contradict each
    other, and nothing is chosen. Takes seconds for many tasks: for a job. What could not be proven in the time that is
    set stands in `short`; OutOfTime where nothing was found in it.
    """
    progress(0.0, "valuing the tasks")
    every = valued_of(plan.workspace, processes_of(plan), most=None)
    tasks = {str(each.task.pk): each for each in every}
    musts = frozenset(map(str, plan.must))
    among = {key: each for key, each in tasks.items() if each.is_candidate or (each.brief and key in musts)}
    pool = _pool(plan, among, progress)
    shown = {
        "version": RESULT_VERSION,
        "candidates": len(among),
        "unvalued": [_unvalued(each) for key, each in tasks.items() if key not in among],
        "unmet": [tasks[key].task.name for key in sorted(musts - frozenset(among)) if key in tasks],
    }
    progress(0.4, "choosing")
    asked = pool.choices.candidates, pool.bounds, pool.choices.shared
    found = portfolio_choose(*asked, seconds=settings.PORTFOLIO_SECONDS)
    # A choice that took all the time there is would be followed by a hundred like it.
    curve = BudgetCurve(whole=False, stopped=True)
    if isinstance(found, NoPortfolio) or not found.short:
        told = partial(_trying, progress)
        curve = budget_curve(*asked, told=told, seconds=settings.PORTFOLIO_SECONDS * BESIDE)
    shown |= {"curve": [_step(step) for step in curve.steps], "curve_whole": curve.whole, "stopped": curve.stopped}
    if isinstance(found, NoPortfolio):
        kinds = [limit.value for limit in found.because]
        return shown | {"conflict": kinds, "contradiction": _contradiction(pool, found.conflict), "chosen": []}
    progress(0.9, "weighing each limit")
    chosen = _Chosen(pool, found)
    return shown | _told(chosen) | {"more": _more(chosen, curve)}


def _trying(progress: Progress, share: float) -> None:
    progress(0.5 + 0.4 * share, "trying other budgets")


def _pool(plan: PortfolioPlan, among: Mapping[str, ValuedTask], progress: Progress) -> _Pool:
    known, needs = frozenset(among), needs_of(plan)
    simulations = {}
    for place, (key, each) in enumerate(among.items()):
        if place % 20 == 0:
            progress(0.2 + 0.2 * place / len(among), f"drawing {each.task.name} ({place + 1} of {len(among)})")
        if each.case is not None:
            simulations[key] = simulated(each.case, each.identity)
    choices = choices_of(simulations, {key: needs.get(key, frozenset()) & known for key in among})
    unbuildable = frozenset(key for key in among if needs.get(key, frozenset()) - known)
    bounds = bounds_of(plan, known)
    return _Pool(plan, among, choices, replace(bounds, must_not=bounds.must_not | unbuildable), unbuildable)


def _told(chosen: _Chosen) -> dict[str, Any]:
    best, pool = chosen.best, chosen.pool
    choices, bounds = pool.choices, pool.bounds
    total, loss = choices.total(best), choices.chance_of_loss(best)
    low, high = quantiles(total, (0.05, 0.95))
    bindings = _bindings(chosen)
    slots = _slots(chosen)
    return {
        "conflict": [],
        "npv": best.npv,
        "short": best.short,
        "p5": low,
        "p95": high,
        "loss": loss,
        "loss_error": share_error(loss, len(total)),
        "draws": len(total),
        "once": best.once,
        "days": best.person_days,
        "chosen": [_line(pool, key) | _quarters(slots.get(key)) for key in best.chosen],
        "left": [
            _line(pool, one.key)
            | {"why": one.why.value, "added": one.added, "missing": one.missing}
            | {"others": pool.named(one.others), "unbuildable": one.key in pool.unbuildable}
            for one in left_out(choices.candidates, bounds, choices.shared, best)
        ],
        "shared": _shared(chosen),
        "bindings": [_binding(pool, each) for each in bindings or ()],
        "unweighed": bindings is None,
        "losing": pool.named(key for key in sorted(bounds.must & set(best.chosen), key=int) if _loses(chosen, key)),
    }


def _bindings(chosen: _Chosen) -> Sequence[Binding] | None:
    """What each limit costs; None where that could not be told in time."""
    choices, seconds = chosen.pool.choices, settings.PORTFOLIO_SECONDS * BESIDE
    if chosen.best.short:
        return None
    try:
        return portfolio_bindings(choices.candidates, chosen.pool.bounds, choices.shared, chosen.best, seconds=seconds)
    except OutOfTime:
        return None


def _slots(chosen: _Chosen) -> dict[str, Slot]:
    days = chosen.pool.plan.days_a_quarter
    if not days:
        return {}
    return {slot.key: slot for slot in quarters_planned(chosen.pool.choices.candidates, chosen.best.chosen, days)}


def _quarters(slot: Slot | None) -> dict[str, Any]:
    return {"first": slot.first if slot else None, "last": slot.last if slot else None}


def _line(pool: _Pool, key: str) -> dict[str, Any]:
    """`npv` without shared costs, `npv_alone` with all of them borne by this task."""
    each, one = pool.valued[key], pool.candidates[key]
    return {
        "id": each.task.pk,
        "name": each.task.name,
        "process": each.task.process.name,
        "npv": one.npv,
        "npv_alone": one.npv - pool.bears(key),
        "roi": each.brief.summary.roi if each.brief else None,
        "once": one.once,
        "days": one.person_days,
    }


def _shared(chosen: _Chosen) -> list[dict[str, Any]]:
    pool, picked = chosen.pool, set(chosen.best.chosen)
    labels = {line.key: line.label for each in pool.valued.values() if each.case for line in each.case.shared}
    return [
        {
            "label": labels[cost.key],
            "amount": cost.amount,
            "tasks": pool.named(sorted(cost.tasks & picked, key=int)),
        }
        for cost in pool.choices.shared
        if cost.key in chosen.best.shared
    ]


def _binding(pool: _Pool, binding: Binding) -> dict[str, Any]:
    moved = {"added": pool.named(binding.added), "dropped": pool.named(binding.dropped)}
    return {"limit": binding.limit.value, "worth": binding.worth, **moved}


def _contradiction(pool: _Pool, demands: Sequence[Demand]) -> list[dict[str, Any]]:
    """Each limit that contradicts the others: what was set and what would be enough, where it is an amount."""
    found = []
    for demand in demands:
        ours = demand.limit is Limit.MUST_NOT and demand.tasks[0] in pool.unbuildable
        given = {Limit.BUDGET: pool.bounds.budget, Limit.PERSON_DAYS: pool.bounds.person_days}.get(demand.limit)
        limit = UNBUILDABLE if ours else demand.limit.value
        told = {"helps": demand.helps, "given": given, "enough": demand.enough}
        found.append({"limit": limit, "tasks": pool.named(demand.tasks), **told})
    return found


def _unvalued(each: ValuedTask) -> dict[str, Any]:
    """A task that cannot be chosen, with its reason."""
    if each.finding is not None:
        reason = f"{each.finding.verdict.label.capitalize()}. {each.finding.reason}"
    else:
        reason = f"Not valued: {each.gap}" if each.gap else each.unchecked.capitalize()
    return {"id": each.task.pk, "name": each.task.name, "process": each.task.process.name, "why": reason}


def _loses(chosen: _Chosen, key: str) -> bool:
    """Whether what is chosen would be worth more without this task; shared costs others pay anyway stay paid."""
    pool, others = chosen.pool, set(chosen.best.chosen) - {key}
    own = sum(cost.amount for cost in pool.choices.shared if key in cost.tasks and not cost.tasks & others)
    return pool.candidates[key].npv - own < 0


def _step(step: BudgetStep) -> dict[str, Any]:
    return {"budget": step.budget, "npv": step.npv, "tasks": len(step.chosen)}


def _more(chosen: _Chosen, curve: BudgetCurve) -> dict[str, Any] | None:
    """The least that more budget has to be for a better choice, what it brings, and what changes."""
    budget, best, step = chosen.pool.bounds.budget, chosen.best, curve.next
    if budget is None or step is None:
        return None
    named, now, then = chosen.pool.named, set(best.chosen), set(step.chosen)
    moved = {
        "added": named(key for key in step.chosen if key not in now),
        "dropped": named(key for key in best.chosen if key not in then),
    }
    return {"budget": step.budget - budget, "worth": step.npv - best.npv, **moved}
