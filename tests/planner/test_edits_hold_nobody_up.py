"""An edit computes its layout outside its transaction, and tells who comes too late what it changed."""

import pytest
from django.db import connection

from common.errors import StaleEdit
from planner.domain.process_graph.differences import graph_changes
from planner.domain.process_graph.graph import TaskFlow, TaskGraph, TaskNode
from planner.models import GraphRevision, Process
from planner.selectors import process_graph
from planner.selectors.process_drawing import places_of
from planner.services import (
    flow_add,
    flow_delete,
    flow_update,
    placing,
    process_update,
    task_add,
    task_delete,
    task_update,
)
from planner.services.placing import places_keep
from tests.conftest import Cast
from tests.planner.processes import drawn_process, the_process


@pytest.mark.django_db(transaction=True)
@pytest.mark.second_leg
def test_no_layout_is_computed_while_an_edit_holds_the_database(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[bool] = []

    def watched(process: Process) -> dict[str, list[float]]:
        held.append(connection.in_atomic_block)
        return places_of(process)

    tasks = drawn_process(cast.access(cast.editor))
    monkeypatch.setattr(placing, "places_of", watched)
    task_update(access=cast.access(cast.editor), task=tasks["Pay"], changes={"name": "Pay out"})
    assert held == [False], "once, after the edit: the places before it were known"
    process = the_process(tasks)
    assert process.places_version == process.version


@pytest.mark.django_db(transaction=True)
@pytest.mark.second_leg
def test_places_of_a_version_that_is_gone_are_not_written(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = drawn_process(cast.access(cast.editor))
    process = the_process(tasks)
    Process.objects.filter(pk=process.pk).update(places_version=0, places={})

    def overtaken(now: Process) -> dict[str, list[float]]:
        Process.objects.filter(pk=now.pk).update(version=now.version + 1)
        return {"1": [0.0, 0.0]}

    monkeypatch.setattr(placing, "places_of", overtaken)
    places_keep(process=process)
    assert the_process(tasks).places == {}


def test_who_comes_too_late_reads_what_was_changed(cast: Cast) -> None:
    access = cast.access(cast.editor)
    tasks = drawn_process(access)
    version = the_process(tasks).version
    task_add(access=access, process=the_process(tasks), name="File", after=tasks["Pay"])
    task_update(access=access, task=tasks["Ask"], changes={"name": "Ask back", "handling_minutes": 3})
    flow = tasks["Triage"].outgoing.get(target=tasks["Ask"])
    flow_update(access=access, flow=flow, probability=0.5)
    process_update(access=access, process=the_process(tasks), name="Claims and more", cases_a_year=2000)
    with pytest.raises(StaleEdit) as late:
        task_delete(access=access, task=tasks["Pay"], version=version)
    assert set(late.value.changed) >= {
        "“File” was added.",
        "“Ask” is called “Ask back” now.",
        "“Ask back”: its handling time.",
        "The flow from “Triage” to “Ask back”: its share.",
        "The name of the process was changed.",
        "The cases a year were changed.",
    }
    assert "The graph was changed." not in late.value.changed
    assert process_graph(the_process(tasks)).node(str(tasks["Pay"].pk)).name == "Pay", "nothing was deleted"


def test_a_page_says_what_was_changed_too(cast: Cast) -> None:
    access = cast.access(cast.editor)
    tasks = drawn_process(access)
    version = the_process(tasks).version
    flow_delete(access=access, flow=tasks["Triage"].outgoing.get(target=tasks["Ask"]))
    answer = cast.browser(cast.editor).post(
        f"/w/acme/tasks/{tasks['Pay'].pk}/",
        {"name": "Pay late", "version": version},
        follow=True,
    )
    assert "The flow from “Triage” to “Ask” was removed." in answer.content.decode()


def test_where_it_is_not_known_any_more_only_that_is_said(cast: Cast) -> None:
    access = cast.access(cast.editor)
    tasks = drawn_process(access)
    version = the_process(tasks).version
    flow_add(access=access, source=tasks["Pay"], target=tasks["Triage"], probability=0.1)
    GraphRevision.objects.all().delete()
    with pytest.raises(StaleEdit) as late:
        task_delete(access=access, task=tasks["Pay"], version=version)
    assert late.value.changed == ("The graph was changed.",)


def test_what_an_edit_changes_is_told_in_whole_sentences() -> None:
    before = TaskGraph((TaskNode("1", "Pay"), TaskNode("2", "Ask", lane="A")), (TaskFlow("1", "2", label="x"),), 5.0)
    after = TaskGraph(
        (TaskNode("1", "Pay", volume_a_year=7.0, volume_source="user"), TaskNode("3", "File")),
        (TaskFlow("1", "3"),),
        6.0,
    )
    assert graph_changes(before, after) == [
        "“Ask” was removed.",
        "“File” was added.",
        "“Pay”: its volume.",
        "The flow from “Pay” to “File” was added.",
        "The flow from “Pay” to “Ask” was removed.",
        "The cases a year were changed.",
    ]
    follows = TaskGraph((TaskNode("1", "Pay", volume_a_year=9.0, volume_source="flow"),), ())
    assert graph_changes(TaskGraph((TaskNode("1", "Pay"),), ()), follows) == [], "a volume that only follows"
