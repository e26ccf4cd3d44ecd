"""A table somebody brings (CSV, also packed with gzip, or Parquet): how it is written, and its rows in pieces.

Everything is read as text, whatever the file says its types are, so that the same table in two formats is one table.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO, Self

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from planner.domain.event_log.csv_shape import sample_csv
from planner.domain.event_log.signatures import PARQUET, FileKind, file_kind
from planner.domain.event_log.streams import LogLimits, Unpacked
from planner.domain.event_log.terms import LogError
from planner.domain.event_log.text_reader import HEAD_BYTES, TextReader

MOST_COLUMNS = 500
MOST_ROWS = 50_000_000
MOST_UNPACKED = 4 * 1024**3
LONGEST_CELL = 200
LONGEST_NAME = 120
BATCH_ROWS = 1 << 14
BLOCK_BYTES = 1 << 20
AGAIN = "Export the table again, one row a case, with a first line that names the columns."
_EXPORT, _PACK = "Export the table as CSV or Parquet.", "Unpack it, or pack it with gzip."
_ADVICE = {
    FileKind.ZIP: "Unpack it, or save the sheet as CSV.",
    FileKind.GZIP: "It was packed twice: unpack it once.",
    FileKind.BZIP2: _PACK,
    FileKind.XZ: _PACK,
    FileKind.OLD_SHEET: "Save it as CSV.",
}

Progress = Callable[[float], None]


class TableRefused(ValueError):
    """A file that is no table to learn from: what is wrong with it and what to do, as one sentence for a person."""

    def __init__(self, what: str, advice: str = AGAIN) -> None:
        super().__init__(f"{what} {advice}".strip())


@dataclass(frozen=True)
class TableShape:
    """How a table is written. `columns` by their names, trimmed; `nested` those that hold no plain values."""

    format: str
    columns: tuple[str, ...]
    encoding: str = ""
    separator: str = ""
    header_line: int = 1
    nested: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**(data | {"columns": tuple(data["columns"]), "nested": tuple(data["nested"])}))


def shape_of(source: BinaryIO) -> TableShape:
    """Look at the beginning of a file (for Parquet at its end). Raises TableRefused for what is no table."""
    magic = source.read(len(PARQUET))
    source.seek(0)
    if magic == PARQUET:
        return _parquet_shape(source)
    try:
        return _csv_shape(Unpacked(source, limits=_limits()))
    except LogError as problem:
        raise _told(problem) from None


def batches(
    source: BinaryIO, shape: TableShape, *, columns: Sequence[str] | None = None, skipped: Counter[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """The rows in pieces, every cell a trimmed text or null, in the order of the file; bounded memory.

    `columns` reads only these. `skipped` counts rows with another number of cells than the header. Raises
    TableRefused where the file is damaged further down.
    """
    wanted = list(columns if columns is not None else shape.columns)
    pieces = (
        _parquet_pieces(source, wanted) if shape.format == "parquet" else _csv_pieces(source, shape, wanted, skipped)
    )
    rows = 0
    try:
        for piece in pieces:
            rows += piece.num_rows
            if rows > MOST_ROWS:
                raise TableRefused(f"The table has more than {MOST_ROWS:,} rows.", "Bring a shorter period of it.")
            yield pa.RecordBatch.from_arrays([_texts(piece.column(name)) for name in wanted], names=wanted)
    except LogError as problem:
        raise _told(problem) from None
    except pa.ArrowInvalid as problem:
        raise TableRefused(f"The table cannot be read to its end: {_short(problem)}.") from None
    except (pa.ArrowException, OSError) as problem:
        raise TableRefused(f"The file is damaged: {_short(problem)}.", "Export it again and bring it anew.") from None


def _limits() -> LogLimits:
    return LogLimits(inflated_bytes=MOST_UNPACKED, columns=MOST_COLUMNS)


def _csv_shape(stream: Unpacked) -> TableShape:
    head = stream.read(HEAD_BYTES)
    whole = not stream.read(1)
    if stream.gzipped and head.startswith(PARQUET):
        raise TableRefused("This is Parquet inside gzip.", "Parquet is packed already: bring it as it is.")
    kind = file_kind(head)
    if kind is not None:
        raise TableRefused(f"This is {kind.value}, not a table.", _ADVICE.get(kind, _EXPORT))
    if head[:1] in (b"<", b"{", b"["):
        raise TableRefused("This is a web page, XML or JSON, not a table.", _EXPORT)
    found = sample_csv(head, whole=whole, limits=_limits()).shape
    text = TextReader(found.encoding).read(head, last=whole)
    header = next(row for row in csv.reader(io.StringIO(text, newline=""), delimiter=found.separator) if any(row))
    columns = _names(header)
    return TableShape("csv", columns, found.encoding, found.separator, found.header_row)


def _names(header: Sequence[str]) -> tuple[str, ...]:
    """Trimmed names; unnamed ones are numbered, doubled ones refused by name."""
    names = [" ".join(cell.split())[:LONGEST_NAME] or f"column {place}" for place, cell in enumerate(header, start=1)]
    if len(names) > MOST_COLUMNS:
        raise TableRefused(f"The table has {len(names)} columns; at most {MOST_COLUMNS} are read.", "Bring fewer.")
    doubled = [f"“{name}”" for name, times in Counter(names).items() if times > 1]
    if doubled:
        which = ", ".join(doubled[:5])
        raise TableRefused(f"More than one column is called {which}.", "Give each column a name of its own.")
    return tuple(names)


def _parquet_shape(source: BinaryIO) -> TableShape:
    try:
        file = parquet.ParquetFile(source)
        meta, schema = file.metadata, file.schema_arrow
    except (pa.ArrowException, OSError) as problem:
        raise TableRefused(f"The Parquet file is damaged: {_short(problem)}.", "Export it again.") from None
    columns = _names(schema.names)
    if columns != tuple(schema.names):
        raise TableRefused(
            "A column has no name, blanks around it, or a very long one.", "Rename it and bring it anew."
        )
    if sum(meta.row_group(place).total_byte_size for place in range(meta.num_row_groups)) > MOST_UNPACKED:
        raise TableRefused("Unpacked, this file is larger than 4 GB, the most that is read.", "Bring a shorter period.")
    if not meta.num_rows:
        raise TableRefused("The table has columns and no rows.")
    nested = tuple(field.name for field in schema if not _plain(field.type))
    return TableShape("parquet", tuple(name for name in columns if name not in nested), nested=nested)


def _plain(kind: pa.DataType) -> bool:
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    tests = (
        *(pa.types.is_string, pa.types.is_large_string, pa.types.is_integer, pa.types.is_floating),
        *(pa.types.is_boolean, pa.types.is_date, pa.types.is_timestamp, pa.types.is_decimal, pa.types.is_null),
    )
    return any(test(inner) for test in tests)


def _parquet_pieces(source: BinaryIO, wanted: list[str]) -> Iterator[pa.RecordBatch]:
    # Texts stay in their dictionary until they are cut: a long one repeated in every row would fill the memory.
    kinds = parquet.ParquetFile(source).schema_arrow
    texts = [field.name for field in kinds if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)]
    file = parquet.ParquetFile(source, read_dictionary=[name for name in texts if name in wanted], pre_buffer=False)
    yield from file.iter_batches(batch_size=BATCH_ROWS, columns=wanted, use_threads=False)


def _csv_pieces(
    source: BinaryIO, shape: TableShape, wanted: list[str], skipped: Counter[str] | None
) -> Iterator[pa.RecordBatch]:
    def skip(row: object) -> str:
        if skipped is not None:
            skipped["rows"] += 1
        return "skip"

    stream = _Utf8(Unpacked(source, limits=_limits()), shape.encoding)
    reader = arrow_csv.open_csv(
        pa.PythonFile(stream, mode="r"),
        read_options=arrow_csv.ReadOptions(
            use_threads=False, block_size=BLOCK_BYTES, skip_rows=shape.header_line, column_names=list(shape.columns)
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=shape.separator, newlines_in_values=True, invalid_row_handler=skip
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(shape.columns, pa.string()), include_columns=wanted, strings_can_be_null=False
        ),
    )
    yield from reader


class _Utf8(io.RawIOBase):
    """A stream of text in any encoding as UTF-8, read piece by piece."""

    def __init__(self, source: Unpacked, encoding: str) -> None:
        super().__init__()
        self._source, self._reader, self._left, self._over = source, TextReader(encoding), b"", False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts, missing = [], size if size >= 0 else MOST_UNPACKED
        while missing > 0 and (self._left or self._fill()):
            part, self._left = self._left[:missing], self._left[missing:]
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def _fill(self) -> bool:
        while not self._left and not self._over:
            data = self._source.read(HEAD_BYTES)
            self._over = not data
            self._left = self._reader.read(data, last=self._over).encode("utf-8")
        return bool(self._left)


def _texts(column: pa.Array) -> pa.Array:
    """Every cell as text, trimmed and cut to `LONGEST_CELL` characters."""
    if pa.types.is_dictionary(column.type):
        short = pc.utf8_slice_codeunits(column.dictionary.cast(pa.string()), 0, LONGEST_CELL)
        column = pa.DictionaryArray.from_arrays(column.indices, short).dictionary_decode()
    elif not pa.types.is_string(column.type):
        moment = pa.types.is_timestamp(column.type)
        column = column.cast(pa.string())
        column = pc.replace_substring_regex(column, r"\.0+(Z?)$", r"\1") if moment else column
    return pc.utf8_slice_codeunits(pc.utf8_trim_whitespace(column), 0, LONGEST_CELL)


def _told(problem: LogError) -> TableRefused:
    """What the reader of texts says, without its advice where that speaks of events."""
    advice = problem.advice if "event" not in problem.advice and "log" not in problem.advice else AGAIN
    return TableRefused(problem.what.replace("table of events", "table"), advice)


def _short(problem: BaseException) -> str:
    words = " ".join(str(problem).split())
    return words.rstrip(".")[:200]
