"""XES, read as a stream: no tree is built, no DTD or entity is accepted, nothing is fetched.

Format: IEEE 1849 XES. Attributes below an attribute (nested) are passed over; with or without a namespace.
"""

import re
from array import array
from collections.abc import Callable
from dataclasses import replace
from typing import Any, BinaryIO
from xml.parsers import expat

import numpy as np
import pandas as pd
import pyarrow as pa

from planner.domain.event_log import eventlog as log
from planner.domain.event_log.csv_shape import HEAD_BYTES, TextReader
from planner.domain.event_log.eventlog import LogError, RawLog, TimeMeaning
from planner.domain.event_log.mapping import LogMapping
from planner.domain.event_log.rejected import joined, rejected
from planner.domain.event_log.sparse_columns import SparseColumn, TimeColumn
from planner.domain.event_log.streams import CHUNK, LogLimits, Progress, Unpacked, no_progress
from planner.domain.event_log.text_encodings import encoding_of, encoding_words

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


def read_xes(
    source: BinaryIO,
    mapping: LogMapping | None = None,
    *,
    limits: LogLimits | None = None,
    progress: Progress = no_progress,
) -> RawLog:
    """The raw rows of an XES or XES.gz file; events without a time or a name are left out and listed by their number.

    Of the mapping the encoding, the time zone and the meaning of times count: columns are named in the file.
    Raises LogError for a file that is not XES, is damaged, holds a DOCTYPE or passes a limit.
    """
    limits = limits or LogLimits()
    stream = Unpacked(source, limits=limits, progress=progress)
    head = stream.read(HEAD_BYTES)
    return _read(head, stream, mapping or LogMapping(), limits, limits.events + 1)


def sample_xes(
    head: bytes, rest: Unpacked, mapping: LogMapping | None = None, *, limits: LogLimits, events: int = 200
) -> RawLog:
    """The first events of a file whose first bytes were read already; reading stops once there are enough."""
    return _read(head, rest, mapping or LogMapping(), limits, events)


def xes_encoding(head: bytes) -> str:
    """The encoding to read an XES file in where that is not the one it claims; empty where its claim holds.

    >>> xes_encoding("<log a='é'/>".encode("cp1252")), xes_encoding("<log a='é'/>".encode())
    ('cp1252', '')
    """
    claim = re.match(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.-]+)["']""", head.removeprefix(b"\xef\xbb\xbf"))
    if claim and claim[1].lower() not in {b"utf-8", b"utf8"}:
        return ""
    found = encoding_of(head.removeprefix(b"\xef\xbb\xbf"), whole=len(head) < HEAD_BYTES)
    return found if found in {"cp1252", "latin-1"} else ""


def _read(head: bytes, rest: Unpacked, mapping: LogMapping, limits: LogLimits, events: int) -> RawLog:
    encoding = mapping.encoding or xes_encoding(head)
    reader, data = _Reader(limits, mapping.zone, encoding), head
    while data and reader.columns.rows < events:
        reader.feed(data)
        data = rest.read(CHUNK)
    if not data:
        reader.close()
    raw = reader.columns.finish(mapping)
    if encoding and not mapping.encoding:
        note = f"The file says that it is UTF-8 and is not: it is read as {encoding_words(encoding)}."
        return replace(raw, notes=(note, *raw.notes))
    return raw


