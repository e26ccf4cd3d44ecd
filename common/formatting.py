"""Figures as people read them: at most three significant digits, thin spaces in thousands, a real minus sign.

What is unknown (None, NaN, infinite) is a dash, never a zero. Pages load these as filters with `{% load figures %}`;
reports and the command line call them directly.
"""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

Figure = int | float | Decimal | None

DASH: Final = "–"
MINUS: Final = "−"
THIN: Final = "\u202f"
SCALES: Final = ((1e9, "G"), (1e6, "M"), (1e3, "k"))
HUGE: Final = 1e18
WORDS: Final = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def known(value: Figure) -> float | None:
    """The value as a float, or None when it is missing, not a number or infinite."""
    if value is None or isinstance(value, str):
        return None
    found = float(value)
    return found if math.isfinite(found) else None


def rounded(value: float, digits: int) -> float:
    """`value` to `digits` significant digits.

    >>> rounded(1458000, 3), rounded(0.04567, 2), rounded(0, 3)
    (1460000.0, 0.046, 0.0)
    """
    if value == 0:
        return 0.0
    return float(round(value, digits - 1 - math.floor(math.log10(abs(value)))))


def written(value: float, decimals: int) -> str:
    """`value` with a real minus, thin spaces in thousands and no idle zeros after the point; huge ones by their power.

    >>> written(1234.50, 2), written(-2.5e20, 0)
    ('1\u202f234.5', '−2.5e20')
    """
    if abs(value) >= HUGE:
        mantissa, _, power = f"{value:.2e}".partition("e+")
        return f"{mantissa.rstrip('0').rstrip('.')}e{power}".replace("-", MINUS)
    text = f"{value:,.{decimals}f}".replace(",", THIN)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text == "-0":
        return "0"
    return text.replace("-", MINUS)


def number(value: Figure, digits: int = 3) -> str:
    """A plain number to `digits` significant digits; whole numbers above that keep all of theirs.

    >>> number(0.736123), number(11.04), number(1234.4), number(-0.5), number(None)
    ('0.736', '11', '1\u202f234', '−0.5', '–')
    """
    found = known(value)
    if found is None:
        return DASH
    if abs(found) >= 10**digits:
        return written(round(found), 0)
    short = rounded(found, digits)
    return written(short, max(0, digits - 1 - math.floor(math.log10(abs(short)))) if short else 0)


def scaled(value: float, digits: int = 3) -> str:
    """To `digits` significant digits with k, M or G behind it.

    >>> scaled(1458000), scaled(215354), scaled(950), scaled(999700), scaled(-4800)
    ('1.46 M', '215 k', '950', '1 M', '−4.8 k')
    """
    short = rounded(value, digits)
    for size, letter in SCALES if abs(short) < HUGE else ():
        if abs(short) >= size:
            return f"{number(short / size, digits)} {letter}"
    return number(short, digits)


def count(value: Figure) -> str:
    """A count, whole, with thin spaces: `count(42000)` is 42 000.

    >>> count(42000), count(-7.6), count(None)
    ('42\u202f000', '−8', '–')
    """
    found = known(value)
    return DASH if found is None else written(round(found), 0)


def money(value: Figure, currency: str = "", digits: int = 3) -> str:
    """An amount to three digits with its currency.

    >>> money(1458000, "EUR"), money(-351200, "EUR"), money(None, "EUR")
    ('1.46 M EUR', '−351 k EUR', '–')
    """
    found = known(value)
    return DASH if found is None else f"{scaled(found, digits)} {currency}".strip()


def thousands(value: Figure) -> str:
    """An amount in thousands, for a column whose header says so: `thousands(215354)` is 215.

    >>> thousands(215354), thousands(1458000), thousands(400), thousands(-94)
    ('215', '1\u202f458', '0.4', '−0.094')
    """
    found = known(value)
    return DASH if found is None else number(rounded(found, 6) / 1000, 3)


def price(value: Figure, currency: str = "") -> str:
    """An amount people set themselves, to the cent: `price(38, "EUR")` is 38.00 EUR.

    >>> price(38, "EUR"), price(Decimal("1450.5"))
    ('38.00 EUR', '1\u202f450.50')
    """
    found = known(value)
    if found is None:
        return DASH
    text = f"{found:,.2f}".replace(",", THIN).replace("-", MINUS)
    return f"{text} {currency}".strip()


