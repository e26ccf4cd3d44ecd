"""docs/formulas.md says what the code does: every example in it is run."""

import doctest
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "formulas.md"


def test_every_example_in_the_document_holds() -> None:
    found = doctest.testfile(str(DOCUMENT), module_relative=False, encoding="utf-8")
    assert found.attempted > 20
    assert found.failed == 0
