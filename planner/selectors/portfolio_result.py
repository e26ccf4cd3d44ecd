"""The best portfolio within the limits of a plan, as plain values that can be stored and shown again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from planner.domain.valuation.portfolio import (
    Bounds,
    Candidate,
    NoPortfolio,
    Portfolio,
    portfolio_bindings,
    portfolio_choose,
    value_by_budget,
)
from planner.domain.valuation.portfolio_candidates import Choices, choices_of
from planner.domain.valuation.portfolio_quarters import Slot, quarters_planned
from planner.domain.valuation.portfolio_reasons import left_out
from planner.domain.valuation.uncertainty import quantiles
from planner.models import PortfolioPlan
from planner.selectors.portfolio_inputs import bounds_of, needs_of, processes_of
from planner.selectors.value_outcome import simulated
from planner.selectors.value_tasks import ValuedTask, valued_tasks

Progress = Callable[[float, str], None]


@dataclass(frozen=True, eq=False)
class _Chosen:
    """A choice with all it was made from."""

    plan: PortfolioPlan
    valued: Mapping[str, ValuedTask]
    choices: Choices
    bounds: Bounds
    best: Portfolio

    @cached_property
    def candidates(self) -> Mapping[str, Candidate]:
        return {one.key: one for one in self.choices.candidates}

    def bears(self, key: str) -> float:
        """The shared costs a task would bear alone, mean, currency."""
        return sum(cost.amount for cost in self.choices.shared if key in cost.tasks)


def portfolio_of(plan: PortfolioPlan, progress: Progress = lambda share, words: None) -> dict[str, Any]:
    """The best portfolio of a plan, valued and explained; tasks by id, money in currency, chances from 0 to 1.

    Where no choice keeps to the limits `conflict` names them and nothing is chosen.
    """
    tasks = _valued(plan, progress)
    musts = frozenset(map(str, plan.must))
    pool = {key: each for key, each in tasks.items() if each.is_candidate or (each.outcome and key in musts)}
    progress(0.7, "choosing")
    choices, unbuildable = _choices(plan, pool)
    bounds = bounds_of(plan, frozenset(pool))
    bounds = replace(bounds, must_not=bounds.must_not | frozenset(unbuildable))
    shown = {
        "candidates": len(pool),
        "unvalued": [_unvalued(each) for key, each in tasks.items() if key not in pool],
        "unmet": [tasks[key].task.name for key in sorted(musts - frozenset(pool)) if key in tasks],
    }
    found = portfolio_choose(choices.candidates, bounds, choices.shared)
    curve = [asdict(step) for step in value_by_budget(choices.candidates, bounds, choices.shared)]
    if isinstance(found, NoPortfolio):
        return shown | {"conflict": [limit.value for limit in found.because], "chosen": [], "curve": curve}
    progress(0.9, "explaining")
    chosen = _Chosen(plan, pool, choices, bounds, found)
    return shown | _told(chosen, unbuildable) | {"curve": curve, "more": _more(chosen, curve)}


def _valued(plan: PortfolioPlan, progress: Progress) -> dict[str, ValuedTask]:
    processes = processes_of(plan)
    found: dict[str, ValuedTask] = {}
    for place, process in enumerate(processes):
        progress(0.7 * place / len(processes), f"valuing {process.name}")
        found |= {str(each.task.pk): each for each in valued_tasks(process)}
    return found


def _choices(plan: PortfolioPlan, pool: Mapping[str, ValuedTask]) -> tuple[Choices, dict[str, list[str]]]:
    """The candidates, and those that need a task nobody can choose, each with the ids of these."""
    needs = needs_of(plan)
    lacking = {key: sorted(needs.get(key, frozenset()) - frozenset(pool)) for key in pool}
    simulations = {key: simulated(each.case, each.identity) for key, each in pool.items() if each.case is not None}
    known = {key: needs.get(key, frozenset()) & frozenset(pool) for key in pool}
    return choices_of(simulations, known), {key: names for key, names in lacking.items() if names}


def _told(chosen: _Chosen, unbuildable: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    best, choices, bounds = chosen.best, chosen.choices, chosen.bounds
    total = choices.total(best)
    low, high = quantiles(total, (0.05, 0.95))
    bindings = portfolio_bindings(choices.candidates, bounds, choices.shared, best)
    slots = _slots(chosen)
    return {
        "conflict": [],
        "npv": best.npv,
        "p5": low,
        "p95": high,
        "loss": choices.chance_of_loss(best),
        "once": best.once,
        "days": best.person_days,
        "chosen": [_line(chosen, key) | _quarters(slots.get(key)) for key in best.chosen],
        "left": [
            _line(chosen, one.key)
            | {"why": one.why.value, "added": one.added, "missing": one.missing}
            | {"others": [chosen.valued[key].task.name for key in one.others]}
            | {"unbuildable": len(unbuildable.get(one.key, ()))}
            for one in left_out(choices.candidates, bounds, choices.shared, best)
        ],
        "shared": _shared(chosen),
        "bindings": [_binding(chosen, each) for each in map(asdict, bindings)],
        "losing": [
            chosen.valued[key].task.name for key in sorted(bounds.must & set(best.chosen)) if _loses(chosen, key)
        ],
    }


def _slots(chosen: _Chosen) -> dict[str, Slot]:
    days = chosen.plan.days_a_quarter
    if not days:
        return {}
    return {slot.key: slot for slot in quarters_planned(chosen.choices.candidates, chosen.best.chosen, days)}


def _quarters(slot: Slot | None) -> dict[str, Any]:
    return {"first": slot.first if slot else None, "last": slot.last if slot else None}


def _line(chosen: _Chosen, key: str) -> dict[str, Any]:
    """`npv` without shared costs, `npv_alone` with all of them borne by this task."""
    each, one = chosen.valued[key], chosen.candidates[key]
    return {
        "id": each.task.pk,
        "name": each.task.name,
        "process": each.task.process.name,
        "npv": one.npv,
        "npv_alone": one.npv - chosen.bears(key),
        "roi": each.outcome.summary.roi if each.outcome else None,
        "once": one.once,
        "days": one.person_days,
    }


def _shared(chosen: _Chosen) -> list[dict[str, Any]]:
    labels = {line.key: line.label for each in chosen.valued.values() if each.case for line in each.case.shared}
    picked = set(chosen.best.chosen)
    return [
        {
            "label": labels[cost.key],
            "amount": cost.amount,
            "tasks": [chosen.valued[key].task.name for key in sorted(cost.tasks & picked, key=int)],
        }
        for cost in chosen.choices.shared
        if cost.key in chosen.best.shared
    ]


def _binding(chosen: _Chosen, binding: Mapping[str, Any]) -> dict[str, Any]:
    names = {side: [chosen.valued[key].task.name for key in binding[side]] for side in ("added", "dropped")}
    return {"limit": binding["limit"].value, "worth": binding["worth"], **names}


def _unvalued(each: ValuedTask) -> dict[str, Any]:
    """A task that cannot be chosen, with its reason."""
    if each.finding is not None:
        reason = f"{each.finding.verdict.label.capitalize()}. {each.finding.reason}"
    else:
        reason = f"Not valued: {each.gap}" if each.gap else each.unchecked.capitalize()
    return {"id": each.task.pk, "name": each.task.name, "process": each.task.process.name, "why": reason}


def _loses(chosen: _Chosen, key: str) -> bool:
    """Whether what is chosen would be worth more without this task; shared costs others pay anyway stay paid."""
    others = set(chosen.best.chosen) - {key}
    own = sum(cost.amount for cost in chosen.choices.shared if key in cost.tasks and not cost.tasks & others)
    return chosen.candidates[key].npv - own < 0


def _more(chosen: _Chosen, curve: Sequence[Mapping[str, Any]]) -> dict[str, float] | None:
    """The least that more budget, among those tried, has to be for a better choice, and what it brings."""
    budget, best = chosen.plan.budget, chosen.best
    if budget is None:
        return None
    better = next(
        (step for step in curve if step["budget"] > budget and step["npv"] > best.npv * (1 + 1e-9) + 1e-6), None
    )
    if better is None:
        return None
    picked = set(better["chosen"])
    paid = sum(cost.amount for cost in chosen.choices.shared if cost.tasks & picked)
    wanted = sum(chosen.candidates[key].once for key in picked) + paid
    return {"budget": wanted - budget, "worth": better["npv"] - best.npv}
