"""What an estimate is made of: every input of the valuation with its name, unit, bounds and sign.

Money is in the workspace's currency. Shares are between 0 and 1. `gain` says which way a larger value moves the net
present value: +1 up, −1 down, 0 either way, depending on the others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from planner.domain.valuation.amount_units import without_unit
from planner.domain.valuation.amounts import (
    EXAMPLE,
    SHARE_EXAMPLE,
    YEARS_EXAMPLE,
    UnreadableAmount,
    in_percent,
    read_amount,
    read_years,
    write_amount,
)
from planner.domain.valuation.distributions import Distribution, is_certain, marks
from planner.domain.valuation.shared_costs import SharedLine


class Group(StrEnum):
    """Where an input stands on the page."""

    VOLUME = "volume"
    LABOUR = "labour"
    ERRORS = "errors"
    OTHER = "other benefits"
    ONCE = "costs, once"
    YEARLY = "costs, yearly"
    RISK = "risk and time"


class ErrorForm(StrEnum):
    """How the value of better or worse decisions is counted. Each is set against today's decision, never against zero.

    RATES: (e_today − e_model) · cost of an error.
    OUTCOME: expected value of a decision from confusion matrices of model and of today (the outcome is seen later).
    IMITATION: the label is the person's own decision; disagreement costs, today's value is the user's estimate.
    """

    RATES = "rates"
    OUTCOME = "outcome"
    IMITATION = "imitation"


@dataclass(frozen=True)
class InputSpec:
    """One input: how it is called, counted and bounded."""

    key: str
    label: str
    unit: str
    group: Group
    gain: int
    lower: float | None = 0.0
    upper: float | None = None
    forms: tuple[ErrorForm, ...] = tuple(ErrorForm)

    @property
    def is_share(self) -> bool:
        """Written as a percentage."""
        return self.upper == 1.0 or self.key in ("discount_rate", "risk_costs")

    @property
    def example(self) -> str:
        """A text that can be written here."""
        if self.is_share:
            return SHARE_EXAMPLE if self.upper == 1.0 else "5 % to 10 %"
        return "2 k to 5 k" if self.unit.startswith("{currency}") else EXAMPLE

    def bare(self, text: str, currency: str = "") -> str:
        """The text in the unit of the field, without it; UnreadableAmount where another unit is written."""
        return without_unit(text, self.unit, currency, self.example)

    def read(self, text: str) -> Distribution:
        """The distribution a text means for this input; UnreadableAmount says what is wrong with it.

        >>> INPUTS["hosting"].read("150 %")
        Traceback (most recent call last):
        planner.domain.valuation.amounts.UnreadableAmount: “150 %” is a share, which is not asked for here: write 150.
        """
        if "%" in text and not self.is_share:
            plain = text.replace("%", "").strip()
            raise UnreadableAmount(f"“{text.strip()}” is a share, which is not asked for here: write {plain}.")
        return read_amount(text, lower=self.lower, upper=self.upper, share=self.is_share)


_RATES = (ErrorForm.RATES,)
_OUTCOME = (ErrorForm.OUTCOME,)
_IMITATION = (ErrorForm.IMITATION,)
_MATRIX = (ErrorForm.OUTCOME, ErrorForm.IMITATION)
_V, _L, _E, _O, _C, _Y, _R = Group


def _money(key: str, label: str, group: Group, unit: str = "{currency}") -> InputSpec:
    return InputSpec(key, label, unit, group, -1)


def _signed(key: str, label: str) -> InputSpec:
    return InputSpec(key, label, "{currency}", _E, 0, lower=None, forms=_MATRIX)


def _rate(key: str, label: str, unit: str, gain: int, forms: tuple[ErrorForm, ...]) -> InputSpec:
    return InputSpec(key, label, unit, _E, gain, upper=1.0, forms=forms)


_SPECS = (
    InputSpec("volume", "Visits a year", "a year", _V, 0),
    InputSpec("coverage", "Share the model decides alone", "of visits", _V, 0, upper=1.0),
    InputSpec("minutes_before", "Minutes today", "minutes a visit", _L, 1),
    InputSpec("minutes_exception", "Minutes where the model decides", "minutes a visit", _L, -1),
    InputSpec("minutes_review", "Minutes where it hands over", "minutes a visit", _L, -1),
    InputSpec("wage", "Cost of an hour of work", "{currency} an hour", _L, 0),
    InputSpec("recapture", "Time saved that is used", "of minutes", _L, 0, upper=1.0),
    _rate("error_today", "Wrong decisions today", "of visits", 1, _RATES),
    _rate("error_model", "Wrong decisions of the model", "of visits", -1, _RATES),
    InputSpec("error_cost", "Cost of a wrong decision", "{currency}", _E, 0, forms=_RATES),
    _rate("positive", "Share of positive cases", "of visits", 0, _MATRIX),
    _rate("found_model", "Positives the model finds", "of positives", 0, _MATRIX),
    _rate("alarms_model", "False alarms of the model", "of negatives", 0, _MATRIX),
    _rate("found_today", "Positives found today", "of positives", 0, _OUTCOME),
    _rate("alarms_today", "False alarms today", "of negatives", 0, _OUTCOME),
    InputSpec(
        "value_today", "Value of a decision today", "{currency}", _E, -1, lower=None, forms=(ErrorForm.IMITATION,)
    ),
    _signed("value_tp", "Value of a positive found"),
    _signed("value_fn", "Value of a positive missed"),
    _signed("value_tn", "Value of a negative left alone"),
    _signed("value_fp", "Value of a false alarm"),
    InputSpec("margin", "Margin gained, not revenue", "{currency} a year", _O, 1),
    InputSpec("waiting_hours", "Waiting removed", "hours a visit", _O, 1),
    InputSpec("hour_value", "Value of an hour of waiting", "{currency} an hour", _O, 1),
    _money("discovery", "Discovery", _C),
    _money("data_acquisition", "Getting the data", _C),
    InputSpec("labels", "Labels to make", "labels", _C, -1),
    _money("label_cost", "Cost of a label", _C),
    InputSpec("person_days", "Person-days to build", "days", _C, -1),
    _money("day_rate", "Cost of a person-day", _C, "{currency} a day"),
    _money("integration", "Integration", _C),
    _money("change_management", "Training and change", _C),
    _money("inference", "A thousand predictions", _Y),
    _money("hosting", "Hosting", _Y, "{currency} a year"),
    _money("monitoring", "Monitoring", _Y, "{currency} a year"),
    InputSpec("retrainings", "Retrainings", "a year", _Y, -1),
    _money("retraining_cost", "Cost of a retraining", _Y),
    InputSpec("new_labels", "New labels", "a year", _Y, -1),
    _money("support", "Support", _Y, "{currency} a year"),
    InputSpec("production", "Reaches production", "chance", _R, 0, upper=1.0),
    InputSpec("discount_rate", "Discount rate", "a year", _R, 0, lower=-0.99, upper=10.0),
    InputSpec("risk_benefits", "Risk taken off benefits", "of benefits", _R, 0, upper=1.0),
    InputSpec("risk_costs", "Risk added to costs", "of costs", _R, -1, upper=10.0),
)

INPUTS: Mapping[str, InputSpec] = {spec.key: spec for spec in _SPECS}
"""Every input that may be a distribution, in the order of the page."""

_USED = {form: tuple(key for key, spec in INPUTS.items() if form in spec.forms) for form in ErrorForm}

ADOPTION = "adoption"
ERROR_FORM = "error_form"
HORIZON = "horizon"
LONGEST_HORIZON = 50

SHARED = frozenset({"wage", "day_rate", "hour_value", "discount_rate"})
"""Inputs that belong to the workspace: what one turns out to be, it is for every task."""


@dataclass(frozen=True)
class Setting:
    """What is not uncertain: years counted (1 to 50), adoption in years 1, 2, … (the last one holds on), error form."""

    horizon: int = 5
    adoption: tuple[float, ...] = (1.0,)
    error_form: ErrorForm = ErrorForm.RATES

    def __post_init__(self) -> None:
        if not 1 <= self.horizon <= LONGEST_HORIZON:
            raise ValueError(f"The horizon is 1 to {LONGEST_HORIZON} years, not {self.horizon}: write 5.")
        if not self.adoption or not all(0 <= share <= 1 for share in self.adoption):
            raise ValueError(f"Adoption is a share for each year: write {YEARS_EXAMPLE}.")

    @property
    def profile(self) -> tuple[float, ...]:
        """Adoption at t = 0, 1 … horizon; zero at the start.

        >>> Setting(4, (0.4, 0.9)).profile
        (0.0, 0.4, 0.9, 0.9, 0.9)
        """
        last = self.adoption[-1]
        missing = max(0, self.horizon - len(self.adoption))
        return (0.0, *self.adoption[: self.horizon], *([last] * missing))


@dataclass(frozen=True)
class Case:
    """One estimate, ready to be valued: the setting, a distribution for each input in use (else zero), and the costs
    it shares with other tasks, which it bears whole."""

    setting: Setting
    inputs: tuple[tuple[str, Distribution], ...]
    shared: tuple[SharedLine, ...] = ()

    @classmethod
    def of(cls, setting: Setting, inputs: Mapping[str, Distribution], shared: Iterable[SharedLine] = ()) -> "Case":
        """Keep what the error form uses, in the order of the page. KeyError names an input that does not exist."""
        unknown = [key for key in inputs if key not in INPUTS]
        if unknown:
            raise KeyError(f"No input is called {unknown[0]}.")
        used = tuple([(key, inputs[key]) for key in _USED[setting.error_form] if key in inputs])
        return cls(setting, used, tuple(shared))

    @property
    def by_key(self) -> dict[str, Distribution]:
        return dict(self.inputs)

    @cached_property
    def amounts(self) -> Mapping[str, Distribution]:
        """Everything that is drawn: inputs and shared costs, by name."""
        return {**self.by_key, **{line.name: line.amount for line in self.shared}}

    @cached_property
    def written(self) -> str:
        """The whole of it as text, what tells it from every other case: as `repr` writes setting, inputs and shared
        costs, each amount written once for all cases it is in.

        >>> case = Case.of(Setting(5), {"wage": INPUTS["wage"].read("38")})
        >>> case.written == repr((case.setting, case.inputs, []))[1:-1]
        True
        """
        inputs = "".join(f"({key!r}, {_repr(amount)}), " for key, amount in self.inputs)
        inputs = f"({inputs[:-1] if len(self.inputs) == 1 else inputs[:-2]})"
        shared = sorted((line.name, repr(line.amount)) for line in self.shared)
        return f"{self.setting!r}, {inputs}, {shared!r}"

    @cached_property
    def plain(self) -> frozenset[str]:
        """Names of the amounts that are plain numbers."""
        return frozenset(name for name, distribution in self.amounts.items() if is_certain(distribution))

    @cached_property
    def uncertain(self) -> tuple[str, ...]:
        """Names of the amounts that are not."""
        return tuple(name for name in self.amounts if name not in self.plain)

    @cached_property
    def means(self) -> Mapping[str, float]:
        """The mean of every amount."""
        return {name: distribution.mean for name, distribution in self.amounts.items()}

    @cached_property
    def medians(self) -> Mapping[str, float]:
        """The median of every amount."""
        return {name: middle for name, (_, middle, _) in self.marks.items()}

    @cached_property
    def marks(self) -> Mapping[str, tuple[float, float, float]]:
        """P10, median and P90 of every amount."""
        return {name: marks(distribution) for name, distribution in self.amounts.items()}

    def label(self, name: str) -> str:
        """What an amount is called on the page."""
        return INPUTS[name].label if name in INPUTS else next(line.label for line in self.shared if line.name == name)


@lru_cache(maxsize=16_384)
def _repr(amount: Distribution) -> str:
    return repr(amount)


@lru_cache(maxsize=16_384)
def read_text(key: str, text: str, currency: str = "") -> object:
    """The value a text means for a key: a distribution, years, a horizon or an error form. `currency` is the code that
    may stand beside an amount of money.

    >>> read_text("horizon", "5 years"), read_text("adoption", "40, 90 %"), read_text("error_form", "rates").value
    (5, (0.4, 0.9), 'rates')
    >>> read_text("minutes_before", "0,5 h").mean
    30.0
    """
    if key == ADOPTION:
        return read_years(text)
    if key == HORIZON:
        return _read_horizon(text)
    if key == ERROR_FORM:
        return _read_form(text)
    return INPUTS[key].read(INPUTS[key].bare(text, currency))


def kept_text(key: str, text: str, currency: str = "") -> str:
    """The text to keep of one that can be read: as typed, in the unit of the field but without it, with the percent
    signs that were left out of a share.

    >>> kept_text("coverage", "70 to 80"), kept_text("coverage", "0.7"), kept_text("volume", "70 to 80")
    ('70 % to 80 %', '0.7', '70 to 80')
    >>> kept_text("wage", "40 to 50 EUR an hour", "EUR"), kept_text("waiting_hours", "90 min")
    ('40 to 50', '1.5')
    """
    if key in INPUTS:
        text = INPUTS[key].bare(text, currency)
    if key in INPUTS and INPUTS[key].is_share and in_percent(text) != text:
        return write_amount(INPUTS[key].read(text), share=True)
    return text


def example_of(key: str) -> str:
    """
    >>> example_of("coverage"), example_of("adoption"), example_of("volume")
    ('70 % to 80 %', '40 %, 75 %, 90 %', '20 to 40')
    """
    return {ADOPTION: YEARS_EXAMPLE, HORIZON: "5"}.get(key) or INPUTS[key].example


def _read_horizon(text: str) -> int:
    digits = text.strip().removesuffix("years").removesuffix("year").strip()
    if not digits.isascii() or not digits.isdigit() or not 1 <= int(digits[:6]) <= LONGEST_HORIZON:
        raise ValueError(
            f"“{text.strip()[:20]}” is no horizon: write whole years from 1 to {LONGEST_HORIZON}, such as 5."
        )
    return int(digits)


def _read_form(text: str) -> ErrorForm:
    if text not in set(ErrorForm):
        raise ValueError(f"“{text[:20]}” is no way to count errors: use rates, outcome or imitation.")
    return ErrorForm(text)
