"""Event logs in CSV: separator, encoding and line ends found, columns read as they stand.

Parsing is Arrow's; every cell is text until its column has a role, so that a case called NA stays a case.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv

from planner.domain import eventlog as log
from planner.domain.csv_shape import HEAD_BYTES, CsvShape, TextReader, endless_cell, sample_csv, unused_name
from planner.domain.eventlog import AmbiguousDates, Dropped, LogError, RawLog
from planner.domain.mapping import LogMapping, refuse_wide
from planner.domain.streams import LogLimits, Progress, Unpacked, no_progress
from planner.domain.times import ParsedTimes, iso_times, parse_times

_BLOCK = 1 << 20
"""Bytes parsed at a time, and so the longest cell: what is read ahead is held several times over."""
_NAMES_KEPT = 5


def read_csv(
    source: BinaryIO,
    mapping: LogMapping,
    *,
    limits: LogLimits | None = None,
    progress: Progress = no_progress,
) -> RawLog:
    """The raw rows of a CSV or CSV.gz file under a mapping.

    Rows without a case, an activity or a readable time are left out and counted, with their row numbers (the header
    is row 1). Raises LogError when the file or the mapping cannot be used, AmbiguousDates when dates must be asked.
    """
    limits = limits or LogLimits()
    stream = Unpacked(source, limits=limits, progress=progress)
    head = stream.read(HEAD_BYTES)
    sample = sample_csv(head, whole=len(head) < HEAD_BYTES, limits=limits)
    mapping.check(sample.shape.columns)
    cells, ragged = _table(head, stream, sample.shape, mapping, limits)
    return _raw(cells, mapping, sample.shape, ragged)


class _Joined(io.RawIOBase):
    """The head that was looked at, then the rest of the stream, as UTF-8 whatever the file is written in."""

    def __init__(self, head: bytes, rest: Unpacked, encoding: str) -> None:
        super().__init__()
        self._head, self._rest, self._text = head, rest, TextReader(encoding)
        self._ready, self._ended = b"", False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while not self._ended and (size < 0 or len(self._ready) < size):
            data, self._head = self._head or self._rest.read(_BLOCK), b""
            self._ended = not data
            self._ready += self._text.read(data, last=self._ended).encode()
        size = len(self._ready) if size < 0 else size
        part, self._ready = self._ready[:size], self._ready[size:]
        return part


def _table(
    head: bytes, rest: Unpacked, shape: CsvShape, mapping: LogMapping, limits: LogLimits
) -> tuple["_Cells", list[int]]:
    """The columns that are kept, and the numbers of rows with too few or many cells."""
    kept = [name for name in shape.columns if name not in mapping.ignored]
    ragged: list[int] = []

    def skip(row: Any) -> str:
        ragged.append(row.number or 0)
        return "skip"

    source, cells = pa.PythonFile(_Joined(head, rest, shape.encoding), mode="r"), _Cells()
    try:
        reader = arrow_csv.open_csv(
            source,
            read_options=arrow_csv.ReadOptions(
                use_threads=False,
                block_size=_BLOCK,
                column_names=list(shape.columns),
                skip_rows_after_names=1,
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=shape.separator, newlines_in_values=True, invalid_row_handler=skip
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={name: pa.string() for name in shape.columns},
                include_columns=kept,
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        )
        _collect(cells, reader, (mapping.start, mapping.end), limits)
    except pa.ArrowInvalid as problem:
        raise _unreadable(problem, cells.rows + len(ragged) + 2) from problem
    return cells, ragged


def _collect(cells: "_Cells", reader: Any, times: Sequence[str], limits: LogLimits) -> None:
    """All batches: times read as they come, every other column dictionary-encoded so that texts are held once."""
    for batch in reader:
        cells.rows += batch.num_rows
        if cells.rows > limits.events:
            raise LogError(
                f"The log has more than {limits.events:_} rows, the most that is read.".replace("_", "\u202f"),
                advice="Export fewer cases or a shorter period and try again.",
            )
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            piece = iso_times(column) if name in times else None
            cells.add(name, piece if piece is not None else column.dictionary_encode())


class _Cells:
    """Pieces of every column, in file order: of times where they could be read at once, else of texts."""

    def __init__(self) -> None:
        self.pieces: dict[str, list[pa.Array]] = {}
        self.rows = 0

    def add(self, name: str, piece: pa.Array) -> None:
        self.pieces.setdefault(name, []).append(piece)

    def category(self, name: str) -> "pd.Series[Any]":
        """A column as a category of trimmed texts; blanks are missing. It is held no longer here."""
        return _joined_category(self.pieces.pop(name))

    def forget(self, names: Iterable[str]) -> None:
        """Hold these columns no longer, and give back what Arrow keeps for later."""
        for name in names:
            self.pieces.pop(name, None)
        pa.default_memory_pool().release_unused()

    def times(self, name: str, day_first: bool | None) -> ParsedTimes:
        """A column as times: pieces already read stay, texts are read together so that they agree."""
        texts = [piece for piece in self.pieces[name] if pa.types.is_dictionary(piece.type)]
        parsed = _read_times(_joined_category(texts), day_first) if texts else None
        moments, row, position = np.empty(self.rows, dtype="datetime64[us]"), 0, 0
        for piece in self.pieces[name]:
            here = moments[row : row + len(piece)]
            if parsed is not None and pa.types.is_dictionary(piece.type):
                here[:] = parsed.times.iloc[position : position + len(piece)].dt.tz_localize(None).to_numpy()
                position += len(piece)
            else:
                here[:] = piece.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False)
            row += len(piece)
        times = pd.Series(pd.DatetimeIndex(moments, copy=False).tz_localize("UTC"))
        zoneless = any(getattr(piece.type, "tz", "") is None for piece in self.pieces[name])
        if parsed is None:
            return ParsedTimes(times, 0, 0, None, False, zoneless)
        return replace(parsed, times=times, zone_missing=zoneless or parsed.zone_missing)


def _unreadable(problem: Exception, row: int) -> LogError:
    """The sentence for what Arrow could not parse, at or below a row."""
    said = str(problem)
    if "straddling" in said:
        return endless_cell(f"row {row} or below")
    return LogError(f"The table cannot be read: {said.splitlines()[0][:200]}", advice="Export it again.")


def _raw(cells: _Cells, mapping: LogMapping, shape: CsvShape, ragged: list[int]) -> RawLog:
    if not cells.rows:
        raise LogError(
            "The file has a header and no rows below it.", where="line 2", advice="Export the events as well."
        )
    times, notes = _times(cells, mapping)
    cells.forget(name for name in (mapping.start, mapping.end) if name)
    roles = {name: role for role in ("case", "activity", "resource", "lifecycle") if (name := getattr(mapping, role))}
    data: dict[str, Any] = {role: cells.category(name) for name, role in roles.items()} | times
    data[log.ROW] = _row_numbers(cells.rows, ragged)
    others = {name: cells.category(name) for name in list(cells.pieces)}
    cells.forget(())
    attributes, renamed = _attributes(others, data[log.CASE])
    return _whole(pd.DataFrame(data | attributes, copy=False), ragged, (*shape.notes, *notes, *renamed))


def _joined_category(pieces: Sequence[pa.DictionaryArray]) -> "pd.Series[Any]":
    chunks = pa.chunked_array(pieces).unify_dictionaries().chunks
    names = pd.Series(chunks[0].dictionary.to_pandas(), dtype="str").str.strip()
    blank = (names == "").to_numpy()
    merged, unique = pd.factorize(names)
    merged = np.where(blank, -1, merged).astype(np.min_scalar_type(-len(unique) - 1))
    codes = np.concatenate([merged[chunk.indices.to_numpy()] for chunk in chunks])
    series = pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(unique, dtype="str")))
    return series.cat.remove_unused_categories() if blank.any() else series


def _row_numbers(rows: int, ragged: list[int]) -> np.ndarray:
    """The number of each row that was kept: the header is row 1."""
    numbers = np.arange(2, rows + len(ragged) + 2, dtype=np.int64)
    return np.setdiff1d(numbers, np.array(ragged, dtype=np.int64))[:rows] if ragged else numbers


def _times(cells: _Cells, mapping: LogMapping) -> tuple[dict[str, Any], list[str]]:
    """The time columns read, both day first or both month first."""
    named = {role: name for role in (log.START, log.END) if (name := getattr(mapping, role))}
    looks = {role: cells.times(name, mapping.day_first) for role, name in named.items()}
    known = [look.day_first for look in looks.values() if look.day_first is not None]
    day_first = mapping.day_first if mapping.day_first is not None else next(iter(known), None)
    unsure = [named[role] for role, look in looks.items() if look.ambiguous]
    if unsure and day_first is None:
        raise AmbiguousDates(
            f"The dates in column “{unsure[0]}” can be read day first or month first: nothing in them decides it.",
            where=unsure[0],
            advice="Say which comes first, the day or the month.",
        )
    if mapping.day_first is None and day_first is not None and unsure:
        looks = {role: cells.times(name, day_first) for role, name in named.items()}
    return {role: look.times for role, look in looks.items()}, _time_notes(looks, named)


def _read_times(column: "pd.Series[Any]", day_first: bool | None) -> ParsedTimes:
    """The times of a category column: each distinct text is read once."""
    names = pd.Series(column.cat.categories, dtype="str")
    parsed = parse_times(names, day_first=day_first)
    moments = np.append(parsed.times.dt.tz_localize(None).to_numpy(), np.datetime64("NaT", "us"))
    times = pd.Series(moments[column.cat.codes.to_numpy()]).dt.tz_localize("UTC").dt.as_unit("us")
    return ParsedTimes(times, parsed.unreadable, 0, parsed.day_first, parsed.ambiguous, parsed.zone_missing)


def _time_notes(looks: dict[str, ParsedTimes], named: dict[str, str]) -> list[str]:
    notes = [
        f"{look.unreadable} different values of “{named[role]}” are no times."
        for role, look in looks.items()
        if look.unreadable
    ]
    if any(look.zone_missing for look in looks.values()):
        notes.append("Times without a zone are taken as UTC.")
    if log.START in looks and looks[log.START].times.isna().all():
        notes.append(f"The start column “{named[log.START]}” is empty: handling times are not known from this log.")
    return notes


def _attributes(columns: dict[str, "pd.Series[Any]"], case: "pd.Series[Any]") -> tuple[dict[str, Any], list[str]]:
    """The other columns, told apart: the same within every case (or named `case:`) or changing with the event.

    And a note for each that had to be renamed because `case:x` and `x` would be one.
    """
    found: dict[str, Any] = {}
    notes = []
    for name, column in columns.items():
        of_case = name.startswith(log.CASE_PREFIX) or _constant(column, case)
        bare = name.removeprefix(log.CASE_PREFIX)
        plain = (log.CASE_PREFIX if of_case else log.EVENT_PREFIX) + bare
        unique = unused_name(plain, found, 2)
        if unique != plain:
            bare = unique.removeprefix(log.CASE_PREFIX)
            notes.append(f"The column “{name}” is read as “{bare}”: another one has its name.")
        found[unique] = column
    return found, notes


def _constant(column: "pd.Series[Any]", case: "pd.Series[Any]") -> bool:
    """Whether the column never changes within a case, in a log where cases have several rows."""
    codes, cases = column.cat.codes.to_numpy(), case.cat.codes.to_numpy()
    known = cases >= 0
    first = np.full(len(case.cat.categories), -2, dtype=np.int64)
    first[cases[known][::-1]] = codes[known][::-1]
    return bool((codes[known] == first[cases[known]]).all()) and known.sum() > (first != -2).sum()


def _whole(frame: pd.DataFrame, ragged: list[int], notes: Sequence[str]) -> RawLog:
    """Without the rows that lack a case, an activity or a time; LogError when nothing or a wide table is left."""
    checks = (
        ("No case", frame[log.CASE].isna(), "case"),
        ("No activity", frame[log.ACTIVITY].isna(), "activity"),
        ("No time, or one that cannot be read", frame[log.END].isna(), "time"),
    )
    bad = np.zeros(len(frame), dtype=bool)
    dropped = [Dropped("More or fewer cells than the header", len(ragged), tuple(sorted(ragged)[:_NAMES_KEPT]))]
    for reason, missing, what in checks:
        if missing.all():
            raise _nothing(what)
        rows = frame.loc[missing & ~bad, log.ROW]
        dropped.append(Dropped(reason, len(rows), tuple(int(row) for row in rows.head(_NAMES_KEPT))))
        bad |= missing.to_numpy()
    kept = _without(frame, bad) if bad.any() else frame
    if kept.empty:
        raise _nothing("case, activity and time")
    if len(kept) > 1 and len(kept[log.CASE].cat.categories) == len(kept):
        raise refuse_wide()
    late = _mend_starts(kept)
    return RawLog(kept, tuple(item for item in dropped if item.count), (*notes, *late))


def _without(frame: pd.DataFrame, bad: np.ndarray) -> pd.DataFrame:
    kept = frame[~bad].reset_index(drop=True)
    for name in (log.CASE, log.ACTIVITY):
        kept[name] = kept[name].cat.remove_unused_categories()
    return kept


def _mend_starts(frame: pd.DataFrame) -> tuple[str, ...]:
    """Leave out the starts that lie after the completion of their row, and say how many."""
    late = frame[log.START] > frame[log.END] if log.START in frame else pd.Series(dtype=bool)
    if not late.any():
        return ()
    frame.loc[late, log.START] = pd.NaT
    rows = ", ".join(str(row) for row in frame.loc[late, log.ROW].head(_NAMES_KEPT))
    return (f"{int(late.sum())} rows end before they start (rows {rows}): their start is left out.",)


def _nothing(what: str) -> LogError:
    return LogError(
        f"No row has a {what} that can be read.",
        where=f"the {what} column",
        advice="Choose the right column for it, or export the log with it.",
    )
