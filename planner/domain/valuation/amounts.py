"""Amounts as people write them: text to a distribution and back.

Understood: `20`, `1 200`, `12 k`, `1.2M`, `80 %`, `20 to 40`, `[20, 40]`, `20 – 40`, `30 ± 5`, `20 % to 40 %`,
`pert(10, 20, 60)`, `triangular(10, 20, 60)`, `normal(30, 5)` (mean, standard deviation), `lognormal(2, 50)` (a 90 %
interval), `uniform(10, 20)`, `beta(8, 2)`. A range holds nine times in ten. A unit or `%` after the last number is
meant for the others as well. Where a share is asked for, numbers from 2 on are percentages: `70 to 80` is 70 % to 80 %.
Numbers reach from a trillionth to a trillion (or are zero), so that no product of them overflows.
"""

import re
from collections.abc import Sequence

from planner.domain.valuation.distributions import (
    BUILDERS,
    DECADE,
    Z90,
    Beta,
    Bounded,
    Constant,
    Distribution,
    InvalidDistribution,
    Lognormal,
    Normal,
    Pert,
    Triangular,
    Uniform,
    interval,
)

EXAMPLE = "20 to 40"
SHARE_EXAMPLE = "70 % to 80 %"
YEARS_EXAMPLE = "40 %, 75 %, 90 %"
THIN = "\u202f"
LONGEST = 80
LARGEST, SMALLEST = 1e12, 1e-12
SCALES = {"": 1.0, "k": 1e3, "K": 1e3, "M": 1e6, "%": 0.01}

_SPACE = r"[ \u00a0\u2009\u202f_]"
NUMBER = rf"[-−+]?\d+(?:{_SPACE}\d{{3}})*(?:\.\d+)?(?:[eE][-+]?\d+)?"
_ITEM = re.compile(rf"^\s*({NUMBER})\s*(k|K|M|%)?\s*$")
_CALL = re.compile(r"^\s*([A-Za-z]+)\s*\((.*)\)\s*(%?)\s*$")
_BRACKET = re.compile(r"^\s*\[(.*)\]\s*(%?)\s*$")
_RANGE = re.compile(r"^(.+?)(?:\bto\b|\.\.|–|—|(?<=[\d%kKM])\s*-\s*(?=\d)|(?<=[\d%kKM])\s+-\s+)(.+)$")
_SCALED = re.compile(r"\d\s*[kKM%]")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
_YEAR = r"\d{1,3}(?:\.\d+)?\s*%?"
_SPACED_YEARS = re.compile(rf"^{_YEAR}(?:\s+{_YEAR})+$", re.ASCII)
_THOUSAND_COMMA = re.compile(r"^[-−+]?\d{1,3}(,\d{3})+(?!\d)")


class UnreadableAmount(ValueError):
    """The text is no amount. Its message says what is wrong and shows one that is right."""


def read_amount(
    text: str, *, lower: float | None = None, upper: float | None = None, share: bool = False
) -> Distribution:
    """The distribution a text means, held between the bounds; UnreadableAmount where it means none.

    >>> read_amount("30 ± 5") == Normal.interval(25, 35)
    True
    >>> read_amount("12 k")
    Constant(value=12000.0)
    >>> read_amount("40 to 20")
    Traceback (most recent call last):
    planner.domain.valuation.amounts.UnreadableAmount: The low end 40 is above the high end 20: write 20 to 40.
    >>> read_amount("80", lower=0, upper=1, share=True), read_amount("0.7", lower=0, upper=1, share=True)
    (Constant(value=0.8), Constant(value=0.7))
    >>> read_amount("150", lower=0, upper=1, share=True)
    Traceback (most recent call last):
    planner.domain.valuation.amounts.UnreadableAmount: 150 % is more than 100 %: a share goes up to 100 %.
    """
    try:
        cleaned = _cleaned(text, share)
        if share and upper == 1:
            _not_ambiguous(cleaned)
        distribution = _parse(in_percent(cleaned) if share else cleaned, share)
    except InvalidDistribution as problem:
        raise UnreadableAmount(str(problem)) from problem
    _within(distribution, lower, upper, share)
    if isinstance(distribution, Constant) or (lower is None and upper is None):
        return distribution
    return Bounded(distribution, lower, upper)


