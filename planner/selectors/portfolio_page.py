"""What the page of a portfolio shows: the answer in a sentence, what holds it back, the curve, what changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import Workspace
from common.formatting import in_hundred, interval, listed, money, number, things, thousands
from planner.charts.portfolio import CurveDrawing, draw_curve
from planner.models import PortfolioPlan
from planner.selectors.portfolio_conflict_words import conflict_lede, ways_out
from planner.selectors.portfolio_inputs import RESULT_VERSION, fingerprints_of
from planner.selectors.portfolio_words import (
    binding_words,
    left_words,
    loss_words,
    more_words,
    roi_words,
    shared_words,
    short_words,
)

MOST_LEFT = 50
"""Tasks not chosen that are told, of those that could be and of those that cannot be yet."""


@dataclass(frozen=True)
class ChosenRow:
    """A task that is chosen; money in thousands, as written."""

    id: int
    name: str
    process: str
    npv: str
    npv_alone: str
    loses: bool
    roi: str
    once: str
    days: str
    quarters: str


@dataclass(frozen=True)
class LeftRow:
    """A task that is not chosen, and why."""

    id: int
    name: str
    process: str
    npv: str
    once: str
    days: str
    why: str


@dataclass(frozen=True)
class PortfolioPage:
    """The page of a result. `since` says what changed since it was decided; empty where nothing did, or it was not."""

    headline: str
    lede: str
    fingerprint: str
    candidates: int
    ways_out: tuple[str, ...]
    warnings: tuple[tuple[str, str], ...]
    chosen: tuple[ChosenRow, ...]
    left: tuple[LeftRow, ...]
    unvalued: tuple[Mapping[str, Any], ...]
    not_told: int
    """How many more are not chosen."""
    shared: tuple[str, ...]
    bindings: tuple[str, ...]
    unweighed: bool
    """It could not be told in time what each limit costs."""
    figures: tuple[tuple[str, str, str], ...]
    curve: CurveDrawing | None
    curve_title: str
    curve_note: str
    curve_rows: tuple[tuple[str, str, int], ...]
    since: tuple[str, ...]


@dataclass(frozen=True)
class PortfolioRow:
    """A portfolio in the list, with what was chosen when it was last computed; `is_old` where that holds no more."""

    plan: PortfolioPlan
    tasks: int
    npv: float | None
    loss: str
    is_old: bool


def portfolio_rows(workspace: Workspace, plans: Sequence[PortfolioPlan]) -> list[PortfolioRow]:
    """The list, from what is stored."""
    now = fingerprints_of(workspace, plans)
    return [
        PortfolioRow(
            plan,
            len(plan.result.get("chosen", ())),
            plan.result.get("npv"),
            in_hundred(plan.result["loss"]) if "loss" in plan.result else "",
            bool(plan.result) and (plan.fingerprint != now[plan.pk] or plan.result.get("version") != RESULT_VERSION),
        )
        for plan in plans
    ]


def portfolio_page(plan: PortfolioPlan, result: Mapping[str, Any]) -> PortfolioPage:
    """Put a result in words and marks."""
    currency = plan.workspace.currency
    curve, left = [(step["budget"], step["npv"]) for step in result["curve"]], result.get("left", ())
    return PortfolioPage(
        headline=portfolio_headline(result, currency),
        lede=_lede(result, currency),
        fingerprint=result["fingerprint"],
        candidates=result["candidates"],
        ways_out=ways_out(result.get("contradiction", ()), plan.quarters, currency),
        warnings=tuple(_warnings(result)),
        chosen=tuple(_chosen(line) for line in result["chosen"]),
        left=tuple(_left(line, currency) for line in left[:MOST_LEFT]),
        unvalued=tuple(result["unvalued"][:MOST_LEFT]),
        not_told=sum(max(0, len(each) - MOST_LEFT) for each in (left, result["unvalued"])),
        shared=tuple(shared_words(cost, currency) for cost in result.get("shared", ())),
        bindings=tuple(binding_words(each, result.get("more"), currency) for each in result.get("bindings", ())),
        unweighed=result.get("unweighed", False),
        figures=_figures(plan, result, currency),
        curve=draw_curve(curve, plan.budget, _after(plan, result)) if len(curve) > 1 else None,
        curve_title=_curve_title(plan, result, currency),
        curve_note=_curve_note(result),
        curve_rows=tuple(
            (thousands(step["budget"]), thousands(step["npv"]), step["tasks"]) for step in result["curve"]
        ),
        since=_since(plan, result, currency),
    )


def portfolio_headline(result: Mapping[str, Any], currency: str) -> str:
    """What to build, what it is worth, and the doubt."""
    if not result["candidates"]:
        return "There is no valued task to choose from yet"
    if result["conflict"]:
        return "No choice keeps to these limits"
    of = things(result["candidates"], "task")
    if not result["chosen"]:
        return f"Build none of {of}: none adds anything within these limits"
    loss = in_hundred(result["loss"])
    return f"Build {len(result['chosen'])} of {of}: worth {money(result['npv'], currency)}, {loss} that it loses money"


def _lede(result: Mapping[str, Any], currency: str) -> str:
    if result["conflict"]:
        return conflict_lede(result["contradiction"], currency)
    proven = short_words(result, currency)
    if not result["chosen"]:
        return f"Each task has its reason below. {proven}" if result.get("short") else "Each task has its reason below."
    return (
        f"Nine times in ten between {interval(result['p5'], result['p95'], currency).replace(' to ', ' and ')}. "
        f"{money(result['once'], currency)} paid once and {number(result['days'])} person-days. "
        f"{proven}"
    )


def _warnings(result: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    if result.get("losing"):
        names = listed(result["losing"])
        found.append(("This rests on a task that loses money.", f"{names} must be in it; without, it is worth more."))
    if result["unmet"]:
        names = listed(result["unmet"])
        found.append(("A task that must be in it is missing.", f"{names} cannot be valued yet, see below."))
    return found


def _chosen(line: Mapping[str, Any]) -> ChosenRow:
    first, last = line["first"], line["last"]
    return ChosenRow(
        id=line["id"],
        name=line["name"],
        process=line["process"],
        npv=thousands(line["npv"]),
        npv_alone=thousands(line["npv_alone"]),
        loses=line["npv"] < 0,
        roi=roi_words(line["roi"]),
        once=thousands(line["once"]),
        days=number(line["days"]),
        quarters="–" if first is None else str(first) if first == last else f"{first} to {last}",
    )


def _left(line: Mapping[str, Any], currency: str) -> LeftRow:
    amounts = (thousands(line["npv"]), thousands(line["once"]), number(line["days"]))
    return LeftRow(line["id"], line["name"], line["process"], *amounts, left_words(line, currency))


def _figures(plan: PortfolioPlan, result: Mapping[str, Any], currency: str) -> tuple[tuple[str, str, str], ...]:
    """Label, amount and note of the large figures."""
    if not result["chosen"]:
        return ()
    days = None if plan.days_a_quarter is None else plan.days_a_quarter * plan.quarters
    budget = "no limit set" if plan.budget is None else f"of a budget of {money(plan.budget, currency)}"
    within = "no limit set" if days is None else f"of {number(days)} in {things(plan.quarters, 'quarter')}"
    return (
        (
            "Net present value",
            money(result["npv"], currency),
            interval(result["p5"], result["p95"]) + ", 90 % interval",
        ),
        ("Loses money", in_hundred(result["loss"]), loss_words(result)),
        ("Paid once", money(result["once"], currency), budget),
        ("Person-days", number(result["days"]), within),
    )


def _curve_title(plan: PortfolioPlan, result: Mapping[str, Any], currency: str) -> str:
    more = result.get("more")
    if result.get("stopped"):
        return "What other budgets would bring, as far as was found in time"
    if more:
        return more_words(more, currency, "more budget")
    if plan.budget is None:
        return "What a budget would bring"
    return "More budget would bring nothing" if result["chosen"] else "What another budget would bring"


def _after(plan: PortfolioPlan, result: Mapping[str, Any]) -> float | None:
    """The budget of the next step above the one in force."""
    more = result.get("more")
    return plan.budget + more["budget"] if more and plan.budget is not None else None


def _curve_note(result: Mapping[str, Any]) -> str:
    what = "Worth of the best choice at each budget, the other limits in place"
    if result["curve_whole"]:
        return f"{what}; every step is exact"
    if result.get("stopped"):
        return f"{what}; each step listed is exact, there may be others"
    return f"{what}; each step listed is exact, between two of them there are smaller ones"


def _since(plan: PortfolioPlan, result: Mapping[str, Any], currency: str) -> tuple[str, ...]:
    then = plan.result.get("then") if plan.decided else None
    if not then or then["fingerprint"] == result["fingerprint"]:
        return ()
    before = {line["id"]: line["name"] for line in then["chosen"]}
    now = {line["id"]: line["name"] for line in result["chosen"]}
    found = []
    if gone := [name for pk, name in before.items() if pk not in now]:
        found.append(f"No longer chosen: {listed(gone)}.")
    if new := [name for pk, name in now.items() if pk not in before]:
        found.append(f"Chosen now: {listed(new)}.")
    worth = money(result["npv"], currency) if "npv" in result else "no choice possible"
    if not found and worth == money(then["npv"], currency):
        return ("The choice is the same, and is worth the same.",)
    found.append(f"Worth then {money(then['npv'], currency)}, now {worth}.")
    return tuple(found)
