"""The rows of an uploaded table as a generated project learns from them: typed, ordered, split, in bounded memory."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pipelines.domain.designing import TableFacts, TableFeature, class_text
from pipelines.domain.generation import TableData
from pipelines.domain.specification import DECIDED_AT, KNOWN_AT, OUTCOME, ROW_ID, Choice, Specification
from pipelines.domain.uploaded.cells import DateFormat, dates_read, flags_read, numbers_read, series_of, tidy
from pipelines.domain.uploaded.profile import ColumnProfile, Kind, TableProfile
from pipelines.domain.uploaded.reading import TableRefused
from pipelines.domain.uploaded.roles import NEEDED_ROWS, REPLACED, Roles
from planner.domain.foresight.features import pseudonym

MOST_ROWS = 200_000
TEST_SHARE = 0.25
DAY_S = 86_400.0
EPOCH = DRAWN_FROM = pd.Timestamp("2000-01-01", tz="UTC")
NO_OUTCOME, NO_TIME, TOO_MANY = "no outcome", "no time of the decision", "more rows than a project learns from"
TOO_EARLY = "an outcome known before the decision"
OTHER = "not "
TIME, GROUP, OUT = "decided", "group", "outcome"


@dataclass(frozen=True)
class UploadedTable:
    """`frame` has the inputs under their own names, `outcome`, `decided` and `known` (UTC), in order of `decided`.

    Without a time of decision `decided` is a place in a drawn order, a minute a row. `split_at` begins the test.
    """

    frame: pd.DataFrame
    inputs: tuple[tuple[str, str], ...]
    split_at: pd.Timestamp
    excluded: tuple[tuple[str, int], ...]


def inputs_read(texts: pa.RecordBatch | pa.Table, profile: TableProfile, roles: Roles, *, key: bytes) -> pd.DataFrame:
    """Inputs and outcome, typed: numbers, flags and days as floats, categories and outcomes as texts or None.

    `key` makes the codes of columns whose values are replaced.
    """
    decided = None
    if roles.decided_at:
        decided = _dates(texts, _column(profile, roles.decided_at), roles)
    columns: dict[str, Any] = {}
    for name, kind in roles.kinds.items():
        column = _column(profile, name)
        columns[name] = _codes(texts, name, key) if kind == REPLACED else _input(texts, column, kind, roles, decided)
    frame = pd.DataFrame(columns)
    extra: dict[str, Any] = {OUT: _outcome(texts, profile, roles)}
    if decided is not None:
        extra[TIME] = decided
    if roles.known_at:
        extra["known"] = _dates(texts, _column(profile, roles.known_at), roles)
    if roles.group:
        extra[GROUP] = series_of(_array(texts, roles.group))
    return pd.concat([frame, pd.DataFrame(extra)], axis=1, keys=("inputs", "rows"))


def table_make(
    pieces: Iterable[pa.RecordBatch],
    profile: TableProfile,
    roles: Roles,
    generator: np.random.Generator,
    *,
    key: bytes,
) -> UploadedTable:
    """At most the 200,000 latest rows, or as many drawn ones where no time is known. Raises TableRefused.

    `key` makes the codes of columns whose values are replaced.
    """
    gathered = _Gathered(generator)
    for piece in pieces:
        gathered.take(inputs_read(piece, profile, roles, key=key))
    frame = gathered.frame()
    if len(frame) < NEEDED_ROWS:
        raise TableRefused(f"{len(frame)} rows can be learnt from; at least {NEEDED_ROWS} are needed.", "Bring more.")
    frame, split_at = _split_by_time(frame) if roles.decided_at else _split_drawn(frame, by_group=bool(roles.group))
    excluded = tuple((reason, count) for reason, count in gathered.excluded.items() if count)
    return UploadedTable(frame, tuple(roles.kinds.items()), split_at, excluded)


def facts_of(table: UploadedTable, profile: TableProfile, roles: Roles, *, source: str) -> TableFacts:
    """What the generator needs to know of it; `source` names the file."""
    task = roles.task(profile)
    classes = [] if task == "regression" else [str(value) for value in table.frame["rows"][OUT].unique()]
    question = f"Is {roles.target} “{roles.positive}”?" if roles.positive else f"What will {roles.target} be?"
    return TableFacts(
        features=[_feature(name, kind, roles, source) for name, kind in table.inputs],
        question=question,
        task=task,
        classes=classes,
        positive=roles.positive,
        label_kind="imitation" if roles.imitation else "outcome",
        rows=len(table.frame),
        excluded=table.excluded,
        rows_from="upload",
        choices=(_rows_choice(source), _test_choice(roles)),
    )


def rows_of(table: UploadedTable, specification: Specification) -> TableData:
    """The rows as CSV under the derived column names; rows are numbered, no name of a row leaves."""
    rows = table.frame["rows"]
    columns: dict[str, Any] = {
        ROW_ID: [f"row-{place:07d}" for place in range(len(rows))],
        DECIDED_AT: _moments(rows[TIME]),
        KNOWN_AT: _moments(rows["known"]),
        OUTCOME: rows[OUT] if specification.label.task == "regression" else rows[OUT].map(class_text),
    }
    for feature in specification.features:
        values = table.frame["inputs"][feature.source_column]
        if feature.kind == "flag":
            columns[feature.name] = values.astype("Int64")
        elif feature.kind == "number":
            columns[feature.name] = values
        else:
            columns[feature.name] = values.map(lambda value: None if value is None else class_text(value))
    stream = io.BytesIO()
    pd.DataFrame(columns).to_csv(stream, index=False, lineterminator="\n", encoding="utf-8")
    return TableData(stream.getvalue(), table.split_at.isoformat())


def _rows_choice(source: str) -> Choice:
    reason = "A person brought the table and said what its columns are."
    return Choice("Rows to learn from", f"The table {source}", reason, "data_sources.sources")


def _test_choice(roles: Roles) -> Choice:
    field = "impact_simulation.test_set"
    if roles.decided_at:
        reason = f"The latest quarter by “{roles.decided_at}” is tested on, as it will be in use."
        return Choice("Tested on", "Later rows", reason, field)
    told = "The table tells no time: decided_at is a place in a drawn order, no moment."
    if roles.group:
        reason = f"No “{roles.group}” is both learnt from and tested on. {told}"
        return Choice("Tested on", "Other groups", reason, field)
    return Choice("Tested on", "Rows drawn", f"{told} With a column of times, later rows would be tested on.", field)


class _Gathered:
    """Rows kept while pieces pass by: the latest where they have a time, else those with the smallest keys."""

    def __init__(self, generator: np.random.Generator) -> None:
        self._generator = generator
        self._pieces: list[pd.DataFrame] = []
        self._rows = 0
        self.excluded = dict.fromkeys((NO_OUTCOME, NO_TIME, TOO_EARLY, TOO_MANY), 0)

    def take(self, frame: pd.DataFrame) -> None:
        # A key for every row, also those left out: which rows are drawn does not hang on what others hold.
        keys = pd.Series(self._generator.random(len(frame)), index=frame.index)
        there = frame[("rows", OUT)].notna()
        self.excluded[NO_OUTCOME] += int((~there).sum())
        if ("rows", TIME) in frame:
            timed = frame[("rows", TIME)].notna()
            self.excluded[NO_TIME] += int((there & ~timed).sum())
            there &= timed
            if ("rows", "known") in frame:
                early = there & (frame[("rows", "known")] < frame[("rows", TIME)])
                self.excluded[TOO_EARLY] += int(early.sum())
                there &= ~early
        frame = frame[there].copy()
        frame[("rows", "key")] = keys[there]
        self._pieces.append(frame)
        self._rows += len(frame)
        if self._rows > 2 * MOST_ROWS:
            self._shrink()

    def frame(self) -> pd.DataFrame:
        self._shrink()
        return self._pieces[0] if self._pieces else pd.DataFrame()

    def _shrink(self) -> None:
        if not self._pieces:
            return
        frame = pd.concat(self._pieces, ignore_index=True)
        order = ("rows", TIME) if ("rows", TIME) in frame else ("rows", "key")
        if len(frame) > MOST_ROWS:
            self.excluded[TOO_MANY] += len(frame) - MOST_ROWS
            frame = frame.sort_values(order, kind="stable").tail(MOST_ROWS)
        self._pieces, self._rows = [frame], len(frame)


def _split_by_time(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.Timestamp]:
    """The latest quarter is the test; an outcome without a time of its own was known at once."""
    frame = frame.sort_values(("rows", TIME), kind="stable").reset_index(drop=True)
    decided = frame[("rows", TIME)]
    if ("rows", "known") not in frame:
        frame[("rows", "known")] = decided
    split_at = decided.iloc[min(int(len(frame) * (1 - TEST_SHARE)), len(frame) - 1)]
    if split_at == decided.iloc[0]:
        advice = "Choose another column, or none: rows are then drawn."
        raise TableRefused("Most rows were decided at the same moment: they cannot be split by time.", advice)
    return frame, pd.Timestamp(split_at)


def _split_drawn(frame: pd.DataFrame, *, by_group: bool) -> tuple[pd.DataFrame, pd.Timestamp]:
    """A drawn order; the rows of a group stand together, and the test begins with a group."""
    keys = frame[("rows", "key")].to_numpy(dtype=np.float64)
    if by_group:
        groups = pd.factorize(frame[("rows", GROUP)])[0]
        groups = np.where(groups < 0, groups.max() + 1 + np.arange(len(groups)), groups)  # each its own group
        first = pd.Series(keys).groupby(groups).transform("min").to_numpy()
        order = np.lexsort((keys, first))
        starts = np.append(True, np.diff(first[order]) != 0)
    else:
        order = np.argsort(keys)
        starts = np.ones(len(frame), dtype=bool)
    starts[0] = False
    places = np.flatnonzero(starts)
    if not len(places):
        raise TableRefused("All rows are of one group: nothing would be left to test on.", "Choose another column.")
    wanted = len(frame) * (1 - TEST_SHARE)
    place = int(places[np.abs(places - wanted).argmin()])
    frame = frame.iloc[order].reset_index(drop=True)
    moments = DRAWN_FROM + pd.to_timedelta(np.arange(len(frame)), unit="min")
    frame[("rows", TIME)] = moments
    frame[("rows", "known")] = moments
    return frame, DRAWN_FROM + pd.Timedelta(minutes=place)


def _feature(name: str, kind: str, roles: Roles, source: str) -> TableFeature:
    if kind == REPLACED:
        return TableFeature(name, f"{name}: a code in place of each value", Kind.CATEGORY, source=source)
    if kind != Kind.DATE:
        return TableFeature(name, name, kind, source=source)
    words = f"{name}: days before the decision" if roles.decided_at else f"{name}: days since 2000-01-01"
    return TableFeature(name, words, "number", unit="days", source=source)


def _input(
    texts: pa.RecordBatch | pa.Table,
    column: ColumnProfile,
    kind: str,
    roles: Roles,
    decided: "pd.Series[pd.Timestamp] | None",
) -> Any:
    if kind == Kind.DATE:
        moments = _dates(texts, column, roles)
        spent = moments - EPOCH if decided is None else decided - moments
        return (spent.dt.total_seconds() / DAY_S).round(4)
    values = series_of(_array(texts, column.name))
    if kind == Kind.NUMBER:
        return numbers_read(values, comma=column.decimal_comma)
    if kind == Kind.FLAG:
        return flags_read(values)
    return values.map(lambda value: None if value is None else tidy(value)).astype(object)


def _codes(texts: pa.RecordBatch | pa.Table, name: str, key: bytes) -> Any:
    """A code in place of each value, the same for the same value."""
    values = series_of(_array(texts, name))
    codes = {value: pseudonym(tidy(value), key=key) for value in values.dropna().unique()}
    return values.map(codes).astype(object).where(values.notna(), None)


def _outcome(texts: pa.RecordBatch | pa.Table, profile: TableProfile, roles: Roles) -> Any:
    column = _column(profile, roles.target)
    values = series_of(_array(texts, roles.target))
    if roles.task(profile) == "regression":
        return numbers_read(values, comma=column.decimal_comma)
    values = values.map(lambda value: None if value is None else tidy(value)).astype(object)
    if roles.positive and len(column.counts) != 2:
        other = OTHER + roles.positive
        return values.map(lambda value: value if value in (None, roles.positive) else other).astype(object)
    return values


def _dates(texts: pa.RecordBatch | pa.Table, column: ColumnProfile, roles: Roles) -> "pd.Series[pd.Timestamp]":
    day_first = column.day_first if column.day_first is not None else bool(roles.day_first)
    form = DateFormat(column.date_format)
    return dates_read(series_of(_array(texts, column.name)), form=form, day_first=day_first).dt.as_unit("us")


def _array(texts: pa.RecordBatch | pa.Table, name: str) -> pa.Array:
    column = texts.column(name)
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _column(profile: TableProfile, name: str) -> ColumnProfile:
    found = profile.column(name)
    if found is None:
        raise TableRefused(f"The table has no column “{name}”.", "Choose the columns again.")
    return found


def _moments(values: "pd.Series[pd.Timestamp]") -> "pd.Series[str]":
    return values.map(lambda moment: "" if pd.isna(moment) else moment.isoformat()).astype(object)
