"""A table of texts becomes a raw log under a mapping, whether the table stood in a CSV file or in a spreadsheet.

Every cell is text until its column has a role, so that a case called NA stays a case.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from planner.domain.event_log import eventlog as log
from planner.domain.event_log.csv_shape import no_rows, unused_name
from planner.domain.event_log.eventlog import AmbiguousDates, LogError, RawLog, TimeMeaning
from planner.domain.event_log.mapping import LogMapping, refuse_wide
from planner.domain.event_log.rejected import joined, rejected
from planner.domain.event_log.streams import LogLimits
from planner.domain.event_log.times import ParsedTimes, in_zone, iso_times, parse_times

_NAMES_KEPT = 5
_MICROS = "datetime64[us]"


class Cells:
    """Pieces of every column, in file order: of times where they could be read at once, else of texts."""

    def __init__(self, times: Sequence[str], limits: LogLimits) -> None:
        self.pieces: dict[str, list[pa.Array]] = {}
        self.rows = 0
        self._times, self._limits = times, limits

    def add_batch(self, batch: pa.RecordBatch) -> None:
        """Texts of further rows: times read as they come, every other column so that each text is held once."""
        self.rows += batch.num_rows
        if self.rows > self._limits.events:
            raise LogError(
                f"The log has more than {self._limits.events:_} rows, the most that is read.".replace("_", "\u202f"),
                advice="Export fewer cases or a shorter period and try again.",
            )
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            piece = iso_times(column) if name in self._times else None
            self.pieces.setdefault(name, []).append(column.dictionary_encode() if piece is None else piece)

    def category(self, name: str) -> "pd.Series[Any]":
        """A column as a category of trimmed texts; blanks are missing. It is held no longer here."""
        return _joined_category(self.pieces.pop(name))

    def forget(self, names: Iterable[str]) -> None:
        """Hold these columns no longer, and give back what Arrow keeps for later."""
        for name in names:
            self.pieces.pop(name, None)
        pa.default_memory_pool().release_unused()

    def texts(self, name: str, places: np.ndarray) -> list[str]:
        """What stands in a column at these rows; empty where it was read as a time already."""
        found: list[str] = []
        first = 0
        for piece in self.pieces[name] if len(places) else ():
            here = places[(places >= first) & (places < first + len(piece))] - first
            told = pa.types.is_dictionary(piece.type)
            found += [str(text) for text in piece.take(pa.array(here)).to_pylist()] if told else [""] * len(here)
            first += len(piece)
        return found

    def times(self, name: str, mapping: LogMapping, serials: int | None) -> ParsedTimes:
        """A column as times: pieces already read stay, texts are read together so that they agree."""
        texts = [piece for piece in self.pieces[name] if pa.types.is_dictionary(piece.type)]
        parsed = _read_times(_joined_category(texts), mapping, serials) if texts else None
        moments, row, position = np.empty(self.rows, dtype=_MICROS), 0, 0
        zoneless, doubtful = False, 0
        for piece in self.pieces[name]:
            here = moments[row : row + len(piece)]
            row += len(piece)
            if parsed is not None and pa.types.is_dictionary(piece.type):
                here[:] = parsed.times.iloc[position : position + len(piece)].dt.tz_localize(None).to_numpy()
                position += len(piece)
                continue
            here[:] = piece.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False)
            if piece.type.tz is None:
                here[:], doubt = in_zone(here, mapping.zone)
                zoneless, doubtful = True, doubtful + int(doubt.sum())
        times = pd.Series(pd.DatetimeIndex(moments, copy=False).tz_localize("UTC"))
        if parsed is None:
            return ParsedTimes(times, 0, 0, None, False, zoneless, doubtful)
        zoneless, doubtful = zoneless or parsed.zone_missing, doubtful + parsed.doubtful
        return replace(parsed, times=times, zone_missing=zoneless, doubtful=doubtful)


@dataclass(frozen=True)
class Table:
    """What was read of a table: its columns, rows with too few or many cells (number, text), and where it began.

    `serials` is the year from which a spreadsheet counts its days, None elsewhere.
    """

    cells: Cells
    ragged: tuple[tuple[int, str], ...] = ()
    header_row: int = 1
    notes: tuple[str, ...] = ()
    serials: int | None = None

    def numbers(self) -> np.ndarray:
        """The number of each row that was kept, as the file counts them."""
        first = self.header_row + 1
        numbers = np.arange(first, first + self.cells.rows + len(self.ragged), dtype=np.int64)
        skipped = np.array([number for number, _ in self.ragged], dtype=np.int64)
        return np.setdiff1d(numbers, skipped)[: self.cells.rows] if len(skipped) else numbers


def raw_log(table: Table, mapping: LogMapping) -> RawLog:
    """The raw rows of a table.

    Rows without a case, an activity or a readable time are left out and listed; wholly blank ones are passed over.
    LogError when nothing is left, or one row a case.
    """
    cells = table.cells
    if not cells.rows:
        raise no_rows()
    times, notes = _times(table, mapping)
    late = np.flatnonzero(times[log.END].isna())
    unread = pd.Series(cells.texts(mapping.end, late), index=late, dtype="str")
    cells.forget(name for name in (mapping.start, mapping.end) if name)
    roles = {name: role for role in ("case", "activity", "resource", "lifecycle") if (name := getattr(mapping, role))}
    data: dict[str, Any] = {role: cells.category(name) for name, role in roles.items()} | times
    data[log.ROW] = table.numbers()
    others = {name: cells.category(name) for name in list(cells.pieces)}
    cells.forget(())
    attributes, renamed = _attributes(others, data[log.CASE])
    raw = _whole(pd.DataFrame(data | attributes, copy=False), table, mapping, unread)
    return replace(raw, notes=(*table.notes, *notes, *renamed, *raw.notes))


def _joined_category(pieces: Sequence[pa.DictionaryArray]) -> "pd.Series[Any]":
    chunks = pa.chunked_array(pieces).unify_dictionaries().chunks
    names = pd.Series(chunks[0].dictionary.to_pandas(), dtype="str").str.strip()
    blank = (names == "").to_numpy()
    merged, unique = pd.factorize(names)
    merged = np.where(blank, -1, merged).astype(np.min_scalar_type(-len(unique) - 1))
    codes = np.concatenate([merged[chunk.indices.to_numpy()] for chunk in chunks])
    series = pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(unique, dtype="str")))
    return series.cat.remove_unused_categories() if blank.any() else series


def _times(table: Table, mapping: LogMapping) -> tuple[dict[str, Any], list[str]]:
    """The time columns read, both day first or both month first."""
    named = {role: name for role in (log.START, log.END) if (name := getattr(mapping, role))}
    looks = {role: table.cells.times(name, mapping, table.serials) for role, name in named.items()}
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
        chosen = replace(mapping, day_first=day_first)
        looks = {role: table.cells.times(name, chosen, table.serials) for role, name in named.items()}
    return {role: look.times for role, look in looks.items()}, _time_notes(looks, named, mapping)


def _read_times(column: "pd.Series[Any]", mapping: LogMapping, serials: int | None) -> ParsedTimes:
    """The times of a category column: each distinct text is read once."""
    names = pd.Series(column.cat.categories, dtype="str")
    parsed = parse_times(names, day_first=mapping.day_first, zone=mapping.zone, serials=serials)
    moments = np.append(parsed.times.dt.tz_localize(None).to_numpy(), np.datetime64("NaT", "us"))
    times = pd.Series(moments[column.cat.codes.to_numpy()]).dt.tz_localize("UTC").dt.as_unit("us")
    return replace(parsed, times=times, blank=0)


def _time_notes(looks: dict[str, ParsedTimes], named: dict[str, str], mapping: LogMapping) -> list[str]:
    notes = [
        f"{look.unreadable} different values of “{named[role]}” are no times."
        for role, look in looks.items()
        if look.unreadable
    ]
    if any(look.zone_missing for look in looks.values()):
        notes.append(f"Times without a zone are taken as {mapping.zone}.")
    doubtful = sum(look.doubtful for look in looks.values())
    if doubtful:
        notes.append(f"{doubtful} times lie in an hour that the clocks of {mapping.zone} skip or show twice.")
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


def _whole(frame: pd.DataFrame, table: Table, mapping: LogMapping, unread: "pd.Series[Any]") -> RawLog:
    """Without the rows that lack a case, an activity or a time; LogError when nothing or a wide table is left.

    `unread` are the texts that are no times, by place.
    """
    checks = (
        ("No case", frame[log.CASE].isna(), "case", mapping.case),
        ("No activity", frame[log.ACTIVITY].isna(), "activity", mapping.activity),
        ("No time, or one that cannot be read", frame[log.END].isna(), "time", mapping.end),
    )
    bad = _blank(frame)
    numbers, texts = [number for number, _ in table.ragged], [text for _, text in table.ragged]
    lists = [rejected("More or fewer cells than the header", numbers, cells=texts)]
    for reason, missing, what, column in checks:
        if missing.all():
            raise _nothing(what)
        places = np.flatnonzero(missing.to_numpy() & ~bad)
        rows = frame[log.ROW].to_numpy()[places].tolist()
        cells = unread.reindex(places).tolist() if what == "time" else ()
        lists.append(rejected(reason, rows, column=column, cells=cells))
        bad |= missing.to_numpy()
    kept = _without(frame, bad) if bad.any() else frame
    if kept.empty:
        raise _nothing("case, activity and time")
    if len(kept) > 1 and len(kept[log.CASE].cat.categories) == len(kept):
        raise refuse_wide()
    return RawLog(kept, joined(lists), _mend_starts(kept), mapping.meaning or TimeMeaning.COMPLETION)


def _without(frame: pd.DataFrame, bad: np.ndarray) -> pd.DataFrame:
    kept = frame[~bad].reset_index(drop=True)
    for name in (log.CASE, log.ACTIVITY):
        kept[name] = kept[name].cat.remove_unused_categories()
    return kept


def _blank(frame: pd.DataFrame) -> np.ndarray:
    """Rows in which nothing stands at all."""
    bare = frame[log.CASE].isna() & frame[log.ACTIVITY].isna() & frame[log.END].isna()
    if bare.any():
        rest = frame.loc[bare].drop(columns=log.ROW)
        bare[bare] = rest.isna().all(axis=1)
    return np.array(bare)


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
