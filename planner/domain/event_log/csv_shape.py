"""How a CSV file is written: encoding, separator, column names; and its first rows as texts."""

import csv
import io
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from planner.domain.event_log.streams import LogLimits
from planner.domain.event_log.terms import LogError
from planner.domain.event_log.text_encodings import SEPARATORS, encoding_of, encoding_words
from planner.domain.event_log.text_reader import UTF8_MARK, TextReader

SAMPLED_ROWS = 2_000


@dataclass(frozen=True)
class CsvShape:
    """How a CSV file is written: encoding, separator, and its column names, trimmed and made unique.

    `header_row` is the number of the row with the names; blank rows above it count.
    """

    encoding: str
    separator: str
    columns: tuple[str, ...]
    notes: tuple[str, ...] = ()
    header_row: int = 1


@dataclass(frozen=True)
class CsvSample:
    """The shape of a file and its first rows as texts; `ragged` had more or fewer cells than the header."""

    shape: CsvShape
    rows: pd.DataFrame
    ragged: int = 0


def sample_csv(
    head: bytes, *, whole: bool, limits: LogLimits | None = None, encoding: str = "", separator: str = ""
) -> CsvSample:
    """Shape and first rows of a CSV file from its first unpacked bytes; `whole` when these are all of it.

    Encoding and separator are found where none is given.
    """
    limits = limits or LogLimits()
    taken, notes = (encoding, ()) if encoding else _encoding(head, whole)
    text = TextReader(taken).read(head, last=whole)
    if not text.strip():
        raise LogError("The file is empty.", advice="Export the log again and check that it holds events.")
    lines = _whole_lines(text, whole, limits)
    separator = separator or _separator(lines)
    every = list(_rows(io.StringIO(lines, newline=""), separator))
    rows = [row for row in every if any(map(str.strip, row))]
    if not rows:
        raise LogError("The file holds no rows.", advice="Export the log again and check that it holds events.")
    columns, more = column_names(rows[0], limits)
    shape = CsvShape(taken, separator, columns, (*notes, *more), every.index(rows[0]) + 1)
    body = [row for row in rows[1 : SAMPLED_ROWS + 1] if len(row) == len(columns)]
    _check_body(rows, columns)
    return CsvSample(shape, sampled(body, columns), len(rows[1 : SAMPLED_ROWS + 1]) - len(body))


def sampled(body: Sequence[Sequence[str]], columns: Sequence[str]) -> pd.DataFrame:
    """Rows of texts as a frame, trimmed; what is missing is empty."""
    frame = pd.DataFrame(body, columns=list(columns), dtype="str").fillna("")
    return pd.DataFrame({name: frame[name].str.strip() for name in frame})


def _encoding(head: bytes, whole: bool) -> tuple[str, tuple[str, ...]]:
    """The encoding, and a note where the file says one thing and holds another."""
    found = encoding_of(head, whole=whole)
    if found == "utf-8" and head.startswith(UTF8_MARK):
        real = encoding_of(head.removeprefix(UTF8_MARK), whole=whole)
        if real != found:
            return real, (f"The file says that it is UTF-8 and is not: it is read as {encoding_words(real)}.",)
    return found, ()


def _rows(lines: Iterable[str], separator: str) -> Iterator[list[str]]:
    """The rows of the lines; LogError with the line where a cell has no end."""
    reader = csv.reader(lines, delimiter=separator)
    first = 1
    try:
        for row in reader:
            yield row
            first = reader.line_num + 1
    except csv.Error as problem:
        raise endless_cell(f"line {first}") from problem


def endless_cell(where: str) -> LogError:
    """The sentence for a cell that is far too long, mostly because a quotation mark was never closed."""
    return LogError(
        f"A cell at {where} is too long to be read: is a quotation mark opened there and never closed?",
        where=where,
        advice="Close the quotation mark, or export without the column of long texts.",
    )


def _whole_lines(text: str, whole: bool, limits: LogLimits) -> str:
    """The text without a last line that may be cut off."""
    if whole:
        return text
    cut = max(text.rfind("\n"), text.rfind("\r"))
    if cut < 0:
        _check_width(1 + max(text.count(mark) for mark in SEPARATORS), limits)
        raise LogError(
            "The first line is longer than 256 kB: this is not a table of events.",
            where="line 1",
            advice="Export one row an event, with a header line.",
        )
    return text[: cut + 1]


def _separator(lines: str) -> str:
    """The separator that splits the first lines most evenly into most columns."""
    first = io.StringIO(lines[:65536], newline="")
    sample = [line for _, line in zip(range(30), first, strict=False)] or [""]
    best = max(SEPARATORS, key=lambda mark: _evenness(sample, mark))
    if _evenness(sample, best) == (0, 0):
        raise LogError(
            "No separator was found: every line is a single column.",
            where="line 1",
            advice="Separate columns by comma, semicolon or tab; at least case, activity and time are needed.",
        )
    return best


def _evenness(lines: Sequence[str], mark: str) -> tuple[int, int]:
    widths = Counter(len(row) for row in _rows(lines, mark) if row)
    width, times = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
    return (times, width) if width > 1 else (0, 0)


def column_names(header: Sequence[str], limits: LogLimits) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names trimmed, inner spaces joined, unnamed ones numbered, doubled ones told apart."""
    _check_width(len(header), limits)
    if _looks_like_data(header):
        raise LogError(
            "The first line seems to hold data, not column names.",
            where="line 1",
            advice="Add a first line that names the columns, such as case,activity,time.",
        )
    names: list[str] = []
    notes: list[str] = []
    for place, cell in enumerate(header, start=1):
        name = re.sub(r"\s+", " ", cell).strip()[:200] or f"column {place}"
        unique = unused_name(name, names, place)
        if unique != name:
            notes.append(f"Two columns are called “{name}”: the later one is read as “{unique}”.")
        names.append(unique)
    return tuple(names), tuple(notes)


def unused_name(name: str, taken: Container[str], number: int) -> str:
    """The name, or where it is taken the name with the first free number from `number` on.

    >>> unused_name("a", ["a", "a (6)"], 6)
    'a (7)'
    """
    found = name
    while found in taken:
        found, number = f"{name} ({number})", number + 1
    return found


def _check_width(columns: int, limits: LogLimits) -> None:
    if columns > limits.columns:
        count = f"{columns:,}".replace(",", "\u202f")
        raise LogError(
            f"The table has {count} columns or more; at most {limits.columns} are read.",
            where="line 1",
            advice="Export fewer columns.",
        )


def _looks_like_data(header: Sequence[str]) -> bool:
    """Whether a cell of the header is a whole date and time."""
    return any(re.search(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}", cell) and ":" in cell for cell in header)


def _check_body(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> None:
    if len(rows) == 1:
        raise LogError(
            "The file has a header and no rows below it.", where="line 2", advice="Export the events as well."
        )
    if all(len(row) != len(columns) for row in rows[1:]):
        raise LogError(
            f"The header names {len(columns)} columns, the rows have {len(rows[1])}.",
            where="line 2",
            advice="Export the table again so that every row has as many cells as the header.",
        )


def no_rows() -> LogError:
    """The sentence for a table that ends with its header."""
    return LogError("The file has a header and no rows below it.", where="line 2", advice="Export the events as well.")
