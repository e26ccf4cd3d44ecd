"""Events of an XES file into a table of codes and times: every attribute a column, nothing but numpy needed."""

import re
from array import array
from collections.abc import Sized
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import BinaryIO

import numpy as np

from planner.domain.event_log import terms as log
from planner.domain.event_log.coded_log import Coded, CodedLog, LeftOut
from planner.domain.event_log.mapping import LogMapping
from planner.domain.event_log.sparse_columns import SparseColumn, TimeColumn
from planner.domain.event_log.streams import CHUNK, LogLimits, Progress, Unpacked, no_progress
from planner.domain.event_log.terms import LogError, TimeMeaning
from planner.domain.event_log.text_encodings import encoding_of, encoding_words
from planner.domain.event_log.text_reader import HEAD_BYTES
from planner.domain.event_log.xes_parser import Attributes, XesParser

_KEYS = {
    "concept:name": log.ACTIVITY,
    "time:timestamp": log.END,
    "start_timestamp": log.START,
    "time:start": log.START,
    "lifecycle:transition": log.LIFECYCLE,
    "org:resource": log.RESOURCE,
}
_TIMES = (log.START, log.END)
_MOST_KEYS = _MOST_SHAPES = 1_000
_Column = SparseColumn | TimeColumn


def read_xes_events(
    source: BinaryIO,
    mapping: LogMapping | None = None,
    *,
    limits: LogLimits | None = None,
    progress: Progress = no_progress,
) -> CodedLog:
    """The raw rows of an XES or XES.gz file; events without a time or a name are left out and listed by their number.

    Of the mapping the encoding, the time zone and the meaning of times count: columns are named in the file.
    Raises LogError for a file that is not XES, is damaged, holds a DOCTYPE or passes a limit.
    """
    limits = limits or LogLimits()
    stream = Unpacked(source, limits=limits, progress=progress)
    head = stream.read(HEAD_BYTES)
    return first_xes_events(head, stream, mapping, limits=limits, events=limits.events + 1)


def first_xes_events(
    head: bytes, rest: Unpacked, mapping: LogMapping | None, *, limits: LogLimits, events: int
) -> CodedLog:
    """The first events of a file whose first bytes were read already; reading stops once there are enough."""
    mapping = mapping or LogMapping()
    encoding = mapping.encoding or xes_encoding(head)
    columns, data = _Columns(limits, mapping.zone), head
    parser = XesParser(columns, limits, encoding)
    while data and columns.rows < events:
        parser.feed(data)
        columns.settle()
        data = rest.read(CHUNK)
    if not data:
        parser.close()
    found = columns.finish(mapping)
    if encoding and not mapping.encoding:
        note = f"The file says that it is UTF-8 and is not: it is read as {encoding_words(encoding)}."
        return replace(found, notes=(note, *found.notes))
    return found


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


@dataclass(frozen=True)
class _Shape:
    """Events with the same keys in the same order that wait: their rows, and their texts one event after another."""

    columns: tuple[_Column, ...]
    rows: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def settle(self) -> None:
        """Give each column its texts."""
        for place, column in enumerate(self.columns):
            column.extend(self.rows, self.texts[place :: len(self.columns)])
        self.rows.clear()
        self.texts.clear()


