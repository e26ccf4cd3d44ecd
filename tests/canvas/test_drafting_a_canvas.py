"""Drafting: what is known is filled in with its source, what a person wrote stays, the rest stays a gap."""

import pytest

from canvas.models import Canvas
from canvas.services import canvas_draft, canvas_field_update, canvases_draft_first
from common.errors import InvalidInput, NotAllowed, NotFound
from planner.domain.valuation.measured import ConfusionMatrix
from planner.models import Process, Task
from planner.services import estimate_update, measured_value_record
from tests.conftest import Cast


def test_a_draft_names_the_source_of_every_value(canvas: Canvas) -> None:
    values = [entry for block in canvas.fields.values() for entry in block.values()]
    assert len(values) > 15
    assert all(entry["source"] and entry["by"] == "draft" for entry in values)


def test_a_draft_takes_volume_people_and_money_from_the_planner(canvas: Canvas) -> None:
    value = canvas.fields["value_proposition"]
    assert "3 people" in value["end_user"]["value"]
    assert "EUR over 5 years" in value["benefit"]["value"]
    assert canvas.fields["impact_simulation"]["value_fp"]["value"] <= 0


def test_what_is_not_known_stays_a_gap(canvas: Canvas) -> None:
    assert "action" not in canvas.fields["decisions"]
    assert "outcomes" not in canvas.fields["prediction_task"]


def test_drafting_again_leaves_alone_what_a_person_typed_or_emptied(cast: Cast, task: Task, canvas: Canvas) -> None:
    access = cast.access(cast.editor)
    for field, value in (("workflow", "on a list in the morning"), ("end_user", "")):
        canvas_field_update(
            access=access, canvas=canvas, block="value_proposition", field=field, value=value, version=canvas.version
        )
    again = canvas_draft(access=access, task=task)
    assert again.fields["value_proposition"]["workflow"]["value"] == "on a list in the morning"
    assert again.fields["value_proposition"]["end_user"]["value"] is None


def test_drafting_again_renews_earlier_drafts_with_what_is_known_now(cast: Cast, task: Task, canvas: Canvas) -> None:
    task.name = "Detect fraud early"
    task.save(update_fields=["name"])
    again = canvas_draft(access=cast.access(cast.owner), task=task)
    assert "Detect fraud early" in again.fields["prediction_task"]["entity"]["value"]
    assert again.version == canvas.version + 1


def test_drafting_again_without_news_makes_no_new_version(cast: Cast, task: Task, canvas: Canvas) -> None:
    assert canvas_draft(access=cast.access(cast.owner), task=task).version == canvas.version


def test_what_a_model_must_reach_does_not_follow_the_model(cast: Cast, task: Task, canvas: Canvas) -> None:
    access = cast.access(cast.owner)
    estimate_update(access=access, task=task, changes={"error_model": {"text": "4 %"}}, version=None)
    planned = canvas_draft(access=access, task=task).fields["impact_simulation"]["minimum_acceptable"]
    measured_value_record(
        access=access, task=task, confusion=ConfusionMatrix(tp=50, fp=30, fn=20, tn=100), threshold=0.5, source="run 1"
    )
    again = canvas_draft(access=access, task=Task.objects.get(pk=task.pk)).fields["impact_simulation"]
    assert again["minimum_acceptable"]["value"] == planned["value"]
    assert planned["value"][0]["value"] == 0.96


def test_a_task_without_value_or_log_still_gets_a_canvas(cast: Cast, process: Process) -> None:
    bare = Task.objects.create(workspace=cast.workspace, process=process, name="Greet")
    canvas = canvas_draft(access=cast.access(cast.owner), task=bare)
    assert "benefit" not in canvas.fields.get("value_proposition", {})
    assert canvas.fields["prediction_task"]["entity"]["value"] == "a case when it reaches Greet"


def test_the_first_of_the_ranking_are_drafted_at_once(
    cast: Cast, process: Process, task: Task, other_task: Task
) -> None:
    drafted = canvases_draft_first(access=cast.access(cast.editor), process=process, k=2)
    assert {canvas.task_id for canvas in drafted} == {task.pk, other_task.pk}


def test_drafting_the_first_needs_something_to_rank(cast: Cast, process: Process) -> None:
    with pytest.raises(InvalidInput, match="ranked"):
        canvases_draft_first(access=cast.access(cast.editor), process=process, k=3)


def test_a_viewer_drafts_nothing(cast: Cast, task: Task) -> None:
    with pytest.raises(NotAllowed):
        canvas_draft(access=cast.access(cast.viewer), task=task)


def test_a_stranger_finds_no_such_task(cast: Cast, task: Task) -> None:
    with pytest.raises(NotFound):
        canvas_draft(access=cast.access(cast.stranger, cast.elsewhere), task=task)


def test_the_start_of_a_process_has_no_canvas(cast: Cast, process: Process) -> None:
    start = Task.objects.create(workspace=cast.workspace, process=process, name="Start", kind="start")
    with pytest.raises(InvalidInput):
        canvas_draft(access=cast.access(cast.owner), task=start)