def interval(low: Figure, high: Figure, currency: str = "", digits: int = 2) -> str:
    """From `low` to `high`, two digits each: more would promise a precision that an interval denies.

    >>> interval(-281200, 458000, "EUR"), interval(None, 3, "EUR")
    ('−280 k to 460 k EUR', '–')
    """
    lower, upper = known(low), known(high)
    if lower is None or upper is None:
        return DASH
    return f"{scaled(lower, digits)} to {scaled(upper, digits)} {currency}".strip()


def share(value: Figure, decimals: int = 0) -> str:
    """A share as a percentage; small ones keep a digit so that they do not read as none.

    >>> share(0.38), share(0.004), share(0.9996), share(0), share(None), share(0.8567, 1)
    ('38 %', '0.4 %', '99.96 %', '0 %', '–', '85.7 %')
    """
    found = known(value)
    if found is None:
        return DASH
    percent = found * 100
    edge = min(abs(percent), abs(100 - percent))
    if 0 < edge < 1:
        decimals = max(decimals, 1 - math.floor(math.log10(edge)) - 1)
    return f"{written(percent, min(decimals, 4))} %"


def in_hundred(value: Figure) -> str:
    """A chance as a count: `in_hundred(0.38)` is "38 in 100".

    >>> in_hundred(0.38), in_hundred(0.002), in_hundred(0.999), in_hundred(0)
    ('38 in 100', 'under 1 in 100', 'over 99 in 100', '0 in 100')
    """
    found = known(value)
    if found is None:
        return DASH
    if 0 < found < 0.005:
        return "under 1 in 100"
    return "over 99 in 100" if 0.995 < found < 1 else f"{count(found * 100)} in 100"


def signed(value: Figure, digits: int = 3) -> str:
    """A difference with its sign: `signed(2.6)` is +2.6.

    >>> signed(2.6), signed(-4800), signed(0)
    ('+2.6', '−4\u202f800', '0')
    """
    found = known(value)
    return f"+{number(found, digits)}" if found is not None and found > 0 else number(value, digits)


def minutes(value: Figure) -> str:
    """A handling time given in minutes, in the unit one would say it in.

    >>> minutes(11), minutes(0.5), minutes(150), minutes(None)
    ('11 min', '30 s', '2.5 h', '–')
    """
    found = known(value)
    if found is None:
        return DASH
    if 0 < abs(found) < 1:
        return f"{number(found * 60, 2)} s"
    return f"{number(found, 2)} min" if abs(found) < 100 else hours(found / 60)


def hours(value: Figure) -> str:
    """A waiting time given in hours: minutes below one, days from three days on.

    >>> hours(0.4), hours(62), hours(1.5), hours(120), hours(0)
    ('24 min', '62 h', '1.5 h', '5 days', '0 h')
    """
    found = known(value)
    if found is None:
        return DASH
    if 0 < abs(found) < 1:
        return f"{number(found * 60, 2)} min"
    return f"{number(found, 2)} h" if abs(found) < 72 else f"{number(found / 24, 2)} days"


def clock(seconds: Figure) -> str:
    """A running time: minutes and seconds, with hours when there are any.

    >>> clock(14), clock(122), clock(3725)
    ('0:14', '2:02', '1:02:05')
    """
    found = known(seconds)
    if found is None:
        return DASH
    whole = max(0, round(found))
    hour, minute, second = whole // 3600, whole % 3600 // 60, whole % 60
    return f"{hour}:{minute:02d}:{second:02d}" if hour else f"{minute}:{second:02d}"


def size(value: Figure) -> str:
    """Bytes, in thousands as disks count them.

    >>> size(512), size(20480), size(3_400_000)
    ('512 B', '20.5 kB', '3.4 MB')
    """
    found = known(value)
    if found is None:
        return DASH
    return f"{scaled(found)}B" if abs(found) >= 1000 else f"{count(found)} B"


def spelled(value: int) -> str:
    """A small count as a word, for headings: eight; from thirteen on, digits.

    >>> spelled(8), spelled(0), spelled(34)
    ('eight', 'no', '34')
    """
    return WORDS[value] if 0 <= value < len(WORDS) else count(value)


def things(value: int, one: str, many: str = "") -> str:
    """A count with its noun in the right number.

    >>> things(1, "task"), things(3, "task"), things(2, "reply", "replies")
    ('1 task', '3 tasks', '2 replies')
    """
    return f"{count(value)} {one if value == 1 else many or one + 's'}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Words joined as one writes them.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
