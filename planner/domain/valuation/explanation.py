"""Where a figure comes from: each formula with the case's own numbers in it, down to the inputs and their sources.

Numbers are those at the medians, since those can be checked by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.domain.valuation.amounts import THIN
from planner.domain.valuation.assumptions import Case, ErrorForm, Setting
from planner.domain.valuation.cashflow import discount_factors
from planner.domain.valuation.distributions import is_certain, median
from planner.domain.valuation.valuation import (
    LINES,
    Line,
    LineSpec,
    Valuation,
    minutes_after,
    model_value,
    today_value,
    value_at_medians,
)

PROVOST = "Provost and Fawcett, ch. 7"
TEI = "Forrester TEI: the start undiscounted, years at their end"


@dataclass(frozen=True)
class Term:
    """A piece of an expression: its text, and the input it stands for, empty for signs and steps between."""

    text: str
    input: str = ""


@dataclass(frozen=True)
class Explanation:
    """One figure: words, value, unit, the expression with numbers, its source, and the figures it is made of."""

    label: str
    value: float | None
    unit: str
    terms: tuple[Term, ...]
    source: str = ""
    parts: tuple["Explanation", ...] = ()

    @property
    def expression(self) -> str:
        """The terms as one line of text."""
        return "".join(f"{term.text} " if gap else term.text for term, gap in self.spaced).strip()

    @property
    def spaced(self) -> tuple[tuple[Term, bool], ...]:
        """Each term, and whether a space follows it: none after an opening bracket or before a closing one."""
        following = [*(term.text for term in self.terms[1:]), ""]
        return tuple(
            (term, not term.text.endswith("(") and not after.startswith(")"))
            for term, after in zip(self.terms, following, strict=True)
        )

    def rows(self, depth: int = 0) -> list[tuple[int, "Explanation"]]:
        """This figure and all below it, the parts before the whole, each with its depth."""
        below = [row for part in self.parts for row in part.rows(depth + 1)]
        return [*below, (depth, self)]


def figure(value: float | None) -> str:
    """A number for reading: whole from 1 000 on, at most two decimals from 10 on, else three significant digits.

    >>> figure(117211.4).replace(THIN, "_"), figure(-34.706), figure(0.0312), figure(9.0), figure(None)
    ('117_211', '−34.71', '0.0312', '9', '–')
    """
    if value is None:
        return "–"
    size = abs(value)
    if size >= 1000:
        text = f"{size:,.0f}".replace(",", THIN)
    elif size >= 10:
        text = f"{size:.2f}".rstrip("0").rstrip(".")
    else:
        text = f"{size:.3g}"
    return f"−{text}" if value < 0 and text.strip("0.") else text


def explain_npv(case: Case) -> Explanation:
    """The net present value at the medians, opened down to every input, in production."""
    result = value_at_medians(case)
    flows = tuple(float(flow) for flow in result.flows())
    factors = discount_factors(float(result.rate), case.setting.horizon)
    shown = [f"{figure(flow)} × {factor:.3f}" for flow, factor in zip(flows, factors, strict=True)]
    terms = (Term("= " + " + ".join(shown)),)
    parts = (explain_benefit(case, result), explain_once(case, result), explain_yearly(case, result))
    return Explanation("net present value", float(result.npv), "{currency}", terms, TEI, parts)


def explain_roi(case: Case) -> Explanation:
    """NPV over present value of all costs, at the medians."""
    result = value_at_medians(case)
    terms = (Term(f"= {figure(float(result.npv))} ÷ {figure(float(result.pv_costs))}"),)
    return Explanation("return on costs", result.roi, "share", terms, "NPV ÷ PV of costs", (explain_npv(case),))


def explain_benefit(case: Case, result: Valuation) -> Explanation:
    """Benefits of a year at full adoption."""
    names = [line.key for line in result.lines if line.is_benefit]
    return _total(("benefit at full adoption", "{currency} a year"), names, case, result)


def explain_once(case: Case, result: Valuation) -> Explanation:
    """Costs at the start."""
    names = [line.key for line in result.lines if line.once]
    borne = [line for line in result.lines if line.key in {shared.name for shared in case.shared}]
    return _total(("paid once", "{currency}"), names, case, result, borne)


def explain_yearly(case: Case, result: Valuation) -> Explanation:
    """Costs of every year."""
    names = [line.key for line in result.lines if not line.is_benefit and not line.once]
    return _total(("paid every year", "{currency} a year"), names, case, result)


def _total(
    words: tuple[str, str], names: list[str], case: Case, result: Valuation, borne: Sequence[Line] = ()
) -> Explanation:
    values: dict[str, float] = {key: median(distribution) for key, distribution in case.inputs}
    used = [spec for spec in LINES if spec.key in names and float(result.amount(spec.key)) != 0]
    parts = [_line(spec, case, values, float(result.amount(spec.key))) for spec in used]
    parts += [_borne(line) for line in borne]
    total = sum(part.value or 0.0 for part in parts)
    terms = (Term("= " + (" + ".join(figure(part.value) for part in parts) or "0")),)
    return Explanation(words[0], total, words[1], terms, "", tuple(parts))


def _borne(line: Line) -> Explanation:
    """A cost shared with other tasks, here as if this task alone paid it."""
    amount = float(line.amount)
    return Explanation(line.label, amount, "{currency}", (Term(f"= {figure(amount)}"),), "shared, borne whole here")


def _line(spec: LineSpec, case: Case, values: Mapping[str, float], amount: float) -> Explanation:
    unit = "{currency}" if spec.group.value == "costs, once" else "{currency} a year"
    if spec.key == "labour":
        return Explanation("labour", amount, unit, _labour_terms(values), "", (_after(values),))
    if spec.key == "errors":
        return _errors(case.setting, values, amount, unit)
    if spec.key == "inference":
        terms = (Term("="), *_inputs(values, "inference", "volume"), Term("÷ 1000"))
        return Explanation(spec.label, amount, unit, terms)
    return Explanation(
        spec.label, amount, unit, (Term("="), *_inputs(values, *spec.inputs), *_risk(spec, case, values))
    )


def _labour_terms(values: Mapping[str, float]) -> tuple[Term, ...]:
    after = figure(float(minutes_after(values)))
    return (
        Term("="),
        _input(values, "volume"),
        Term("× ("),
        _input(values, "minutes_before"),
        Term(f"− {after}) ÷ 60 ×"),
        *_inputs(values, "wage", "recapture"),
    )


def _after(values: Mapping[str, float]) -> Explanation:
    terms = (
        Term("="),
        *_inputs(values, "coverage", "minutes_exception"),
        Term("+ (1 −"),
        _input(values, "coverage"),
        Term(") ×"),
        _input(values, "minutes_review"),
    )
    return Explanation("minutes after", float(minutes_after(values)), "minutes a visit", terms)


def _errors(setting: Setting, values: Mapping[str, float], amount: float, unit: str) -> Explanation:
    head = (Term("="), *_inputs(values, "volume", "coverage"), Term("× ("))
    if setting.error_form is ErrorForm.RATES:
        rates = (_input(values, "error_today"), Term("−"), _input(values, "error_model"), Term(") ×"))
        return Explanation("errors", amount, unit, (*head, *rates, _input(values, "error_cost")))
    parts = (_model_decision(values), _today_decision(setting.error_form, values))
    terms = (*head, Term(f"{figure(parts[0].value)} − {figure(parts[1].value)} )"))
    return Explanation("errors", amount, unit, terms, PROVOST, parts)


def _model_decision(values: Mapping[str, float]) -> Explanation:
    terms = _decision_terms(values, "found_model", "alarms_model")
    return Explanation("value of a decision, model", float(model_value(values)), "{currency}", terms, PROVOST)


def _today_decision(form: ErrorForm, values: Mapping[str, float]) -> Explanation:
    worth = float(today_value(values, form))
    label = "value of a decision, today"
    if form is ErrorForm.IMITATION:
        return Explanation(label, worth, "{currency}", (Term("="), _input(values, "value_today")), "your estimate")
    return Explanation(label, worth, "{currency}", _decision_terms(values, "found_today", "alarms_today"), PROVOST)


def _decision_terms(values: Mapping[str, float], found: str, alarms: str) -> tuple[Term, ...]:
    return (
        Term("="),
        _input(values, "positive"),
        Term("× ("),
        *_inputs(values, found, "value_tp"),
        Term("+ (1 −"),
        _input(values, found),
        Term(") ×"),
        _input(values, "value_fn"),
        Term(") + (1 −"),
        _input(values, "positive"),
        Term(") × ( (1 −"),
        _input(values, alarms),
        Term(") ×"),
        _input(values, "value_tn"),
        Term("+"),
        *_inputs(values, alarms, "value_fp"),
        Term(")"),
    )


def _risk(spec: LineSpec, case: Case, values: Mapping[str, float]) -> tuple[Term, ...]:
    key = "risk_benefits" if spec.group.value == "other benefits" else "risk_costs"
    distributions = case.by_key
    plain = all(is_certain(distributions[name]) for name in spec.inputs if name in distributions)
    if not plain or not values.get(key):
        return ()
    return (Term("× (1 −" if key == "risk_benefits" else "× (1 +"), _input(values, key), Term(")"))


def _inputs(values: Mapping[str, float], *keys: str) -> tuple[Term, ...]:
    """The inputs multiplied with each other."""
    terms: list[Term] = []
    for key in keys:
        terms.extend((Term("×"), _input(values, key)))
    return tuple(terms[1:])


def _input(values: Mapping[str, float], key: str) -> Term:
    return Term(figure(values.get(key, 0.0)), key)