class _Columns:
    """What has been read so far, column by column."""

    def __init__(self, limits: LogLimits, zone: str) -> None:
        self._limits, self._zone = limits, zone
        self._event: dict[str, _Column] = {log.ACTIVITY: SparseColumn(), log.END: TimeColumn(zone)}
        self._case: dict[str, SparseColumn] = {}
        self._shapes: dict[tuple[str, ...], _Shape] = {}
        self._names: dict[int, list[str]] = {}
        self.rows = 0
        self._cases: list[str] = []
        self._sizes = array("i")
        self._closed = 0

    def add_event(self, values: list[Attributes]) -> None:
        row = self.rows
        if row >= self._limits.events:
            raise LogError(
                f"The log has more than {self._limits.events:_} events, the most that is read.".replace("_", "\u202f"),
                advice="Export fewer cases or a shorter period and try again.",
            )
        self.rows = row + 1
        plain = list(chain.from_iterable(values))
        if plain[::2] != self._names.get(len(plain)):
            plain = self._ordered(values)
        keys = tuple(plain[1::4])
        shape = self._shapes.get(keys) or self._shape(keys)
        shape.rows.append(row)
        shape.texts.extend(plain[3::4])

    def _ordered(self, values: list[Attributes]) -> list[str]:
        """Attributes as key and value in turn each, however they were written."""
        count = len(values)
        self._names[4 * count] = ["key", "value"] * count
        return [part for key, text in map(_pair, values) for part in ("key", key, "value", text)]

    def _shape(self, keys: tuple[str, ...]) -> _Shape:
        """Where events of these keys wait; two keys may name the same column."""
        found = self._shapes[keys] = _Shape(
            tuple(self._column(_KEYS.get(key) or log.EVENT_PREFIX + key) for key in keys)
        )
        return found

    def _column(self, name: str) -> _Column:
        found = self._event.get(name)
        if found is None:
            _check_count(self._event)
            found = TimeColumn(self._zone) if name in _TIMES else SparseColumn()
            self._event[name] = found
        return found

    def settle(self) -> None:
        """Give the columns what waits for them."""
        for shape in self._shapes.values():
            if shape.rows:
                shape.settle()
        if len(self._shapes) > _MOST_SHAPES:
            self._shapes.clear()

    def add_case(self, values: list[Attributes]) -> None:
        number = len(self._cases)
        name = f"case {number + 1}"
        for attributes in values:
            key, text = _pair(attributes)
            if key == "concept:name":
                name = text
            else:
                self._case_column(log.CASE_PREFIX + key).extend((number,), (text,))
        self._cases.append(name)
        self._sizes.append(self.rows - self._closed)
        self._closed = self.rows

    def _case_column(self, name: str) -> SparseColumn:
        found = self._case.get(name)
        if found is None:
            _check_count(self._case)
            found = self._case[name] = SparseColumn()
        return found

    def finish(self, mapping: LogMapping) -> CodedLog:
        """The log; a trace that was not read to its end counts as far as it was read."""
        self.settle()
        rows = self.rows
        if rows > self._closed:
            self.add_case([])
        if not rows:
            raise LogError("The file is valid XES but holds no events.", advice="Export the log again with its events.")
        columns: dict[str, Coded | np.ndarray] = {log.CASE: self._case_names()}
        notes, unread = self._take_events(columns, mapping)
        columns[log.ROW] = np.arange(1, rows + 1, dtype=np.int64)
        of = np.repeat(np.arange(len(self._cases)), self._sizes)
        for name in list(self._case):
            columns[name] = self._case.pop(name).coded(len(self._cases)).only(of)
        return _whole(CodedLog(columns, (), notes, mapping.meaning or TimeMeaning.COMPLETION), unread)

    def _take_events(
        self, columns: dict[str, Coded | np.ndarray], mapping: LogMapping
    ) -> tuple[tuple[str, ...], Coded]:
        """Move the columns of the events there, each held once; notes on their times, and the ends that are not ISO."""
        unreadable, zoneless = 0, False
        unread = Coded(np.full(self.rows, -1, dtype=np.int8), [])
        for name in list(self._event):
            column = self._event.pop(name)
            if isinstance(column, SparseColumn):
                columns[name] = column.coded(self.rows)
                continue
            columns[name], texts = column.times(self.rows)
            unread = texts if name == log.END else unread
            unreadable, zoneless = unreadable + column.unreadable, zoneless or column.zoneless
        notes = (f"{unreadable} different times could not be read.",) if unreadable else ()
        return (*notes, f"Times without a zone are taken as {mapping.zone}.") if zoneless else notes, unread

    def _case_names(self) -> Coded:
        column = SparseColumn()
        column.extend(range(len(self._cases)), self._cases)
        return column.coded(len(self._cases)).only(np.repeat(np.arange(len(self._cases)), self._sizes))


def _check_count(columns: Sized) -> None:
    if len(columns) >= _MOST_KEYS:
        raise LogError(f"The log has more than {_MOST_KEYS} different attributes.", advice="Export fewer attributes.")


def _whole(found: CodedLog, unread: Coded) -> CodedLog:
    """Without the events that lack a time or a name; `unread` are the texts that stand for a time and are not ISO."""
    activity, end, rows = found.texts(log.ACTIVITY), found.numbers(log.END), found.numbers(log.ROW)
    if activity is None or end is None or rows is None:
        raise ValueError("A log has an activity, an end and numbered rows.")
    nameless = np.array([*(text == "" for text in activity.texts), True])[activity.codes]
    timeless = np.isnat(end) & ~nameless
    bad = nameless | timeless
    if not bad.any():
        return found
    if bad.all():
        what = "No event has a name" if nameless.all() else "No event has a time that can be read"
        key = "concept:name" if nameless.all() else "time:timestamp"
        raise LogError(f"{what}.", where=key, advice=f"Each event needs the attribute “{key}”.")
    texts = [*unread.texts, ""]
    cells = [texts[code] for code in unread.codes[timeless].tolist()]
    late = LeftOut("No time, or one that cannot be read", rows[timeless].tolist(), "time:timestamp", cells)
    unnamed = LeftOut("No name", rows[nameless].tolist(), "concept:name")
    kept = {
        name: column.only(~bad, used=name == log.ACTIVITY) if isinstance(column, Coded) else column[~bad]
        for name, column in found.columns.items()
    }
    return replace(found, columns=kept, left_out=(unnamed, late))


def _pair(attributes: Attributes) -> tuple[str, str]:
    """Key and value of an attribute element, whatever their order."""
    if len(attributes) == 4 and attributes[0] == "key" and attributes[2] == "value":
        return attributes[1], attributes[3]
    named = dict(zip(attributes[::2], attributes[1::2], strict=True))
    return named.get("key", ""), named.get("value", "")
