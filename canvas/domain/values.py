"""What a field may hold: text as people type it to a typed value, and back to words.

A typed value is a string (text, prose, choice), a float (number, money, share as 0 to 1), `{"amount", "unit"}`
(duration), a list of strings (lines), of `{"metric", "comparison", "value", "note"}` (limits) or of columns (rows).
Words where a value is needed stay the string they were typed as: they are kept, and `completeness` says that they
are to be sharpened.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from canvas.domain.fields import Field, Kind

LONGEST = {Kind.TEXT: 300, Kind.PROSE: 2000, Kind.CHOICE: 60}
LONGEST_OTHER = 20_000
MOST_ROWS = 300
LONGEST_CELL = 200
THIN = "\u202f"
SPACES = " \u00a0\u2009\u202f"
NUMBER = rf"[-−+]?\d+(?:[{SPACES}]\d{{3}})*(?:[.,]\d+)?"
NUMERIC = re.compile(rf"^({NUMBER})\s*([^\d\s].*)?$")
DURATION = re.compile(
    rf"^({NUMBER})\s*(seconds?|minutes?|hours?|days?|weeks?|months?|years?|s|min|h)\b\s*,?\s*(.*)$", re.IGNORECASE
)
LIMIT = re.compile(
    r"^(?P<metric>.{1,80}?)\s*(?P<comparison>≥|>=|≤|<=|>|<|\b(?:at least|at most|above|over|below|under)\b)"
    rf"\s*(?P<value>{NUMBER})\s*(?P<percent>%)?\s*[,;:]?\s*(?P<note>.*)$",
    re.IGNORECASE,
)
COMPARISONS = {
    "≥": ">=",
    ">=": ">=",
    "at least": ">=",
    "≤": "<=",
    "<=": "<=",
    "at most": "<=",
    ">": ">",
    "above": ">",
    "over": ">",
    "<": "<",
    "below": "<",
    "under": "<",
}
SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}
BREAK = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
BULLET = re.compile(
    r"^[ \t]*(?:[\uf0b7\uf0a7\uf0d8\uf076\uf0fc•·▪◦‣§o](?:\t[ \t]*| {2,})|[\uf0b7\uf0a7\uf0d8•▪◦‣] ?)(?=\S)",
    re.MULTILINE,
)
"""Bullets as Word, Writer and Pages put them before a pasted line."""
UNITS = {"s": "seconds", "min": "minutes", "h": "hours"}
HOURS = {"seconds": 1 / 3600, "minutes": 1 / 60, "hours": 1, "days": 24, "weeks": 168, "months": 730, "years": 8760}


class UnusableValue(ValueError):
    """The value cannot be kept in this field. The message is a whole sentence, `where` the field's key."""

    def __init__(self, message: str, *, where: str) -> None:
        super().__init__(message)
        self.where = where


def cleaned(text: str) -> str:
    """NFC, line breaks as \\n, no control, format or surrogate characters (a text cannot turn the page around).

    What word processors paste becomes plain: their line and page breaks, their blanks, and bullets as hyphens.

    >>> cleaned("a\\r\\nb\\u202e c\\x00 "), cleaned("\\uf0b7\\tone\\x0b\\xb7       two\\xa0days")
    ('a\\nb c', '- one\\n- two days')
    """
    lines = BREAK.sub("\n", unicodedata.normalize("NFC", text)).replace("\u00a0", " ")
    lines = BULLET.sub("- ", lines)
    kept = (sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Zp"))
    return "".join(kept).strip()


def value_of(field: Field, given: Any) -> Any:
    """The typed value of what was typed or sent; None for nothing; UnusableValue where it cannot be kept.

    >>> from canvas.domain.blocks import field_of
    >>> value_of(field_of("making_predictions", "latency_budget_ms"), "1 200 ms")
    1200.0
    >>> value_of(field_of("making_predictions", "latency_budget_ms"), "fast")
    'fast'
    >>> value_of(field_of("prediction_task", "wait_time"), "62 days")
    {'amount': 62.0, 'unit': 'days'}
    """
    if given is None:
        return None
    if isinstance(given, str):
        return _typed(field, given)
    return _sent(field, given)


def _typed(field: Field, given: str) -> Any:
    text = cleaned(given)
    limit = LONGEST.get(field.kind, LONGEST_OTHER)
    if len(text) > limit:
        raise UnusableValue(f"{field.label} may have at most {limit} characters; it has {len(text)}.", where=field.key)
    if not text:
        return None
    return READERS[field.kind](field, text)


def _sent(field: Field, given: Any) -> Any:
    """A value in JSON's own types; checked by writing it out and reading it back."""
    if isinstance(given, bool):
        raise UnusableValue(f"{field.label} cannot be true or false.", where=field.key)
    if isinstance(given, int | float) and field.kind in (Kind.NUMBER, Kind.MONEY, Kind.SHARE):
        return _bounded(field, float(given))
    expected: tuple[type, ...] = {
        Kind.DURATION: (Mapping,),
        Kind.LINES: (Sequence,),
        Kind.LIMITS: (Sequence,),
        Kind.ROWS: (Sequence,),
    }.get(field.kind, ())
    if not expected or not isinstance(given, expected):
        raise UnusableValue(f"{field.label} takes {SHAPES[field.kind]}.", where=field.key)
    return _structured(field, given)


def _structured(field: Field, given: Any) -> Any:
    try:
        if field.kind is Kind.DURATION:
            return _typed(field, f"{write_number(float(given['amount']))} {given['unit']}")
        if field.kind is Kind.ROWS:
            return _rows(field, [[row.get(column) for column in field.columns] for row in given])
        if field.kind is Kind.LIMITS:
            return _typed(field, "\n".join(_limit_text(row) for row in given))
        return _typed(field, "\n".join(str(line).replace("\n", " ") for line in given))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, UnusableValue):
            raise
        raise UnusableValue(f"{field.label} takes {SHAPES[field.kind]}.", where=field.key) from error


