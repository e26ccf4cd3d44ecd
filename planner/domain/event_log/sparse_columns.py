"""Columns that grow value by value while a log is read: held narrow, and whole only once all are there."""

from array import array
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from planner.domain.event_log.times import in_zone, iso_times, parse_times

_AT_ONCE = 1 << 13


class _Codes(dict[str, int]):
    """A number for each distinct text, in the order of their first use."""

    def __missing__(self, text: str) -> int:
        self[text] = code = len(self)
        return code


class SparseColumn:
    """Sparse values of one attribute: a code for each distinct text, and the rows that have it.

    They wait in small arrays and are then put aside as narrow as they fit, rows that follow one another as their first.
    """

    def __init__(self) -> None:
        self.codes = _Codes()
        self.rows, self.values = array("i"), array("i")
        self.aside: list[tuple[int | np.ndarray, np.ndarray]] = []

    def add(self, row: int, text: str) -> None:
        self.values.append(self.codes[text])
        self.rows.append(row)
        if len(self.values) >= _AT_ONCE:
            self._put_aside()

    def series(self, rows: int) -> "pd.Series[Any]":
        """The column as categories. What it was made of is held no longer."""
        dense = np.full(rows, -1, dtype=np.min_scalar_type(-len(self.codes) - 1))
        self.fill(dense)
        return pd.Series(pd.Categorical.from_codes(dense, pd.Index(list(self.codes), dtype="str"), validate=False))

    def fill(self, dense: np.ndarray) -> None:
        """Put the codes in the places of their rows."""
        self._put_aside()
        for rows, values in self.aside:
            dense[_places(rows, len(values))] = values
        self.aside.clear()

    def _put_aside(self) -> None:
        values = np.array(self.values, dtype=np.min_scalar_type(len(self.codes)))
        self.aside.append((_narrow(self.rows), values))
        del self.rows[:], self.values[:]


class TimeColumn(SparseColumn):
    """Times of a column, read a few thousand at once: nearly every text differs, and none needs to be held.

    Texts that are not all ISO are kept as they are and read together, so that they agree on the order of a date.
    """

    def __init__(self, zone: str) -> None:
        super().__init__()
        self.zone, self.zoneless = zone, False
        self.read: list[tuple[int | np.ndarray, np.ndarray]] = []
        self.texts: list[str] = []

    def add(self, row: int, text: str) -> None:
        self.rows.append(row)
        self.texts.append(text)
        if len(self.texts) >= _AT_ONCE:
            self._put_aside()

    def times(self, rows: int) -> tuple["pd.Series[Any]", int]:
        """The column as UTC times, and how many different texts are no times."""
        self._put_aside()
        dense = np.full(rows, np.datetime64("NaT", "us"), dtype="datetime64[us]")
        for places, moments in self.read:
            dense[_places(places, len(moments))] = moments
        self.read.clear()
        unreadable = 0
        if self.codes:
            parsed = parse_times(pd.Series(list(self.codes), dtype="str"), zone=self.zone)
            self.zoneless = self.zoneless or parsed.zone_missing
            found, unreadable = parsed.times.dt.tz_localize(None).to_numpy(), parsed.unreadable
            for places, values in self.aside:
                dense[_places(places, len(values))] = found[values]
        return pd.Series(pd.DatetimeIndex(dense, copy=False).tz_localize("UTC")), unreadable

    def _put_aside(self) -> None:
        """Read the texts that wait; those that cannot be read by themselves are kept, each once."""
        if not self.texts:
            return
        read = iso_times(pa.array(self.texts, type=pa.string()))
        if read is None:
            self.values.extend(self.codes[text] for text in self.texts)
            super()._put_aside()
        else:
            moments = read.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False)
            if read.type.tz is None and len(read):
                moments, self.zoneless = in_zone(moments, self.zone)[0], True
            self.read.append((_narrow(self.rows), np.array(moments)))
            del self.rows[:]
        self.texts.clear()


def _narrow(rows: "array[int]") -> int | np.ndarray:
    """Row numbers: the first where they follow one another, else all of them."""
    found = np.array(rows, dtype=np.int32)
    return int(found[0]) if len(found) and bool((np.diff(found) == 1).all()) else found


def _places(rows: int | np.ndarray, count: int) -> slice | np.ndarray:
    return slice(rows, rows + count) if isinstance(rows, int) else rows
