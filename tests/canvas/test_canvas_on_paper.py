"""The printed sheet: one page on each paper, whatever stands on it; every letter drawn or honestly replaced."""

import re
import struct

import pytest

from canvas.domain.blocks import field_of
from canvas.domain.document import CanvasDocument, Header, document_of
from canvas.domain.values import value_of
from canvas.services.paper_letters import WITHOUT_LETTER, is_right_to_left, letters, printable
from canvas.services.paper_sheet import Paper, paper_picture, paper_sheet
from tests.canvas.filled import FILLED, HEADER

LONG = {
    "value_proposition.objective": "A story told in many words that never end. " * 46,
    "decisions.action": "word " * 390,
    "features.features": "\n".join(f"a feature of a long name {number} | number | EUR" for number in range(300)),
    "monitoring.business_metrics": "\n".join(f"figure {number}" for number in range(300)),
}


def sheet_of(values: dict[str, str], header: Header = HEADER) -> CanvasDocument:
    fields: dict[str, dict[str, dict[str, object]]] = {}
    for path, text in values.items():
        block, key = path.split(".")
        fields.setdefault(block, {})[key] = {
            "value": value_of(field_of(block, key), text),
            "source": "",
            "by": "person",
        }
    return document_of(header, fields)


def size_of(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack_from(">II", picture, 16)
    return width, height


@pytest.mark.parametrize("values", [{}, FILLED, {**FILLED, **LONG}], ids=["empty", "filled", "long"])
def test_the_sheet_is_one_page_of_the_paper_asked_for(values: dict[str, str]) -> None:
    document = sheet_of(values)
    # A picture of several pages would be several files, which the typesetter gives as a list.
    assert size_of(paper_picture(document)) == (1754, 1240)
    assert paper_sheet(document, paper="a3").startswith(b"%PDF-")


@pytest.mark.parametrize(("paper", "box"), [("a4", "841.89 595.28"), ("a3", "1190.55 841.89")])
def test_it_is_landscape_and_leads_to_its_author_and_licence(paper: Paper, box: str) -> None:
    pdf = paper_sheet(sheet_of(FILLED), paper=paper)
    sizes = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert [" ".join(f"{float(side):.2f}" for side in size) for size in sizes] == [box]
    assert b"https://www.ownml.co" in pdf
    assert b"https://creativecommons.org/licenses/by-sa/4.0/" in pdf


def test_the_same_canvas_gives_the_same_page() -> None:
    assert paper_picture(sheet_of(FILLED)) == paper_picture(sheet_of(FILLED))


def test_what_the_typesetter_would_run_is_set_as_text() -> None:
    # Read as markup, the first would stop the typesetter and the others fail for an unknown name or file.
    for text in (
        '#panic("read as markup")',
        "$ x_unknown $ @nowhere",
        '#include "/etc/passwd"',
        "</script>\\ *b* _i_ `c`",
    ):
        said = sheet_of({"decisions.action": text}, Header(text, text, text, "EUR", text, text, HEADER.day, 1, 1))
        assert paper_picture(said) != paper_picture(sheet_of({}))


@pytest.mark.parametrize(
    "text",
    [
        "理赔员希望快速判断",
        "العاملون في المطالبات",
        "日本語かな",
        "한국어",
        "עברית",
        "हिन्दी",
        "ภาษาไทย",
        "📞 ✅ 👍🏽",
        "Ελλάδα ≥ Привет",
    ],
)
def test_the_scripts_people_write_in_have_letters(text: str) -> None:
    assert printable(text)[1] == 0


def test_a_sign_without_letter_is_shown_as_one_and_counted() -> None:
    assert printable("sign \U00012000 and \U00012001") == (f"sign {WITHOUT_LETTER} and {WITHOUT_LETTER}", 2)
    assert ord(WITHOUT_LETTER) in letters()


def test_what_only_joins_or_shades_goes_without_a_box() -> None:
    assert printable("\u2764\ufe0f\u200d👍\U0001f3fd") == ("\u2764👍", 0)


def test_direction_follows_the_first_letter() -> None:
    assert [is_right_to_left(text) for text in ("42 العاملون", "abc عربية", "42", "")] == [True, False, False, False]
