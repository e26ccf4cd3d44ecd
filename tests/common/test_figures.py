"""Figures as people read them: never more digits than meant, never a bare minus, unknown is a dash."""

import doctest
import math

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from common import formatting

FINITE = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15)
FIGURES = [
    formatting.number,
    formatting.count,
    formatting.money,
    formatting.thousands,
    formatting.price,
    formatting.share,
    formatting.in_hundred,
    formatting.signed,
    formatting.minutes,
    formatting.hours,
    formatting.clock,
    formatting.size,
]
SIZES = {"k": 1e3, "M": 1e6, "G": 1e9}


def value_of(text: str) -> float:
    """What a reader takes an amount for."""
    parts = text.replace(formatting.MINUS, "-").replace(formatting.THIN, "").split()
    return float(parts[0]) * (SIZES[parts[1]] if len(parts) > 1 else 1)


def test_the_examples_in_the_documentation_hold() -> None:
    assert doctest.testmod(formatting).failed == 0


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("unknown", [None, math.nan, math.inf, -math.inf])
def test_what_is_unknown_is_a_dash(figure: object, unknown: float | None) -> None:
    assert callable(figure)
    assert figure(unknown) == formatting.DASH


@given(FINITE)
def test_an_amount_reads_as_itself_to_three_digits(amount: float) -> None:
    read = value_of(formatting.money(amount))
    assert math.isclose(read, amount, rel_tol=0.006, abs_tol=1e-9)


@given(FINITE)
def test_no_figure_has_a_bare_hyphen_or_an_exponent(amount: float) -> None:
    for figure in FIGURES:
        text = figure(amount)
        assert "-" not in text
        assert "e" not in text.replace("EUR", "").replace("under", "").replace("over", "")


@given(st.floats(min_value=0, max_value=1))
def test_a_share_reads_as_none_or_all_only_when_it_is(part: float) -> None:
    text = formatting.share(part)
    if 1e-6 < part < 1 - 1e-6:
        assert text not in ("0 %", "100 %")


@given(FINITE, FINITE)
def test_an_interval_keeps_its_order(low: float, high: float) -> None:
    first, second = formatting.interval(min(low, high), max(low, high)).split(" to ")
    assert value_of(first) <= value_of(second)


def test_templates_load_them() -> None:
    page = Template("{% load figures %}{{ cost|money:'EUR' }}, {{ visits|count }}, {% interval low high 'EUR' %}")
    given = {"cost": 1458000, "visits": 42000, "low": -281200, "high": 458000}
    assert page.render(Context(given)) == "1.46 M EUR, 42\u202f000, −280 k to 460 k EUR"
