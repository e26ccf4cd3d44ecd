"""An estimate: each input as text with its source, proposed from what is known, changed by people, read into a case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from planner.domain.valuation.amounts import write_number, write_range, write_years
from planner.domain.valuation.assumptions import (
    ADOPTION,
    ERROR_FORM,
    HORIZON,
    INPUTS,
    Case,
    ErrorForm,
    Setting,
    read_text,
)
from planner.domain.valuation.distributions import Distribution
from planner.domain.valuation.shared_costs import SharedLine

DAYS = "days of a builder"
TEMPLATE = "template: "
"""Begins the source of a text that a template set and nobody has checked."""


class Origin(StrEnum):
    """Where the text of an assumption comes from."""

    PERSON = "person"
    LOG = "log"
    LANE = "lane"
    PROCESS = "process"
    WORKSPACE = "workspace"
    DEFAULT = "default"
    MEASURED = "measured"
    TEMPLATE = "template"


UNCHECKED = frozenset({Origin.DEFAULT, Origin.TEMPLATE})
"""Origins of what nobody has said or measured of the task at hand."""


@dataclass(frozen=True)
class Assumption:
    """One input as written, its source in words, where it comes from, and what somebody noted beside it."""

    key: str
    text: str
    source: str
    origin: Origin
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class EstimateFacts:
    """What an estimate is proposed from. Volume in visits a year, minutes of work a visit, wage in currency an hour."""

    volume_a_year: float | None
    volume_origin: Origin
    handling_minutes: float | None
    handling_origin: Origin
    wage: float
    hours_a_day: float
    discount_rate: float
    horizon: int


class InvalidAssumptions(ValueError):
    """Texts that cannot be read: key and sentence of each."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(next(iter(problems.values())))
        self.problems = dict(problems)


class MissingAssumptions(ValueError):
    """Facts without which a task is not valued, never guessed: their keys."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(" and ".join(NEEDED[key] for key in keys) + " missing")
        self.keys = keys


NEEDED = {"volume": "visits a year", "minutes_before": "handling minutes"}
"""Inputs that have no default."""


def case_of(assumptions: Mapping[str, Assumption], shared: Iterable[SharedLine] = ()) -> Case:
    """The case the texts of assumptions mean: see `case_read`."""
    return case_read({key: assumption.text for key, assumption in assumptions.items()}, shared)


def case_read(texts: Mapping[str, str], shared: Iterable[SharedLine] = ()) -> Case:
    """The case the texts mean, with the costs it shares with other tasks.

    InvalidAssumptions names those that cannot be read, MissingAssumptions those needed.
    """
    missing = tuple(key for key in NEEDED if key not in texts)
    if missing:
        raise MissingAssumptions(missing)
    read: dict[str, object] = {}
    problems: dict[str, str] = {}
    for key, text in texts.items():
        try:
            read[key] = read_text(key, text)
        except ValueError as problem:
            problems[key] = str(problem)
    if problems:
        raise InvalidAssumptions(problems)
    return _case(read, shared)


def _case(read: Mapping[str, object], shared: Iterable[SharedLine]) -> Case:
    setting = Setting()
    if isinstance(years := read.get(ADOPTION), tuple):
        setting = Setting(setting.horizon, years, setting.error_form)
    if isinstance(horizon := read.get(HORIZON), int):
        setting = Setting(horizon, setting.adoption, setting.error_form)
    if isinstance(form := read.get(ERROR_FORM), ErrorForm):
        setting = Setting(setting.horizon, setting.adoption, form)
    inputs: dict[str, Distribution] = {key: found for key, found in read.items() if key in INPUTS}  # type: ignore[misc]
    return Case.of(setting, inputs, shared)


def propose_estimate(facts: EstimateFacts) -> dict[str, Assumption]:
    """A text for every input, from the log, the workspace or a documented default; needed facts that are missing are
    left out.

    >>> facts = EstimateFacts(volume_a_year=31000.0, volume_origin=Origin.LOG, handling_minutes=11.0,
    ...     handling_origin=Origin.LOG, wage=38.0, hours_a_day=8.0, discount_rate=0.08, horizon=5)
    >>> found = propose_estimate(facts)
    >>> found["minutes_before"].text, found["wage"].text, found["coverage"].origin.value
    ('9.9 to 12.1', '38', 'default')
    """
    before, after = _everywhere(replace(facts, volume_a_year=None, handling_minutes=None))
    proposed = [*before, *_volume(facts), *_labour(facts), *_errors(facts), *after]
    return {assumption.key: assumption for assumption in proposed}


@lru_cache(maxsize=256)
def _everywhere(facts: EstimateFacts) -> tuple[tuple[Assumption, ...], tuple[Assumption, ...]]:
    """What is proposed alike for all tasks of a workspace, made once: what comes before a task's own, and after it."""
    return tuple(_setting(facts)), (*_once(facts), *_yearly(facts))


def _default(key: str, text: str, source: str) -> Assumption:
    return Assumption(key, text, source, Origin.DEFAULT)


def _workspace(key: str, text: str, source: str = "set for the workspace") -> Assumption:
    return Assumption(key, text, source, Origin.WORKSPACE)