SHAPES = {
    Kind.TEXT: "a text",
    Kind.PROSE: "a text",
    Kind.CHOICE: "one of the names listed",
    Kind.NUMBER: "a number",
    Kind.MONEY: "an amount",
    Kind.SHARE: "a share from 0 to 1, or a text such as “2 %”",
    Kind.DURATION: "a text such as “62 days”, or an amount and a unit",
    Kind.LINES: "a list of texts",
    Kind.LIMITS: "a list of metric, comparison (>=, <=, >, <) and value",
    Kind.ROWS: "a list of objects, one a row",
}


def _text(field: Field, text: str) -> str:
    return " ".join(text.split()) if field.kind is Kind.TEXT else text


def _choice(field: Field, text: str) -> str:
    wanted = text.casefold()
    for key, words in field.choices:
        if wanted in (key, words.casefold()):
            return key
    known = ", ".join(words for _, words in field.choices)
    raise UnusableValue(f"{field.label} is one of: {known}.", where=field.key)


def _numeric(field: Field, text: str) -> float | str:
    match = NUMERIC.match(text)
    if match is None or not _unit_fits(field, match[2]):
        return " ".join(text.split())
    value = plain_number(match[1], field)
    return _bounded(field, value / 100 if field.kind is Kind.SHARE else value)


def _unit_fits(field: Field, unit: str | None) -> bool:
    """A unit behind the number is let through where it is the field's own or, for money, three letters."""
    if not unit:
        return True
    if field.kind is Kind.MONEY:
        return re.fullmatch(r"[A-Za-z]{3}|[€$£]", unit.strip()) is not None
    return unit.strip().casefold() == field.unit.casefold() and bool(field.unit)


def plain_number(text: str, field: Field) -> float:
    """A number as people write it; a comma that could mean thousands or decimals is asked back."""
    if re.fullmatch(r"[-−+]?[1-9]\d{0,2},\d{3}", text):
        plain = text.replace(",", "")
        raise UnusableValue(
            f"“{text}” can be read in two ways: write {plain}, or a point for decimals.", where=field.key
        )
    digits = re.sub(rf"[{SPACES}]", "", text).replace("−", "-").replace(",", ".")
    if len(digits) > 20:
        raise UnusableValue(f"{field.label} has too many digits.", where=field.key)
    return float(digits)


def _bounded(field: Field, value: float) -> float:
    if not math.isfinite(value) or abs(value) > 1e15:
        raise UnusableValue(f"{field.label} is too large a number.", where=field.key)
    if field.whole and value != round(value):
        raise UnusableValue(f"{field.label} is a whole number.", where=field.key)
    low, high = field.lowest, field.highest
    if (low is not None and value < low) or (high is not None and value > high):
        raise UnusableValue(f"{field.label} lies {_bounds(field)}.", where=field.key)
    return value


def _bounds(field: Field) -> str:
    unit = f" {field.unit}" if field.unit else ""
    scale = 100 if field.kind is Kind.SHARE else 1
    low, high = ((write_number(end * scale) if end is not None else "") for end in (field.lowest, field.highest))
    return f"between {low} and {high}{unit}" if low and high else f"at or above {low}{unit}"


def _duration(field: Field, text: str) -> dict[str, Any] | str:
    match = DURATION.match(text)
    if match is None or match[3]:
        return " ".join(text.split())
    amount = plain_number(match[1], field)
    if amount < 0:
        raise UnusableValue(f"{field.label} cannot be negative.", where=field.key)
    unit = match[2].lower()
    unit = UNITS.get(unit, unit if unit.endswith("s") else f"{unit}s")
    return {"amount": amount, "unit": unit}


def _lines(field: Field, text: str) -> list[str]:
    lines = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    _few(field, lines)
    return lines


def _limits(field: Field, text: str) -> list[dict[str, Any]] | str:
    lines = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    _few(field, lines)
    matches = [LIMIT.match(line) for line in lines]
    found = [_limit(field, match) for match in matches if match is not None]
    return found if len(found) == len(lines) else "\n".join(lines)


