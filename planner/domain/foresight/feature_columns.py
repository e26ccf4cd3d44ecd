"""Collects the features of a training table under names that are unique."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from planner.domain.foresight.feature_kinds import Dropped, Feature

RESERVED = frozenset({"case", "moment", "known_at", "part", "label"})


def identifier(text: str) -> str:
    """A column name of lower-case letters, digits and underscores.

    >>> identifier("Prüfe Antrag (2)")
    'prufe_antrag_2'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:60] or "column"


def unique_name(text: str, taken: Collection[str]) -> str:
    """The text as a column name that is neither taken nor a row's own.

    >>> unique_name("Case", {"amount"}), unique_name("Amount", {"amount"})
    ('case_2', 'amount_2')
    """
    wish = identifier(text)
    name, count = wish, 2
    while name in taken or name in RESERVED:
        name, count = f"{wish}_{count}", count + 1
    return name


class Columns:
    """Features and their values, and the columns of the log that are none."""

    def __init__(self, taken: Collection[str] = ()) -> None:
        self.data: dict[str, pd.Series] = {}
        self.features: list[Feature] = []
        self.dropped: list[Dropped] = []
        self._taken = frozenset(taken)

    def add(self, values: pd.Series, feature: Feature) -> None:
        """Keep the values under the feature's name, made an identifier no other column has."""
        name = unique_name(feature.name, {*self.data, *self._taken})
        self.data[name] = values.reset_index(drop=True)
        self.features.append(replace(feature, name=name))

    def drop(self, column: str, reason: str) -> None:
        """Remember why a column of the log is no feature."""
        self.dropped.append(Dropped(column, reason))
