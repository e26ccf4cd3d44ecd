"""Reads a column of text or values as a boolean, a number, a date or a category."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.domain.event_log.number_reading import numbers_of
from planner.domain.foresight.feature_kinds import Feature, FeatureGroup, FeatureType

CASE_ATTRIBUTE = "case attribute"
EVENT_ATTRIBUTE = "attribute of an earlier event, its latest value"
UNIQUE_SHARE = 0.9
MOST_VALUES = 500
NUMBER_SHARE = 0.995
FUTURE_SHARE = 0.002
TRUE_FALSE = {"true", "false"}
FEWEST_TO_COUNT = 20
RISING = 0.9


@dataclass(frozen=True)
class Refusal:
    """Why a column is no feature."""

    reason: str


Read = tuple[pd.Series, Feature] | Refusal


def attribute_read(values: pd.Series, *, column: str, moment: pd.Series) -> Read:
    """The values as a feature, or why they are none. `moment` holds each row's moment of prediction.

    >>> moment = pd.Series(pd.to_datetime(["2024-01-01", "2024-01-02"], utc=True))
    >>> read, feature = attribute_read(pd.Series(["1.5", "2"]), column="case:amount", moment=moment)
    >>> feature.type.value, read.tolist()
    ('number', [1.5, 2.0])
    """
    if values.dropna().nunique() < 2:
        return Refusal("the same for all cases, or missing")
    for reader in (_boolean, _number, _date, _category):
        read = reader(values, column, moment)
        if read is not None:
            return read
    return Refusal("nearly every case has its own value")


def is_running_number(values: pd.Series, *, moment: pd.Series) -> bool:
    """Whole numbers, a different one for nearly every case, rising with time: an identifier.

    >>> moments = pd.Series(pd.date_range("2024-01-01", periods=100, tz="UTC"))
    >>> is_running_number(pd.Series(range(1000, 1100)), moment=moments)
    True
    >>> is_running_number(pd.Series([37 * i % 100 for i in range(100)]), moment=moments)
    False
    """
    numbers = numbers_of(values).dropna().astype("float64")
    if len(numbers) < FEWEST_TO_COUNT or numbers.nunique() < 0.98 * len(numbers) or (numbers % 1 != 0).any():
        return False
    ranks = numbers.rank().corr(moment.loc[numbers.index].rank())
    return bool(abs(ranks) > RISING)


def _feature(column: str, kind: FeatureType, *, days: bool = False) -> Feature:
    prefix, _, name = column.partition(":")
    source = CASE_ATTRIBUTE if prefix == "case" else EVENT_ATTRIBUTE
    named, label, unit = (f"days_since_{name}", f"days since {name}", "days") if days else (name, name, "")
    return Feature(named, label, kind, unit, source, FeatureGroup.ATTRIBUTE, column)


def _boolean(values: pd.Series, column: str, moment: pd.Series) -> Read | None:
    text = values.astype("string").str.lower()
    if not set(text.dropna().unique()) <= TRUE_FALSE:
        return None
    return text.map({"true": 1.0, "false": 0.0}).astype("float64"), _feature(column, FeatureType.BOOLEAN)


def _number(values: pd.Series, column: str, moment: pd.Series) -> Read | None:
    if pd.api.types.is_datetime64_any_dtype(values):
        return None
    read = numbers_of(values).astype("float64").replace([np.inf, -np.inf], np.nan)
    if read.notna().sum() < NUMBER_SHARE * values.notna().sum():
        return None
    return read, _feature(column, FeatureType.NUMBER)


def _date(values: pd.Series, column: str, moment: pd.Series) -> Read | None:
    read = _read_dates(values)
    if read is None:
        return None
    if (read > moment).mean() > FUTURE_SHARE:
        return Refusal("lies after the moment of prediction in some cases: it may be filled in later")
    days = (moment - read).dt.total_seconds() / 86400.0
    return days, _feature(column, FeatureType.NUMBER, days=True)


def _read_dates(values: pd.Series) -> pd.Series | None:
    if pd.api.types.is_datetime64_any_dtype(values):
        return pd.Series(pd.to_datetime(values, utc=True))
    text = values.astype("string")
    if text.dropna().str.match(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?$").mean() < NUMBER_SHARE:
        return None
    return pd.Series(pd.to_datetime(text, utc=True, errors="coerce", format="ISO8601"))


def _category(values: pd.Series, column: str, moment: pd.Series) -> Read | None:
    text = values.astype("string")
    if text.nunique() > min(MOST_VALUES, UNIQUE_SHARE * int(text.notna().sum())):
        return None
    return text, _feature(column, FeatureType.CATEGORY)
