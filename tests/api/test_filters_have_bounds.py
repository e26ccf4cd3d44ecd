"""Filters of the API have bounds: too large a number or too many words is said, and is no error of ours."""

import pytest

from tests.conftest import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.second_leg]


@pytest.mark.parametrize("address", ["pipelines/?process", "pipelines/?task", "canvases/?process", "canvases/?task"])
def test_a_number_no_row_can_have_is_refused(cast: Cast, address: str) -> None:
    path, _, field = address.partition("?")
    answer = cast.browser(cast.viewer).get(f"/api/v1/{path}?workspace=acme&{field}=9999999999999999999999")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["path"] == field


def test_more_words_than_anybody_types_are_refused(cast: Cast) -> None:
    browser = cast.browser(cast.viewer)
    assert browser.get("/api/v1/processes/?workspace=acme&q=" + "+".join("abcdefghijkl")).status_code == 200
    answer = browser.get("/api/v1/processes/?workspace=acme&q=" + "+".join(["a"] * 2_000))
    assert answer.status_code == 400
    assert "12 words" in answer.json()["errors"][0]["message"]
