"""A table of plain arrays as the frame that everything works on which pairs, profiles and measures."""

from typing import Any

import numpy as np
import pandas as pd

from planner.domain.event_log.coded_log import Coded, CodedLog
from planner.domain.event_log.eventlog import RawLog
from planner.domain.event_log.rejected import joined, rejected


def framed(log: CodedLog) -> RawLog:
    """The same rows with texts as categories and times in UTC. Codes and times are not copied, nor held any longer
    by the table: its columns are taken out of it."""
    columns = {name: _series(log.columns.pop(name)) for name in list(log.columns)}
    lists = [rejected(one.reason, one.rows, column=one.column, cells=one.cells) for one in log.left_out]
    return RawLog(pd.DataFrame(columns, copy=False), joined(lists), log.notes, log.meaning)


def _series(column: Coded | np.ndarray) -> "pd.Series[Any]":
    if isinstance(column, Coded):
        names = pd.Index(column.texts, dtype="str")
        return pd.Series(pd.Categorical.from_codes(column.codes, names, validate=False))
    if column.dtype.kind == "M":
        return pd.Series(pd.DatetimeIndex(column, copy=False).tz_localize("UTC"))
    return pd.Series(column, copy=False)
