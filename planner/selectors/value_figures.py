"""The figures of a task's value, each with the formula it comes from and its own numbers in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.formatting import in_hundred, interval, money, number, share
from planner.domain.valuation.alike import PRODUCTION
from planner.domain.valuation.cashflow import discount_factors
from planner.domain.valuation.explanation import figure
from planner.domain.valuation.outcome import Outcome, PresentValue
from planner.domain.valuation.slices import DRAWS
from planner.selectors.value_tasks import ValuedTask
from planner.selectors.value_words import A_DAY, UNDER_A_DAY

EXPECTED, MIDDLE, BY_HAND = "mean", "median", "at the medians"
"""What the three figures of one value are called everywhere: the mean of all that may come, the median of the draws,
and what every input at its median gives in production, which can be added up by hand."""


@dataclass(frozen=True)
class Figure:
    """One figure of the band: words above, number, unit and the note beneath; `term` is its word in the glossary.

    `formula` is where it comes from, a line each, with its own numbers.
    """

    label: str
    value: str
    unit: str
    note: str
    term: str
    formula: tuple[str, ...] = ()
    wide: bool = False


def figures_of(found: ValuedTask, outcome: Outcome) -> tuple[Figure, ...]:
    """Every figure of the page's band."""
    currency = found.workspace.currency
    reached = found.case.means.get(PRODUCTION, 1.0) if found.case is not None else 1.0
    return (
        _npv(outcome, currency),
        _loss(outcome),
        _return(outcome),
        _payback(outcome),
        _payback_discounted(outcome),
        _internal_rate(outcome),
        _present("Present value of benefits", outcome.benefits, _benefit_terms(outcome, reached), currency),
        _present("Present value of costs", outcome.costs, _cost_terms(outcome, reached), currency),
        _information(outcome, currency),
    )


def percent(roi: float | None) -> tuple[str, str]:
    """A return as written, and its unit."""
    return ("undefined", "") if roi is None else (number(100 * roi, 2), "%")


def _k(amount: float) -> str:
    return money(amount, "")


def _npv(outcome: Outcome, currency: str) -> Figure:
    summary, at_medians = outcome.summary, float(outcome.at_medians.npv)
    mean = f"mean = {figure(outcome.benefits.mean)} − {figure(outcome.costs.mean)} = {figure(summary.mean)}"
    return Figure(
        *("Net present value, 90 % interval", interval(summary.p5, summary.p95), currency),
        note=f"{EXPECTED} {_k(summary.mean)}, {MIDDLE} {_k(summary.p50)}, {BY_HAND} {_k(at_medians)}",
        term="npv",
        formula=(
            f"{mean} (present value of benefits − of costs, both exact means)",
            f"of {figure(DRAWS)} draws in order: a twentieth lie below P5 = {figure(summary.p5)}, half below "
            f"P50 = {figure(summary.p50)}, a twentieth above P95 = {figure(summary.p95)}",
            f"at the medians = {figure(at_medians)}: every input at its median, in production, as the formulas below "
            "add it up; the mean also holds the chance of not reaching production, and what is lopsided",
        ),
        wide=True,
    )


def _loss(outcome: Outcome) -> Figure:
    summary = outcome.summary
    lost = round(summary.loss_probability * DRAWS)
    failing = f"{in_hundred(summary.failing).removesuffix(' in 100')} of them never reach production"
    return Figure(
        *("Chance of a loss", in_hundred(summary.loss_probability).removesuffix(" in 100"), "in 100"),
        note=failing if summary.failing else "all inputs drawn",
        term="loss",
        formula=(f"{figure(lost)} of {figure(DRAWS)} draws have a net present value below zero",),
    )


def _return(outcome: Outcome) -> Figure:
    summary = outcome.summary
    if summary.roi is None:
        note, formula = "there are no costs to return on", "undefined: nothing is divided by costs of zero"
    else:
        note = f"{_k(summary.mean)} on {_k(summary.mean_pv_costs)} of costs"
        formula = f"= {figure(summary.mean)} ÷ {figure(summary.mean_pv_costs)} = {figure(100 * summary.roi)} %"
    words = f"{formula}: mean net present value ÷ mean present value of costs" if summary.roi is not None else formula
    return Figure("Return, mean NPV ÷ mean costs", *percent(summary.roi), note, "roi", (words,))


def _payback(outcome: Outcome) -> Figure:
    flows = _flows(outcome)
    return _back("Payback, undiscounted", outcome.payback_years, flows, "at the medians, in production")


def _payback_discounted(outcome: Outcome) -> Figure:
    rate = float(outcome.at_medians.rate)
    factors = discount_factors(rate, len(_flows(outcome)) - 1)
    flows = [flow * factor for flow, factor in zip(_flows(outcome), factors, strict=True)]
    return _back("Payback, discounted", outcome.payback_discounted, flows, f"the same at {share(rate, 1)} a year")


