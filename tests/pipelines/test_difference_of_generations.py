"""What a generation changed against the one before it, on the page and through the API; source in colours."""

import pytest

from pipelines.domain.highlighting import pieces_of
from pipelines.domain.project_difference import change_reasons, file_difference
from tests.pipelines.made_generations import generation_made, pipeline_made


@pytest.fixture
def two(cast):
    """Two generations, between which the decision of the canvas changed."""
    pipeline = pipeline_made(cast.workspace)
    return pipeline.generations.get(), generation_made(pipeline, decisions__action="Call the <b>customer</b>")


def test_the_page_shows_the_lines_that_changed_and_text_stays_text(cast, two):
    page = cast.browser(cast.viewer).get(f"/w/acme/generations/{two[1].pk}/difference/").content.decode()
    assert "against generation 1" in page
    assert "Call the &lt;b&gt;customer&lt;/b&gt;" in page
    assert "<b>customer</b>" not in page


def test_it_begins_with_how_much_changed_and_why(cast, two):
    page = cast.browser(cast.viewer).get(f"/w/acme/generations/{two[1].pk}/difference/").content.decode()
    assert "0 files added, 0 removed, " in page
    assert "It comes from: the canvas." in page
    after = {"architecture": {"serving": "b"}, "story": ["x"], "lock_digest": "2"}
    assert change_reasons({"architecture": {}, "story": []}, after) == (
        "the canvas",
        "other options",
        "other versions of packages",
    )
    assert change_reasons(after, after) == ()


def test_whether_real_rows_are_in_it_stays_as_it_was(cast, two):
    address = f"/w/acme/pipelines/{two[1].pipeline_id}/"
    ticked = 'name="include_rows"'
    page = cast.browser(cast.editor).get(address).content.decode()
    assert "checked" in page[page.index(ticked) - 100 : page.index(ticked) + 200]
    type(two[1]).objects.update(with_rows=False)
    page = cast.browser(cast.editor).get(address).content.decode()
    assert "checked" not in page[page.index(ticked) - 100 : page.index(ticked) + 200]


def test_the_first_has_none_before_it_and_a_stranger_sees_none(cast, two):
    first = cast.browser(cast.viewer).get(f"/w/acme/generations/{two[0].pk}/difference/")
    assert "there is none before it" in first.content.decode()
    assert cast.browser(cast.stranger).get(f"/w/acme/generations/{two[1].pk}/difference/").status_code == 404


def test_a_file_that_is_no_text_is_said_to_have_changed():
    found = file_difference("model.bin", b"\xff\x00", b"\xff\x01")
    assert (found.kind, found.cut, found.lines) == ("changed", True, ())


@pytest.mark.parametrize(
    "path", ["a.py", "Makefile", "x.yaml", "b.toml", "Dockerfile", "README.md", "c.lock", "unknown"]
)
def test_colours_change_no_character(path):
    lines = ('x = "<b>"  # {{ y }}', "", "\tdef  f(): 'é' 🙂", "- a: *b &c", "\\")
    assert tuple("".join(text for _, text in row) for row in pieces_of(path, lines)) == lines
