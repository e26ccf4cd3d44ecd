"""Results that are kept: what tells one from another, and their figures as plain values, written and read again.

A fingerprint is of everything a figure rests on, so two results of one fingerprint are the same to the last digit.
"""

import hashlib
import math
from dataclasses import asdict, dataclass
from typing import Any

from planner.domain.valuation.assumptions import Case
from planner.domain.valuation.cashflow import InternalRates
from planner.domain.valuation.outcome import Brief, Outcome
from planner.domain.valuation.uncertainty import Summary

Plain = dict[str, Any]


@dataclass(frozen=True)
class Basis:
    """What a figure rests on besides its case: the formula's version, and which random numbers are drawn."""

    formula_version: int
    seed: int
    draws: int


def fingerprint_of(case: Case, identity: str, basis: Basis) -> str:
    """64 hexadecimal digits of formula, random numbers, setting, every input and every shared cost.

    >>> from planner.domain.valuation.assumptions import Setting
    >>> case, basis = Case.of(Setting(5), {}), Basis(2, 2026, 2048)
    >>> same = fingerprint_of(Case.of(Setting(5), {}), "Triage", basis)
    >>> fingerprint_of(case, "Triage", basis) == same, fingerprint_of(case, "Pay", basis) == same
    (True, False)
    """
    whole = f"({basis!r}, {identity!r}, {case.written})"
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def figures_plain(outcome: Outcome) -> Plain:
    """Every figure of an outcome as JSON holds it; what is undefined, or too large to be a number, is None."""
    return {
        "summary": {name: _finite(value) for name, value in asdict(outcome.summary).items()},
        "pv_benefits": {name: _finite(value) for name, value in asdict(outcome.benefits).items()},
        "pv_costs": {name: _finite(value) for name, value in asdict(outcome.costs).items()},
        "at_medians": {
            "irr": [_finite(rate) for rate in outcome.irr.rates],
            "payback_years": _finite(outcome.payback_years),
            "payback_discounted_years": _finite(outcome.payback_discounted),
        },
        "break_even": [
            {"key": one.key, "label": one.label, "found": one.found.name.lower(), "values": _all_finite(one.values)}
            for one in outcome.break_even
        ],
        "information": [
            {"key": one.key, "label": one.label, "worth": _finite(one.worth)} for one in outcome.information
        ],
        "borne_whole": list(outcome.borne_whole),
    }


def brief_read(summary: object, at_medians: object, formula_version: int) -> Brief | None:
    """What was written by `figures_plain`, from two of its parts; None where it is not whole: it was kept before there
    were such figures, or is of extremes that no number holds."""
    if not isinstance(summary, dict) or not isinstance(at_medians, dict):
        return None
    known: dict[str, Any] = {name: summary.get(name) for name in Summary.__dataclass_fields__}
    if any(value is None for name, value in known.items() if name != "roi"):
        return None
    return Brief(
        summary=Summary(**known),
        irr=InternalRates(tuple(at_medians["irr"])),
        payback_years=at_medians["payback_years"],
        formula_version=formula_version,
    )


def brief_plain(brief: Brief) -> Plain:
    """A brief as JSON holds it, whole: what is no number is written as text."""
    return {
        "summary": {name: _told(value) for name, value in asdict(brief.summary).items()},
        "irr": [_told(rate) for rate in brief.irr.rates],
        "payback_years": _told(brief.payback_years),
        "formula_version": brief.formula_version,
    }


def brief_of(plain: Plain) -> Brief:
    """The brief of `brief_plain`."""
    return Brief(
        summary=Summary(**{name: _heard(value) for name, value in plain["summary"].items()}),
        irr=InternalRates(tuple(map(float, plain["irr"]))),
        payback_years=_heard(plain["payback_years"]),
        formula_version=plain["formula_version"],
    )


def _told(value: float | None) -> float | str | None:
    return value if value is None or math.isfinite(value) else str(value)


def _heard(value: float | str | None) -> Any:
    return None if value is None else float(value)


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value


def _all_finite(values: tuple[float, ...]) -> list[float]:
    return [value for value in values if math.isfinite(value)]
