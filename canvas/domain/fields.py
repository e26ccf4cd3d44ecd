"""What a typed field of the canvas is: its kind, its bounds, what it must hold."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    PROSE = "prose"
    CHOICE = "choice"
    NUMBER = "number"
    MONEY = "money"
    SHARE = "share"
    DURATION = "duration"
    LINES = "lines"
    LIMITS = "limits"
    ROWS = "rows"


class Needs(StrEnum):
    """What a text must hold before a pipeline can be generated from it."""

    NOTHING = ""
    FIGURE = "figure"
    MOMENT = "moment"


@dataclass(frozen=True)
class Field:
    """One typed field. `advice` is what to write instead of an adjective; `only` limits it to answers of another."""

    key: str
    label: str
    kind: Kind
    hint: str
    advice: str = ""
    needs: Needs = Needs.NOTHING
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    lowest: float | None = None
    highest: float | None = None
    whole: bool = False
    only: tuple[str, str, tuple[str, ...]] | None = None
    optional: bool = False


@dataclass(frozen=True)
class Block:
    """One block of the sheet: what it asks, and its fields."""

    key: str
    title: str
    asks: str
    fields: tuple[Field, ...]
    older_name: str = ""