def _back(label: str, years: float | None, flows: Sequence[float], note: str) -> Figure:
    value, unit = ("never", "") if years is None else (number(12 * years, 2), "months")
    if years is not None and 0 < years < A_DAY:
        value, unit = UNDER_A_DAY, ""
    return Figure(label, value, unit, note, "payback", (payback_formula(flows, years),))


def payback_formula(flows: Sequence[float], years: float | None) -> str:
    """When the running sum of the flows is zero, within the year it turns.

    >>> payback_formula([-100.0, 60.0, 80.0], 1.5), payback_formula([-100.0, 20.0], None)
    ('after year 1 40 are still out, year 2 brings 80: 1 + 40 ÷ 80 = 1.5 years', 'never: after year 1 80 are still out')
    """
    sums = [sum(flows[: place + 1]) for place in range(len(flows))]
    if years is None:
        return f"never: after year {len(flows) - 1} {figure(-sums[-1])} are still out"
    if years == 0 or sums[0] >= 0:
        return "nothing is paid in advance"
    whole = min(int(years), len(flows) - 2)
    if sums[whole] >= 0 and whole:
        whole -= 1
    out, brings = -sums[whole], flows[whole + 1]
    words = "at the start" if whole == 0 else f"after year {whole}"
    return (
        f"{words} {figure(out)} are still out, year {whole + 1} brings {figure(brings)}: "
        f"{whole} + {figure(out)} ÷ {figure(brings)} = {figure(years)} years"
    )


def _internal_rate(outcome: Outcome) -> Figure:
    flows = " + ".join(
        figure(flow) if year == 0 else f"{figure(flow)} ÷ (1 + r)^{year}" for year, flow in enumerate(_flows(outcome))
    )
    rates = " and ".join(share(rate, 1) for rate in outcome.irr.rates)
    only = outcome.irr.only
    found = f"r = {rates}{'' if only is not None else ': none of them means anything'}" if rates else "no rate does it"
    value, unit = (number(100 * only, 2), "% a year") if only is not None else ("several" if rates else "none", "")
    note = "at the medians, in production" if only is not None else outcome.irr.words
    return Figure("Internal rate of return", value, unit, note, "irr", (f"0 = {flows}; {found}",))


def _present(label: str, found: PresentValue, formula: tuple[str, ...], currency: str) -> Figure:
    words = f"mean; nine times in ten {interval(found.p5, found.p95)}"
    return Figure(label, _k(found.mean), currency, words, "present-value", formula)


def _benefit_terms(outcome: Outcome, reached: float) -> tuple[str, ...]:
    """At the medians and in production, then how the mean that is shown follows from the chance of reaching it."""
    result = outcome.at_medians
    factors = discount_factors(float(result.rate), result.setting.horizon)
    adopted = " + ".join(
        f"{figure(part)} × {factor:.3f}" for part, factor in list(zip(result.setting.profile, factors, strict=True))[1:]
    )
    total = float(result.pv_benefits)
    at_medians = (
        f"at the medians, in production: {figure(float(result.benefit))} a year × ({adopted}) = {figure(total)}"
    )
    mean = outcome.benefits.mean
    if not 0 < reached < 1:
        return at_medians, f"as the mean of all that is uncertain: {figure(mean)}"
    return at_medians, f"as the mean: {figure(mean / reached)} in production × {share(reached, 1)} = {figure(mean)}"


def _cost_terms(outcome: Outcome, reached: float) -> tuple[str, ...]:
    """At the medians and in production, then the mean, of which what is paid once is spent in any case."""
    result = outcome.at_medians
    factors = discount_factors(float(result.rate), result.setting.horizon)
    later = " + ".join(f"{factor:.3f}" for factor in factors[1:])
    once, yearly, total = float(result.once), float(result.yearly), float(result.pv_costs)
    at_medians = (
        f"at the medians, in production: {figure(once)} once + {figure(yearly)} a year × ({later}) = {figure(total)}"
    )
    mean, lost = outcome.costs.mean, outcome.summary.mean_once
    if not 0 < reached < 1:
        return at_medians, f"as the mean of all that is uncertain: {figure(mean)}"
    whole = (mean - (1 - reached) * lost) / reached
    terms = f"{figure(whole)} in production × {share(reached, 1)} + {figure(lost)} once × {share(1 - reached, 1)}"
    return at_medians, f"as the mean: {terms} where it is not reached = {figure(mean)}"


def _information(outcome: Outcome, currency: str) -> Figure:
    worth = outcome.summary.information
    return Figure(
        *("Worth to know everything first", _k(worth), currency),
        note="the most any measuring could be worth",
        term="information",
        formula=(
            f"mean of max(0, NPV) − max(0, mean NPV) over the draws = {figure(worth)}: what it saves to build only "
            "where it gains",
        ),
    )


def _flows(outcome: Outcome) -> list[float]:
    return [float(flow) for flow in outcome.at_medians.flows()]
