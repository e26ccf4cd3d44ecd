"""While an amount is typed, its mean, its 90 % and a small drawing are shown, or the sentence of what is wrong."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from planner.selectors.amount_preview import amount_preview
from tests.conftest import Cast


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("minutes_before", "25 to 35", "mean 30 minutes a visit; nine times in ten between 25 and 35"),
        ("minutes_before", "30 ± 5", "mean 30 minutes a visit; nine times in ten between 25 and 35"),
        ("person_days", "pert(10, 20, 60)", "mean 25 days; nine times in ten between 12.9 and 41.1"),
        ("coverage", "80 %", "exactly 80 % of visits"),
        ("volume", "1.2k", "exactly 1\u202f200 a year"),
        ("hosting", "2 k to 5 k", "mean 3\u202f500 EUR a year; nine times in ten between 2\u202f000 and 5\u202f000"),
        ("adoption", "40, 90 %", "year 1 40 %, year 2 90 %, and so on"),
        ("horizon", "7", "7 years"),
    ],
)
def test_what_is_read_is_said(key: str, text: str, words: str) -> None:
    assert amount_preview(key, text, "EUR").words == words


@pytest.mark.parametrize("text", ["40 to 20", "nan", "inf", "-1", "1e999", "1,200", "x" * 5_000, "pert(1, 2)"])
def test_what_cannot_be_read_is_said_and_not_drawn(text: str) -> None:
    found = amount_preview("volume", text, "EUR")
    assert found.problem.endswith(".") or ":" in found.problem
    assert found.drawing is None


@pytest.mark.parametrize("text", ["7", "1 to 900000", "beta(0.1, 0.1)", "uniform(0, 1e-12)", "0 to 1e12", "5 to 5"])
def test_every_drawing_stays_within_its_frame(text: str) -> None:
    drawing = amount_preview("value_tp", text, "EUR").drawing
    assert drawing is not None
    assert drawing.bars
    for bar in drawing.bars:
        assert 0 <= float(bar.x) <= float(bar.x) + float(bar.width) <= drawing.width + 0.2
        assert 0 <= float(bar.y) <= drawing.height


@pytest.mark.django_db
def test_the_answer_is_a_drawing_with_words_and_cheap(cast: Cast) -> None:
    client = cast.browser(cast.viewer)
    where = "/w/acme/amount/?key=coverage&text=70 to 80"
    client.get(where)
    with CaptureQueriesContext(connection) as caught:
        text = client.get(where).content.decode()
    assert 'role="img" aria-label="Distribution: mean 75 % of visits' in text
    assert len(caught) <= 4
    assert "more than 100 %" in client.get("/w/acme/amount/?key=coverage&text=150").content.decode()
    assert client.get("/w/acme/amount/?key=nonsense&text=1").status_code == 404
    assert "<script>" not in client.get("/w/acme/amount/?key=volume&text=<script>").content.decode()
