"""What is odd about a table, column by column: what it is, what becomes of it, what to do."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.domain.uploaded.cells import DateFormat
from pipelines.domain.uploaded.profile import ColumnProfile, Kind, TableProfile
from pipelines.domain.uploaded.roles import NEEDED_ROWS, REPLACED, ROLES

MANY_CATEGORIES = 60
"""The trees of a generated project tell this many categories apart; the rest count as one."""
MOSTLY_MISSING = 0.5


@dataclass(frozen=True)
class Remark:
    """`column` is "" where it is about the table. `level` is stop, ask, out (proposed to be left out) or note."""

    column: str
    level: str
    sentence: str
    advice: str


def remarks_of(profile: TableProfile) -> list[Remark]:
    """Of the table first, then of the columns in their order."""
    return [*_of_table(profile), *(remark for column in profile.columns for remark in _of_column(column))]


def person_remark(column: ColumnProfile, learnt_as: str, role: str) -> Remark | None:
    """What says that a column names people, and what becomes of its values as it is used now; None without a sign."""
    if column.person is None:
        return None
    if learnt_as == REPLACED:
        becomes = (
            "Each value is replaced by a code made with a key of this workspace: equal values keep equal codes, "
            "and nobody turns a code back without the key."
        )
    elif learnt_as:
        becomes = (
            "Its values are kept as they stand: they are learnt from, and are in a download that real rows are ticked "
            "for. Leave it out, or replace them by codes, unless they are needed."
        )
    elif role == ROLES["target"]:
        becomes = "It is foretold, so its values are kept as they stand, in every project: choose another column."
    elif role:
        becomes = "It only orders or groups the rows: its values enter no project."
    else:
        becomes = "It is left out: its values enter no project."
    sentence = f"It seems to hold {column.person.what}: {column.person.evidence}."
    exposed = role == ROLES["target"] or learnt_as not in ("", REPLACED)
    return Remark(column.name, "ask" if exposed else "note", sentence, becomes)


def _of_table(profile: TableProfile) -> Iterator[Remark]:
    if profile.rows < NEEDED_ROWS:
        advice = f"At least {NEEDED_ROWS} are needed, better some hundreds: bring more of them."
        yield Remark("", "stop", f"The table has {profile.rows} rows.", advice)
    if profile.skipped:
        sentence = f"{profile.skipped} lines have another number of cells than the header."
        yield Remark("", "note", sentence, "They are left out: look whether a text holds the separator unquoted.")
    for name in profile.nested:
        yield Remark(name, "out", "It holds lists, records or bytes, no plain values.", "It is left out.")


def _of_column(column: ColumnProfile) -> Iterator[Remark]:
    name = column.name
    if column.kind is Kind.EMPTY:
        yield Remark(name, "out", "Every cell is missing.", "It is left out.")
        return
    if column.kind is Kind.IDENTIFIER:
        sentence = "Nearly every row has a value of its own: it names rows, and says nothing of others."
        yield Remark(name, "out", sentence, "It is left out, unless rows of one group share it.")
    elif column.kind is Kind.TEXT:
        yield Remark(
            name, "out", "It holds free text.", "It is left out: models here learn from numbers and categories."
        )
    elif column.distinct == 1:
        yield Remark(name, "out", "Every known cell is the same.", "It is left out: it can tell nothing apart.")
    if column.twin_of:
        yield Remark(name, "out", f"It holds the same as “{column.twin_of}”.", "It is left out: once is enough.")
    if column.kind is Kind.CATEGORY and column.distinct > MANY_CATEGORIES:
        about = "" if column.exact else "about "
        sentence = f"It has {about}{column.distinct} categories."
        yield Remark(
            name, "note", sentence, f"The {MANY_CATEGORIES} most frequent are told apart, the rest count as one."
        )
    yield from _of_cells(column)


def _of_cells(column: ColumnProfile) -> Iterator[Remark]:
    name = column.name
    if column.kind is Kind.DATE:
        if column.asks_day_first:
            sentence = f"“{column.examples[0]}” can be read day first or month first, and nothing in the column tells."
            yield Remark(name, "ask", sentence, "Say which comes first.")
        elif column.date_format == DateFormat.PARTS:
            order = "day first" if column.day_first else "month first"
            yield Remark(name, "note", f"Dates written as text, {order}.", "They are read so.")
        else:
            yield Remark(name, "note", f"Dates written as text, {column.date_format}.", "They are read so.")
    if column.decimal_comma:
        yield Remark(name, "note", "Decimals follow a comma.", "They are read so.")
    if column.odd:
        which = ", ".join(f"“{text}”" for text in column.odd_examples)
        sentence = f"{column.odd} cells cannot be read{': ' + which if which else ''}."
        yield Remark(name, "note", sentence, "They count as missing.")
    if column.missing_share > MOSTLY_MISSING:
        sentence = f"{column.missing_share:.0%} of its cells are missing."
        yield Remark(name, "note", sentence, "That it is missing may itself tell; look whether it is filled in later.")