def in_percent(text: str) -> str:
    """The text of a share with the percent sign that was left out, where a number above 1 shows that it was.

    >>> in_percent("70 to 80"), in_percent("0.7"), in_percent("[20, 40]"), in_percent("beta(8, 2)")
    ('70 to 80 %', '0.7', '[20, 40] %', 'beta(8, 2)')
    """
    bare = text.strip()
    if _SCALED.search(bare) or bare[-1:] not in "0123456789)]" or bare.lower().startswith("beta"):
        return text
    return f"{bare} %" if any(abs(_plain(number)) > 1 for number in _bare_numbers(bare)) else text


def _bare_numbers(bare: str) -> list[str]:
    """The numbers of a text, where a comma may be a decimal one or stand between them."""
    separated = bare.startswith("[") or (bare.endswith(")") and ";" not in bare)
    return re.findall(NUMBER, bare if separated else _DECIMAL_COMMA.sub(".", bare))


def _not_ambiguous(text: str) -> None:
    """Of a share of a whole, `1.2` or `0.5 to 2` may be meant as percentages, or be more than all there is.

    >>> _not_ambiguous("70 to 80"), _not_ambiguous("1 to 5"), _not_ambiguous("0.5 to 2 %")
    (None, None, None)
    >>> _not_ambiguous("1.2")
    Traceback (most recent call last):
    planner.domain.valuation.amounts.UnreadableAmount: “1.2” goes above one, all there is: write 1.2 % if that is meant.
    """
    meant = in_percent(text)
    if meant == text:
        return
    sizes = [abs(_plain(digits)) for digits in _bare_numbers(text)]
    mixed = any(0 < size < 1 for size in sizes)
    if max(sizes) < (10 if mixed else 2):
        raise UnreadableAmount(f"“{text}” goes above one, all there is: write {meant} if that is meant.")


def _plain(digits: str) -> float:
    return float(re.sub(_SPACE, "", digits).replace("−", "-"))


def read_years(text: str) -> tuple[float, ...]:
    """Shares for years 1, 2, 3 …, of which the last holds on: "40, 75, 90 %", or with spaces alone between.

    >>> read_years("40, 75, 90 %") == read_years("40 75 90") == read_years("0.4, 0.75, 0.9")
    True
    """
    cleaned = _cleaned(text, True)
    parts = re.findall(_YEAR, cleaned) if _SPACED_YEARS.match(cleaned) else re.split(r"[,;]", cleaned)
    for part in parts:
        if not _ITEM.match(part):
            words = f"“{part.strip()}” is no share of a year" if part.strip() else "A year is empty here"
            raise UnreadableAmount(f"{words}: write one for each year, such as {YEARS_EXAMPLE}.")
    if not parts[-1].strip().endswith("%"):
        for part in parts:
            _not_ambiguous(part.strip())
    percent = parts[-1].strip().endswith("%") or any(in_percent(part) != part for part in parts)
    shares = [_number(_with_scale(part, "%" if percent else ""), True) for part in parts]
    if not all(0 <= share <= 1 for share in shares):
        raise UnreadableAmount(f"Each year's share lies between 0 % and 100 %: write {YEARS_EXAMPLE}.")
    return tuple(shares)


def write_amount(distribution: Distribution, *, share: bool = False) -> str:
    """The canonical text of a distribution; reading it again gives the same distribution.

    >>> write_amount(read_amount("[ 20 , 40]")), write_amount(read_amount("20 to 40 %"), share=True)
    ('20 to 40', '20 % to 40 %')
    """
    if isinstance(distribution, Bounded):
        return write_amount(distribution.inner, share=share)
    if isinstance(distribution, Constant):
        return write_number(distribution.value, share=share)
    if isinstance(distribution, Normal):
        return _normal_text(distribution, share)
    if isinstance(distribution, Lognormal):
        return _lognormal_text(distribution, share)
    return _call_text(distribution, share)