_COVERAGE = _default("coverage", "50 % to 80 %", "default: the clear cases, until a model is measured")
_RECAPTURE = _default("recapture", "50 % to 80 %", "default: freed minutes come in pieces, not all can be used")
_RATES = (
    _default("error_today", "2 % to 6 %", "default: nobody has counted them yet"),
    _default("error_model", "2 % to 8 %", "default: like people or somewhat worse, until measured"),
)
_MATRIX = (
    _default("positive", "10 % to 30 %", "default: nobody has counted them yet"),
    *(_default(key, "60 % to 85 %", "default, until measured") for key in ("found_model", "found_today")),
    *(_default(key, "3 % to 10 %", "default, until measured") for key in ("alarms_model", "alarms_today")),
    _default("value_today", "0", "default: the person's decision is the yardstick"),
    *(_default(key, "0", "default: a right decision is what is expected") for key in ("value_tp", "value_tn")),
)


def _setting(facts: EstimateFacts) -> list[Assumption]:
    return [
        _workspace(HORIZON, str(facts.horizon)),
        _workspace("discount_rate", write_number(facts.discount_rate, share=True)),
        _workspace("wage", write_number(facts.wage)),
        _default(ERROR_FORM, ErrorForm.RATES.value, "the short form, until decisions are counted"),
        _default(ADOPTION, write_years((0.5, 0.8, 0.9)), "default: half of the visits at first, nine in ten later"),
        _default("production", "75 %", "default: one project in four never gets there"),
    ]


def _volume(facts: EstimateFacts) -> list[Assumption]:
    found = [_COVERAGE]
    if facts.volume_a_year is not None:
        words = "give or take a tenth, since next year differs from the last"
        found.append(_measured("volume", facts.volume_a_year, facts.volume_origin, words))
    return found


def _measured(key: str, value: float, origin: Origin, words: str) -> Assumption:
    if origin is Origin.PERSON:
        return Assumption(key, write_number(_short(value)), "set on the task", origin)
    source = f"log: {write_number(_short(value))} on average, {words}"
    return Assumption(key, write_range(_short(0.9 * value), _short(1.1 * value)), source, origin)


def _labour(facts: EstimateFacts) -> list[Assumption]:
    found = [_RECAPTURE]
    minutes = facts.handling_minutes
    if minutes is None:
        return found
    return [
        *found,
        _measured("minutes_before", minutes, facts.handling_origin, "give or take a tenth"),
        _default("minutes_exception", _range(minutes, 0.05, 0.15), "default: 5 to 15 % of today's, for checks"),
        _default("minutes_review", _range(minutes, 1.0, 1.2), "default: the whole work, and a look at the proposal"),
    ]


def _errors(facts: EstimateFacts) -> list[Assumption]:
    redone = (facts.handling_minutes or 0.0) / 60 * facts.wage
    loss = write_range(-_short(3 * redone), -_short(redone)) if redone else "0"
    why = "default: doing the task again, once to three times"
    return [
        *_RATES,
        _default("error_cost", _range(redone, 1, 3), why),
        *_MATRIX,
        *(_default(key, loss, why) for key in ("value_fn", "value_fp")),
    ]


def _once(facts: EstimateFacts) -> list[Assumption]:
    day = _day(facts)
    return [
        _default("discovery", _range(day, 5, 10), f"default: 5 to 10 {DAYS}"),
        _default("data_acquisition", "0", "default: the log is there"),
        _default("labels", "0", "default: the log holds the outcomes"),
        _default("label_cost", write_number(_short(facts.wage / 12)), "default: five minutes of work"),
        _default("person_days", "30 to 60", "default for one model on one log"),
        _default("day_rate", write_number(_short(day)), f"default: twice the wage, {facts.hours_a_day:g} hours"),
        _default("integration", _range(day, 10, 30), f"default: 10 to 30 {DAYS}"),
        _default("change_management", _range(day, 5, 10), f"default: 5 to 10 {DAYS}"),
    ]


def _yearly(facts: EstimateFacts) -> list[Assumption]:
    day = _day(facts)
    return [
        _default("inference", _range(day, 0.001, 0.003), "default: a small model on a shared machine"),
        _default("hosting", _range(day, 2, 8), f"default: 2 to 8 {DAYS} a year"),
        _default("monitoring", _range(day, 3, 8), f"default: 3 to 8 {DAYS} a year"),
        _default("retrainings", "4", "default: once a quarter"),
        _default("retraining_cost", _range(day, 0.5, 1), f"default: half a day to one of the {DAYS}"),
        _default("new_labels", "0", "default: the log brings them"),
        _default("support", _range(day, 5, 12), f"default: 5 to 12 {DAYS} a year"),
        *(_default(key, "0", "not counted unless you set it") for key in _OPTIONAL),
    ]


_OPTIONAL = ("margin", "waiting_hours", "hour_value", "risk_benefits", "risk_costs")


def _day(facts: EstimateFacts) -> float:
    """What a day of somebody who builds models costs: twice the wage, so that it fits the currency."""
    return 2 * facts.wage * facts.hours_a_day


def _range(unit: float, low: float, high: float) -> str:
    return write_range(_short(low * unit), _short(high * unit)) if unit else "0"


def _short(value: float) -> float:
    """Three significant digits: more would promise too much."""
    return float(f"{value:.3g}")
