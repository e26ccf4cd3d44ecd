"""A column written with decimal commas is one of numbers; one that could be meant otherwise stays as it is."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.event_log.attribute_profile import AttributeKind, attribute_profiles
from planner.domain.event_log.number_reading import numbers_of
from planner.domain.foresight.attribute_reading import Refusal, attribute_read
from planner.domain.foresight.feature_kinds import FeatureType


def german(value: float) -> str:
    """A number with dots between thousands and a comma before two decimals."""
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


@given(st.lists(st.integers(-(10**9), 10**9).map(lambda cents: cents / 100), min_size=1))
def test_numbers_come_back_as_they_were_written(values: list[float]) -> None:
    assert numbers_of(pd.Series([german(value) for value in values])).tolist() == pytest.approx(values)


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["1.234", "2.500"], [1.234, 2.5]),
        (["1,234", "2,500"], [None, None]),
        (["12,5", "1.5"], [None, 1.5]),
        (["12,5", "on hand"], [None, None]),
        (["1,234.56", "12"], [None, 12]),
        (["1.234,5", "2.500"], [1234.5, 2500]),
        (["12,5", " 3 "], [12.5, 3]),
    ],
)
def test_a_column_is_read_in_one_way(texts: list[str], numbers: list[float | None]) -> None:
    found = numbers_of(pd.Series(texts)).astype("float64")
    assert [None if pd.isna(value) else value for value in found] == numbers


def test_the_profile_and_the_training_table_hold_numbers() -> None:
    amounts = [german(1000 + 37.5 * n) for n in range(40)]
    frame = pd.DataFrame({"case": [f"c{n}" for n in range(40)], "case:amount": amounts})
    (profile,) = attribute_profiles(frame)
    assert (profile.kind, profile.low, profile.high) == (AttributeKind.NUMBER, 1000.0, 2462.5)
    moment = pd.Series(pd.date_range("2024-01-01", periods=40, tz="UTC"))
    read = attribute_read(pd.Series(amounts), column="case:amount", moment=moment)
    assert not isinstance(read, Refusal)
    assert read[1].type is FeatureType.NUMBER
    assert read[0].tolist()[:2] == [1000.0, 1037.5]
