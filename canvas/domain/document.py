"""A finished reading of a canvas: what exports show and what the generator builds from."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from canvas.domain.blocks import SHEET
from canvas.domain.completeness import Fields, FieldState, State, completeness, field_state, kept
from canvas.domain.fields import Block, Field
from canvas.domain.values import hours_of, shown


@dataclass(frozen=True)
class FieldDocument:
    """One field: its typed value (see canvas.domain.values), the same in words, and where it came from."""

    key: str
    label: str
    kind: str
    value: Any
    text: str
    source: str
    state: State


@dataclass(frozen=True)
class BlockDocument:
    key: str
    title: str
    asks: str
    state: str
    fields: tuple[FieldDocument, ...]


@dataclass(frozen=True)
class Header:
    """What stands above the sheet. `conclusion` is open, build or do_not_build."""

    task: str
    process: str
    workspace: str
    currency: str
    designed_for: str
    designed_by: str
    day: date
    iteration: int
    version: int
    conclusion: str = "open"
    reason: str = ""


@dataclass(frozen=True)
class CanvasDocument:
    """The ten blocks in sheet order, with their header."""

    header: Header
    blocks: tuple[BlockDocument, ...]

    def field(self, block: str, key: str) -> FieldDocument:
        """The field; KeyError when the sheet has none of that name."""
        for each in self.blocks:
            for found in each.fields if each.key == block else ():
                if found.key == key:
                    return found
        raise KeyError(f"{block}.{key}")

    def value(self, block: str, key: str) -> Any:
        """The typed value, None for a gap; a string where an adjective stands in a typed field."""
        return self.field(block, key).value

    def text(self, block: str, key: str) -> str:
        """The value in words with its unit, empty for a gap."""
        return self.field(block, key).text

    def number(self, block: str, key: str) -> float | None:
        """The value of a number, an amount of money or a share (0 to 1); None for a gap or an adjective."""
        value = self.value(block, key)
        return float(value) if isinstance(value, int | float) else None

    def hours(self, block: str, key: str) -> float | None:
        """A duration in hours."""
        return hours_of(self.value(block, key))

    def rows(self, block: str, key: str) -> tuple[dict[str, Any], ...]:
        """The rows of a list (features, sources) or of limits; empty for a gap or an adjective."""
        value = self.value(block, key)
        return tuple(row for row in value if isinstance(row, dict)) if isinstance(value, list) else ()

    @property
    def missing(self) -> tuple[FieldDocument, ...]:
        """Fields that are gaps or adjectives."""
        return tuple(each for block in self.blocks for each in block.fields if each.state in (State.GAP, State.SHARPEN))


def document_of(header: Header, fields: Fields) -> CanvasDocument:
    """The document of a canvas with these fields."""
    states = completeness(fields)
    return CanvasDocument(header, tuple(_block(block, states.of(block.key).words, header, fields) for block in SHEET))


def _block(block: Block, state: str, header: Header, fields: Fields) -> BlockDocument:
    found = tuple(_field(block, field, field_state(block.key, field, fields), header, fields) for field in block.fields)
    return BlockDocument(block.key, block.title, block.asks, state, found)


def _field(block: Block, field: Field, state: FieldState, header: Header, fields: Fields) -> FieldDocument:
    value = kept(fields, block.key, field.key)
    source = fields.get(block.key, {}).get(field.key, {}).get("source", "")
    words = shown(field, value, header.currency)
    if field.optional and value:
        return FieldDocument(field.key, field.label, field.kind.value, value, words, source, State.FULL)
    return FieldDocument(field.key, field.label, field.kind.value, value, words, source, state.state)
