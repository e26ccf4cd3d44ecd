"""Event logs in CSV: separator, encoding and line ends found, columns read as they stand.

Parsing is Arrow's; every cell is text until its column has a role, so that a case called NA stays a case.
"""

import io
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.csv as arrow_csv

from planner.domain.event_log.csv_shape import CsvShape, endless_cell, sample_csv
from planner.domain.event_log.eventlog import LogError, RawLog
from planner.domain.event_log.mapping import LogMapping
from planner.domain.event_log.streams import LogLimits, Progress, Unpacked, no_progress
from planner.domain.event_log.table_log import Cells, Table, raw_log
from planner.domain.event_log.text_reader import HEAD_BYTES, TextReader

_BLOCK = 1 << 20
"""Bytes parsed at a time, and so the longest cell: what is read ahead is held several times over."""


def read_csv(
    source: BinaryIO,
    mapping: LogMapping,
    *,
    limits: LogLimits | None = None,
    progress: Progress = no_progress,
) -> RawLog:
    """The raw rows of a CSV or CSV.gz file under a mapping.

    Rows without a case, an activity or a readable time are left out and listed by their row numbers; blank rows
    count. Raises LogError when the file or the mapping cannot be used, AmbiguousDates when dates must be asked.
    """
    limits = limits or LogLimits()
    stream = Unpacked(source, limits=limits, progress=progress)
    head = stream.read(HEAD_BYTES)
    whole = len(head) < HEAD_BYTES
    sample = sample_csv(head, whole=whole, limits=limits, encoding=mapping.encoding, separator=mapping.separator)
    mapping.check(sample.shape.columns)
    return raw_log(_table(head, stream, sample.shape, mapping, limits), mapping)


class _Joined(io.RawIOBase):
    """The head that was looked at, then the rest of the stream, as UTF-8 whatever the file is written in."""

    def __init__(self, head: bytes, rest: Unpacked, encoding: str) -> None:
        super().__init__()
        self._head, self._rest, self._text = head, rest, TextReader(encoding)
        self._ready, self._ended = b"", False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while not self._ended and (size < 0 or len(self._ready) < size):
            data, self._head = self._head or self._rest.read(_BLOCK), b""
            self._ended = not data
            self._ready += self._text.read(data, last=self._ended).encode()
        size = len(self._ready) if size < 0 else size
        part, self._ready = self._ready[:size], self._ready[size:]
        return part


def _table(head: bytes, rest: Unpacked, shape: CsvShape, mapping: LogMapping, limits: LogLimits) -> Table:
    """The columns that are kept, and the rows with too few or many cells."""
    kept = [name for name in shape.columns if name not in mapping.ignored]
    ragged: list[tuple[int, str]] = []

    def skip(row: Any) -> str:
        ragged.append((row.number or 0, str(row.text)[:200]))
        return "skip"

    source = pa.PythonFile(_Joined(head, rest, shape.encoding), mode="r")
    cells = Cells((mapping.start, mapping.end), limits)
    try:
        for batch in _reader(source, shape, kept, skip):
            cells.add_batch(batch)
    except pa.ArrowInvalid as problem:
        raise _unreadable(problem, cells.rows + len(ragged) + shape.header_row + 1) from problem
    return Table(cells, tuple(ragged), shape.header_row, shape.notes)


def _reader(source: pa.PythonFile, shape: CsvShape, kept: list[str], skip: Any) -> Any:
    return arrow_csv.open_csv(
        source,
        read_options=arrow_csv.ReadOptions(
            use_threads=False,
            block_size=_BLOCK,
            column_names=list(shape.columns),
            skip_rows_after_names=shape.header_row,
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=shape.separator, newlines_in_values=True, invalid_row_handler=skip, ignore_empty_lines=False
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types={name: pa.string() for name in shape.columns},
            include_columns=kept,
            strings_can_be_null=False,
            quoted_strings_can_be_null=False,
        ),
    )


def _unreadable(problem: Exception, row: int) -> LogError:
    """The sentence for what Arrow could not parse, at or below a row."""
    said = str(problem)
    if "straddling" in said:
        return endless_cell(f"row {row} or below")
    return LogError(f"The table cannot be read: {said.splitlines()[0][:200]}", advice="Export it again.")
