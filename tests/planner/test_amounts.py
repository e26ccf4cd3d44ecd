"""Amounts are read as people write them, and what cannot be read is refused with an example."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.valuation.amounts import UnreadableAmount, read_amount, read_years, write_amount, write_number
from planner.domain.valuation.assumptions import INPUTS, read_text
from planner.domain.valuation.distributions import (
    Beta,
    Constant,
    Distribution,
    Lognormal,
    Normal,
    Pert,
    Triangular,
    Uniform,
    median,
    quantile,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20", 20),
        ("1200", 1200),
        ("1 200", 1200),
        ("1\u202f200", 1200),
        ("12 k", 12_000),
        ("1.2k", 1200),
        ("1.2 M", 1_200_000),
        ("12,5", 12.5),
        ("−3", -3),
        ("-3.5", -3.5),
        ("2e3", 2000),
        ("80 %", 0.8),
    ],
)
def test_plain_numbers(text: str, value: float) -> None:
    assert read_amount(text) == Constant(value)


@pytest.mark.parametrize(
    "text",
    ["20 to 40", "[20, 40]", "20–40", "20 - 40", "20-40", "20..40", "30 ± 10", "30 +/- 10", "0.02 k to 0.04 k"],
)
def test_the_same_range_in_many_words(text: str) -> None:
    found = read_amount(text)
    assert quantile(found, 0.05) == pytest.approx(20)
    assert quantile(found, 0.95) == pytest.approx(40)


@pytest.mark.parametrize("text", ["20 % to 40 %", "20 to 40 %", "[20, 40] %", "30 ± 10 %"])
def test_a_percent_sign_is_meant_for_both_ends(text: str) -> None:
    assert median(read_amount(text, lower=0, upper=1, share=True)) == pytest.approx(0.3)


def test_a_scale_is_meant_for_both_ends() -> None:
    assert quantile(read_amount("29 to 33 k"), 0.05) == pytest.approx(29_000)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("pert(10, 20, 60)", Pert),
        ("Triangular(10,20,60)", Triangular),
        ("normal(30, 5)", Normal),
        ("uniform(10, 20)", Uniform),
        ("beta(8, 2)", Beta),
        ("lognormal(2, 5)", Lognormal),
        ("2 to 20", Lognormal),
        ("-2 to 20", Normal),
    ],
)
def test_named_distributions(text: str, kind: type) -> None:
    assert isinstance(read_amount(text), kind)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Nothing is written"),
        ("many", "“many” is no number"),
        ("40 to 20", "write 20 to 40"),
        ("1,200", "write 1200"),
        ("1,200 to 2,400", "two ways"),
        ("pert(10, 20)", "3 numbers are needed here, 2 were given"),
        ("pert(10, 90, 60)", "not between 10 and 60"),
        ("poisson(3)", "no known distribution"),
        ("lognormal(-1, 4)", "0 < low < high"),
        ("1 to 9e9", "a million times"),
        ("normal(3, 0)", "not above zero"),
        ("beta(0, 2)", "above zero"),
        ("nan", "is no number"),
        ("inf", "is no number"),
        ("1e999", "too large to count with: write at most 1e12."),
        ("=1+1", "is no number"),
        ("20 to 30 to 40", "is no number"),
        ("9" * 200, "Too long"),
        ("5 m", "is no number"),
    ],
)
def test_what_is_no_amount_says_why(text: str, says: str) -> None:
    with pytest.raises(UnreadableAmount, match=says.replace("(", r"\(")):
        read_amount(text)


@pytest.mark.parametrize("text", ["150", "110 %", "50 % to 120 %", "-5 %", "-5", "80 to 120"])
def test_a_share_beyond_its_bounds_is_refused(text: str) -> None:
    with pytest.raises(UnreadableAmount):
        INPUTS["coverage"].read(text)


@pytest.mark.parametrize(
    ("text", "low", "high"), [("70 to 80", 0.7, 0.8), ("[0,5]", 0, 0.05), ("0.5 to 20", 0.005, 0.2)]
)
def test_bare_numbers_above_one_are_percentages_of_a_share(text: str, low: float, high: float) -> None:
    found = INPUTS["coverage"].read(text)
    assert found == INPUTS["coverage"].read(f"{100 * low:g} % to {100 * high:g} %")
    assert "more than 100" not in write_amount(found, share=True)


def test_an_impossible_share_is_refused_as_it_was_meant() -> None:
    with pytest.raises(UnreadableAmount, match=r"^150 % is more than 100 %: a share goes up to 100 %\.$"):
        INPUTS["coverage"].read("150")


hundredths = st.integers(200, 10_000).map(lambda number: number / 100)


@pytest.mark.parametrize("text", ["1.2", "1.01 to 1.5", "0.5 to 2", "[0.9, 1.1]", "0.8 ± 0.3 to 1.1"])
def test_a_share_above_one_is_not_taken_for_a_small_percentage(text: str) -> None:
    for key in ("coverage", "recapture"):
        with pytest.raises(UnreadableAmount):
            INPUTS[key].read(text)


@pytest.mark.parametrize("key", ["volume", "minutes_before", "wage", "hosting", "person_days", "value_fp"])
def test_a_percentage_is_no_amount_of_anything_else(key: str) -> None:
    with pytest.raises(UnreadableAmount, match="is a share, which is not asked for here"):
        INPUTS[key].read("150 %")


@given(hundredths, hundredths, st.sampled_from(sorted(key for key, spec in INPUTS.items() if spec.is_share)))
def test_a_share_reads_the_same_with_and_without_its_sign(one: float, other: float, key: str) -> None:
    low, high = sorted((one, other))
    for bare in (f"{high:g}", f"[{low:g}, {high:g}]", f"{low:g} to {high:g}"):
        assert INPUTS[key].read(bare) == INPUTS[key].read(f"{bare} %")


@given(st.floats(0, 1).map(lambda share: round(share, 4)))
def test_a_share_up_to_one_is_itself(value: float) -> None:
    assert INPUTS["coverage"].read(f"{value:.4f}") == Constant(value)


@given(st.text(max_size=30))
def test_any_share_is_read_or_refused_in_words(text: str) -> None:
    words = "."
    try:
        read_amount(text, lower=0, upper=1, share=True)
    except UnreadableAmount as problem:
        words = str(problem)
    assert words.endswith((".", "%"))


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    words = ""
    try:
        read_amount(text)
    except UnreadableAmount as problem:
        words = str(problem)
    assert not words or words.endswith((".", "%"))


numbers = st.floats(-1e8, 1e8).map(lambda value: float(f"{value:.6g}") if abs(value) > 1e-6 else 0.0)
positive = st.floats(1e-3, 1e7).map(lambda value: float(f"{value:.6g}"))
three = st.lists(numbers, min_size=3, max_size=3, unique=True).map(sorted)
distributions = st.one_of(
    numbers.map(Constant),
    three.map(lambda ends: Normal.interval(ends[0], ends[2])),
    three.map(lambda ends: Pert(*ends)),
    three.map(lambda ends: Triangular(*ends)),
    three.map(lambda ends: Uniform(ends[0], ends[2])),
    st.tuples(positive, positive).map(lambda pair: Beta(*pair)),
    positive.map(lambda low: Lognormal(low, 50 * low)),
    positive.map(lambda low: Lognormal(low, 3 * low)),
)


@given(distributions, st.booleans())
def test_what_is_written_is_read_again_as_the_same(distribution: Distribution, share: bool) -> None:
    again = read_amount(write_amount(distribution, share=share), share=share)
    if not isinstance(distribution, Normal):
        assert type(again) is type(distribution)
    for p in (0.05, 0.5, 0.95):
        expected = quantile(distribution, p)
        scale = max(abs(quantile(distribution, 0.05)), abs(quantile(distribution, 0.95)))
        assert quantile(again, p) == pytest.approx(expected, rel=1e-6, abs=1e-6 * scale)


def test_numbers_are_written_short() -> None:
    assert [write_number(value) for value in (0.5, 31000, 1450, -12.25)] == ["0.5", "31\u202f000", "1450", "-12.25"]
    assert write_number(0.085, share=True) == "8.5 %"


def test_years_hold_the_last_share() -> None:
    assert read_years("40, 75, 90 %") == (0.4, 0.75, 0.9)
    assert read_years("100 %") == (1.0,)
    with pytest.raises(UnreadableAmount, match="between 0 % and 100 %"):
        read_years("40, 140 %")


@pytest.mark.parametrize(("key", "text"), [("horizon", "0"), ("horizon", "200"), ("horizon", "x"), ("error_form", "x")])
def test_settings_are_refused_in_words(key: str, text: str) -> None:
    with pytest.raises(ValueError, match=r": (write|use) "):
        read_text(key, text)
