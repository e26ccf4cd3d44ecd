"""Figures inside drafted sentences: thin spaces in thousands, a real minus, at most three digits for money."""

import math
from datetime import date

from canvas.domain.values import THIN

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def count(value: float) -> str:
    """
    >>> count(30912.4).replace(THIN, "_")
    '30_912'
    """
    return f"{round(value):,}".replace(",", THIN).replace("-", "−")


def money(value: float, digits: int = 3) -> str:
    """
    >>> money(1458000), money(-281200, 2), money(740)
    ('1.46 M', '−280 k', '740')
    """
    if value == 0:
        return "0"
    rounded = round(value, digits - 1 - math.floor(math.log10(abs(value))))
    for size, letter in ((1e6, " M"), (1e3, " k")):
        if abs(rounded) >= size:
            return f"{rounded / size:.6g}{letter}".replace("-", "−")
    return f"{rounded:.6g}".replace("-", "−")


def percent(share: float) -> str:
    """
    >>> percent(0.03), percent(0.0042), percent(0.8567)
    ('3 %', '0.42 %', '86 %')
    """
    value = 100 * share
    return f"{value:.0f} %" if value >= 10 or value == round(value) else f"{value:.2g} %"


def day(value: date) -> str:
    """
    >>> day(date(2025, 10, 3))
    '3 Oct 2025'
    """
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def duration(hours: float) -> dict[str, float | str]:
    """Hours in the unit one would say them in, to two digits.

    >>> duration(1488), duration(0.25), duration(30)
    ({'amount': 62.0, 'unit': 'days'}, {'amount': 15.0, 'unit': 'minutes'}, {'amount': 30.0, 'unit': 'hours'})
    """
    for unit, size in (("days", 24.0), ("hours", 1.0), ("minutes", 1 / 60)):
        if hours >= 2 * size or unit == "minutes":
            return {"amount": float(f"{hours / size:.2g}"), "unit": unit}
    raise AssertionError("minutes always fit")
