"""Reading times written in many ways, a whole column at once."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import compute

_NUMBERED = re.compile(
    r"^\s*(?P<a>\d{1,4})[./\-](?P<b>\d{1,2})[./\-](?P<c>\d{1,4})"
    r"(?:[ T]+(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?)?"
    r"\s*(?P<p>[AaPp][Mm])?\s*(?P<z>Z|[+\-]\d{2}:?\d{2})?\s*$"
)
_UNIX = re.compile(r"^\s*\d{9,10}(?:\.\d+)?\s*$|^\s*\d{12,13}\s*$")
_SERIAL = re.compile(r"^\d{5}(?:\.\d{1,20})?$")
_OFFSET = re.compile(
    r"(?:\dZ|UTC|GMT)$|:\d{2}(?:[.,]\d+)?(?:\s*[AaPp][Mm])?\s*[+\-]\d{2}(?::?\d{2})?$|T\d{4,6}(?:[.,]\d+)?[+\-]\d{2}(?::?\d{2})?$"
)
_BLANK = frozenset({"", "nan", "nat", "none", "null", "-", "n/a"})


@dataclass(frozen=True)
class ParsedTimes:
    """Times as UTC (missing where unreadable or blank), and how sure the reading is.

    `day_first` is True or False where the column itself decides, None where every date could be either, or where no
    date is written day or month first. `ambiguous` is True only in the first of these two.
    """

    times: pd.Series
    unreadable: int
    blank: int
    day_first: bool | None
    ambiguous: bool
    zone_missing: bool
    doubtful: int = 0


def iso_times(texts: pa.Array) -> pa.Array | None:
    """A column of ISO texts as times, all with a zone (then UTC) or all without; blanks are missing, None if not ISO.

    >>> iso_times(pa.array(["2024-03-01T08:00:00+02:00", ""])).to_pylist()[0].hour
    6
    """
    trimmed = compute.utf8_trim_whitespace(texts)
    filled = compute.if_else(compute.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
    for kind in (pa.timestamp("us", tz="UTC"), pa.timestamp("us")):
        try:
            return filled.cast(kind)
        except pa.ArrowInvalid:
            continue
    return None


def parse_times(
    texts: pd.Series, *, day_first: bool | None = None, zone: str = "UTC", serials: int | None = None
) -> ParsedTimes:
    """A column of texts as UTC times, microseconds; without an offset a time is one of the clocks of `zone`.

    `serials` is the year from which numbers count as days, 1900 or 1904, as in spreadsheets; None takes none.

    >>> parse_times(pd.Series(["2024-03-01T08:00:00+02:00"])).times[0].isoformat()
    '2024-03-01T06:00:00+00:00'
    >>> parse_times(pd.Series(["9.3.10 8:05"])).ambiguous
    True
    >>> parse_times(pd.Series(["9.3.10 8:05"]), day_first=True).times[0].isoformat()
    '2010-03-09T08:05:00+00:00'
    """
    found, unique = pd.factorize(texts.astype("str").fillna(""), use_na_sentinel=False)
    values = pd.Series(pd.Index(unique), dtype="str").str.strip()
    blank = values.str.lower().isin(_BLANK)
    parts, numbered = _numbered(values)
    decided, ambiguous = _order(parts, numbered)
    reading = decided if decided is not None else day_first
    times = _times(values, parts, numbered, reading if reading is not None else True)
    if serials is not None:
        times = times.fillna(_from_serials(values, serials))
    zoned = values.str.contains(_OFFSET).to_numpy(bool) | values.str.match(_UNIX).to_numpy(bool)
    naive = pd.Series(times.notna().to_numpy() & ~zoned, index=values.index)
    doubt = pd.Series(False, index=values.index)
    if naive.any():
        times[naive], doubt[naive] = in_zone(times[naive].to_numpy(), zone)
    per_row = times.to_numpy()[found] if len(times) else np.array([], dtype="datetime64[us]")
    counts = np.bincount(found, minlength=len(values))
    missing = times.isna()
    return ParsedTimes(
        times=pd.Series(per_row, index=texts.index).dt.tz_localize("UTC").dt.as_unit("us"),
        unreadable=int(counts[(missing & ~blank).to_numpy()].sum()),
        blank=int(counts[blank.to_numpy()].sum()),
        day_first=decided,
        ambiguous=ambiguous,
        zone_missing=bool(naive.any()),
        doubtful=int(counts[doubt.to_numpy()].sum()),
    )


def in_zone(naive: np.ndarray, zone: str) -> tuple[np.ndarray, np.ndarray]:
    """Times of the clocks of a zone (datetime64) as UTC, and which of them these clocks skip or show twice.

    A time shown twice is taken as the first, one that is skipped as the first after the gap.

    >>> in_zone(np.array(["2024-07-01T12:00"], dtype="datetime64[us]"), "Europe/Amsterdam")[0].astype(str).tolist()
    ['2024-07-01T10:00:00.000000']
    """
    if zone == "UTC":
        return naive, np.zeros(len(naive), dtype=bool)
    clocks = pd.DatetimeIndex(naive)
    sure = clocks.tz_localize(zone, ambiguous="NaT", nonexistent="NaT")
    first = clocks.tz_localize(zone, ambiguous=np.ones(len(clocks), dtype=bool), nonexistent="shift_forward")
    return np.asarray(first.tz_convert("UTC").tz_localize(None).as_unit("us")), np.asarray(sure.isna()) & np.asarray(
        clocks.notna()
    )


def _times(values: pd.Series, parts: pd.DataFrame, numbered: pd.Series, day_first: bool) -> pd.Series:
    """One time a value, naive UTC: ISO first, then day-month-year, then seconds since 1970, then words."""
    out = pd.Series(pd.NaT, index=values.index, dtype="datetime64[us]")
    rest = ~numbered
    if rest.any():
        out[rest] = _naive(pd.to_datetime(values[rest], format="ISO8601", utc=True, errors="coerce"))
    if numbered.any():
        out[numbered] = _from_parts(parts[numbered], day_first)
    unix = out.isna() & values.str.match(_UNIX)
    if unix.any():
        out[unix] = _since_1970(values[unix].astype(float))
    words = out.isna() & ~numbered & values.str.contains(r"[A-Za-z]{3}", regex=True) & values.str.contains(r"\d")
    if words.any():
        out[words] = _naive(
            pd.to_datetime(values[words], format="mixed", dayfirst=day_first, utc=True, errors="coerce")
        )
    return out


def _numbered(values: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """The parts of dates written as three numbers, and which values are such; ISO dates are not."""
    iso = values.str.match(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:|$)")
    parts = values.where(~iso, "").str.extract(_NUMBERED)
    return parts, parts["a"].notna()


def _order(parts: pd.DataFrame, numbered: pd.Series) -> tuple[bool | None, bool]:
    """Whether day comes first, as far as the column itself tells; and whether it cannot tell."""
    short = parts[numbered & (parts["a"].str.len() <= 2)]
    if short.empty:
        return None, False
    first, second = short["a"].astype(int), short["b"].astype(int)
    if (first > 12).any():
        return True, False
    if (second > 12).any():
        return False, False
    return None, True


def _from_parts(parts: pd.DataFrame, day_first: bool) -> Any:
    year_first = parts["a"].str.len() == 4
    first, last = (parts[name].astype(int) for name in ("a", "c"))
    second = parts["b"].astype(int)
    day = last.where(year_first, first if day_first else second)
    month = second if day_first else second.where(year_first, first)
    year = first.where(year_first, last)
    year = year.where(year >= 100, year + np.where(year < 70, 2000, 1900))
    hour = parts["h"].fillna("0").astype(int)
    late = parts["p"].str.lower()
    hour = hour.where(late.isna(), hour % 12) + np.where(late == "pm", 12, 0)
    fields = {"year": year, "month": month, "day": day, "hour": hour}
    fields |= {name: parts[key].fillna("0").astype(int) for name, key in (("minute", "m"), ("second", "s"))}
    fields["us"] = parts["f"].fillna("0").str.ljust(6, "0").str[:6].astype(int)
    times = pd.to_datetime(pd.DataFrame(fields), errors="coerce")
    return times.dt.as_unit("us") - _offsets(parts["z"])


def _offsets(zones: pd.Series) -> Any:
    digits = zones.str.replace(":", "").where(zones != "Z").fillna("+0000")
    minutes = digits.str[1:3].astype(int) * 60 + digits.str[3:5].astype(int)
    return pd.to_timedelta(minutes * np.where(digits.str[0] == "-", -1, 1), unit="min")


def _since_1970(seconds: pd.Series) -> Any:
    scaled = seconds.where(seconds < 1e11, seconds / 1000)
    return _naive(pd.to_datetime(scaled, unit="s", utc=True, errors="coerce"))


def _naive(times: Any) -> Any:
    return times.dt.tz_localize(None).dt.as_unit("us")


def _from_serials(values: pd.Series, year: int) -> Any:
    """Numbers of days as spreadsheets count them: from the last day but one of 1899, or from the first of 1904."""
    days = pd.to_numeric(values.where(values.str.match(_SERIAL)), errors="coerce")
    zero = pd.Timestamp("1904-01-01") if year == 1904 else pd.Timestamp("1899-12-30")
    seconds = (days.astype("float64") * 86_400).round(3)
    return (zero + pd.to_timedelta(seconds, unit="s", errors="coerce")).dt.as_unit("us")
