"""The sheet as it is looked at: every field with its text, its source and what is still to do, in plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from canvas.domain.blocks import FREE, ORDERS, SHEET
from canvas.domain.completeness import Completeness, Fields, FieldState, State, completeness, field_state, kept
from canvas.domain.fields import Block, Field, Kind
from canvas.domain.offers import Offer, token_of
from canvas.domain.values import shown, text_of

MARKS = {
    "value_proposition": "b-val",
    "prediction_task": "b-task",
    "decisions": "b-dec",
    "impact_simulation": "b-imp",
    "making_predictions": "b-mak",
    "data_collection": "b-col",
    "data_sources": "b-src",
    "features": "b-fea",
    "building_models": "b-bui",
    "monitoring": "b-mon",
}
"""Where each block stands on the sheet."""

FIRST_ROWS = 6
NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
ONE_LINE = (Kind.NUMBER, Kind.MONEY, Kind.SHARE, Kind.DURATION, Kind.CHOICE)


@dataclass(frozen=True)
class Cell:
    """One field on the sheet. `typed` is what stands in its input, `text` what is read; `problem` a refusal.

    `was` is what the input showed before anybody typed: it goes out with it, as the base of the merge.
    `overtaken`: refused because somebody else changed it meanwhile, to `theirs`.
    """

    block: str
    key: str
    label: str
    kind: str
    unit: str
    hint: str
    choices: tuple[tuple[str, str], ...]
    value: Any
    typed: str
    text: str
    source: str
    drafted: bool
    state: str
    advice: str
    optional: bool
    was: str = ""
    problem: str = ""
    overtaken: bool = False
    theirs: str = ""

    @property
    def path(self) -> str:
        return f"{self.block}.{self.key}"

    @property
    def token(self) -> str:
        """Names the value that stands there, for who accepts or refuses it."""
        return token_of(self.path, self.value)

    @property
    def id(self) -> str:
        return f"{self.block}-{self.key}"

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The first rows of a list: its name, and what else is said of it in short."""
        if self.kind != Kind.ROWS or not isinstance(self.value, list):
            return []
        return [(row["name"], row.get("unit") or row.get("type", "")) for row in self.value[:FIRST_ROWS]]

    @property
    def more(self) -> int:
        """How many rows are not among the first."""
        return max(0, len(self.value) - FIRST_ROWS) if self.kind == Kind.ROWS and isinstance(self.value, list) else 0

    @property
    def is_short(self) -> bool:
        return self.kind in ONE_LINE


@dataclass(frozen=True)
class SheetBlock:
    """One block with its cells; the note stands apart."""

    key: str
    title: str
    asks: str
    mark: str
    words: str
    is_full: bool
    cells: tuple[Cell, ...]

    @property
    def asked(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if not cell.optional)

    @property
    def notes(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.optional)


@dataclass(frozen=True)
class Sheet:
    """The whole sheet, with the order in which it is walked through."""

    blocks: tuple[SheetBlock, ...]
    order: str
    marks: tuple[str, ...]
    complete: Completeness
    next: Cell | None
    adjectives: tuple[Cell, ...]
    gaps: tuple[Cell, ...]
    drafted: int
    offers: tuple[Offer, ...] = ()

    @property
    def headline(self) -> str:
        """The answer to "do we agree what to build?", with its number."""
        full, adjectives, gaps = self.complete.full_blocks, len(self.adjectives), len(self.gaps)
        if self.complete.is_complete:
            return "All ten blocks are full: this can be built"
        blocks = "No block is full yet" if not full else f"{_word(full).capitalize()} of ten blocks {_are(full)} full"
        if adjectives:
            return f"{blocks}; {_word(adjectives)} word{_s(adjectives)} still need{_s(adjectives, verb=True)} a value"
        return f"{blocks}; {_word(gaps)} field{_s(gaps)} {_are(gaps)} empty"

    @property
    def is_guided(self) -> bool:
        """Whether a phone leads through the blocks one at a time; else it shows all of them."""
        return self.order != FREE

    def place(self, block: str) -> int:
        """Where a block comes in the order walked; 0 for one there is not."""
        return self.marks.index(MARKS[block]) if block in MARKS else 0

    def block(self, key: str) -> SheetBlock:
        return next(block for block in self.blocks if block.key == key)