def _limit(field: Field, match: re.Match[str]) -> dict[str, Any]:
    value = plain_number(match["value"], field)
    return {
        "metric": match["metric"].strip(),
        "comparison": COMPARISONS[match["comparison"].lower()],
        "value": round(value / 100, 12) if match["percent"] else value,
        "note": match["note"].strip(),
    }


def _limit_text(row: Mapping[str, Any]) -> str:
    note = f", {row['note']}" if row.get("note") else ""
    return f"{row['metric']} {SIGNS[COMPARISONS[row['comparison']]]} {write_number(float(row['value']))}{note}"


def _table(field: Field, text: str) -> list[dict[str, str]]:
    lines = [line for line in text.split("\n") if line.strip(" |\t")]
    return _rows(field, [re.split(r"\s*[|\t]\s*", line.strip()) for line in lines])


def _rows(field: Field, rows: list[list[Any]]) -> list[dict[str, str]]:
    _few(field, rows)
    found = []
    for position, cells in enumerate(rows, start=1):
        texts = [" ".join(cleaned(str(cell if cell is not None else "")).replace("|", "/").split()) for cell in cells]
        if len(texts) > len(field.columns):
            raise UnusableValue(
                f"Line {position} of {field.label} has {len(texts)} parts; it takes {' | '.join(field.columns)}.",
                where=field.key,
            )
        if not texts or not texts[0] or max(map(len, texts)) > LONGEST_CELL:
            raise UnusableValue(
                f"Line {position} of {field.label} needs a name, and parts of at most {LONGEST_CELL} characters.",
                where=field.key,
            )
        found.append(dict(zip(field.columns, [*texts, *[""] * len(field.columns)], strict=False)))
    return found


def _few(field: Field, rows: Sequence[object]) -> None:
    if len(rows) > MOST_ROWS:
        raise UnusableValue(f"{field.label} may have at most {MOST_ROWS} lines; it has {len(rows)}.", where=field.key)


READERS: dict[Kind, Callable[[Field, str], Any]] = {
    Kind.TEXT: _text,
    Kind.PROSE: _text,
    Kind.CHOICE: _choice,
    Kind.NUMBER: _numeric,
    Kind.MONEY: _numeric,
    Kind.SHARE: _numeric,
    Kind.DURATION: _duration,
    Kind.LINES: _lines,
    Kind.LIMITS: _limits,
    Kind.ROWS: _table,
}


def write_number(value: float) -> str:
    """A number without idle zeros, thin spaces in thousands from 10 000 on, a real minus.

    >>> write_number(-1200), write_number(0.24), write_number(31000).replace(THIN, "_")
    ('−1200', '0.24', '31_000')
    """
    text = f"{value:,.6f}" if abs(value) >= 10_000 else f"{value:.9f}"
    return text.rstrip("0").rstrip(".").replace(",", THIN).replace("-", "−")


def text_of(field: Field, value: Any) -> str:
    """The value as a person would type it; reading it again gives the same value.

    >>> from canvas.domain.blocks import field_of
    >>> text_of(field_of("data_collection", "holdout_share"), 0.02)
    '2'
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return dict(field.choices).get(value, value)
    return WRITERS[field.kind](field, value)


def shown(field: Field, value: Any, currency: str = "") -> str:
    """The value as it is read on the sheet, with its unit.

    >>> from canvas.domain.blocks import field_of
    >>> shown(field_of("data_collection", "label_cost"), 4.5, "EUR")
    '4.5 EUR'
    """
    text = text_of(field, value)
    unit = currency if field.kind is Kind.MONEY else field.unit
    return f"{text} {unit}" if unit and isinstance(value, float | int) else text


def _written_number(field: Field, value: Any) -> str:
    return write_number(value * 100 if field.kind is Kind.SHARE else value)


def _written_duration(field: Field, value: Any) -> str:
    unit = value["unit"][:-1] if value["amount"] == 1 else value["unit"]
    return f"{write_number(value['amount'])} {unit}"


def _written_lines(field: Field, value: Any) -> str:
    return "\n".join(value)


def _written_limits(field: Field, value: Any) -> str:
    return "\n".join(_limit_text(row) for row in value)


def _written_rows(field: Field, value: Any) -> str:
    return "\n".join(" | ".join(row.get(column, "") for column in field.columns).rstrip(" |") for row in value)


WRITERS: dict[Kind, Callable[[Field, Any], str]] = {
    Kind.NUMBER: _written_number,
    Kind.MONEY: _written_number,
    Kind.SHARE: _written_number,
    Kind.DURATION: _written_duration,
    Kind.LINES: _written_lines,
    Kind.LIMITS: _written_limits,
    Kind.ROWS: _written_rows,
}


def hours_of(value: Any) -> float | None:
    """A duration in hours (a month is 730, a year 8760); None where it is none.

    >>> hours_of({"amount": 2, "unit": "days"}), hours_of("soon")
    (48, None)
    """
    return value["amount"] * HOURS[value["unit"]] if isinstance(value, Mapping) and "amount" in value else None
