"""The first rows of a table under a choice of columns: what a person sees change when the choice does."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from planner.domain.event_log.mapping import TIMES, Role
from planner.domain.event_log.times import parse_times

SAMPLES = 5
_SHOWN = (Role.CASE, Role.ACTIVITY, Role.START, Role.END, Role.SCHEDULED, Role.LIFECYCLE, Role.RESOURCE)


def parsed_rows(
    heads: Sequence[Mapping[str, str]], mapping: Mapping[str, Any], *, serials: int | None = None
) -> tuple[dict[str, str], ...]:
    """Rows of texts (by column) under a mapping in plain values: texts by role, times read and told in UTC.

    A time that cannot be read is empty. Columns that are not there are passed over.

    >>> parsed_rows([{"a": "1", "t": "9.3.10 8:05"}], {"case": "a", "end": "t", "day_first": False})
    ({'case': '1', 'end': '2010-09-03 08:05:00 UTC'},)
    """
    found: dict[str, list[str]] = {}
    for role in _SHOWN:
        name = str(mapping.get(role.value) or "")
        if name and all(name in row for row in heads):
            texts = [row[name] for row in heads]
            found[role.value] = _read(texts, mapping, serials) if role in TIMES else texts
    return tuple(dict(zip(found, values, strict=True)) for values in zip(*found.values(), strict=True))


def moments(times: "pd.Series[Any]") -> list[str]:
    """Times as they are shown; empty where one is missing."""
    return [time.strftime("%Y-%m-%d %H:%M:%S UTC") if not pd.isna(time) else "" for time in times]


def _read(texts: list[str], mapping: Mapping[str, Any], serials: int | None) -> list[str]:
    day_first = mapping.get("day_first")
    zone = str(mapping.get("zone") or "UTC")
    parsed = parse_times(pd.Series(texts, dtype="str"), day_first=day_first, zone=zone, serials=serials)
    return moments(parsed.times)
