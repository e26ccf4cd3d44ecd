"""XES, read as a stream: no tree is built, no DTD or entity is accepted, nothing is fetched.

Format: IEEE 1849 XES. Attributes below an attribute (nested) are passed over; with or without a namespace.
"""

from array import array
from collections.abc import Callable
from typing import Any, BinaryIO
from xml.parsers import expat

import numpy as np
import pandas as pd
import pyarrow as pa

from planner.domain import eventlog as log
from planner.domain.eventlog import Dropped, LogError, RawLog
from planner.domain.streams import CHUNK, LogLimits, Progress, Unpacked, no_progress
from planner.domain.times import iso_times, parse_times

_VALUES = frozenset({"string", "date", "int", "float", "boolean", "id"})
_KEYS = {
    "concept:name": log.ACTIVITY,
    "time:timestamp": log.END,
    "start_timestamp": log.START,
    "time:start": log.START,
    "lifecycle:transition": log.LIFECYCLE,
    "org:resource": log.RESOURCE,
}
_TIMES = (log.START, log.END)
_MOST_KEYS = 1_000
_TIMES_AT_ONCE = 1 << 13
_NAMES_KEPT = 5


def read_xes(source: BinaryIO, *, limits: LogLimits | None = None, progress: Progress = no_progress) -> RawLog:
    """The raw rows of an XES or XES.gz file; events without a time or a name are left out and counted.

    Raises LogError for a file that is not XES, is damaged, holds a DOCTYPE or passes a limit.
    """
    limits = limits or LogLimits()
    reader = _Reader(limits)
    stream = Unpacked(source, limits=limits, progress=progress)
    while data := stream.read(CHUNK):
        reader.feed(data)
    reader.close()
    return reader.columns.finish()


def sample_xes(head: bytes, rest: Unpacked, *, limits: LogLimits, events: int = 200) -> RawLog:
    """The first events of a file whose first bytes were read already; reading stops once there are enough."""
    reader = _Reader(limits)
    data = head
    while data and len(reader.columns.case_of) < events:
        reader.feed(data)
        data = rest.read(CHUNK)
    if not data:
        reader.close()
    return reader.columns.finish()


class _Codes(dict[str, int]):
    """A number for each distinct text, in the order of their first use."""

    def __missing__(self, text: str) -> int:
        self[text] = code = len(self)
        return code


class _Column:
    """Sparse values of one attribute: a code for each distinct text, and the rows that have it."""

    def __init__(self) -> None:
        self.codes = _Codes()
        self.rows, self.values = array("i"), array("i")

    def add(self, row: int, text: str) -> None:
        self.values.append(self.codes[text])
        self.rows.append(row)

    def series(self, rows: int) -> "pd.Series[Any]":
        dense = np.full(rows, -1, dtype=np.min_scalar_type(-len(self.codes) - 1))
        dense[np.frombuffer(self.rows, dtype=np.int32)] = np.frombuffer(self.values, dtype=np.int32)
        return pd.Series(pd.Categorical.from_codes(dense, categories=pd.Index(list(self.codes), dtype="str")))


class _TimeColumn(_Column):
    """Times of a column, read a few thousand at once: nearly every text differs, and none needs to be held.

    Texts that are not all ISO are kept as they are and read together, so that they agree on the order of a date.
    """

    def __init__(self) -> None:
        super().__init__()
        self.read_rows, self.moments = array("i"), array("q")
        self.texts: list[str] = []

    def add(self, row: int, text: str) -> None:
        self.rows.append(row)
        self.texts.append(text)
        if len(self.texts) >= _TIMES_AT_ONCE:
            self._read()

    def times(self, rows: int) -> tuple["pd.Series[Any]", int]:
        """The column as UTC times, and how many different texts are no times."""
        self._read()
        dense = np.full(rows, np.datetime64("NaT", "us"), dtype="datetime64[us]")
        dense[np.frombuffer(self.read_rows, dtype=np.int32)] = np.frombuffer(self.moments, dtype="datetime64[us]")
        unreadable = 0
        if self.codes:
            parsed = parse_times(pd.Series(list(self.codes), dtype="str"))
            found, unreadable = parsed.times.dt.tz_localize(None).to_numpy(), parsed.unreadable
            dense[np.frombuffer(self.rows, dtype=np.int32)] = found[np.frombuffer(self.values, dtype=np.int32)]
        return pd.Series(pd.DatetimeIndex(dense, copy=False).tz_localize("UTC")), unreadable

    def _read(self) -> None:
        """Read the texts that wait; `rows` then holds only those of texts that are read at the end."""
        waiting = self.rows[len(self.values) :]
        del self.rows[len(self.values) :]
        read = iso_times(pa.array(self.texts, type=pa.string()))
        if read is None:
            self.rows.extend(waiting)
            self.values.extend(self.codes[text] for text in self.texts)
        else:
            self.read_rows.extend(waiting)
            self.moments.frombytes(read.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False).tobytes())
        self.texts.clear()


