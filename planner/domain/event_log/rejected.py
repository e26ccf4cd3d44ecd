"""Rows of a log that were left out: every one of them, with its number, the reason and what stands in it."""

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from planner.domain.event_log.terms import ROWS_NAMED, Dropped

ROW, REASON, COLUMN, CELL = "row", "reason", "column", "cell"
_COLUMNS = (ROW, REASON, COLUMN, CELL)
_LONGEST_CELL = 200


def rejected(reason: str, rows: Sequence[int], *, column: str = "", cells: Sequence[str] = ()) -> pd.DataFrame:
    """A list of rows left out for one reason; `cells` are the texts at fault, empty where nothing stands there."""
    found = [str(text)[:_LONGEST_CELL] for text in cells] or [""] * len(rows)
    return pd.DataFrame(
        {
            ROW: pd.Series(list(rows), dtype="int64"),
            REASON: pd.Series([reason] * len(rows), dtype="str"),
            COLUMN: pd.Series([column] * len(rows), dtype="str"),
            CELL: pd.Series(found, dtype="str"),
        }
    )


def none_rejected() -> pd.DataFrame:
    """The list of a log of which nothing was left out."""
    return rejected("", ())


def joined(lists: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Several lists as one, in the order of the rows."""
    filled = [one for one in lists if len(one)]
    if not filled:
        return none_rejected()
    return pd.concat(filled).sort_values(ROW, kind="stable").reset_index(drop=True)


def by_reason(rows: pd.DataFrame) -> tuple[Dropped, ...]:
    """The list summed up: reasons in the order in which they first occur, with the first few row numbers.

    >>> by_reason(joined([rejected("No case", [4, 9]), rejected("No time", [2])]))
    (Dropped(reason='No time', count=1, rows=(2,)), Dropped(reason='No case', count=2, rows=(4, 9)))
    """
    groups: Any = rows.groupby(REASON, sort=False)[ROW]
    return tuple(
        Dropped(str(reason), len(found), tuple(int(row) for row in found.head(ROWS_NAMED))) for reason, found in groups
    )


def write_rejected(rows: pd.DataFrame, target: BinaryIO) -> None:
    """The list as CSV: row, reason, column, cell. A cell that a spreadsheet would run as a formula gets a quote."""
    plain = rows[list(_COLUMNS)].copy()
    for name in (COLUMN, CELL):
        texts = plain[name].fillna("").str.replace("\x00", "", regex=False)
        plain[name] = texts.where(~texts.str.match(r"\s*[=+\-@\t\r]"), "'" + texts)
    types = [(ROW, pa.int64()), *((name, pa.string()) for name in _COLUMNS[1:])]
    arrow_csv.write_csv(pa.Table.from_pandas(plain, schema=pa.schema(types), preserve_index=False), target)
