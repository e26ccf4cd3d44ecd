"""Units that people write after amounts: `40 to 50 EUR`, `0,5 h`, `31 000 a year`.

A field has one unit. Where that is written it is taken off; hours, minutes and seconds are turned into each other; any
other unit is refused. A unit after the last number is meant for the others as well. Days are turned into nothing: how
many hours they have depends on who counts.
"""

import re
from dataclasses import dataclass

from planner.domain.valuation.amounts import NUMBER, UnreadableAmount, read_amount, write_number
from planner.domain.valuation.distributions import Constant

CURRENCY = "{currency}"
SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600}
_NAMES = {
    "seconds": ("s", "sec", "secs", "second", "seconds"),
    "minutes": ("min", "mins", "minute", "minutes"),
    "hours": ("h", "hr", "hrs", "hour", "hours"),
    "days": ("d", "day", "days", "person-day", "person-days"),
    "labels": ("label", "labels"),
    "visits": ("visit", "visits"),
    "year": ("year", "years", "yr", "annum"),
}
_CALLED = {name: base for base, names in _NAMES.items() for name in names}
_MONEY = r"€|\$|£|¥|[A-Z]{3}"
_WORDS = "|".join(sorted(map(re.escape, _CALLED), key=len, reverse=True))
_PER = rf"(?:/\s*|(?:per|an?)\s+)(?P<per>{_WORDS})|(?P<annum>p\.?\s?a\.?)"
_AFTER = rf"(?:(?P<money>{_MONEY})|(?P<word>(?i:{_WORDS})))?\s*(?:{_PER})?(?![A-Za-z])"
_SCALE = r"(?:[kKM%](?![A-Za-z]))?"
_COUNTED = re.compile(rf"(?P<number>{NUMBER}(?:,\d+)?)(?P<scale>\s*{_SCALE})(?P<unit>\s*{_AFTER})")
_CLOSED = re.compile(rf"^\s*(?P<number>.*[\])]\s*%?)(?P<unit>\s*{_AFTER})\s*$")
_BEFORE = re.compile(rf"(?<![A-Za-z])({_MONEY})\s*({NUMBER}(?:,\d+)?\s*{_SCALE})")
_LEFT = re.compile(r"(?<=[\d%kKM)\]])\s*(?!to\b|[eE][-+]?\d)(?![kKM%](?![A-Za-z]))([A-Za-z€$£¥µ/][^\d()]*)")
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[A-Za-z€$£¥]")
_SIGN_OF_UNIT = re.compile(r"[A-Za-z€$£¥µ/]")


@dataclass(frozen=True)
class Unit:
    """`base` is what is counted (a currency, `minutes`, …, "" for things), `per` what for, "" for nothing."""

    base: str
    per: str

    @classmethod
    def of(cls, text: str) -> "Unit":
        """
        >>> Unit.of("minutes a visit"), Unit.of("a year"), Unit.of("EUR")
        (Unit(base='minutes', per='visits'), Unit(base='', per='year'), Unit(base='EUR', per=''))
        """
        base, _, per = f" {text}".replace(" an ", " a ").partition(" a ")
        return cls(base.strip(), _CALLED.get(per, per))


def without_unit(text: str, unit: str, currency: str, example: str) -> str:
    """The amount in the unit of its field, without it. UnreadableAmount where another is written.

    >>> without_unit("40 to 50 EUR", "{currency} an hour", "EUR", "9"), without_unit("0,5 h", "minutes", "", "9")
    ('40 to 50', '30')
    >>> without_unit("40 USD", "{currency}", "EUR", "2 k")
    Traceback (most recent call last):
    planner.domain.valuation.amounts.UnreadableAmount: “USD” is not what is counted here: write it in EUR, such as 2 k.
    """
    if not _DIGIT.search(text) or not _LETTER.search(text) or not _SIGN_OF_UNIT.search(text.replace(" to ", " ", 1)):
        return text
    named = unit.replace(CURRENCY, currency)
    bare = text.strip().removesuffix(named) if not named.startswith("a ") else text
    bare = _BEFORE.sub(r"\2 \1", _in_capitals(bare, currency))
    closed = _CLOSED.match(bare)
    found = [closed] if closed else [each for each in _COUNTED.finditer(bare) if each["unit"].strip()]
    try:
        factors = [_factor(each, Unit.of(named)) for each in found]
    except _OtherUnit as other:
        raise _not_counted(str(other), named, example) from None
    if factors and set(factors) != {1.0}:
        return _converted(bare, Unit.of(named), named, example)
    bare = closed["number"] if closed else bare
    bare = _COUNTED.sub(_taken_off, bare)
    if left := _LEFT.search(bare):
        raise _not_counted(left[1].strip(), named, example)
    return bare.strip() if found or bare != text else text


class _OtherUnit(ValueError):
    """Something else is counted."""


def _taken_off(found: re.Match[str]) -> str:
    return f"{found['number']}{found['scale']}".rstrip() if found["unit"].strip() else found[0]


def _in_capitals(text: str, currency: str) -> str:
    return re.sub(rf"(?<![A-Za-z]){re.escape(currency)}(?![A-Za-z])", currency, text, flags=re.I) if currency else text


def _factor(found: re.Match[str], unit: Unit) -> float:
    """By what a number in the unit written is multiplied to be one in the unit of the field."""
    written = found["unit"].strip()
    per = "year" if found["annum"] else _CALLED.get(found["per"] or "", "")
    if per and per != unit.per:
        raise _OtherUnit(written)
    if found["money"]:
        if SYMBOLS.get(found["money"], found["money"]) != unit.base:
            raise _OtherUnit(written)
        return 1.0
    base = _CALLED.get((found["word"] or "").lower(), "")
    if base in SECONDS and unit.base in SECONDS:
        return SECONDS[base] / SECONDS[unit.base]
    if base and base != unit.base and not (base == "visits" and unit == Unit("", "year")):
        raise _OtherUnit(written)
    return 1.0


def _converted(text: str, unit: Unit, named: str, example: str) -> str:
    """Every number in the unit of the field."""
    if re.search(r"[\[(]", text):
        raise UnreadableAmount(f"Write these numbers in {named}, such as {example}, without another unit.")
    found = list(_COUNTED.finditer(text))
    last = next((_factor(each, unit) for each in reversed(found) if each["unit"].strip()), 1.0)

    def turned(each: re.Match[str]) -> str:
        amount = read_amount(f"{each['number']}{each['scale']}")
        assert isinstance(amount, Constant)
        factor = _factor(each, unit) if each["unit"].strip() else last
        after = "" if each["unit"].strip() else each["unit"]
        return write_number(amount.value * factor) + after

    return _COUNTED.sub(turned, text).strip()


def _not_counted(written: str, named: str, example: str) -> UnreadableAmount:
    counted = f"in {named}" if not named.startswith(("a ", "of ", "chance")) else "without a unit"
    return UnreadableAmount(f"“{written[:40]}” is not what is counted here: write it {counted}, such as {example}.")
