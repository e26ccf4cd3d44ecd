"""How far a canvas is: which fields are full, which still hold an adjective where a value is needed, which are gaps.

The common complaint about canvases is that people stop at adjectives ("offline evaluation", "fast") where a value is
needed. A field that steers code is full only once it holds that value.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from canvas.domain.blocks import BLOCKS, SHEET
from canvas.domain.fields import Block, Field, Kind, Needs

Fields = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""`{block: {field: {"value": ..., "source": ...}}}`, as a canvas keeps them."""

FIGURE = re.compile(r"\d|\b(?:none|no|zero|one|two|three|four|five|six|seven|eight|nine|ten|hundred|half|all)\b", re.I)
PERIOD = re.compile(
    r"\d|\b(?:every|each|daily|nightly|hourly|weekly|fortnightly|monthly|quarterly|yearly|annually|once|never)\b", re.I
)
UNDECIDED = re.compile(r"^(?:tbd|tbc|todo|to do|to be (?:defined|decided)|n/?a|unknown|\?+|\.{3}|…|x+|-+)[.!]?$", re.I)
PATTERNS = {Needs.FIGURE: FIGURE, Needs.MOMENT: PERIOD}
TYPED = (Kind.NUMBER, Kind.MONEY, Kind.SHARE, Kind.DURATION, Kind.LIMITS)


class State(StrEnum):
    """Where one field stands."""

    FULL = "full"
    SHARPEN = "sharpen"
    GAP = "gap"
    UNUSED = "unused"


@dataclass(frozen=True)
class FieldState:
    """One field's state. `advice` says what to write, in a sentence."""

    block: str
    key: str
    state: State
    words: str = ""
    advice: str = ""


@dataclass(frozen=True)
class BlockState:
    """One block's fields that count (optional and unused ones do not)."""

    key: str
    fields: tuple[FieldState, ...]

    @property
    def gaps(self) -> int:
        return sum(field.state is State.GAP for field in self.fields)

    @property
    def to_sharpen(self) -> int:
        return sum(field.state is State.SHARPEN for field in self.fields)

    @property
    def is_full(self) -> bool:
        return not self.gaps and not self.to_sharpen

    @property
    def words(self) -> str:
        """The block's state as the sheet says it: full, 1 to sharpen, 2 gaps."""
        if self.is_full:
            return "full"
        gaps = f"{self.gaps} gap{'s' if self.gaps > 1 else ''}" if self.gaps else ""
        return ", ".join(part for part in (gaps, f"{self.to_sharpen} to sharpen" if self.to_sharpen else "") if part)


@dataclass(frozen=True)
class Completeness:
    """The whole sheet."""

    blocks: tuple[BlockState, ...]

    @property
    def full_blocks(self) -> int:
        return sum(block.is_full for block in self.blocks)

    @property
    def fields(self) -> tuple[FieldState, ...]:
        return tuple(field for block in self.blocks for field in block.fields)

    @property
    def filled(self) -> int:
        return sum(field.state is not State.GAP for field in self.fields)

    @property
    def adjectives(self) -> tuple[FieldState, ...]:
        return tuple(field for field in self.fields if field.state is State.SHARPEN)

    @property
    def gaps(self) -> tuple[FieldState, ...]:
        return tuple(field for field in self.fields if field.state is State.GAP)

    @property
    def is_complete(self) -> bool:
        return self.full_blocks == len(self.blocks)

    def of(self, block: str) -> BlockState:
        return next(state for state in self.blocks if state.key == block)

    def next_in(self, order: tuple[Block, ...]) -> FieldState | None:
        """The first field to work on in this order: an adjective or a gap; None when all are full."""
        waiting = (field for block in order for field in self.of(block.key).fields)
        return next((field for field in waiting if field.state is not State.FULL), None)


def completeness(fields: Fields) -> Completeness:
    """The state of every field that counts.

    >>> completeness({}).full_blocks
    0
    """
    return Completeness(tuple(_block_state(block, fields) for block in SHEET))


def _block_state(block: Block, fields: Fields) -> BlockState:
    states = (field_state(block.key, field, fields) for field in block.fields if not field.optional)
    return BlockState(block.key, tuple(state for state in states if state.state is not State.UNUSED))


def field_state(block: str, field: Field, fields: Fields) -> FieldState:
    """Full, to sharpen, a gap, or unused where another field's answer makes it pointless."""
    if not applies(field, fields):
        return FieldState(block, field.key, State.UNUSED)
    value = kept(fields, block, field.key)
    if value is None or value in ("", []):
        state = State.UNUSED if field.optional else State.GAP
        return FieldState(block, field.key, state, advice=field.advice or field.hint)
    if is_adjective(field, value):
        return FieldState(block, field.key, State.SHARPEN, str(value), field.advice or field.hint)
    return FieldState(block, field.key, State.FULL)


def applies(field: Field, fields: Fields) -> bool:
    """Whether the field is asked at all: a schedule only of batches. Unanswered, everything is asked."""
    if field.only is None:
        return True
    block, key, answers = field.only
    answer = kept(fields, block, key)
    return answer is None or answer in answers


def is_adjective(field: Field, value: Any) -> bool:
    """Whether words stand where a value is needed.

    >>> from canvas.domain.blocks import field_of
    >>> is_adjective(field_of("impact_simulation", "test_set"), "recent claims")
    True
    >>> is_adjective(field_of("impact_simulation", "test_set"), "October to December 2025, 9 200 claims")
    False
    """
    if not isinstance(value, str):
        return False
    if field.kind in TYPED or UNDECIDED.match(value.strip()):
        return True
    pattern = PATTERNS.get(field.needs)
    return pattern is not None and pattern.search(value) is None


def kept(fields: Fields, block: str, key: str) -> Any:
    """The value a canvas holds, or None."""
    return fields.get(block, {}).get(key, {}).get("value")


def total_fields() -> int:
    """How many fields the sheet asks at most."""
    return sum(not field.optional for block in BLOCKS.values() for field in block.fields)
