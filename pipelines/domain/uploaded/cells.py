"""What a cell of text can be: missing, a number, a flag, a date; and its value as that."""

from collections.abc import Collection
from enum import StrEnum

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MISSING = ("", "na", "n/a", "nan", "null")
"""Texts that mean that nothing is known, in small letters."""
FLAGS = (("yes", "no"), ("true", "false"), ("1", "0"), ("y", "n"), ("t", "f"))
"""Pairs of yes and no."""
NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$"
COMMA = r"^[+-]?(\d{1,3}(\.\d{3})+|\d+),\d+$"
GROUPED = r"^[+-]?\d{1,3}(\.\d{3})*(,\d+)?$|^[+-]?\d+(,\d+)?$"


class DateFormat(StrEnum):
    """How dates are written: year first, day or month first, or with the month as a word."""

    ISO = "year first"
    PARTS = "day or month first"
    WORDS = "month as a word"


_TIME = r"(?:[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)?"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
PATTERNS = {
    DateFormat.ISO: r"^\d{4}[-/.]\d{2}[-/.]\d{2}" + _TIME + r" ?(?:Z|[+-]\d{2}:?\d{2})?$",
    DateFormat.PARTS: r"^(?P<first>\d{1,2})[-/.](?P<second>\d{1,2})[-/.](?P<year>\d{4}|\d{2})" + _TIME + "$",
    DateFormat.WORDS: rf"(?i)^(?:\d{{1,2}}[ .-]+{_MONTH}|{_MONTH}[ .-]+\d{{1,2}}),?[ .-]+\d{{4}}{_TIME}$",
}


def known(texts: pa.Array) -> pa.Array:
    """The cells without those that are missing."""
    there = texts.drop_null()
    return there.filter(pc.invert(pc.is_in(pc.utf8_lower(there), value_set=pa.array(MISSING))))


def tidy(value: str) -> str:
    """A value as it is compared: whole numbers without decimals of zero.

    >>> tidy("1.0"), tidy("1.50"), tidy("a.0")
    ('1', '1.50', 'a.0')
    """
    stem = value.removesuffix(".0")
    return stem if stem != value and stem.lstrip("+-").isdigit() else value


def series_of(texts: pa.Array) -> "pd.Series[str]":
    """The cells as objects, missing ones None."""
    cells = [value if value and value.lower() not in MISSING else None for value in texts.to_pylist()]
    return pd.Series(cells, dtype=object)


def numbers_read(texts: "pd.Series[str]", *, comma: bool) -> Floats:
    """Numbers, NaN where a text is none or is infinite. `comma`: decimals follow a comma."""
    if comma:
        texts = texts.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    values = pd.to_numeric(texts, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def flags_read(texts: "pd.Series[str]") -> Floats:
    """1 for yes, 0 for no, NaN for anything else."""
    words = {yes: 1.0 for yes, _ in FLAGS} | {no: 0.0 for _, no in FLAGS}
    read = texts.map(lambda value: words.get(tidy(value).lower(), np.nan) if isinstance(value, str) else np.nan)
    return read.to_numpy(dtype=np.float64)


def dates_read(texts: "pd.Series[str]", *, form: DateFormat, day_first: bool) -> "pd.Series[pd.Timestamp]":
    """Moments in UTC (times without a zone are taken as UTC), NaT where a text is none."""
    if form is DateFormat.ISO:
        plain = texts.str.replace(r"^(\d{4})[/.](\d{2})[/.]", r"\1-\2-", regex=True)
        return pd.to_datetime(plain, format="ISO8601", utc=True, errors="coerce")
    if form is DateFormat.WORDS:
        return pd.to_datetime(texts, format="mixed", utc=True, errors="coerce")
    parts = texts.astype("string").str.extract(PATTERNS[form])
    first, second = parts["first"], parts["second"]
    day, month = (first, second) if day_first else (second, first)
    year = pd.to_numeric(parts["year"])
    year = year.mask(year < 70, year + 2000).mask(year.between(70, 99), year + 1900)
    days = pd.DataFrame({"year": year, "month": pd.to_numeric(month), "day": pd.to_numeric(day)})
    dates = pd.to_datetime(days, utc=True, errors="coerce")
    clock = texts.astype("string").str.extract(r"(\d{1,2}:\d{2}(?::\d{2})?)")[0].fillna("00:00")
    return dates + pd.to_timedelta(clock.where(clock.str.count(":") == 2, clock + ":00"), errors="coerce")


def flag_pair(values: Collection[str]) -> tuple[str, str] | None:
    """The pair of yes and no that all values belong to.

    >>> flag_pair(["Yes", "no"]), flag_pair(["1.0"]), flag_pair(["yes", "0"])
    (('yes', 'no'), ('1', '0'), None)
    """
    words = {tidy(value).lower() for value in values}
    return next((pair for pair in FLAGS if words and words <= set(pair)), None)
