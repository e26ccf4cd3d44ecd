"""What the first rows of a file say of the rest: which a choice of columns would leave out, which times are odd."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from planner.domain.event_log import eventlog as log
from planner.domain.event_log.csv_shape import SAMPLED_ROWS, sample_csv
from planner.domain.event_log.eventlog import RawLog
from planner.domain.event_log.intake import unzipped
from planner.domain.event_log.mapping import LogMapping
from planner.domain.event_log.parsed_samples import moments
from planner.domain.event_log.sheet_log import sample_sheet
from planner.domain.event_log.streams import LogLimits, Unpacked, log_format
from planner.domain.event_log.text_reader import HEAD_BYTES
from planner.domain.event_log.times import parse_times
from planner.domain.event_log.xes import sample_xes

OLDEST = 1970
"""No log of a process is older: a time before it is a number or a placeholder read as a date."""
_EVENTS = 200


@dataclass(frozen=True)
class OddTimes:
    """Times before 1970 or after a year: how many, and one of them as text."""

    count: int
    example: str


@dataclass(frozen=True)
class FirstRows:
    """Rows looked at (`whole`: all there are), those that would be left out by reason, with a text at fault."""

    rows: int
    whole: bool
    without_case: int = 0
    without_activity: int = 0
    without_time: int = 0
    unreadable: str = ""
    ragged: int = 0
    odd: OddTimes = OddTimes(0, "")

    @property
    def left_out(self) -> int:
        return self.without_case + self.without_activity + self.without_time + self.ragged


def first_rows(
    source: BinaryIO, mapping: Mapping[str, Any], *, latest: int, limits: LogLimits | None = None
) -> FirstRows:
    """Look at the first rows under a mapping in plain values; `latest` is the last year taken for usual. LogError when
    the file cannot be read at all."""
    limits, reading = limits or LogLimits(), LogMapping.from_dict(mapping, named=False)
    plain = unzipped(source, limits)
    if plain is None:
        sheet = sample_sheet(source, limits=limits, sheet=reading.sheet)
        whole = len(sheet.rows) < SAMPLED_ROWS
        return _of_table(sheet.rows, mapping, latest, whole=whole, serials=sheet.shape.serials)
    stream = Unpacked(plain, limits=limits)
    head = stream.read(HEAD_BYTES)
    if log_format(head) == "xes":
        return _of_xes(sample_xes(head, stream, reading, limits=limits, events=_EVENTS), latest)
    whole = len(head) < HEAD_BYTES
    found = sample_csv(head, whole=whole, limits=limits, encoding=reading.encoding, separator=reading.separator)
    whole = whole and len(found.rows) + found.ragged < SAMPLED_ROWS
    return _of_table(found.rows, mapping, latest, whole=whole, ragged=found.ragged)


def odd_times(times: "pd.Series[Any]", latest: int) -> OddTimes:
    """Those of UTC times that no log of a process has."""
    years = times.dt.year
    odd = ((years < OLDEST) | (years > latest)).to_numpy(bool) & times.notna().to_numpy()
    return OddTimes(int(odd.sum()), moments(times[odd].head(1))[0] if odd.any() else "")


def _of_table(
    rows: pd.DataFrame,
    mapping: Mapping[str, Any],
    latest: int,
    *,
    whole: bool,
    ragged: int = 0,
    serials: int | None = None,
) -> FirstRows:
    case, activity, end = (_column(rows, str(mapping.get(role) or "")) for role in ("case", "activity", "end"))
    zone = str(mapping.get("zone") or "UTC")
    parsed = parse_times(end, day_first=mapping.get("day_first"), zone=zone, serials=serials)
    blank = (rows == "").all(axis=1).to_numpy()
    no_case = (case == "").to_numpy() & ~blank
    no_activity = (activity == "").to_numpy() & ~blank & ~no_case
    no_time = parsed.times.isna().to_numpy() & ~blank & ~no_case & ~no_activity
    texts = end[no_time]
    return FirstRows(
        rows=int((~blank).sum()) + ragged,
        whole=whole,
        without_case=_chosen(mapping, "case", no_case),
        without_activity=_chosen(mapping, "activity", no_activity),
        without_time=_chosen(mapping, "end", no_time),
        unreadable=next((str(text)[:40] for text in texts if text), ""),
        ragged=ragged,
        odd=odd_times(parsed.times, latest),
    )


def _chosen(mapping: Mapping[str, Any], role: str, missing: np.ndarray) -> int:
    """How many lack it; while no column is chosen for it, that is asked, not counted."""
    return int(missing.sum()) if mapping.get(role) else 0


def _column(rows: pd.DataFrame, name: str) -> "pd.Series[Any]":
    return rows[name] if name in rows else pd.Series("-" if name else "", index=rows.index, dtype="str")


def _of_xes(raw: RawLog, latest: int) -> FirstRows:
    dropped = {one.reason: one.count for one in raw.dropped}
    kept, left = len(raw.frame), sum(dropped.values())
    no_time = sum(count for reason, count in dropped.items() if "time" in reason.lower())
    return FirstRows(
        rows=kept + left,
        whole=kept + left < _EVENTS,
        without_activity=left - no_time,
        without_time=no_time,
        odd=odd_times(raw.frame[log.END], latest),
    )
