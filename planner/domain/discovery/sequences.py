"""Which activity follows which in every case of a log, and what remains of that when activities are left out.

Counts of a log with an activity left out cannot be told from its flows: what came before and after it in the same case
decides. So they are counted again on the cases themselves, in whole arrays.
"""

from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from planner.domain.discovery.discovery import FlowFacts
from planner.domain.event_log import eventlog as log

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True)
class Sequences:
    """Activity instances sorted by case, then time: the number of the case and of the activity of each.

    `names` are the activities by number, `cases` how many cases there are, numbered from 0.
    """

    case: Ints
    activity: Ints
    names: tuple[str, ...]
    cases: int

    @property
    def visits(self) -> Ints:
        """How often each activity was done, by its number."""
        return np.bincount(self.activity, minlength=len(self.names)).astype(np.int64)

    @property
    def cases_with(self) -> Ints:
        """In how many cases each activity was done, by its number."""
        size = max(len(self.names), 1)
        pairs = np.unique(self.case * size + self.activity)
        return np.bincount(pairs % size, minlength=len(self.names)).astype(np.int64)


@dataclass(frozen=True)
class Follows:
    """What follows what once activities are left out. The numbers of start and end come after the activities'.

    Parallel arrays: `source`, `target` and `count` of every flow; `step_case` and `step_flow` (its place in `source`)
    of every single step from one activity to the next, from the start to the first and from the last to the end.
    """

    source: Ints
    target: Ints
    count: Ints
    step_case: Ints
    step_flow: Ints


def read_sequences(source: BinaryIO) -> Sequences:
    """The sequences of a stored log: two of its columns are read, as codes."""
    table = parquet.read_table(source, columns=[log.CASE, log.ACTIVITY], read_dictionary=[log.CASE, log.ACTIVITY])
    case, _ = _coded(table.column(log.CASE))
    activity, names = _coded(table.column(log.ACTIVITY))
    return _numbered(case, activity, names)


def follows(sequences: Sequences, kept: Mask) -> Follows:
    """Count directly-follows pairs with every activity outside `kept` taken out of the cases.

    A case of which nothing is left goes straight from the start to the end.

    >>> ac = Sequences(np.array([0, 0, 0, 1]), np.array([0, 1, 2, 1]), ("a", "b", "c"), 2)
    >>> found = follows(ac, np.array([True, False, True]))
    >>> list(zip(found.source.tolist(), found.target.tolist(), found.count.tolist()))
    [(0, 2, 1), (2, 4, 1), (3, 0, 1), (3, 4, 1)]
    """
    rows = kept[sequences.activity]
    case, activity = sequences.case[rows], sequences.activity[rows]
    start, end = len(sequences.names), len(sequences.names) + 1
    change = case[1:] != case[:-1] if len(case) else np.zeros(0, bool)
    some = np.array([True]) if len(case) else np.zeros(0, bool)
    first, last = np.concatenate([some, change]), np.concatenate([change, some])
    emptied = np.setdiff1d(np.arange(sequences.cases), case)
    source = np.concatenate([activity[:-1][~change], np.full(first.sum() + len(emptied), start), activity[last]])
    target = np.concatenate([activity[1:][~change], activity[first], np.full(len(emptied) + last.sum(), end)])
    step_case = np.concatenate([case[1:][~change], case[first], emptied, case[last]])
    width = len(sequences.names) + 2
    pairs, step_flow, count = np.unique(source * width + target, return_inverse=True, return_counts=True)
    return Follows(pairs // width, pairs % width, count, step_case, step_flow)


def flow_facts(found: Follows, names: tuple[str, ...]) -> tuple[FlowFacts, ...]:
    """The flows by name; None is the start or the end."""
    named: list[str | None] = [*names, None, None]
    return tuple(
        FlowFacts(named[a], named[b], n)
        for a, b, n in zip(found.source.tolist(), found.target.tolist(), found.count.tolist(), strict=True)
    )


def _coded(column: pa.ChunkedArray) -> tuple[Ints, tuple[str, ...]]:
    """Codes and texts of a dictionary column."""
    whole = column.unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks else pa.array([], pa.dictionary(pa.int32(), pa.string()))
    return whole.indices.to_numpy(zero_copy_only=False).astype(np.int64), tuple(whole.dictionary.to_pylist())


def _numbered(case: Ints, activity: Ints, names: tuple[str, ...]) -> Sequences:
    """Cases numbered in the order they come, activities by name, those that never occur left out."""
    change = np.flatnonzero(np.diff(case)) + 1
    begun = np.zeros(len(case), np.int64)
    begun[change] = 1
    ordered = np.cumsum(begun)
    present = np.unique(activity)
    by_name = sorted((names[number], number) for number in present.tolist())
    place = np.zeros(len(names), np.int64)
    place[[number for _, number in by_name]] = np.arange(len(by_name))
    cases = int(ordered[-1]) + 1 if len(ordered) else 0
    return Sequences(ordered, place[activity], tuple(name for name, _ in by_name), cases)
