"""Event logs in spreadsheets (XLSX): the sheet chosen, its header found, every cell as the text it stands for.

Reading is calamine's; a workbook is checked by its packed parts before it is opened (see `sheet_guard`).
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, BinaryIO

import pandas as pd
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from planner.domain.event_log.archives import WORKBOOK, Entry, archive_open, damaged_archive
from planner.domain.event_log.csv_shape import SAMPLED_ROWS, column_names, no_rows, sampled
from planner.domain.event_log.eventlog import LogError, RawLog
from planner.domain.event_log.mapping import LogMapping
from planner.domain.event_log.sheet_guard import workbook_check
from planner.domain.event_log.streams import LogLimits, Progress, no_progress
from planner.domain.event_log.table_log import Cells, Table, raw_log

_BATCH = 50_000
_HEADER_WITHIN = 30
_LONGEST_CELL = 32_767


@dataclass(frozen=True)
class SheetShape:
    """A sheet with a table: its name, the names of all, the row of its header, its columns.

    `serials` is the year from which days are counted.
    """

    sheet: str
    sheets: tuple[str, ...]
    header_row: int
    columns: tuple[str, ...]
    serials: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetSample:
    """The shape of a sheet and its first rows as texts."""

    shape: SheetShape
    rows: pd.DataFrame


def sample_sheet(source: BinaryIO, *, limits: LogLimits, sheet: str = "") -> SheetSample:
    """Shape and first rows of a sheet: the one named, else the first that holds a table."""
    shape, rows = _opened(source, limits, sheet)
    body = [_row_texts(row, len(shape.columns)) for row in islice(rows, SAMPLED_ROWS)]
    filled = [row for row in body if any(row)]
    if not filled:
        raise no_rows()
    return SheetSample(shape, sampled(filled, shape.columns))


def read_sheet(source: BinaryIO, mapping: LogMapping, *, limits: LogLimits, progress: Progress = no_progress) -> RawLog:
    """The raw rows of a sheet under a mapping; rows are numbered as the sheet numbers them."""
    shape, rows = _opened(source, limits, mapping.sheet)
    mapping.check(shape.columns)
    size = source.seek(0, 2)
    cells = Cells((mapping.start, mapping.end), limits)
    width = len(shape.columns)
    while batch := [_row_texts(row, width) for row in islice(rows, _BATCH)]:
        kept = [place for place, name in enumerate(shape.columns) if name not in mapping.ignored]
        arrays = [pa.array([row[place] for row in batch], type=pa.string()) for place in kept]
        cells.add_batch(pa.record_batch(arrays, names=[shape.columns[place] for place in kept]))
        progress(size)
    return raw_log(Table(cells, (), shape.header_row, shape.notes, shape.serials), mapping)


def _opened(source: BinaryIO, limits: LogLimits, sheet: str) -> tuple[SheetShape, Iterator[list[Any]]]:
    """The shape of the sheet and the rows below its header."""
    archive = archive_open(source, limits)
    workbook_check(archive)
    serials = _serials(archive)
    source.seek(0)
    try:
        workbook = CalamineWorkbook.from_filelike(source)
        return _table(workbook, sheet, serials, limits)
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as problem:
        if isinstance(problem, LogError):
            raise
        raise damaged_archive() from problem


def _table(
    workbook: CalamineWorkbook, sheet: str, serials: int, limits: LogLimits
) -> tuple[SheetShape, Iterator[list[Any]]]:
    names = tuple(workbook.sheet_names)
    if sheet and sheet not in names:
        raise LogError(
            f"There is no sheet “{sheet[:60]}” in this file.",
            where="sheet",
            advice=f"Its sheets are {', '.join(f'“{name[:60]}”' for name in names[:12])}.",
        )
    for name in [sheet] if sheet else names:
        found = workbook.get_sheet_by_name(name)
        header = _header(found)
        if header is not None:
            columns, notes = column_names(_trimmed(header[1]), limits)
            row = (found.start or (0, 0))[0] + header[0] + 1
            shape = SheetShape(name, names, row, columns, serials, notes)
            return shape, islice(_rows(found), header[0] + 1, None)
    raise LogError(
        "No sheet of this file holds a table.", advice="Put one row an event below a row that names the columns."
    )


def _rows(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """The rows from the first that is filled; the reader leaves out the blank columns on the left, but not these."""
    return islice(sheet.iter_rows(), (sheet.start or (0, 0))[0], None)


def _header(sheet: CalamineSheet) -> tuple[int, list[str]] | None:
    """The place and the cells of the row with the names: the first that is nearly as full as the fullest near it."""
    top = [[_cell_text(cell) for cell in row] for row in islice(_rows(sheet), _HEADER_WITHIN)]
    filled = [sum(bool(text.strip()) for text in row) for row in top]
    if max(filled, default=0) < 2:
        return None
    place = next(number for number, count in enumerate(filled) if count >= max(2, 0.6 * max(filled)))
    return place, top[place]


def _trimmed(header: Sequence[str]) -> list[str]:
    """Without the unnamed columns on the right."""
    named = [place for place, text in enumerate(header) if text.strip()]
    return list(header[: named[-1] + 1])


def _row_texts(row: Sequence[Any], width: int) -> list[str]:
    texts = [_cell_text(cell) for cell in row[:width]]
    return texts + [""] * (width - len(texts))


def _cell_text(cell: Any) -> str:
    """The text a cell stands for: times as ISO, whole numbers without a point."""
    if isinstance(cell, str):
        return cell.replace("\x00", "")[:_LONGEST_CELL]
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell.total_seconds())
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def _serials(archive: zipfile.ZipFile) -> int:
    """The year from which the workbook counts its days."""
    name = next((name for name in archive.namelist() if name.lower() == WORKBOOK), "")
    text = Entry(archive, name).read(1 << 20) if name else b""
    return 1904 if re.search(rb"""date1904\s*=\s*["'](?:1|true|on)["']""", text) else 1900
