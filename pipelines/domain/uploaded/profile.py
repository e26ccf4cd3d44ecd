"""The profile of a table: each column with the kind it seems to have, and what is odd about it, said with advice."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, BinaryIO, Self

import numpy as np
import pyarrow as pa

from pipelines.domain.uploaded.cells import DateFormat, flag_pair, known
from pipelines.domain.uploaded.column_reading import ColumnReading
from pipelines.domain.uploaded.drawing import Drawing
from pipelines.domain.uploaded.people import LOOKED_AT, PersonSign, person_sign
from pipelines.domain.uploaded.reading import BATCH_ROWS, TableShape, batches

TIDIED_EACH = 1 << 17
"""Rows after which memory that is free is given back: else gaps between what is kept add up, row by row."""
DIRT = 0.02
"""Share of cells that may be no number (no date) in a column of numbers (dates); they count as missing."""
LONG_TEXT, MANY_TEXTS = 40, 50
NAMES_OF_ROWS = ("id", "uuid", "guid", "key", "nr", "no", "number", "index")


class Kind(StrEnum):
    """What a column holds. Models learn from numbers, categories, flags and dates."""

    NUMBER = "number"
    CATEGORY = "category"
    FLAG = "flag"
    DATE = "date"
    TEXT = "text"
    IDENTIFIER = "identifier"
    EMPTY = "empty"


LEARNABLE = frozenset({Kind.NUMBER, Kind.CATEGORY, Kind.FLAG, Kind.DATE})


@dataclass(frozen=True)
class ColumnProfile:
    """One column. `counts` are its values, the most frequent first, where there are at most 64.

    `low`, `high` are numbers, or dates as they are written. `distinct` is an estimate unless `exact`. `person` where
    it seems to name people.
    """

    name: str
    kind: Kind
    missing_share: float
    distinct: int
    exact: bool
    examples: tuple[str, ...]
    low: float | str | None = None
    high: float | str | None = None
    mean: float | None = None
    counts: tuple[tuple[str, int], ...] = ()
    decimal_comma: bool = False
    date_format: str = ""
    day_first: bool | None = None
    odd: int = 0
    odd_examples: tuple[str, ...] = ()
    twin_of: str = ""
    person: PersonSign | None = None

    @property
    def asks_day_first(self) -> bool:
        """Its dates can be read day first or month first, and nothing in it decides which."""
        return self.kind is Kind.DATE and self.date_format == DateFormat.PARTS and self.day_first is None

    @property
    def is_number_like(self) -> bool:
        """Whether its cells can be read as numbers, whatever they mean."""
        return isinstance(self.low, float)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        plain = data | {"kind": Kind(data["kind"]), "counts": tuple((value, times) for value, times in data["counts"])}
        found = cls(**(plain | {name: tuple(data[name]) for name in ("examples", "odd_examples")}))
        if "person" not in data:  # of a table that was looked at before people were looked for
            return replace(found, person=_person(found, [value for value, _ in found.counts] or found.examples))
        return replace(found, person=PersonSign.from_json(data["person"]) if data["person"] else None)


@dataclass(frozen=True)
class TableProfile:
    """All columns in the order of the file, how many rows there are and how many were no rows (`skipped`)."""

    rows: int
    columns: tuple[ColumnProfile, ...]
    skipped: int = 0
    nested: tuple[str, ...] = field(default=())

    def column(self, name: str) -> ColumnProfile | None:
        return next((column for column in self.columns if column.name == name), None)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        columns = tuple(ColumnProfile.from_json(column) for column in data["columns"])
        return cls(data["rows"], columns, data["skipped"], tuple(data["nested"]))


def profile_make(
    source: BinaryIO, shape: TableShape, generator: np.random.Generator, progress: Callable[[int], None]
) -> tuple[TableProfile, pa.Table]:
    """Profile every row, and draw at most 10,000 of them (as texts, in their order) to look at more closely.

    `progress` is told how many rows were read. Memory is bounded by columns, not by rows. Raises TableRefused.
    """
    readings = {name: ColumnReading() for name in shape.columns}
    drawing, skipped = Drawing(generator), Counter[str]()
    rows = tidied = 0
    for batch in batches(source, shape, skipped=skipped):
        for start in range(0, batch.num_rows, BATCH_ROWS):
            piece = batch.slice(start, BATCH_ROWS)
            for name, reading in readings.items():
                reading.take(piece.column(name))
            drawing.take(piece)
        rows += batch.num_rows
        if rows - tidied >= TIDIED_EACH:
            tidied = rows
            pa.default_memory_pool().release_unused()
        progress(rows)
    drawn = drawing.table(shape.columns)
    twins = _twins(drawn)
    found = [_column(name, reading, twins.get(name, "")) for name, reading in readings.items()]
    columns = tuple(replace(column, person=_person(column, _values(drawn, column.name))) for column in found)
    return TableProfile(rows, columns, skipped["rows"], shape.nested), drawn


def _person(column: ColumnProfile, values: Sequence[str]) -> PersonSign | None:
    """What says that a column names people; `values` are different cells of it."""
    if column.kind in (Kind.DATE, Kind.EMPTY):
        return None
    learns = column.kind is not Kind.FLAG and column.distinct > 2
    return person_sign(column.name, values, learns=learns)


def _values(drawn: pa.Table, name: str) -> list[str]:
    found: list[str] = known(drawn.column(name).combine_chunks()).unique().slice(0, LOOKED_AT).to_pylist()
    return found


def _column(name: str, reading: ColumnReading, twin: str) -> ColumnProfile:
    kind = _kind(name, reading)
    form = _date_format(reading)
    numbers = reading.plain == reading.known > 0 or kind is Kind.NUMBER
    odd = 0
    if kind is Kind.NUMBER and not reading.decimal_comma:
        odd = reading.known - reading.plain
    elif kind is Kind.DATE and form is not None:
        odd = reading.known - reading.dates[form]
    low: float | str | None = None
    high: float | str | None = None
    mean: float | None = None
    if numbers and np.isfinite(reading.low):
        low, high, mean = float(reading.low), float(reading.high), float(reading.mean)
    elif kind is Kind.DATE and form is DateFormat.ISO:
        low, high = reading.first_text, reading.last_text
    return ColumnProfile(
        name=name,
        kind=kind,
        missing_share=round(1 - reading.known / reading.rows, 4) if reading.rows else 1.0,
        distinct=reading.distinct,
        exact=reading.distinct_is_exact,
        examples=tuple(text[:80] for text in reading.examples),
        low=low,
        high=high,
        mean=mean,
        counts=tuple((reading.counts or Counter[str]()).most_common()),
        decimal_comma=reading.decimal_comma,
        date_format=form.value if form is not None and kind is Kind.DATE else "",
        day_first=_day_first(reading),
        odd=odd,
        odd_examples=tuple(text[:80] for text in reading.odd) if odd and kind is Kind.NUMBER else (),
        twin_of=twin,
    )


def _kind(name: str, reading: ColumnReading) -> Kind:
    if not reading.known:
        return Kind.EMPTY
    nearly = reading.known * (1 - DIRT)
    if reading.counts is not None and reading.distinct <= 2 and flag_pair(list(reading.counts)):
        return Kind.FLAG
    form = _date_format(reading)
    if form is not None and reading.dates[form] >= nearly:
        return Kind.DATE
    unique = reading.known >= 20 and reading.distinct >= 0.97 * reading.known
    if reading.plain >= nearly or reading.decimal_comma:
        named = name.lower().replace("-", "_").replace(" ", "_").split("_")[-1] in NAMES_OF_ROWS
        whole = reading.low == np.floor(reading.low)
        return Kind.IDENTIFIER if unique and whole and (reading.running or named) else Kind.NUMBER
    if reading.letters / reading.known > LONG_TEXT or reading.spaced > reading.known / 2:
        return Kind.TEXT if reading.distinct > MANY_TEXTS else Kind.CATEGORY
    return Kind.IDENTIFIER if unique else Kind.CATEGORY


def _date_format(reading: ColumnReading) -> DateFormat | None:
    return max(reading.dates, key=lambda form: reading.dates[form]) if reading.dates else None


def _day_first(reading: ColumnReading) -> bool | None:
    if bool(reading.day_proofs) == bool(reading.month_proofs):
        return None
    return reading.day_proofs > 0


def _twins(drawn: pa.Table) -> dict[str, str]:
    """Columns whose drawn cells equal those of an earlier one; empty and constant ones are told of elsewhere."""
    first: dict[bytes, str] = {}
    found: dict[str, str] = {}
    for name in drawn.column_names:
        column = drawn.column(name).combine_chunks()
        if len(column.unique()) < 3:
            continue
        key = repr(column.to_pylist()).encode()
        if key in first:
            found[name] = first[key]
        else:
            first[key] = name
    return found