class _Columns:
    """What has been read so far, column by column."""

    def __init__(self, limits: LogLimits) -> None:
        self.limits = limits
        self.event: dict[str, _Column] = {log.ACTIVITY: _Column(), log.END: _TimeColumn()}
        self.case: dict[str, _Column] = {}
        self.adders: dict[str, Callable[[int, str], None]] = {}
        self.case_of = array("i")
        self.cases: list[str] = []

    def add_event(self, values: list[list[str]]) -> None:
        row = len(self.case_of)
        if row >= self.limits.events:
            raise LogError(
                f"The log has more than {self.limits.events:_} events, the most that is read.".replace("_", "\u202f"),
                advice="Export fewer cases or a shorter period and try again.",
            )
        self.case_of.append(len(self.cases))
        for attributes in values:
            key, text = _pair(attributes)
            add = self.adders.get(key) or self._adder(key)
            add(row, text)

    def _adder(self, key: str) -> Callable[[int, str], None]:
        """What adds a value of an event's key to its column; two keys may name the same column."""
        add = self.adders[key] = _named(self.event, _KEYS.get(key) or log.EVENT_PREFIX + key).add
        return add

    def add_case(self, values: list[list[str]]) -> None:
        name = f"case {len(self.cases) + 1}"
        for attributes in values:
            key, text = _pair(attributes)
            if key == "concept:name":
                name = text
            else:
                _named(self.case, log.CASE_PREFIX + key).add(len(self.cases), text)
        self.cases.append(name)

    def finish(self) -> RawLog:
        """The raw log; a trace that was not read to its end counts as far as it was read."""
        rows = len(self.case_of)
        if rows and max(self.case_of[-1:]) >= len(self.cases):
            self.add_case([])
        if not rows:
            raise LogError("The file is valid XES but holds no events.", advice="Export the log again with its events.")
        columns: dict[str, Any] = {log.CASE: self._case_names()}
        unreadable = 0
        for name, column in self.event.items():
            if isinstance(column, _TimeColumn):
                columns[name], bad = column.times(rows)
                unreadable += bad
            else:
                columns[name] = column.series(rows)
        columns[log.ROW] = np.arange(1, rows + 1, dtype=np.int64)
        frame = pd.DataFrame(columns)
        return _whole(self._with_case_attributes(frame), unreadable)

    def _case_names(self) -> pd.Categorical:
        codes, unique = pd.factorize(pd.Series(self.cases, dtype="str"))
        return pd.Categorical.from_codes(codes[np.frombuffer(self.case_of, dtype=np.int32)], categories=unique)

    def _with_case_attributes(self, frame: pd.DataFrame) -> pd.DataFrame:
        of = np.frombuffer(self.case_of, dtype=np.int32)
        more = {}
        for name, column in self.case.items():
            of_case = column.series(len(self.cases))
            more[name] = of_case.iloc[of].array
        return pd.concat([frame, pd.DataFrame(more, index=frame.index)], axis=1) if more else frame


def _named(columns: dict[str, _Column], name: str) -> _Column:
    found = columns.get(name)
    if found is None:
        if len(columns) >= _MOST_KEYS:
            raise LogError(
                f"The log has more than {_MOST_KEYS} different attributes.", advice="Export fewer attributes."
            )
        found = columns[name] = _TimeColumn() if name in _TIMES else _Column()
    return found


def _whole(frame: pd.DataFrame, unreadable: int) -> RawLog:
    """Without the events that lack a time or a name."""
    nameless = frame[log.ACTIVITY].isna() | (frame[log.ACTIVITY] == "")
    timeless = frame[log.END].isna() & ~nameless
    if timeless.all() or (nameless | timeless).all():
        what = "No event has a name" if nameless.all() else "No event has a time that can be read"
        key = "concept:name" if nameless.all() else "time:timestamp"
        raise LogError(f"{what}.", where=key, advice=f"Each event needs the attribute “{key}”.")
    dropped = [_dropped("No name", frame[nameless]), _dropped("No time, or one that cannot be read", frame[timeless])]
    kept = frame[~(nameless | timeless)].reset_index(drop=True)
    kept[log.ACTIVITY] = kept[log.ACTIVITY].cat.remove_unused_categories()
    notes = (f"{unreadable} different times could not be read.",) if unreadable else ()
    return RawLog(kept, tuple(item for item in dropped if item.count), notes)


