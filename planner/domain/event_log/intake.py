"""A file nobody has looked at yet: what it is, what its columns seem to be, a few parsed samples; and all of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import tzinfo
from typing import Any, BinaryIO

import pandas as pd

from planner.domain.event_log import eventlog as log
from planner.domain.event_log.activity_names import activities_bounded
from planner.domain.event_log.archives import archive_open, is_workbook, is_zip, only_log
from planner.domain.event_log.column_guess import ColumnGuess, MappingGuess, guess_mapping
from planner.domain.event_log.csv_log import read_csv
from planner.domain.event_log.csv_shape import sample_csv
from planner.domain.event_log.eventlog import RawLog, TimeMeaning
from planner.domain.event_log.mapping import LogMapping, Role, refuse_wide
from planner.domain.event_log.parsed_samples import SAMPLES, moments, parsed_rows
from planner.domain.event_log.sheet_log import read_sheet, sample_sheet
from planner.domain.event_log.streams import LogLimits, Progress, Unpacked, log_format, no_progress
from planner.domain.event_log.text_reader import HEAD_BYTES
from planner.domain.event_log.time_zones import zone_named
from planner.domain.event_log.xes import read_xes, sample_xes
from planner.domain.event_log.xes_events import xes_encoding


@dataclass(frozen=True)
class PreviewColumn:
    """A column: what it is taken for, how sure that is (0 to 1) and why, its first values as they stand."""

    name: str
    role: str
    certainty: float
    why: str
    filled: float
    samples: tuple[str, ...]


@dataclass(frozen=True)
class LogPreview:
    """What a first look tells: format, columns, rows with their times read, what to ask, or why it is refused.

    `heads` are the first rows as they stand, `rows` the same under the guess. `one_time` says that there is one time
    an event, whose meaning is to be asked; `zoneless` that times lack an offset. `sheets` and `serials` are those of a
    spreadsheet.
    """

    format: str
    columns: tuple[PreviewColumn, ...]
    mapping: Mapping[str, Any] | None
    rows: tuple[Mapping[str, str], ...]
    ambiguous: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    refusal: str = ""
    heads: tuple[Mapping[str, str], ...] = ()
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    serials: int | None = None
    zoneless: bool = False
    one_time: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def preview_log(source: BinaryIO, *, limits: LogLimits | None = None, reading: LogMapping | None = None) -> LogPreview:
    """Look at the beginning of a file. LogError when it is no log at all; a wide table is a preview with a refusal.

    Of `reading` the encoding, separator, sheet and time zone count.
    """
    limits, reading = limits or LogLimits(), reading or LogMapping()
    plain = unzipped(source, limits)
    if plain is None:
        return _sheet_preview(source, limits, reading)
    stream = Unpacked(plain, limits=limits)
    head = stream.read(HEAD_BYTES)
    if log_format(head) == "xes":
        encoding = reading.encoding or xes_encoding(head)
        raw = sample_xes(head, stream, reading, limits=limits)
        return _xes_preview(raw, encoding, zone_named(reading.zone))
    whole = len(head) < HEAD_BYTES
    sample = sample_csv(head, whole=whole, limits=limits, encoding=reading.encoding, separator=reading.separator)
    preview = _preview("csv", sample.rows, sample.shape.notes, reading)
    return replace(preview, encoding=sample.shape.encoding, separator=sample.shape.separator)


def read_log(
    source: BinaryIO,
    mapping: LogMapping | None,
    *,
    limits: LogLimits | None = None,
    progress: Progress = no_progress,
) -> RawLog:
    """All of a file as raw rows; without a mapping the guess is taken, a table that cannot be guessed is refused."""
    limits = limits or LogLimits()
    preview = preview_log(source, limits=limits, reading=mapping)
    if preview.refusal:
        raise refuse_wide()
    source.seek(0)
    plain = unzipped(source, limits)
    chosen = mapping or LogMapping()
    if preview.format == "xes":
        raw = read_xes(plain or source, chosen, limits=limits, progress=progress)
    else:
        chosen = chosen if chosen.case else LogMapping.from_dict(preview.mapping or {})
        raw = (
            read_sheet(source, chosen, limits=limits, progress=progress)
            if plain is None
            else read_csv(plain, chosen, limits=limits, progress=progress)
        )
    return activities_bounded(_meaning_said(raw, chosen))


def _meaning_said(raw: RawLog, mapping: LogMapping) -> RawLog:
    """With a note on what the only time of an event was taken for."""
    if log.has_start_times(raw.frame):
        return raw
    words = {
        TimeMeaning.COMPLETION: "its completion: handling is not known, and lies in the time from one to the next",
        TimeMeaning.START: "its start: handling is not known, and lies in the time from one to the next",
        TimeMeaning.SCHEDULED: "when it was planned: the order is known, and no duration is measured",
    }
    taken = "was taken for" if mapping.meaning is None else "is"
    return replace(raw, notes=(*raw.notes, f"The only time of an event {taken} {words[raw.meaning]}."))


def unzipped(source: BinaryIO, limits: LogLimits) -> Any:
    """The file itself, the one file in an archive, or None for a spreadsheet."""
    head = source.read(4)
    source.seek(0)
    if not is_zip(head):
        return source
    archive = archive_open(source, limits)
    return None if is_workbook(archive) else only_log(archive)


def _sheet_preview(source: BinaryIO, limits: LogLimits, reading: LogMapping) -> LogPreview:
    sample = sample_sheet(source, limits=limits, sheet=reading.sheet)
    shape = sample.shape
    preview = _preview("xlsx", sample.rows, shape.notes, reading, serials=shape.serials)
    return replace(preview, sheet=shape.sheet, sheets=shape.sheets)


def _preview(
    kind: str, rows: pd.DataFrame, notes: tuple[str, ...], reading: LogMapping, *, serials: int | None = None
) -> LogPreview:
    guess = guess_mapping(rows, serials=serials)
    mapping = _chosen(guess, reading)
    heads = tuple(
        {str(name): str(text)[:200] for name, text in row.items()} for row in rows.head(SAMPLES).to_dict("records")
    )
    return LogPreview(
        format=kind,
        columns=tuple(_column(column, rows) for column in guess.columns),
        mapping=mapping,
        rows=parsed_rows(heads, mapping, serials=serials),
        ambiguous=guess.ambiguous,
        missing=guess.missing,
        notes=notes,
        refusal=refuse_wide().sentence if guess.wide else "",
        heads=heads,
        serials=serials,
        zoneless=bool(guess.zoneless),
        one_time=not guess.column_for(Role.START) and not guess.column_for(Role.LIFECYCLE),
    )


def _chosen(guess: MappingGuess, reading: LogMapping) -> dict[str, Any]:
    """The guess as plain values, an incomplete one too."""
    ignored = [column.name for column in guess.columns if column.role == Role.IGNORED]
    kept = {name: getattr(reading, name) for name in ("zone", "encoding", "separator", "sheet")}
    meaning = guess.meaning.value if guess.meaning else None
    return {**guess.chosen, **kept, "day_first": guess.day_first, "ignored": ignored, "meaning": meaning}


def _column(guess: ColumnGuess, rows: pd.DataFrame) -> PreviewColumn:
    filled = rows[guess.name][rows[guess.name] != ""]
    samples = tuple(str(text)[:80] for text in filled.head(SAMPLES))
    return PreviewColumn(guess.name, guess.role.value, guess.certainty, guess.why, round(guess.filled, 3), samples)


def _xes_preview(raw: RawLog, encoding: str, zone: tzinfo) -> LogPreview:
    frame = raw.frame
    names = [str(name) for name in frame.columns if name != log.ROW]
    roles = {log.CASE, log.ACTIVITY, log.START, log.END, log.RESOURCE, log.LIFECYCLE}
    columns = tuple(
        PreviewColumn(
            name,
            name if name in roles else Role.ATTRIBUTE.value,
            1.0,
            "named so in the file",
            round(float(frame[name].notna().mean()), 3),
            tuple(_text(value, zone) for value in frame[name].dropna().head(SAMPLES)),
        )
        for name in names
    )
    shown = [name for name in (log.CASE, log.ACTIVITY, log.START, log.END, log.RESOURCE) if name in names]
    rows = tuple({name: _text(row[name], zone) for name in shown} for _, row in frame.head(SAMPLES).iterrows())
    one_time = log.LIFECYCLE not in names and not log.has_start_times(frame)
    zoneless = any("without a zone" in note for note in raw.notes)
    return LogPreview(
        "xes", columns, None, rows, notes=raw.notes, encoding=encoding, zoneless=zoneless, one_time=one_time
    )


def _text(value: Any, zone: tzinfo) -> str:
    if isinstance(value, pd.Timestamp):
        return moments(pd.Series([value]), [zone])[0]
    return "" if pd.isna(value) else str(value)[:80]
