"""Estimates as a table, one row a task and assumption: written as CSV or XLSX, and read back as texts.

A spreadsheet takes a text that begins like a formula for one. In CSV such a text gets a quote in front, which reading
takes away again; in XLSX its cell is marked as text. A real formula in a file is never read: what it comes to depends
on the program that computed it.
"""

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from planner.domain.valuation.text_workbook import text_workbook

COLUMNS = (
    "process", "task", "task id", "key", "assumption", "text", "unit", "source", "note", "origin", "instead of",
)  # fmt: skip
NEEDED = ("key", "text")
SHEET = "Estimates"
MOST_ROWS = 20_000
MOST_COLUMNS = 60
LONGEST_CELL = 4_000
_WIDTHS = (22, 26, 9, 18, 32, 24, 18, 44, 30, 11, 44)
# The wide signs are run as well.
_FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])")


@dataclass(frozen=True)
class Line:
    """One assumption of one task. `cells` are texts in the order of COLUMNS."""

    cells: tuple[str, ...]


@dataclass(frozen=True)
class ReadRow:
    """A row of a file: its number as a spreadsheet counts, and its texts by the name of their column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class CellProblem:
    """What is wrong in a row of a file; `column` is empty where it is the row as a whole."""

    row: int
    column: str
    message: str


class UnreadableTable(ValueError):
    """A file that is not read. `problems` says which cells are at fault, none where it is the file as a whole."""

    def __init__(self, message: str, problems: Sequence[CellProblem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> guarded("=1+1"), guarded("-5 to 10"), guarded("'=x"), guarded("20 to 40")
    ("'=1+1", "'-5 to 10", "''=x", '20 to 40')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text as it was before it was guarded.

    >>> [unguarded(guarded(text)) for text in ("=1+1", "'=x", "'tis", "-5")]
    ['=1+1', "'=x", "'tis", '-5']
    """
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def as_cell(text: str) -> str:
    """The text without the characters that no cell can hold.

    >>> as_cell("a\x01b")
    'ab'
    """
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def write_csv(lines: Iterable[Line]) -> bytes:
    """The lines below their header, in UTF-8 with the mark by which spreadsheets know it."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_csv_cell(text) for text in line.cells] for line in lines)
    return target.getvalue().encode("utf-8-sig")


@lru_cache(maxsize=4096)
def _csv_cell(text: str) -> str:
    """Remembered: rows that follow each other say much the same."""
    return guarded(as_cell(text))


def write_workbook(lines: Iterable[Line]) -> bytes:
    """The lines below their header, every cell a text."""
    return text_workbook(SHEET, COLUMNS, _WIDTHS, "text", (line.cells for line in lines))


def read_csv(data: bytes) -> list[ReadRow]:
    """The rows of a CSV file in UTF-8, apart by comma, semicolon or tab; UnreadableTable says what is wrong."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise UnreadableTable("The file is not UTF-8: save it as “CSV UTF-8”.") from problem
    if "\x00" in text:
        raise UnreadableTable("The file holds bytes that no text has: save it as CSV or XLSX.")
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        rows = list(_numbered(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)))
    except csv.Error as problem:
        raise UnreadableTable(f"The file is no CSV ({problem}): save it as CSV or XLSX.") from problem
    return _table([(number, [_as_written(cell) for cell in row]) for number, row in rows])


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Rows by the count of records, as a spreadsheet numbers them; a text over several lines is one row."""
    for number, row in enumerate(reader, 1):
        if number > MOST_ROWS + 1 and any(row):
            raise _too_many()
        yield number, row


def _as_written(text: str) -> str | CellProblem:
    if text.lstrip().startswith("="):
        return _formula(text)
    return unguarded(text)


def read_workbook(source: BinaryIO) -> list[ReadRow]:
    """The rows of the sheet of estimates, else of the first; UnreadableTable says what is wrong, and in which cell.

    The packed parts must have been looked at before: sizes, and that none holds a DOCTYPE.
    """
    try:
        book = load_workbook(source, read_only=True, data_only=False, keep_links=False)
        sheet: Any = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
        rows = list(_sheet_rows(sheet))
    except UnreadableTable:
        raise
    except Exception as problem:  # openpyxl raises whatever a broken part makes it stumble over
        raise UnreadableTable("The spreadsheet is damaged: save it again, or save it as CSV.") from problem
    return _table(rows)


def _sheet_rows(sheet: Any) -> Iterator[tuple[int, list[str | CellProblem]]]:
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
        if all(cell.value is None for cell in row):
            continue
        if number > MOST_ROWS + 1:
            raise _too_many()
        yield number, [_cell_text(cell) for cell in row]


def _cell_text(cell: Any) -> str | CellProblem:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return _formula(getattr(value, "text", None) or str(value))
    if cell.data_type == "e":
        return CellProblem(0, "", f"The cell holds the error {str(value)[:20]}: write a number or a range.")
    if isinstance(value, bool):
        return CellProblem(0, "", "The cell holds true or false: write a number or a range.")
    if isinstance(value, int | float):
        return _number_text(float(value), str(cell.number_format))
    if isinstance(value, str):
        return value
    return CellProblem(0, "", f"The cell holds a date, {str(value)[:10]}: mark it as text and write 3 to 5.")


def _number_text(value: float, shown_as: str) -> str:
    """A number as people would write it, a percentage where the cell shows one.

    >>> _number_text(38.0, "General"), _number_text(0.85, "0%"), _number_text(0.1 + 0.2, "0.00")
    ('38', '85 %', '0.3')
    """
    if not math.isfinite(value):
        return str(value)
    return f"{100 * value:.12g} %" if "%" in shown_as else f"{value:.12g}"


def _formula(text: str) -> CellProblem:
    words = "The cell holds a formula, {}: write what it comes to."
    return CellProblem(0, "", words.format(text[:40] if text.startswith("=") else f"={text[:40]}"))


def _table(rows: Sequence[tuple[int, Sequence[str | CellProblem]]]) -> list[ReadRow]:
    """The rows below the header, by the names of their columns; blank ones are left out."""
    filled = [(number, row) for number, row in rows if any(not isinstance(cell, str) or cell.strip() for cell in row)]
    if not filled:
        raise UnreadableTable("The file is empty: export the estimates, change the texts and bring that file.")
    header = [cell.strip().lower() if isinstance(cell, str) else "" for cell in filled[0][1]]
    _check_header(header)
    problems: list[CellProblem] = []
    found = []
    for number, row in filled[1:]:
        cells: dict[str, str] = {}
        for name, cell in zip(header, row, strict=False):
            if name in COLUMNS:
                problem = _at_fault(cell, number, name)
                problems += [problem] if problem else []
                cells[name] = cell if isinstance(cell, str) and not problem else ""
        found.append(ReadRow(number, cells))
    if problems:
        raise UnreadableTable("Some cells cannot be read.", problems)
    return found


def _at_fault(cell: str | CellProblem, row: int, column: str) -> CellProblem | None:
    if isinstance(cell, CellProblem):
        return CellProblem(row, column, cell.message)
    if len(cell) > LONGEST_CELL:
        return CellProblem(row, column, f"The cell holds more than {LONGEST_CELL} characters.")
    return None


def _check_header(header: Sequence[str]) -> None:
    missing = [name for name in NEEDED if name not in header]
    if "task" not in header and "task id" not in header:
        missing.insert(0, "task")
    if missing:
        words = ", ".join(f"“{name}”" for name in missing)
        raise UnreadableTable(f"The first row names no column {words}: export the estimates to see the columns.")
    if len({name for name in header if name in COLUMNS}) < sum(name in COLUMNS for name in header):
        raise UnreadableTable("A column stands there twice: keep one of each name.")


def _too_many() -> UnreadableTable:
    return UnreadableTable(f"The file has more than {MOST_ROWS} rows: bring the processes one by one.")
