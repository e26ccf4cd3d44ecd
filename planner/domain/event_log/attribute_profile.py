"""What the attributes of a log hold: kind, how full, which values, whether they change within a case, known since when.

Kept with the log: training tables are built from these columns, and a person sees beforehand what is in them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from planner.domain.event_log import eventlog as log
from planner.domain.event_log.number_reading import numbers_of

TOP_VALUES = 5
_LONGEST_VALUE = 80
_MOST_PROFILED = 200
_AGREE = 0.995
_YES_NO = frozenset({"true", "false", "yes", "no", "ja", "nein", "nee", "y", "n", "0", "1"})
_ISO_DAY = r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?$"
_DIGITS = 300
"""A number of more digits is none to count with."""


class AttributeKind(StrEnum):
    """What the values of an attribute are."""

    NUMBER = "number"
    YES_NO = "yes/no"
    DATE = "date"
    CATEGORY = "category"
    IDENTIFIER = "identifier"
    TEXT = "text"


@dataclass(frozen=True)
class AttributeProfile:
    """One attribute. `filled` is the share of activity instances that have it, `distinct` how many values there are.

    `of_case` says whether it stands with the case; `changes` whether it takes more than one value within some case.
    `known_from` is the median position (1 is the first instance of a case) at which it is first filled. Numbers have
    `low`, `high`, `mean`; dates `earliest`, `latest` as they stand; `top` are the commonest values with their counts,
    of cases for an attribute of the case, else of activity instances.
    """

    name: str
    column: str
    kind: AttributeKind
    of_case: bool
    filled: float
    distinct: int
    changes: bool
    known_from: int | None
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    earliest: str = ""
    latest: str = ""
    top: tuple[tuple[str, int], ...] = ()


def attribute_profiles(frame: pd.DataFrame) -> tuple[AttributeProfile, ...]:
    """Profiles of the `case:` and `event:` columns of activity instances sorted by case and time, at most 200."""
    case = log.codes(frame[log.CASE]).astype(np.int64)
    first = np.concatenate([[True], case[1:] != case[:-1]]) if len(case) else np.zeros(0, dtype=bool)
    begun = np.flatnonzero(first)
    position = np.arange(len(case)) - begun[np.cumsum(first) - 1] if len(case) else np.zeros(0, dtype=np.int64)
    names = [str(name) for name in frame if str(name).startswith((log.CASE_PREFIX, log.EVENT_PREFIX))]
    return tuple(_profile(name, frame[name], case, position) for name in names[:_MOST_PROFILED])


def _profile(name: str, column: "pd.Series[Any]", case: np.ndarray, position: np.ndarray) -> AttributeProfile:
    values = column.astype("category")
    codes = values.cat.codes.to_numpy()
    texts = pd.Series(values.cat.categories.astype("str"), dtype="str")
    counts = np.bincount(_counted(name, case, codes), minlength=len(texts))
    used = counts > 0
    kind = _kind(texts[used], counts[used], case, codes)
    measures = dict(_measures(kind, texts[used], counts[used]))
    return AttributeProfile(
        name=name.split(":", 1)[1],
        column=name,
        kind=kind,
        of_case=name.startswith(log.CASE_PREFIX),
        filled=round(float((codes >= 0).mean()), 4) if len(codes) else 0.0,
        distinct=int(used.sum()),
        changes=_changes(case, codes),
        known_from=_known_from(case, codes, position),
        **measures,
    )


def _counted(name: str, case: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """The values to count: of an attribute of the case the first in each case, of one of the event every one."""
    known = np.flatnonzero(codes >= 0)
    if not name.startswith(log.CASE_PREFIX):
        return np.asarray(codes[known])
    _, first = np.unique(case[known], return_index=True)
    return np.asarray(codes[known[first]])


def _kind(texts: "pd.Series[Any]", counts: np.ndarray, case: np.ndarray, codes: np.ndarray) -> AttributeKind:
    """Yes/no before numbers (0 and 1), identifiers before categories: nearly one value a case and hardly any twice."""
    if not len(texts):
        return AttributeKind.TEXT
    lower = set(texts.str.lower()) if len(texts) <= len(_YES_NO) else set()
    if lower and len(lower) <= 2 and lower <= _YES_NO:
        return AttributeKind.YES_NO
    if float((texts.str.match(_ISO_DAY).to_numpy(bool) * counts).sum()) >= _AGREE * counts.sum():
        return AttributeKind.DATE
    numbers = _numbers(texts)
    apart = _apart(len(texts), case, codes)
    if float((np.isfinite(numbers) * counts).sum()) >= _AGREE * counts.sum():
        whole = bool((numbers[np.isfinite(numbers)] % 1 == 0).all())
        steady = whole and apart and float(np.nanmin(numbers)) >= 0 and len(set(texts.str.len())) == 1
        return AttributeKind.IDENTIFIER if steady else AttributeKind.NUMBER
    if apart:
        spaced = float(texts.str.contains(" ", regex=False).mean()) > 0.5
        return AttributeKind.TEXT if spaced else AttributeKind.IDENTIFIER
    long = float(texts.str.len().mean()) > _LONGEST_VALUE
    return AttributeKind.TEXT if long else AttributeKind.CATEGORY


def _apart(distinct: int, case: np.ndarray, codes: np.ndarray) -> bool:
    """Whether nearly every case has values of its own."""
    filled = len(np.unique(case[codes >= 0]))
    return filled >= 20 and distinct >= 0.9 * filled


def _numbers(texts: "pd.Series[Any]") -> np.ndarray:
    short = texts.where(texts.str.len() <= _DIGITS)
    return np.asarray(numbers_of(short), dtype=np.float64)


def _measures(kind: AttributeKind, texts: "pd.Series[Any]", counts: np.ndarray) -> Iterator[tuple[str, Any]]:
    if kind is AttributeKind.NUMBER:
        numbers = _numbers(texts)
        known = np.isfinite(numbers)
        yield "low", float(numbers[known].min())
        yield "high", float(numbers[known].max())
        yield "mean", float(np.average(numbers[known], weights=counts[known]))
    elif kind is AttributeKind.DATE:
        yield "earliest", str(texts.min())[:10]
        yield "latest", str(texts.max())[:10]
    elif kind in (AttributeKind.CATEGORY, AttributeKind.YES_NO):
        order = np.argsort(-counts, kind="stable")[:TOP_VALUES]
        found = texts.to_numpy()
        yield "top", tuple((str(found[place])[:_LONGEST_VALUE], int(counts[place])) for place in order)


def _changes(case: np.ndarray, codes: np.ndarray) -> bool:
    """Whether some case has two different values; blanks between do not count."""
    known = codes >= 0
    case, codes = case[known], codes[known]
    return bool(((case[1:] == case[:-1]) & (codes[1:] != codes[:-1])).any())


def _known_from(case: np.ndarray, codes: np.ndarray, position: np.ndarray) -> int | None:
    """The median over the cases that have it of the position at which it is first filled."""
    known = np.flatnonzero(codes >= 0)
    if not len(known):
        return None
    _, first = np.unique(case[known], return_index=True)
    return int(np.median(position[known[first]])) + 1
