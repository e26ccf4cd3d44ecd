"""A file nobody has looked at yet: what it is, what its columns seem to be, a few parsed samples; and all of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

import pandas as pd

from planner.domain import eventlog as log
from planner.domain.activity_names import activities_bounded
from planner.domain.csv_log import read_csv
from planner.domain.csv_shape import HEAD_BYTES, sample_csv
from planner.domain.eventlog import RawLog
from planner.domain.mapping import SINGLE, ColumnGuess, LogMapping, MappingGuess, Role, guess_mapping, refuse_wide
from planner.domain.streams import LogLimits, Progress, Unpacked, log_format, no_progress
from planner.domain.times import parse_times
from planner.domain.xes import read_xes, sample_xes

_SAMPLES = 5


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
    """What a first look tells: format, columns, rows with their times read, what to ask, or why it is refused."""

    format: str
    columns: tuple[PreviewColumn, ...]
    mapping: Mapping[str, Any] | None
    rows: tuple[Mapping[str, str], ...]
    ambiguous: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    refusal: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def preview_log(source: BinaryIO, *, limits: LogLimits | None = None) -> LogPreview:
    """Look at the beginning of a file. LogError when it is no log at all; a wide table is a preview with a refusal."""
    limits = limits or LogLimits()
    stream = Unpacked(source, limits=limits)
    head = stream.read(HEAD_BYTES)
    if log_format(head) == "xes":
        return _xes_preview(sample_xes(head, stream, limits=limits))
    sample = sample_csv(head, whole=len(head) < HEAD_BYTES, limits=limits)
    guess = guess_mapping(sample.rows)
    chosen = {str(role.value): guess.column_for(role) for role in SINGLE}
    ignored = [column.name for column in guess.columns if column.role == Role.IGNORED]
    return LogPreview(
        format="csv",
        columns=tuple(_column(column, sample.rows) for column in guess.columns),
        mapping={**chosen, "day_first": guess.day_first, "ignored": ignored},
        rows=_rows(sample.rows, guess),
        ambiguous=guess.ambiguous,
        missing=guess.missing,
        notes=sample.shape.notes,
        refusal=refuse_wide().sentence if guess.wide else "",
    )


def read_log(
    source: BinaryIO,
    mapping: LogMapping | None,
    *,
    limits: LogLimits | None = None,
    progress: Progress = no_progress,
) -> RawLog:
    """All of a file as raw rows; `mapping` None takes the guess (a CSV whose columns cannot be guessed is refused)."""
    from_start = source.tell()
    preview = preview_log(source, limits=limits)
    source.seek(from_start)
    if preview.format == "xes":
        return activities_bounded(read_xes(source, limits=limits, progress=progress))
    if preview.refusal:
        raise refuse_wide()
    chosen = mapping or LogMapping.from_dict(preview.mapping or {})
    return activities_bounded(read_csv(source, chosen, limits=limits, progress=progress))


def _column(guess: ColumnGuess, rows: pd.DataFrame) -> PreviewColumn:
    filled = rows[guess.name][rows[guess.name] != ""]
    samples = tuple(str(text)[:80] for text in filled.head(_SAMPLES))
    return PreviewColumn(guess.name, guess.role.value, guess.certainty, guess.why, round(guess.filled, 3), samples)


def _rows(rows: pd.DataFrame, guess: MappingGuess) -> tuple[dict[str, str], ...]:
    """The first rows under the guess, their times read."""
    found = {}
    for role in (Role.CASE, Role.ACTIVITY, Role.START, Role.END, Role.RESOURCE):
        name = guess.column_for(role)
        if name:
            texts = rows[name].head(_SAMPLES)
            times = role in (Role.START, Role.END)
            found[role.value] = _moments(parse_times(texts, day_first=guess.day_first).times) if times else list(texts)
    return tuple(dict(zip(found, values, strict=True)) for values in zip(*found.values(), strict=True))


def _moments(times: "pd.Series[Any]") -> list[str]:
    return [time.strftime("%Y-%m-%d %H:%M:%S UTC") if not pd.isna(time) else "" for time in times]


def _xes_preview(raw: RawLog) -> LogPreview:
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
            tuple(_text(value) for value in frame[name].dropna().head(_SAMPLES)),
        )
        for name in names
    )
    shown = [name for name in (log.CASE, log.ACTIVITY, log.START, log.END, log.RESOURCE) if name in names]
    rows = tuple({name: _text(row[name]) for name in shown} for _, row in frame.head(_SAMPLES).iterrows())
    return LogPreview("xes", columns, None, rows, notes=raw.notes)


def _text(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return _moments(pd.Series([value]))[0]
    return "" if pd.isna(value) else str(value)[:80]