def write_range(low: float, high: float, *, share: bool = False) -> str:
    """
    >>> write_range(0.2, 0.4, share=True)
    '20 % to 40 %'
    """
    return f"{write_number(low, share=share)} to {write_number(high, share=share)}"


def write_years(shares: Sequence[float]) -> str:
    """
    >>> write_years((0.4, 0.75, 0.9))
    '40, 75, 90 %'
    """
    return ", ".join(f"{100 * share:.6g}" for share in shares) + " %"


def write_number(value: float, *, share: bool = False) -> str:
    """A number to nine digits, thousands apart from 10 000 on, as a percentage where it is a share.

    >>> write_number(31000).replace(THIN, "_"), write_number(0.085, share=True), write_number(1450)
    ('31_000', '8.5 %', '1450')
    """
    shown = float(f"{100 * value if share else value:.9g}")
    if abs(shown) >= 1e15 or 0 < abs(shown) < 1e-4:
        body = f"{shown:.9g}"
    elif abs(shown) >= 10000:
        body = f"{shown:,.6f}".rstrip("0").rstrip(".").replace(",", THIN)
    else:
        body = f"{shown:.9f}".rstrip("0").rstrip(".")
    return f"{body} %" if share else body


def _normal_text(distribution: Normal, share: bool) -> str:
    """As a range where reading its short ends gives it back, else by mean and standard deviation."""
    half = distribution.deviation * Z90
    low, high = (float(f"{end:.7g}") for end in (distribution.mean - half, distribution.mean + half))
    again = Normal.interval(low, high)
    same = abs(again.deviation - distribution.deviation) <= 1e-9 * distribution.deviation
    if same and not 0 < low <= high / DECADE:
        return write_range(low, high, share=share)
    return _joined("normal", (distribution.mean, distribution.deviation), share)


def _lognormal_text(distribution: Lognormal, share: bool) -> str:
    if isinstance(interval(distribution.low, distribution.high), Lognormal):
        return write_range(distribution.low, distribution.high, share=share)
    ends = (write_number(end, share=share) for end in (distribution.low, distribution.high))
    return f"lognormal({', '.join(ends)})"


def _call_text(distribution: Distribution, share: bool) -> str:
    if isinstance(distribution, Beta):
        return f"beta({write_number(distribution.alpha)}, {write_number(distribution.beta)})"
    if isinstance(distribution, Uniform):
        return _joined("uniform", (distribution.low, distribution.high), share)
    if isinstance(distribution, Pert | Triangular):
        name = "pert" if isinstance(distribution, Pert) else "triangular"
        return _joined(name, (distribution.low, distribution.mode, distribution.high), share)
    raise TypeError(f"No text for {type(distribution).__name__}.")


def _joined(name: str, values: Sequence[float], share: bool) -> str:
    return f"{name}({', '.join(write_number(value, share=share) for value in values)})"


def _cleaned(text: str, share: bool) -> str:
    if not text.strip():
        raise UnreadableAmount(f"Nothing is written here: write a number or a range such as {_example(share)}.")
    if len(text) > LONGEST:
        raise UnreadableAmount(f"Too long to be an amount: write a number or a range such as {_example(share)}.")
    return text.strip()


def _parse(text: str, share: bool) -> Distribution:
    if "(" in text and (match := _CALL.match(text)):
        return _call(match[1].lower(), match[2], match[3], share)
    if "[" in text and (match := _BRACKET.match(text)):
        low, high = _numbers(match[1], match[2], 2, f"[{EXAMPLE.replace(' to', ',')}]", share)
        return _between(low, high, share)
    if "±" in text or "+-" in text or "+/-" in text:
        return _plus_minus(text, share)
    if _ITEM.match(text) is None and (match := _RANGE.match(text)):
        return _between(*_shared_scale(match[1], match[2], share), share)
    return Constant(_number(text, share))


def _between(low: float, high: float, share: bool) -> Distribution:
    if low > high:
        ends = (write_number(low, share=share), write_number(high, share=share))
        raise UnreadableAmount(f"The low end {ends[0]} is above the high end {ends[1]}: write {ends[1]} to {ends[0]}.")
    return interval(low, high)


