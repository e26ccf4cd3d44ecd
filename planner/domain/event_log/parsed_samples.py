"""The first rows of a table under a choice of columns: what a person sees change when the choice does."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta, timezone, tzinfo
from typing import Any

import pandas as pd

from planner.domain.event_log.mapping import TIMES, Role
from planner.domain.event_log.time_zones import zone_named
from planner.domain.event_log.times import parse_times

SAMPLES = 5
_WRITTEN = re.compile(r":\d{2}(?:[.,]\d+)?(?:\s*[AaPp][Mm])?\s*([+\-])(\d{2})(?::?(\d{2}))?$")
_SHOWN = (Role.CASE, Role.ACTIVITY, Role.START, Role.END, Role.SCHEDULED, Role.LIFECYCLE, Role.RESOURCE)


def parsed_rows(
    heads: Sequence[Mapping[str, str]], mapping: Mapping[str, Any], *, serials: int | None = None
) -> tuple[dict[str, str], ...]:
    """Rows of texts (by column) under a mapping in plain values: texts by role, times read and told by the clocks
    they were written down by: those a text names, else those of the zone of the mapping.

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


def moments(times: "pd.Series[Any]", zones: Sequence[tzinfo] = ()) -> list[str]:
    """Times as they are shown: by the clocks of a zone each (else UTC), their distance from UTC beside them.

    Empty where one is missing.

    >>> moments(pd.Series([pd.Timestamp("2024-07-01T10:00Z")]), [zone_named("Asia/Kolkata")])
    ['2024-07-01 15:30:00 UTC+5:30']
    """
    return [_moment(time, zone) for time, zone in zip(times, zones or [UTC] * len(times), strict=True)]


def _moment(time: Any, zone: tzinfo) -> str:
    if pd.isna(time):
        return ""
    moment = time.to_pydatetime(warn=False)
    try:
        moment = moment.astimezone(zone)
    except OverflowError:  # at the very ends of the calendar
        moment = moment.astimezone(UTC)
    minutes = int((moment.utcoffset() or timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    beside = f"{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}" if minutes else ""
    clock = moment.replace(tzinfo=None, microsecond=0)
    return f"{clock.isoformat(sep=' ')} UTC{beside}"


def _read(texts: list[str], mapping: Mapping[str, Any], serials: int | None) -> list[str]:
    day_first = mapping.get("day_first")
    zone = str(mapping.get("zone") or "UTC")
    parsed = parse_times(pd.Series(texts, dtype="str"), day_first=day_first, zone=zone, serials=serials)
    chosen = zone_named(zone)
    return moments(parsed.times, [_written_zone(text) or chosen for text in texts])


def _written_zone(text: str) -> tzinfo | None:
    """The zone that stands in a text itself, None where none does."""
    text = text.strip()
    if not (found := _WRITTEN.search(text)):
        return UTC if re.search(r"(?:Z|UTC|GMT)$", text) else None
    distance = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(-distance if found[1] == "-" else distance) if distance < timedelta(days=1) else None