def _dropped(reason: str, rows: pd.DataFrame) -> Dropped:
    return Dropped(reason, len(rows), tuple(int(row) for row in rows[log.ROW].head(_NAMES_KEPT)))


class _Reader:
    """Callbacks of the XML parser: which trace and event one is in, and their attributes."""

    def __init__(self, limits: LogLimits) -> None:
        self.limits, self.columns = limits, _Columns(limits)
        self.depth = self.trace_depth = self.event_depth = 0
        self.trace: list[list[str]] = []
        self.event: list[list[str]] = []
        # Attributes of the event (else the trace) one is in stand one level below it, and are collected here.
        self.values, self.value_depth = self.trace, -1
        self._fed = self._seen = 0
        parser = expat.ParserCreate()
        parser.ordered_attributes = True
        parser.StartElementHandler, parser.EndElementHandler = self._open, self._close
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.EntityDeclHandler = _refuse_doctype
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser = parser

    def feed(self, data: bytes) -> None:
        self._fed += len(data)
        self._parse(data, False)
        if self._fed - self._seen > self.limits.value_bytes:
            raise LogError(
                f"A single value near line {self.parser.CurrentLineNumber} is longer than 16 MB.",
                where=f"line {self.parser.CurrentLineNumber}",
                advice="Leave that attribute out of the export.",
            )

    def close(self) -> None:
        self._parse(b"", True)

    def _parse(self, data: bytes, final: bool) -> None:
        try:
            self.parser.Parse(data, final)
        except LogError:
            raise
        except (ValueError, LookupError) as problem:
            raise LogError(
                "The XML is written in an encoding that is not read.",
                where="line 1",
                advice="Export it as UTF-8 and upload it again.",
            ) from problem
        except expat.ExpatError as problem:
            raise LogError(
                f"The XML is broken in line {problem.lineno}: {expat.errors.messages[problem.code]}.",
                where=f"line {problem.lineno}",
                advice="Export the log again; if it says UTF-8, check that it really is.",
            ) from problem

    def _open(self, tag: str, attributes: list[str]) -> None:
        self._seen = self._fed
        self.depth += 1
        if self.depth == self.value_depth and tag in _VALUES:
            self.values.append(attributes)
        else:
            self._open_other(tag, attributes)

    def _open_other(self, tag: str, attributes: list[str]) -> None:
        if self.depth > self.limits.depth:
            raise LogError(
                f"Elements are nested deeper than {self.limits.depth} levels.",
                where=f"line {self.parser.CurrentLineNumber}",
                advice="This is no usual XES file; export it again.",
            )
        name = tag.rpartition(":")[2]
        if name in _VALUES:
            if self.depth == self.value_depth:
                self.values.append(attributes)
        elif name == "event" and self.trace_depth:
            self.event_depth, self.event = self.depth, []
            self.values, self.value_depth = self.event, self.depth + 1
        elif name == "trace" and not self.trace_depth:
            self.trace_depth, self.trace = self.depth, []
            self.values, self.value_depth = self.trace, self.depth + 1
        elif self.depth == 1:
            self._root(name)

    def _root(self, name: str) -> None:
        if name != "log":
            raise LogError(
                f"This XML begins with <{name[:40]}>, not with <log>: it is not an event log.",
                where="line 1",
                advice="Export the events as XES or CSV.",
            )

    def _close(self, tag: str) -> None:
        if self.depth == self.event_depth:
            self.columns.add_event(self.event)
            self.event_depth = 0
            self.values, self.value_depth = self.trace, self.trace_depth + 1
        elif self.depth == self.trace_depth:
            self.columns.add_case(self.trace)
            self.trace_depth, self.value_depth = 0, -1
        self.depth -= 1


def _pair(attributes: list[str]) -> tuple[str, str]:
    """Key and value of an attribute element, whatever their order."""
    if len(attributes) == 4 and attributes[0] == "key" and attributes[2] == "value":
        return attributes[1], attributes[3]
    named = dict(zip(attributes[::2], attributes[1::2], strict=True))
    return named.get("key", ""), named.get("value", "")


def _refuse_doctype(*_: object) -> None:
    raise LogError(
        "The XML holds a DOCTYPE or entities, which are not read: they can hide other files.",
        where="the head of the file",
        advice="Remove the DOCTYPE and upload it again.",
    )