def _call(name: str, inside: str, percent: str, share: bool) -> Distribution:
    if name not in BUILDERS:
        known = ", ".join(BUILDERS)
        raise UnreadableAmount(f"“{name}” is no known distribution: use {known}, or a range such as {_example(share)}.")
    count, build = BUILDERS[name]
    example = f"{name}({', '.join(('10', '20', '60')[:count])})"
    return build(*_numbers(inside, percent, count, example, share))


def _numbers(inside: str, percent: str, count: int, example: str, share: bool) -> list[float]:
    parts = inside.split(";") if ";" in inside else inside.split(",")
    if len(parts) != count:
        raise UnreadableAmount(f"{count} numbers are needed here, {len(parts)} were given: write {example}.")
    return [_number(_with_scale(part, percent or _scale_of(parts[-1])), share) for part in parts]


def _plus_minus(text: str, share: bool) -> Distribution:
    parts = re.split(r"±|\+/-|\+-", text)
    if len(parts) != 2:
        raise UnreadableAmount("One ± is needed: write 30 ± 5.")
    centre, half = _shared_scale(parts[0], parts[1], share)
    return interval(centre - abs(half), centre + abs(half))


def _shared_scale(first: str, second: str, share: bool) -> tuple[float, float]:
    return _number(_with_scale(first, _scale_of(second)), share), _number(second, share)


def _scale_of(text: str) -> str:
    match = _ITEM.match(text)
    return (match[2] or "") if match else ""


def _with_scale(text: str, scale: str) -> str:
    return text if not scale or _scale_of(text) else f"{text.strip()} {scale}"


def _number(text: str, share: bool) -> float:
    has_comma = "," in text
    if has_comma and _THOUSAND_COMMA.match(text.strip()):
        plain = text.strip().replace(",", "")
        raise UnreadableAmount(f"“{text.strip()}” can be read in two ways: write {plain}, or a point for decimals.")
    match = _ITEM.match(_DECIMAL_COMMA.sub(".", text) if has_comma else text)
    if match is None:
        raise UnreadableAmount(f"“{text.strip()}” is no number: write a number or a range such as {_example(share)}.")
    value = float(f"{_plain(match[1]) * SCALES[match[2] or '']:.15g}")
    if abs(value) > LARGEST:
        raise UnreadableAmount(f"“{text.strip()}” is too large to count with: write at most {_limit(LARGEST)}.")
    if 0 < abs(value) < SMALLEST or (value == 0 and re.search("[1-9]", re.split("[eE]", match[1])[0])):
        raise UnreadableAmount(f"“{text.strip()}” is too small to count with: write 0, or at least {_limit(SMALLEST)}.")
    return value


def _limit(value: float) -> str:
    return f"{value:.0e}".replace("e+", "e").replace("e-0", "e-")


def _within(distribution: Distribution, lower: float | None, upper: float | None, share: bool) -> None:
    for end in _ends(distribution):
        if share and upper == 1 and end > 1:
            raise UnreadableAmount(f"{write_number(end, share=True)} is more than 100 %: a share goes up to 100 %.")
        if lower is not None and end < lower:
            raise UnreadableAmount(f"{write_number(end, share=share)} is below {write_number(lower, share=share)}.")
        if upper is not None and end > upper:
            raise UnreadableAmount(f"{write_number(end, share=share)} is above {write_number(upper, share=share)}.")


def _ends(distribution: Distribution) -> tuple[float, ...]:
    """The numbers as written, which must lie within the bounds."""
    if isinstance(distribution, Constant):
        return (distribution.value,)
    if isinstance(distribution, Normal):
        half = distribution.deviation * Z90
        return (distribution.mean - half * (1 - 1e-12), distribution.mean + half * (1 - 1e-12))
    if isinstance(distribution, Beta):
        return (0.0, 1.0)
    if isinstance(distribution, Uniform | Triangular | Pert | Lognormal):
        return (distribution.low, distribution.high)
    return ()


def _example(share: bool) -> str:
    return SHARE_EXAMPLE if share else EXAMPLE
