"""Editing: typed values, revisions, and an edit on an old version, which overwrites nothing."""

import pytest

from canvas.models import Canvas, CanvasRevision
from canvas.selectors import fields_at
from canvas.services import (
    canvas_conclude,
    canvas_field_update,
    canvas_texts_save,
    canvas_update,
)
from common.errors import InvalidInput, NotAllowed, StaleEdit
from tests.conftest import Cast


def test_a_field_is_kept_typed_with_who_wrote_it(cast: Cast, canvas: Canvas) -> None:
    changed = canvas_field_update(
        access=cast.access(cast.editor), canvas=canvas, block="decisions", field="threshold", value="0.24",
        version=canvas.version,
    )  # fmt: skip
    entry = changed.fields["decisions"]["threshold"]
    assert (entry["value"], entry["source"], entry["by"]) == (0.24, "Edith", "person")
    assert changed.version == canvas.version + 1


def test_a_field_somebody_else_changed_is_not_overwritten(cast: Cast, canvas: Canvas) -> None:
    def write(user: object, text: str) -> Canvas:
        return canvas_field_update(
            access=cast.access(user), canvas=canvas, block="decisions", field="action", value=text,
            version=canvas.version,
        )  # fmt: skip

    write(cast.editor, "claim is held")
    with pytest.raises(StaleEdit) as late:
        write(cast.owner, "claim is paid")
    assert late.value.changed == ("Decisions, Action: “claim is held”",)
    canvas.refresh_from_db()
    assert canvas.fields["decisions"]["action"]["value"] == "claim is held"


def test_another_field_may_be_written_on_an_older_version(cast: Cast, canvas: Canvas) -> None:
    access, old = cast.access(cast.editor), canvas.version
    for field, text in (("action", "claim is held"), ("decision_rule", "above 0.3: held")):
        canvas_field_update(access=access, canvas=canvas, block="decisions", field=field, value=text, version=old)
    canvas.refresh_from_db()
    assert canvas.fields["decisions"]["decision_rule"]["value"] == "above 0.3: held"


def test_several_fields_are_changed_together_or_not_at_all(cast: Cast, canvas: Canvas) -> None:
    values = {"decisions.threshold": 1.7, "decisions.action": "held", "nothing.here": "x"}
    with pytest.raises(InvalidInput) as refused:
        canvas_update(access=cast.access(cast.editor), canvas=canvas, values=values, version=canvas.version)
    assert {problem.path for problem in refused.value.errors} == {"decisions.threshold", "nothing.here"}
    canvas.refresh_from_db()
    assert "action" not in canvas.fields["decisions"]


def test_a_form_saves_what_was_typed_and_names_what_was_not_taken(cast: Cast, canvas: Canvas) -> None:
    texts = {"decisions.action": "claim is held", "decisions.threshold": "7"}
    saved = canvas_texts_save(access=cast.access(cast.editor), canvas=canvas, texts=texts, version=canvas.version)
    assert saved.canvas.fields["decisions"]["action"]["value"] == "claim is held"
    assert [problem.path for problem in saved.refused] == ["decisions.threshold"]


def test_a_form_does_not_undo_what_somebody_else_wrote_meanwhile(cast: Cast, canvas: Canvas) -> None:
    seen = canvas.version
    canvas_field_update(
        access=cast.access(cast.owner), canvas=canvas, block="decisions", field="action", value="held", version=seen
    )
    untouched = {"decisions.action": "", "decisions.human_in_loop": "all alarms"}
    saved = canvas_texts_save(access=cast.access(cast.editor), canvas=canvas, texts=untouched, version=seen)
    assert saved.canvas.fields["decisions"]["action"]["value"] == "held"
    assert saved.canvas.fields["decisions"]["human_in_loop"]["value"] == "all alarms"
    both = canvas_texts_save(
        access=cast.access(cast.editor), canvas=canvas, texts={"decisions.action": "paid"}, version=seen
    )
    assert "Olga set Decisions, Action: “held”" in both.overtaken[0].message
    assert both.canvas.fields["decisions"]["action"]["value"] == "held"


