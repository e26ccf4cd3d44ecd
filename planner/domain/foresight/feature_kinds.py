"""The words for a column of a training table."""

from dataclasses import dataclass
from enum import StrEnum


class FeatureType(StrEnum):
    """How a feature is to be read."""

    NUMBER = "number"
    CATEGORY = "category"
    BOOLEAN = "boolean"


class FeatureGroup(StrEnum):
    """Where a feature comes from: the case itself, the order of its steps, the clock, people, what goes on in other
    cases, how earlier cases came out."""

    ATTRIBUTE = "attribute"
    ORDER = "order"
    TIME = "time"
    PEOPLE = "people"
    OTHER_CASES = "other cases"
    OUTCOMES = "earlier outcomes"


@dataclass(frozen=True)
class Feature:
    """One column: its name in the table, what it is, its unit ("" where it has none), its source.

    `column` is the column of the log it was read from, "" where it was computed.
    """

    name: str
    label: str
    type: FeatureType
    unit: str
    source: str
    group: FeatureGroup
    column: str = ""


@dataclass(frozen=True)
class Dropped:
    """A column of the log that is no feature, and why."""

    column: str
    reason: str
