"""Bringing a file through the pages, the API and pasting from a word processor: all of it or nothing."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from canvas.models import Canvas
from canvas.services import canvas_update
from planner.models import Task
from tests.conftest import Cast

TEXT = "- Designed for: Claims\n\n## Decisions\n\n- **Threshold**: {}\n- **Action**: held 5 days\n"


def bring(client: Client, canvas: Canvas, **fields: object) -> tuple[int, str]:
    address = f"/w/acme/tasks/{canvas.task_id}/canvas/import/"
    answer = client.post(address, {"version": canvas.version, "text": "", **fields})
    return answer.status_code, answer.content.decode()


def test_a_file_fills_what_it_names_and_leaves_the_rest(cast: Cast, canvas: Canvas) -> None:
    before = canvas.fields
    file = SimpleUploadedFile("canvas.md", TEXT.format("0.3").encode("utf-8-sig"))
    assert bring(cast.browser(cast.editor), canvas, file=file)[0] == 302
    canvas.refresh_from_db()
    assert canvas.designed_for == "Claims"
    assert canvas.fields["decisions"]["threshold"]["value"] == 0.3
    assert canvas.fields["value_proposition"] == before["value_proposition"]
    assert canvas.revisions.first().cause == "imported"


def test_one_wrong_value_leaves_everything_and_says_where(cast: Cast, canvas: Canvas) -> None:
    status, page = bring(cast.browser(cast.editor), canvas, text=TEXT.format("7"))
    assert status == 422
    assert "Line 5, column 18: Threshold lies between 0 and 1." in page
    assert "held 5 days" in page
    version = canvas.version
    canvas.refresh_from_db()
    assert (canvas.version, canvas.designed_for) == (version, "Acme, Motor claims")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose a file"),
        ({"file": SimpleUploadedFile("x.md", b"## Decisions\n\xff")}, "Line 2, column 1: this is not text in UTF-8"),
        ({"file": SimpleUploadedFile("x.md", b"x" * 1_000_001)}, "larger than 1 MB"),
        ({"text": '{"format": "taskworth/canvas/9"}'}, "taskworth/canvas/9"),
    ],
    ids=["nothing", "not text", "large", "another version"],
)
def test_what_cannot_be_taken_is_said(cast: Cast, canvas: Canvas, fields: dict[str, object], words: str) -> None:
    status, page = bring(cast.browser(cast.editor), canvas, **fields)
    assert status == 422
    assert words in page


def test_an_export_brought_back_changes_nothing(cast: Cast, canvas: Canvas, task: Task) -> None:
    client = cast.browser(cast.editor)
    for form in ("md", "json"):
        text = b"".join(client.get(f"/w/acme/tasks/{task.pk}/canvas/canvas.{form}")).decode()
        assert bring(client, canvas, text=text)[0] == 302
    version = canvas.version
    canvas.refresh_from_db()
    assert canvas.version == version


def test_a_field_changed_since_the_page_was_read_is_not_overwritten(cast: Cast, canvas: Canvas) -> None:
    access = cast.access(cast.owner)
    canvas_update(access=access, canvas=canvas, values={"decisions.action": "paid"}, version=None)
    assert bring(cast.browser(cast.editor), canvas, text=TEXT.format("0.3"))[0] == 412


def test_a_viewer_does_not_bring_and_a_stranger_finds_nothing(cast: Cast, canvas: Canvas) -> None:
    assert bring(cast.browser(cast.viewer), canvas, text=TEXT)[0] == 403
    assert bring(cast.browser(cast.stranger), canvas, text=TEXT)[0] == 404


def test_a_paste_from_a_word_processor_becomes_plain_lines(cast: Cast, canvas: Canvas) -> None:
    pasted = "•\tHeld\xa0for 5\xaddays\x0b·       then “paid”\r\n\uf0b7\tlast"
    canvas_update(access=cast.access(cast.editor), canvas=canvas, values={"decisions.action": pasted}, version=None)
    canvas.refresh_from_db()
    assert canvas.fields["decisions"]["action"]["value"] == "- Held for 5days\n- then “paid”\n- last"


def test_ten_thousand_characters_are_refused_in_words(cast: Cast, canvas: Canvas) -> None:
    status, page = bring(cast.browser(cast.editor), canvas, text=f"## Decisions\n\n- **Action**: {'x' * 10_000}\n")
    assert status == 422
    assert "Line 3, column 15: Action may have at most 2000 characters; it has 10000." in page


def test_five_hundred_features_are_refused_in_words(cast: Cast, canvas: Canvas) -> None:
    rows = [{"name": f"f{number}", "type": "number"} for number in range(500)]
    whole = {"format": "taskworth/canvas/1", "blocks": {"features": {"fields": {"features": {"value": rows}}}}}
    status, page = bring(cast.browser(cast.editor), canvas, text=json.dumps(whole))
    assert status == 422
    assert "may have at most 300 lines; it has 500" in page
