"""Pages are set whatever the process did before, and text handed over is text."""

import os
from pathlib import Path

import pytest

from common.errors import Unavailable
from common.typesetting import TypesettingError, typeset

WORDS = "#set page(width: 60mm, height: 20mm)\n#sys.inputs.words"


@pytest.fixture
def template(tmp_path: Path) -> Path:
    written = tmp_path / "words.typ"
    written.write_text(WORDS)
    return written


def test_a_fork_of_a_process_that_has_set_a_page_sets_one_too(template: Path) -> None:
    assert typeset(template, inputs={"words": "before"}).startswith(b"%PDF-")
    child = os.fork()
    if not child:
        os._exit(0 if typeset(template, inputs={"words": "after"}).startswith(b"%PDF-") else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_markup_in_a_text_is_text(template: Path) -> None:
    hostile = '#panic("no") $x$ *bold* </script> 中文'
    assert typeset(template, inputs={"words": hostile}, form="png").startswith(b"\x89PNG")


def test_a_template_that_fails_says_how(template: Path) -> None:
    with pytest.raises(TypesettingError, match="words"):
        typeset(template, inputs={"other": "text"})


def test_a_page_that_never_ends_is_given_up(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.typesetting.LONGEST_S", 0.001)
    with pytest.raises(Unavailable, match="too long"):
        typeset(template, inputs={"words": "late"})