@dataclass(frozen=True)
class Refusal:
    """A field that was not saved: what was typed stays in its input, with the reason beside it."""

    path: str
    typed: str
    message: str
    overtaken: bool = False
    theirs: str = ""


def sheet_of(
    fields: Fields,
    *,
    currency: str,
    order: str = "dorard",
    refusals: Sequence[Refusal] = (),
    offers: Sequence[Offer] = (),
) -> Sheet:
    """The sheet of these fields, with what was refused of the last edit and what its sources offer."""
    states = completeness(fields)
    walked = ORDERS.get(order, ORDERS["dorard"])
    by_path = {refusal.path: refusal for refusal in refusals}
    blocks = tuple(_refused(_offered(_block(block, fields, states, currency), offers), by_path) for block in SHEET)
    cells = {(cell.block, cell.key): cell for block in blocks for cell in block.cells}
    following = states.next_in(walked)
    return Sheet(
        blocks,
        order if order in ORDERS else "dorard",
        tuple(MARKS[block.key] for block in walked),
        states,
        cells[following.block, following.key] if following is not None else None,
        _of(cells, states.adjectives),
        _of(cells, states.gaps),
        sum(cell.drafted and not cell.optional for cell in cells.values()),
        tuple(offers),
    )


def _word(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _s(number: int, *, verb: bool = False) -> str:
    return "s" if (number == 1) is verb else ""


def _of(cells: Mapping[tuple[str, str], Cell], states: Sequence[FieldState]) -> tuple[Cell, ...]:
    return tuple(cells[state.block, state.key] for state in states)


def _block(block: Block, fields: Fields, states: Completeness, currency: str) -> SheetBlock:
    state = states.of(block.key)
    cells = tuple(_cell(block.key, field, fields, currency) for field in block.fields)
    return SheetBlock(
        block.key, block.title, block.asks, MARKS[block.key], state.words, state.is_full, _sources_once(cells)
    )


def _offered(block: SheetBlock, offers: Sequence[Offer]) -> SheetBlock:
    count = sum(offer.block == block.key for offer in offers)
    return replace(block, words=f"{block.words}, {count} offered") if count else block


def _refused(block: SheetBlock, refusals: Mapping[str, Refusal]) -> SheetBlock:
    return replace(block, cells=tuple(_with(cell, refusals.get(cell.path)) for cell in block.cells))


def _with(cell: Cell, refusal: Refusal | None) -> Cell:
    if refusal is None:
        return cell
    return replace(
        cell, typed=refusal.typed, problem=refusal.message, overtaken=refusal.overtaken, theirs=refusal.theirs
    )


def _cell(block: str, field: Field, fields: Fields, currency: str) -> Cell:
    entry = fields.get(block, {}).get(field.key, {})
    value = kept(fields, block, field.key)
    state = field_state(block, field, fields)
    empty = value is None or value in ("", [])
    typed = text_of(field, value) if field.kind is not Kind.CHOICE else str(value or "")
    return Cell(
        block=block,
        key=field.key,
        label=field.label,
        kind=field.kind.value,
        unit=currency if field.kind is Kind.MONEY else field.unit,
        hint=field.hint,
        choices=field.choices,
        value=value,
        typed=typed,
        was=typed,
        text=shown(field, value, currency),
        source="" if empty else entry.get("source", ""),
        drafted=not empty and entry.get("by") == "draft",
        state="full" if field.optional and not empty else state.state.value,
        advice=state.advice,
        optional=field.optional,
    )


def _sources_once(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Amounts that stand together and come from one place name it once, under the last of them."""
    found = list(cells)
    for at in range(len(found) - 1):
        here, after = found[at], found[at + 1]
        together = here.kind == after.kind == Kind.MONEY and State.UNUSED.value not in (here.state, after.state)
        if together and here.source and here.source == after.source:
            found[at] = replace(here, source="")
    return tuple(found)
