"""Columns that grow while a log is read: held narrow, and whole only once all of it is there."""

from array import array
from collections.abc import Sequence

import numpy as np

from planner.domain.event_log.coded_log import Coded
from planner.domain.event_log.iso_times import NAT, Moments, iso_moments
from planner.domain.event_log.other_times import of_clocks, other_times

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
        self._codes = _Codes()
        self._rows, self._values = array("i"), array("i")
        self._aside: list[tuple[int | np.ndarray, np.ndarray]] = []

    def extend(self, rows: Sequence[int], texts: Sequence[str]) -> None:
        """Further values. Of two in one row the later counts."""
        self._rows.extend(rows)
        self._values.extend(map(self._codes.__getitem__, texts))
        if len(self._values) >= _AT_ONCE:
            self._put_aside()

    def coded(self, rows: int) -> Coded:
        """The column in full, texts numbered in the order of their rows. What it was made of is held no longer."""
        self._put_aside()
        dense = np.full(rows, -1, dtype=np.min_scalar_type(-len(self._codes) - 1))
        for places, values in self._aside:
            dense[_places(places, len(values))] = values
        self._aside.clear()
        return Coded(dense, list(self._codes)).in_order()

    def _put_aside(self) -> None:
        values = np.array(self._values, dtype=np.min_scalar_type(len(self._codes)))
        self._aside.append((_narrow(self._rows), values))
        del self._rows[:], self._values[:]


class TimeColumn:
    """Times of a column, read a few thousand at once: nearly every text differs, and none needs to be held.

    Texts that are not plainly ISO are kept, each once, and read together, so that they agree on the order of a date.
    """

    def __init__(self, zone: str) -> None:
        self.zoneless, self.unreadable = False, 0
        self._zone = zone
        self._rows, self._texts = array("i"), list[str]()
        self._read: list[tuple[int | np.ndarray, Moments]] = []
        self._kept = SparseColumn()

    def extend(self, rows: Sequence[int], texts: Sequence[str]) -> None:
        """Further values. Of two in one row one that is ISO counts, then the later."""
        self._rows.extend(rows)
        self._texts.extend(texts)
        if len(self._texts) >= _AT_ONCE:
            self._put_aside()

    def times(self, rows: int) -> tuple[Moments, Coded]:
        """The column in full as UTC times, and the texts that were not plainly ISO where they stood."""
        self._put_aside()
        dense = np.full(rows, NAT)
        for places, moments in self._read:
            dense[_places(places, len(moments))] = moments
        self._read.clear()
        kept = self._kept.coded(rows)
        if kept.texts:
            found = other_times(kept.texts, self._zone)
            self.unreadable, self.zoneless = found.unreadable, self.zoneless or found.zoneless
            here = (kept.codes >= 0) & np.isnat(dense)
            dense[here] = found.moments[kept.codes[here]]
        return dense, kept

    def _put_aside(self) -> None:
        """Read the texts that wait; those that are not plainly ISO are kept."""
        if not self._texts:
            return
        found = iso_moments(self._texts)
        moments, rows = found.moments, self._rows
        if found.zoneless.any():
            self.zoneless = True
            moments[found.zoneless] = of_clocks(moments[found.zoneless], self._zone)
        if not found.read.all():
            others = np.flatnonzero(~found.read).tolist()
            self._kept.extend([rows[place] for place in others], [self._texts[place] for place in others])
        self._read.append((_narrow(rows), moments))
        del self._rows[:]
        self._texts.clear()


def _narrow(rows: "array[int]") -> int | np.ndarray:
    """Row numbers: the first where they follow one another, else all of them."""
    found = np.array(rows, dtype=np.int32)
    return int(found[0]) if len(found) and bool((np.diff(found) == 1).all()) else found


def _places(rows: int | np.ndarray, count: int) -> slice | np.ndarray:
    return slice(rows, rows + count) if isinstance(rows, int) else rows
