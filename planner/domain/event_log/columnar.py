"""Event logs as columns in a Parquet file: one row an activity instance, sorted by case and time."""

from collections.abc import Sequence
from typing import Any, BinaryIO

import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from planner.domain.event_log import eventlog as log

_ROWS_A_GROUP = 1 << 16
MEDIA_TYPE = "application/vnd.apache.parquet"


def write_events(frame: pd.DataFrame, target: BinaryIO) -> None:
    """Write instances (see `pair_instances`) as Parquet: texts as strings, times in UTC microseconds.

    A group of rows is written before the next is made, so that the texts of categories are never all spelled out.
    """
    schema = _table(frame.iloc[:0]).schema
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        for first in range(0, len(frame), _ROWS_A_GROUP):
            writer.write_table(_table(frame.iloc[first : first + _ROWS_A_GROUP]))


def read_events(source: BinaryIO, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """The instances of a Parquet file, all columns or only these."""
    frame = parquet.read_table(source, columns=list(columns) if columns else None).to_pandas()
    for name in (log.START, log.END):
        if name in frame:
            frame[name] = pd.to_datetime(frame[name], utc=True).dt.as_unit("us")
    return pd.DataFrame(frame)


def _table(frame: pd.DataFrame) -> pa.Table:
    return pa.table({str(name): _column(frame[name]) for name in frame.columns})


def _column(column: "pd.Series[Any]") -> pa.Array:
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes = pa.array(column.cat.codes.to_numpy(), mask=(column.cat.codes < 0).to_numpy())
        names = pa.array(column.cat.categories.astype("str"), type=pa.string())
        return pa.DictionaryArray.from_arrays(codes, names).cast(pa.string())
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return pa.array(column, type=pa.timestamp("us", tz="UTC"))
    return pa.array(column, type=pa.int64() if column.dtype.kind == "i" else pa.string())
