"""Values in words: what a page answers its question with."""

from collections.abc import Sequence

from common.formatting import count, in_hundred, interval, money, number, spelled, thousands
from planner.domain.suitability.verdicts import Verdict
from planner.domain.valuation.outcome import Brief, Outcome
from planner.domain.valuation.uncertainty import Information, Swing
from planner.selectors.value_tasks import ValuedTask


def value_headline(found: ValuedTask) -> str:
    """The answer to "what is it worth, how sure are we?"."""
    if found.is_aside and found.finding is not None:
        return _ASIDE[found.finding.verdict]
    if found.brief is None:
        return f"Not valued yet: {found.gap}"
    return worth_words(found, found.brief)


_ASIDE = {
    Verdict.WRITE_A_RULE: "Write a rule instead: no model is needed here",
    Verdict.TRIVIAL: "Nothing left to predict: what already happened decides it",
    Verdict.NOT_PREDICTABLE: "No model here: the decision cannot be foreseen from this log",
    Verdict.GATHER_DATA_FIRST: "No model yet: the log does not record what to learn from",
    Verdict.KEEP_HUMAN: "Leave it with people: judgment is the task itself",
    Verdict.ALREADY_AUTOMATIC: "No work to save: a machine does it already",
}


def worth_words(found: ValuedTask, brief: Brief) -> str:
    """The value and its doubt in one sentence."""
    assert found.case is not None
    summary, setting = brief.summary, found.case.setting
    amount = money(abs(summary.mean), found.workspace.currency)
    risk = f"{in_hundred(summary.loss_probability)} that it loses money"
    years = "year" if setting.horizon == 1 else f"{setting.horizon} years"
    if summary.mean <= 0:
        return f"Costs about {amount} more than it brings over {years}, and {risk}"
    joint = "but" if summary.loss_probability > 0.25 else "and"
    return f"Worth about {amount} over {years}, {joint} {risk}"


def value_lede(found: ValuedTask, information: Sequence[Information]) -> str:
    """The largest doubt, what knowing it would be worth, and how much rests on defaults."""
    if found.brief is None and found.is_aside:
        return ""
    if found.brief is None:
        return "Nothing is guessed in its place: set it below, or import a log that has it."
    if found.is_aside:
        return f"If a model could do it all the same: {lower_first(worth_words(found, found.brief))}."
    parts = []
    if information and information[0].worth > 0:
        worth = money(information[0].worth, found.workspace.currency)
        parts.append(f"The largest doubt: {doubt_words(information[0])}. Knowing it first is worth at most {worth}.")
    if found.resting_on_defaults:
        parts.append(f"{count(found.resting_on_defaults)} of its assumptions are defaults nobody has checked.")
    return " ".join(parts)


def doubt_words(information: Information) -> str:
    """An input as something one may doubt."""
    return "whether it reaches production" if information.key == "production" else lower_first(information.label)


WAYS = {
    "production": "a small pilot tells",
    "coverage": "run a model beside people for some weeks",
    "recapture": "ask what was done with minutes freed before",
    "volume": "ask for next year's plan",
    "minutes_before": "time 30 visits",
    "minutes_review": "time 30 visits with a proposal at hand",
    "minutes_exception": "time the checks on 30 visits",
    "error_today": "audit 200 past decisions",
    "error_model": "train it: the pipeline measures it",
    "error_cost": "look up the last 20 wrong decisions",
    "found_model": "train it: the pipeline measures it",
    "alarms_model": "train it: the pipeline measures it",
    "found_today": "audit 200 past decisions",
    "alarms_today": "audit 200 past decisions",
    "person_days": "let a builder look at the log for a day",
    "integration": "ask the owner of the system",
}
"""How one would measure an input, where there is a usual way."""


def verdict_words(found: ValuedTask) -> tuple[str, str, str]:
    """Kind of note, title and sentence of the verdict; empty where there is none yet."""
    if found.finding is None:
        return "", "", ""
    kind = {Verdict.PREDICT: "ok", Verdict.NOT_WORTH_IT: "bad"}.get(found.finding.verdict, "warn")
    return (
        kind,
        f"{found.finding.verdict.label.capitalize()}.",
        f"{found.finding.reason} {_advice(found)}",
    )


def target_words(found: ValuedTask) -> str:
    """What a model would foretell, and what its label is."""
    foreseen = found.foreseen
    if not foreseen.question:
        return ""
    if foreseen.imitation:
        return (
            f"A model would answer: {foreseen.question} Its label is the person's own decision (imitation): "
            "today's errors cannot be seen in the log, they are your estimate; disagreement costs, the gain is labour."
        )
    return f"A model would answer: {foreseen.question} Its label is the outcome, seen later."


def _advice(found: ValuedTask) -> str:
    assert found.finding is not None
    verdict = found.finding.verdict
    return {
        Verdict.PREDICT: "Its canvas is next." if found.measured is None else "A model is trained and measured.",
        Verdict.NOT_WORTH_IT: "Change what can be changed in the assumptions, or leave it.",
        Verdict.WRITE_A_RULE: "Write the rule, not a model.",
    }.get(verdict, verdict.sentence)


def histogram_title(outcome: Outcome) -> str:
    summary = outcome.summary
    gains = f"{in_hundred(1 - summary.loss_probability)} futures gain"
    if summary.failing <= 0:
        return gains
    once = thousands(float(f"{summary.mean_once:.2g}"))
    return f"{gains}; {in_hundred(summary.failing)} never reach production and cost about {once} k each"


def information_title(information: Sequence[Information], currency: str) -> str:
    """What to find out before deciding, and what that is worth at most."""
    if not information:
        return "Nothing to measure before deciding"
    return f"Find out {doubt_words(information[0])} first: worth up to {money(information[0].worth, currency)}"


def tornado_title(swings: Sequence[Swing]) -> str:
    if not swings:
        return "Nothing drives it: every assumption is a plain number"
    low, high = sorted((swings[0].npv_low, swings[0].npv_high))
    return f"{swings[0].label} moves it most: {interval(low, high)}"


def cash_title(outcome: Outcome) -> str:
    horizon = outcome.at_medians.setting.horizon
    if outcome.payback_years is None:
        return f"The money does not come back within {spelled(horizon)} years, at the medians"
    if outcome.payback_years == 0:
        return "Nothing is paid in advance, at the medians"
    return f"The money is back after {payback(outcome.payback_years)}, at the medians"


A_DAY = 1 / 366
UNDER_A_DAY = "under a day"


def payback(years: float | None) -> str:
    """
    >>> payback(3.08), payback(0.5), payback(None), payback(1e-9)
    ('3.1 years', '6 months', 'never', 'under a day')
    """
    if years is None:
        return "never"
    if 0 < years < A_DAY:
        return UNDER_A_DAY
    return f"{number(years, 2)} years" if years >= 2 else f"{number(12 * years, 2)} months"


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