def test_one_person_typing_on_is_not_held_up_by_themselves(cast: Cast, canvas: Canvas) -> None:
    access, seen = cast.access(cast.editor), canvas.version
    for text in ("h", "he", "held"):
        canvas_texts_save(access=access, canvas=canvas, texts={"decisions.action": text}, version=seen)
    canvas.refresh_from_db()
    assert canvas.fields["decisions"]["action"]["value"] == "held"


def test_every_version_can_be_seen_again(cast: Cast, canvas: Canvas) -> None:
    first = dict(canvas.fields)
    for text in ("a", "b"):
        now = canvas_field_update(
            access=cast.access(cast.editor), canvas=canvas, block="decisions", field="action", value=text, version=None
        )
    assert fields_at(now, canvas.version) == first
    assert fields_at(now, now.version - 1)["decisions"]["action"]["value"] == "a"
    assert CanvasRevision.objects.of(cast.workspace).filter(canvas=canvas).count() == now.version - 1


def test_writing_the_same_again_makes_no_version(cast: Cast, canvas: Canvas) -> None:
    access = cast.access(cast.editor)
    values = {"decisions.action": "held"}
    once = canvas_update(access=access, canvas=canvas, values=values, version=None)
    assert canvas_update(access=access, canvas=canvas, values=values, version=None).version == once.version


def test_not_building_is_an_end_like_any_other(cast: Cast, canvas: Canvas) -> None:
    ended = canvas_conclude(
        access=cast.access(cast.editor), canvas=canvas, conclusion="do_not_build", reason="A rule decides it."
    )
    assert (ended.conclusion, ended.reason) == ("do_not_build", "A rule decides it.")


def test_a_viewer_changes_nothing(cast: Cast, canvas: Canvas) -> None:
    access = cast.access(cast.viewer)
    with pytest.raises(NotAllowed):
        canvas_update(access=access, canvas=canvas, values={"decisions.action": "held"}, version=None)
    with pytest.raises(NotAllowed):
        canvas_conclude(access=access, canvas=canvas, conclusion="build")


def test_saving_a_block_records_only_the_field_that_was_changed(cast: Cast, canvas: Canvas) -> None:
    texts = {"prediction_task.task_type": "binary_classification", "prediction_task.entity": "a claim"}
    canvas.fields["prediction_task"]["task_type"] = {"value": "binary_classification", "source": "log", "by": "draft"}
    canvas.save(update_fields=["fields"])
    for given in ("binary_classification", "binary classification"):
        texts |= {"prediction_task.task_type": given, "prediction_task.entity": f"a claim, {given}"}
        version = Canvas.objects.get(pk=canvas.pk).version
        canvas_texts_save(access=cast.access(cast.editor), canvas=canvas, texts=texts, version=version)
        revision = CanvasRevision.objects.filter(canvas=canvas).latest("version")
        assert [change["path"] for change in revision.changes] == ["prediction_task.entity"]
    canvas.refresh_from_db()
    assert canvas.fields["prediction_task"]["task_type"]["by"] == "draft"


def test_a_field_that_was_only_shown_does_not_write_over_what_another_typed(cast: Cast, canvas: Canvas) -> None:
    base = canvas.version
    first = canvas_update(
        access=cast.access(cast.owner), canvas=canvas, values={"decisions.action": "paid"}, version=base
    )
    # The page took the newer version with an earlier answer, and still shows the older text of a field nobody typed in.
    saved = canvas_texts_save(
        access=cast.access(cast.editor),
        canvas=canvas,
        texts={"decisions.action": "", "decisions.threshold": "0.3"},
        bases={"decisions.action": "", "decisions.threshold": ""},
        version=first.version,
    )
    assert saved.canvas.fields["decisions"]["action"]["value"] == "paid"
    assert saved.canvas.fields["decisions"]["threshold"]["value"] == 0.3


def test_a_clash_holds_both_whole_texts(cast: Cast, canvas: Canvas) -> None:
    theirs = "paid at once " * 20
    canvas_update(access=cast.access(cast.owner), canvas=canvas, values={"decisions.action": theirs}, version=None)
    saved = canvas_texts_save(
        access=cast.access(cast.editor), canvas=canvas, texts={"decisions.action": "held"}, version=canvas.version
    )
    assert [each.theirs for each in saved.overtaken] == [theirs.strip()]
