"""Files of the canvas: what is exported comes back the same; a file that cannot be read says where."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canvas.domain.blocks import SHEET, field_of
from canvas.domain.document import CanvasDocument, document_of
from canvas.domain.imported import Imported, Unreadable
from canvas.domain.json_format import canvas_schema, read_json
from canvas.domain.markdown_format import OLDER, read_markdown
from canvas.domain.rendering import json_of, markdown_of
from canvas.domain.values import cleaned, value_of
from tests.canvas.filled import FILLED, HEADER

ROOT = Path(__file__).resolve().parents[2]
TEXTS = st.text(st.characters(codec="utf-8"), max_size=60).map(cleaned).filter(lambda text: text not in ("", "–"))
PROSE = ("decisions.action", "value_proposition.objective", "features.note")
SOURCES = st.sampled_from(["", "Edith", "drafted (from *Value*)", "a\\b"])
READERS: dict[str, tuple[Callable[[str], Imported], Callable[[CanvasDocument], str]]] = {
    "md": (read_markdown, markdown_of),
    "json": (read_json, lambda document: json.dumps(json_of(document))),
}


def document(values: dict[str, str], source: str = "Edith") -> CanvasDocument:
    fields: dict[str, dict[str, Any]] = {}
    for path, text in values.items():
        block, key = path.split(".")
        fields.setdefault(block, {})[key] = {
            "value": value_of(field_of(block, key), text),
            "source": source,
            "by": "person",
        }
    return document_of(HEADER, fields)


def values_of(brought: Imported) -> dict[str, Any]:
    read = {path: value_of(field_of(*path.split(".")), given) for path, given in brought.values.items()}
    return {path: value for path, value in read.items() if value is not None}


def kept_in(found: CanvasDocument) -> dict[str, Any]:
    pairs = ((f"{block.key}.{each.key}", each.value) for block in found.blocks for each in block.fields)
    return {path: value for path, value in pairs if value is not None}


@pytest.mark.parametrize("form", READERS)
def test_an_export_comes_back_the_same(form: str) -> None:
    read, write = READERS[form]
    brought = read(write(document(FILLED)))
    assert values_of(brought) == kept_in(document(FILLED))
    assert brought.header["designed_by"] == "Edith Özil"
    assert brought.header["iteration"] == 2


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(TEXTS, min_size=3, max_size=3), source=SOURCES, form=st.sampled_from(list(READERS)))
def test_any_text_comes_back_the_same(texts: list[str], source: str, form: str) -> None:
    read, write = READERS[form]
    whole = document(dict(zip(PROSE, texts, strict=True)), source)
    came = values_of(read(write(whole)))
    # Markdown knows no blanks at the ends of lines, and runs of them count as one.
    as_read = {path: _one_blank(value) for path, value in came.items()}
    assert as_read == {path: _one_blank(value) for path, value in kept_in(whole).items()}


def _one_blank(value: str) -> list[str]:
    return [" ".join(line.split()) for line in value.split("\n")]


def test_an_export_follows_the_published_schema() -> None:
    schema = canvas_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for values in (FILLED, {}):
        jsonschema.validate(json_of(document(values)), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**json_of(document({})), "format": "taskworth/canvas/2"}, schema)


def test_the_schema_in_the_docs_is_the_one_in_use() -> None:
    assert json.loads((ROOT / "docs/canvas.schema.json").read_text(encoding="utf-8")) == canvas_schema()


def test_a_sheet_of_free_text_under_older_names_becomes_notes() -> None:
    titles = {key: name for name, key in OLDER.items()}
    text = "# Our canvas\n\n" + "\n\n".join(
        f"## {titles.get(block.key, block.title).title()}\n\nWords of {block.key}.\n- and *more*" for block in SHEET
    )
    read = read_markdown(text).values
    assert read == {f"{block.key}.note": f"Words of {block.key}.\n- and *more*" for block in SHEET}


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("# Canvas\n\n## Nonsense\n\ntext", "line 3, column 4", "no block “Nonsense”"),
        ("## Decisions\n\n- **Wrong**: x", "line 3, column 5", "no field “Wrong”"),
        ("## Decisions\n\n## Decisions (full)", "line 3, column 4", "a second time"),
        ("hello", "line 1, column 1", "belongs to no block"),
        ("", "line 1, column 1", "no block of the canvas"),
        ("- Colour: red\n## Decisions", "line 1, column 1", "no “Colour”"),
    ],
)
def test_a_markdown_fault_names_its_line_and_column(text: str, where: str, words: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_markdown(text)
    assert refused.value.faults[0].where == where
    assert words in refused.value.faults[0].message


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ('{"format": 1,\n "x" 3}', "line 2, column 6", "not JSON"),
        ("[]", "line 1, column 1", "something else"),
        ('{"format": "taskworth/canvas/2"}', "format", "taskworth/canvas/1"),
        ("{}", "format", "names none"),
        ('{"format": "taskworth/canvas/1", "blocks": {"x": {}}}', "blocks.x", "no block “x”"),
        ('{"format": "taskworth/canvas/1", "blocks": []}', "blocks", "object"),
        ('{"format": "taskworth/canvas/1", "blocks": {}, "colour": 1}', "colour", "no “colour”"),
        ('{"a": NaN}', "", "NaN"),
        ('{"a": 1, "a": 2}', "", "“a” twice"),
        ("[" * 100_000, "", "deeper"),
    ],
)
def test_a_json_fault_names_its_place(text: str, where: str, words: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_json(text)
    assert refused.value.faults[0].where == where
    assert words in refused.value.faults[0].message
