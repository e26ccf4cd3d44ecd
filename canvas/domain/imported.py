"""What a file brings for a canvas, and what is wrong with one that cannot be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

LONGEST_FILE = 1_000_000
"""Characters of a file that is read at all."""


@dataclass(frozen=True)
class Place:
    """Where something stands in a text, both counted from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


@dataclass(frozen=True)
class Fault:
    """One thing that cannot be read: where (a place in the text, or a path in the document) and why, as a sentence."""

    where: str
    message: str


class Unreadable(ValueError):
    """A file no canvas can be read from."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults[0].message)
        self.faults = faults


@dataclass(frozen=True)
class Imported:
    """Values by path (`block.field`), header values by name, and where each stood. None empties a field."""

    values: Mapping[str, Any]
    header: Mapping[str, Any]
    places: Mapping[str, str] = field(default_factory=dict)


def refuse_long(text: str) -> None:
    if len(text) > LONGEST_FILE:
        raise Unreadable(Fault("", f"A canvas has at most {LONGEST_FILE:,} characters; the file has {len(text):,}."))


def listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
