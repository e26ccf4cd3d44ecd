"""Which values an input is chosen from, where it has few and all are known."""

from collections.abc import Mapping
from typing import Any

MOST_CHOICES = 20
ALL = 0.999
NOT_VALUES = ("(missing)", "(other)")


def choices_of(reference: Mapping[str, Any]) -> list[str]:
    """The values of a category by its reference (the share of each common value); none for what is no short list.

    >>> choices_of({"kind": "category", "shares": {"(missing)": 0.2, "north": 0.5, "south": 0.3}})
    ['north', 'south']
    >>> choices_of({"kind": "category", "shares": {"north": 0.5, "south": 0.3}}), choices_of({"kind": "number"})
    ([], [])
    """
    shares = reference.get("shares", {}) if reference.get("kind") == "category" else {}
    values = sorted(name for name in shares if name not in NOT_VALUES)
    return values if len(values) <= MOST_CHOICES and sum(shares.values()) >= ALL else []