class _Columns:
    """What has been read so far, column by column."""

    def __init__(self, limits: LogLimits, zone: str) -> None:
        self.zone = zone
        self.limits = limits
        self.event: dict[str, SparseColumn] = {log.ACTIVITY: SparseColumn(), log.END: TimeColumn(zone)}
        self.case: dict[str, SparseColumn] = {}
        self.adders: dict[str, Callable[[int, str], None]] = {}
        self.rows = 0
        self.cases: list[str] = []
        self.sizes = array("i")
        self._closed = 0

    def add_event(self, values: list[list[str]]) -> None:
        row = self.rows
        if row >= self.limits.events:
            raise LogError(
                f"The log has more than {self.limits.events:_} events, the most that is read.".replace("_", "\u202f"),
                advice="Export fewer cases or a shorter period and try again.",
            )
        self.rows += 1
        for attributes in values:
            key, text = _pair(attributes)
            add = self.adders.get(key) or self._adder(key)
            add(row, text)

    def _adder(self, key: str) -> Callable[[int, str], None]:
        """What adds a value of an event's key to its column; two keys may name the same column."""
        add = self.adders[key] = _named(self.event, _KEYS.get(key) or log.EVENT_PREFIX + key, self.zone).add
        return add

    def add_case(self, values: list[list[str]]) -> None:
        name = f"case {len(self.cases) + 1}"
        for attributes in values:
            key, text = _pair(attributes)
            if key == "concept:name":
                name = text
            else:
                _named(self.case, log.CASE_PREFIX + key, self.zone).add(len(self.cases), text)
        self.cases.append(name)
        self.sizes.append(self.rows - self._closed)
        self._closed = self.rows

    def finish(self, mapping: LogMapping) -> RawLog:
        """The raw log; a trace that was not read to its end counts as far as it was read."""
        rows = self.rows
        if rows > self._closed:
            self.add_case([])
        if not rows:
            raise LogError("The file is valid XES but holds no events.", advice="Export the log again with its events.")
        times = self.event[log.END]
        columns: dict[str, Any] = {log.CASE: self._case_names()}
        notes = self._take_events(columns, mapping)
        columns[log.ROW] = np.arange(1, rows + 1, dtype=np.int64)
        of = np.repeat(np.arange(len(self.cases)), self.sizes)
        for name in list(self.case):
            columns[name] = self.case.pop(name).series(len(self.cases)).array[of]
        raw = _whole(pd.DataFrame(columns, copy=False), times)
        return replace(raw, notes=notes, meaning=mapping.meaning or TimeMeaning.COMPLETION)

    def _take_events(self, columns: dict[str, Any], mapping: LogMapping) -> tuple[str, ...]:
        """Move the columns of the events there, each held once; notes on their times."""
        unreadable, zoneless = 0, False
        for name in list(self.event):
            column = self.event.pop(name)
            if isinstance(column, TimeColumn):
                columns[name], bad = column.times(self.rows)
                unreadable, zoneless = unreadable + bad, zoneless or column.zoneless
            else:
                columns[name] = column.series(self.rows)
        notes = (f"{unreadable} different times could not be read.",) if unreadable else ()
        return (*notes, f"Times without a zone are taken as {mapping.zone}.") if zoneless else notes

    def _case_names(self) -> pd.Categorical:
        named = pa.array(self.cases, type=pa.string()).dictionary_encode()
        codes = named.indices.to_numpy().astype(np.min_scalar_type(-len(named.dictionary) - 1))
        names = pd.Index(named.dictionary.to_pandas(), dtype="str")
        return pd.Categorical.from_codes(np.repeat(codes, self.sizes), names, validate=False)


def _named(columns: dict[str, SparseColumn], name: str, zone: str) -> SparseColumn:
    found = columns.get(name)
    if found is None:
        if len(columns) >= _MOST_KEYS:
            raise LogError(
                f"The log has more than {_MOST_KEYS} different attributes.", advice="Export fewer attributes."
            )
        found = columns[name] = TimeColumn(zone) if name in _TIMES else SparseColumn()
    return found


def _whole(frame: pd.DataFrame, times: SparseColumn) -> RawLog:
    """Without the events that lack a time or a name; `times` holds the texts that stand for them."""
    nameless = (frame[log.ACTIVITY].isna() | (frame[log.ACTIVITY] == "")).to_numpy()
    timeless = frame[log.END].isna().to_numpy() & ~nameless
    bad = nameless | timeless
    if not bad.any():
        return RawLog(frame)
    if bad.all():
        what = "No event has a name" if nameless.all() else "No event has a time that can be read"
        key = "concept:name" if nameless.all() else "time:timestamp"
        raise LogError(f"{what}.", where=key, advice=f"Each event needs the attribute “{key}”.")
    rows, texts = frame[log.ROW], times.series(len(frame))[timeless].astype("str").fillna("").tolist()
    late = rejected(
        "No time, or one that cannot be read", rows[timeless].tolist(), column="time:timestamp", cells=texts
    )
    nameless_rows = rejected("No name", rows[nameless].tolist(), column="concept:name")
    kept = frame[~bad].reset_index(drop=True)
    kept[log.ACTIVITY] = kept[log.ACTIVITY].cat.remove_unused_categories()
    return RawLog(kept, joined([nameless_rows, late]))


class _Reader:
    """Callbacks of the XML parser: which trace and event one is in, and their attributes."""

    def __init__(self, limits: LogLimits, zone: str, encoding: str) -> None:
        self.limits, self.columns = limits, _Columns(limits, zone)
        self._text = TextReader(encoding) if encoding else None
        self.depth = self.trace_depth = self.event_depth = 0
        self.trace: list[list[str]] = []
        self.event: list[list[str]] = []
        # Attributes of the event (else the trace) one is in stand one level below it, and are collected here.
        self.values, self.value_depth = self.trace, -1
        self._fed = self._seen = 0
        parser = expat.ParserCreate("utf-8" if encoding else None)
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
        data = self._text.read(data, last=final).encode() if self._text else data
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
                advice="Export the log again; if it says UTF-8 and is not, choose the encoding it really has.",
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
