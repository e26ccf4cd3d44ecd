"""Events that were written as columns come back as they were, also where they fill several groups of rows."""

import io

import numpy as np
import pandas as pd

from planner.domain.event_log import eventlog as log
from planner.domain.event_log.columnar import read_events, write_events

ROWS = 300_000


def test_a_log_of_several_row_groups_comes_back_whole() -> None:
    number = np.arange(ROWS)
    moments = pd.Series(number.astype("datetime64[us]")).dt.tz_localize("UTC")
    frame = pd.DataFrame(
        {
            log.CASE: pd.Categorical.from_codes(number // 10, categories=[f"c{n}" for n in range(ROWS // 10)]),
            log.ACTIVITY: pd.Categorical.from_codes(number % 3, categories=["A", "B", "C"]),
            log.START: moments.where(number % 2 == 0),
            log.END: moments,
            log.RESOURCE: pd.Categorical.from_codes(np.where(number > 270_000, 0, -1), categories=["u1"]),
            log.ROW: number,
        }
    )
    target = io.BytesIO()
    write_events(frame, target)
    found = read_events(io.BytesIO(target.getvalue()))
    for name in (log.CASE, log.ACTIVITY, log.RESOURCE):
        frame[name] = frame[name].astype("str")
    pd.testing.assert_frame_equal(found, frame)


def test_a_log_without_rows_has_its_columns() -> None:
    target = io.BytesIO()
    write_events(pd.DataFrame({log.CASE: pd.Series(dtype="str"), log.ROW: pd.Series(dtype="int64")}), target)
    assert list(read_events(io.BytesIO(target.getvalue())).columns) == [log.CASE, log.ROW]
