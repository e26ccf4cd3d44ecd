"""An event log as a table of plain arrays: what a reader makes of a file, before anything is measured in it.

Neither pandas nor Arrow is needed to read a log into it or to count its rows: `frames.py` makes a frame of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.domain.event_log.log_counts import (
    LogStatistics,
    RowCounts,
    distinct,
    in_transition,
    row_counts,
    row_statistics,
)
from planner.domain.event_log.terms import (
    ACTIVITY,
    CASE,
    END,
    LIFECYCLE,
    RESOURCE,
    ROWS_NAMED,
    START,
    Dropped,
    TimeMeaning,
)


@dataclass(frozen=True)
class Coded:
    """A column of texts: for each row the number of its text, -1 where none stands."""

    codes: np.ndarray
    texts: list[str]

    def in_order(self) -> "Coded":
        """With the texts numbered in the order in which they first stand in a row; those in no row come last.

        >>> Coded(np.array([1, -1, 0]), ["b", "a"]).in_order()
        Coded(codes=array([ 0, -1,  1]), texts=['a', 'b'])
        """
        rows, size = len(self.codes), len(self.texts)
        first = np.full(size + 1, rows, dtype=np.int32)  # the last is what is missing, -1
        first[self.codes[::-1]] = np.arange(rows - 1, -1, -1, dtype=np.int32)  # of several places the first is kept
        first = first[:size]
        if (first[1:] >= first[:-1]).all():
            return self
        order = np.argsort(first, kind="stable")
        place = np.full(size + 1, -1, dtype=self.codes.dtype)
        place[order] = np.arange(size)
        return Coded(place[self.codes], [self.texts[number] for number in order.tolist()])

    def only(self, rows: np.ndarray, *, used: bool = False) -> "Coded":
        """Some of the rows; without the texts that stand in none of these, if asked for."""
        codes = self.codes[rows]
        if not used:
            return Coded(codes, self.texts)
        there = np.zeros(len(self.texts) + 1, dtype=bool)
        there[codes] = True
        there = there[:-1]
        place = np.append(np.cumsum(there) - 1, -1)
        texts = [text for text, kept in zip(self.texts, there.tolist(), strict=True) if kept]
        return Coded(place[codes].astype(np.min_scalar_type(-len(texts) - 1)), texts)


@dataclass(frozen=True)
class LeftOut:
    """Rows that were left out for one reason, by their numbers, rising; `cells` are the texts at fault."""

    reason: str
    rows: Sequence[int]
    column: str = ""
    cells: Sequence[str] = ()


@dataclass(frozen=True)
class CodedLog:
    """Raw rows in file order, by column.

    Texts are `Coded`; start and end are datetime64[us] in UTC, NaT where missing; row is the number in the file, from
    1. Lifecycle, resource and start may be absent. Attributes are named `case:` and `event:`. `meaning` is what `end`
    says where no row has a start.
    """

    columns: dict[str, Coded | np.ndarray]
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    meaning: TimeMeaning = TimeMeaning.COMPLETION

    def texts(self, name: str) -> Coded | None:
        """A column of texts, None where there is none of this name."""
        found = self.columns.get(name)
        return found if isinstance(found, Coded) else None

    def numbers(self, name: str) -> np.ndarray | None:
        """A column of times or numbers, None where there is none of this name."""
        found = self.columns.get(name)
        return found if isinstance(found, np.ndarray) else None

    @property
    def dropped(self) -> tuple[Dropped, ...]:
        """What was left out, by reason, in the order in which they first occur."""
        found = sorted((one for one in self.left_out if len(one.rows)), key=lambda one: one.rows[0])
        return tuple(Dropped(one.reason, len(one.rows), tuple(one.rows[:ROWS_NAMED])) for one in found)

    @property
    def has_start_times(self) -> bool:
        """Whether handling can be measured: some start times, or START events with a lifecycle."""
        starts, lifecycle = self.numbers(START), self.texts(LIFECYCLE)
        if starts is not None and not np.isnat(starts).all():
            return True
        return lifecycle is not None and bool(in_transition(lifecycle.codes, lifecycle.texts, {"start"}).any())

    def counts(self) -> RowCounts:
        """Directly-follows pairs, variants, first and last activities of the raw rows, with their counts."""
        case, activity, end = self._needed
        return row_counts(case.codes, activity.codes, end, self.numbers(START))

    def statistics(self, counts: RowCounts) -> LogStatistics:
        """What is said of the raw rows as a whole; `counts` are their own (see above)."""
        case, activity, end = self._needed
        resource = self.texts(RESOURCE)
        return row_statistics(
            counts,
            cases=distinct(case.codes),
            activities=distinct(activity.codes),
            end=end,
            has_start_times=self.has_start_times,
            resources=distinct(resource.codes) if resource is not None else 0,
            dropped=self.dropped,
            notes=self.notes,
            meaning=TimeMeaning.COMPLETION if self.has_start_times else self.meaning,
        )

    @property
    def _needed(self) -> tuple[Coded, Coded, np.ndarray]:
        """The columns that every log has: case, activity and end."""
        case, activity, end = self.texts(CASE), self.texts(ACTIVITY), self.numbers(END)
        if case is None or activity is None or end is None:
            raise ValueError("A log has a case, an activity and an end.")
        return case, activity, end
