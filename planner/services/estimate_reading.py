"""A file of estimates, read into rows: its size and packed parts looked at before anything is opened."""

import io
import zipfile
from collections.abc import Sequence

from common.errors import FieldProblem, InvalidInput
from planner.domain.event_log.archives import Entry, archive_open, is_workbook, is_zip
from planner.domain.event_log.eventlog import LogError
from planner.domain.event_log.sheet_guard import workbook_check
from planner.domain.event_log.streams import LogLimits
from planner.domain.valuation.estimate_table import CellProblem, ReadRow, UnreadableTable, read_csv, read_workbook

MOST_BYTES = 8 * 1024**2
MOST_PROBLEMS = 100
MOST_NAMED = 400_000
"""Rows and cells: as many as the largest file that is taken has. A page waits while they are read."""
_LIMITS = LogLimits(inflated_bytes=128 * 1024**2)
_TITLE = "Nothing was changed: this file cannot be used."


def estimate_rows(data: bytes) -> list[ReadRow]:
    """The rows of a CSV or XLSX file; InvalidInput names the file or each cell that cannot be used."""
    if len(data) > MOST_BYTES:
        raise refused("file", f"The file is larger than {MOST_BYTES // 1024**2} MB.")
    try:
        if not is_zip(data[:4]):
            return read_csv(data)
        source = io.BytesIO(data)
        _check(archive_open(source, _LIMITS))
        source.seek(0)
        return read_workbook(source)
    except LogError as problem:
        raise refused("file", str(problem)) from problem
    except UnreadableTable as problem:
        if problem.problems:
            raise cells_refused(problem.problems) from problem
        raise refused("file", str(problem)) from problem


def refused(path: str, message: str) -> InvalidInput:
    """The file as a whole cannot be used."""
    return InvalidInput(_TITLE, detail=message, errors=[FieldProblem(path, message)])


def cells_refused(problems: Sequence[CellProblem]) -> InvalidInput:
    """Each row at fault with its number; the first hundred of them."""
    errors = [
        FieldProblem(f"rows.{each.row}.{each.column or 'row'}", f"Row {each.row}, {_where(each)}{each.message}")
        for each in problems[:MOST_PROBLEMS]
    ]
    if len(problems) > MOST_PROBLEMS:
        errors.append(FieldProblem("file", f"And {len(problems) - MOST_PROBLEMS} more."))
    return InvalidInput(_TITLE, detail="Mend the rows named and bring it again.", errors=errors)


def _where(problem: CellProblem) -> str:
    return f"{problem.column}: " if problem.column else ""


def _check(archive: zipfile.ZipFile) -> None:
    """No part larger than it says, none with a DOCTYPE, the links between parts included."""
    if not is_workbook(archive):
        raise refused("file", "The file is packed, and no spreadsheet: bring it as CSV or XLSX.")
    workbook_check(archive, most_named=MOST_NAMED)
    for name in archive.namelist():
        if name.lower().endswith((".rels", ".vml")):
            head = Entry(archive, name).read()
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head or b"\x00" in head:
                raise refused("file", "The spreadsheet holds a DOCTYPE or entities, which are not read.")
