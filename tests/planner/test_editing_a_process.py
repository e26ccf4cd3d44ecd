"""Processes are edited task by task or as a whole; volumes follow, stale edits are refused, nothing half-written."""

import pytest

from accounts.models import AuditEntry
from common.errors import Conflict, InvalidInput, NotAllowed, StaleEdit
from planner.domain.process_graph.graph import TaskFlow, TaskGraph, TaskNode
from planner.domain.process_graph.node import NodeKind
from planner.models import Flow, Process, Source, Task
from planner.selectors import process_graph, task_sheet
from planner.services import (
    flow_add,
    flow_delete,
    flow_update,
    graph_replace,
    process_create,
    process_update,
    task_add,
    task_delete,
    task_rename,
    task_update,
    tasks_update,
)
from tests.conftest import Cast
from tests.planner.processes import drawn_process, the_process


def visits(tasks: dict[str, Task]) -> dict[str, float | None]:
    return {task.name: task.visits_a_case for task in Task.objects.filter(process=the_process(tasks)).work()}


def test_volumes_follow_from_the_branches_and_the_cases(cast: Cast) -> None:
    access = cast.access(cast.editor)
    tasks = drawn_process(access)
    assert visits(tasks) == pytest.approx({"Triage": 4 / 3, "Ask": 1 / 3, "Pay": 1.0})
    process_update(access=access, process=the_process(tasks), cases_a_year=3000)
    triage = Task.objects.get(pk=tasks["Triage"].pk)
    assert triage.volume_a_year == pytest.approx(4000)
    assert triage.volume_source == Source.FLOW


def test_costs_are_volume_times_minutes_times_wage(cast: Cast) -> None:
    process = the_process(drawn_process(cast.access(cast.editor)))
    sheet = task_sheet(process)
    costs = {row.task.name: row.cost for row in sheet.rows}
    assert costs["Pay"] == pytest.approx(1000 * 2 / 60 * float(process.workspace.hourly_wage))
    assert sheet.cost == pytest.approx(sum(cost or 0 for cost in costs.values()))
    assert "Triage" in sheet.title


def test_a_measured_figure_wins_a_persons_figure_wins_over_it_and_can_be_taken_back(cast: Cast) -> None:
    access = cast.access(cast.editor)
    task = drawn_process(access)["Pay"]
    Task.objects.filter(pk=task.pk).update(
        figures={"handling_minutes": 7.0, "volume_a_year": 900.0, "visits_a_case": 0.9}, volume_source=Source.LOG
    )
    changed = task_update(access=access, task=task, changes={"handling_minutes": 11, "volume_a_year": 500})
    assert (changed.handling_minutes, changed.handling_source) == (11, Source.USER)
    assert (changed.volume_a_year, changed.visits_a_case) == (500, 0.5)
    back = task_update(access=access, task=task, changes={"handling_minutes": None, "volume_a_year": None})
    assert (back.handling_minutes, back.handling_source) == (7, Source.LOG)
    assert (back.volume_a_year, back.volume_source) == (pytest.approx(900), Source.LOG)


def test_a_stale_edit_is_refused_and_writes_nothing(cast: Cast) -> None:
    access = cast.access(cast.editor)
    tasks = drawn_process(access)
    version = the_process(tasks).version
    task_rename(access=access, task=tasks["Pay"], name="Pay out", version=version)
    with pytest.raises(StaleEdit, match="was changed since"):
        task_rename(access=access, task=tasks["Pay"], name="Pay late", version=version)
    assert Task.objects.get(pk=tasks["Pay"].pk).name == "Pay out"
    assert the_process(tasks).version == version + 1


def test_a_refused_edit_changes_neither_rows_nor_version(cast: Cast) -> None:
    access = cast.access(cast.editor)
    tasks = drawn_process(access)
    before = the_process(tasks).version
    for changes in ({"handling_minutes": -1}, {"handling_minutes": float("nan")}, {"name": " "}, {"kind": "end"}):
        with pytest.raises(InvalidInput):
            task_update(access=access, task=tasks["Pay"], changes=changes)
    with pytest.raises(InvalidInput):
        flow_add(access=access, source=tasks["Pay"], target=tasks["Ask"], probability=1.5)
    with pytest.raises(InvalidInput, match="Nothing can follow an end"):
        flow_add(access=access, source=tasks["End"], target=tasks["Ask"])
    with pytest.raises(Conflict, match="already leads to"):
        flow_add(access=access, source=tasks["Triage"], target=tasks["Ask"])
    with pytest.raises(Conflict, match="start of a process"):
        task_delete(access=access, task=tasks["Start"])
    assert the_process(tasks).version == before


def test_a_flow_between_two_processes_is_refused(cast: Cast) -> None:
    access = cast.access(cast.editor)
    one, other = drawn_process(access), drawn_process(access)
    with pytest.raises(InvalidInput, match="two tasks of one process"):
        flow_add(access=access, source=one["Triage"], target=other["Pay"])


def test_a_circle_without_a_way_out_leaves_volumes_unknown_and_is_named(cast: Cast) -> None:
    access = cast.access(cast.editor)
    tasks = drawn_process(access)
    flow_delete(access=access, flow=Flow.objects.get(source=tasks["Triage"], target=tasks["Pay"]))
    flow_update(access=access, flow=Flow.objects.get(source=tasks["Triage"]), probability=1.0)
    assert visits(tasks)["Triage"] is None
    findings = process_graph(the_process(tasks)).findings()
    assert any("can never leave the process" in finding.sentence for finding in findings)


def test_a_task_put_after_another_stands_between_it_and_what_followed(cast: Cast) -> None:
    access = cast.access(cast.editor)
    process = process_create(access=access, name="New")
    start = process.tasks.get(kind="start")
    task_add(access=access, process=process, name="First", after=start)
    flows = {(flow.source.name, flow.target.name) for flow in process.flows.all()}
    assert flows == {("Start", "First"), ("First", "End")}


def test_replacing_the_graph_keeps_known_tasks_and_makes_new_ones(cast: Cast) -> None:
    access = cast.access(cast.editor)
    tasks = drawn_process(access)
    process = the_process(tasks)
    keys = {name: str(task.pk) for name, task in tasks.items()}
    nodes = (
        TaskNode(keys["Start"], "Start", NodeKind.START),
        TaskNode(keys["Pay"], "Pay", handling_minutes=2),
        TaskNode("new", "Close"),
        TaskNode(keys["End"], "End", NodeKind.END),
    )
    flows = (TaskFlow(keys["Start"], keys["Pay"]), TaskFlow(keys["Pay"], "new"), TaskFlow("new", keys["End"]))
    graph_replace(access=access, process=process, graph=TaskGraph(nodes, flows), version=process.version)
    names = {task.name: task.pk for task in process.tasks.work()}
    assert set(names) == {"Pay", "Close"}
    assert names["Pay"] == tasks["Pay"].pk
    with pytest.raises(InvalidInput) as refused:
        graph_replace(access=access, process=process, graph=TaskGraph(nodes, (TaskFlow("new", "nowhere"),)))
    assert refused.value.errors[0].path == "flows.0.target"
    assert process.flows.count() == 3


def test_undo_is_putting_back_the_graph_that_was(cast: Cast) -> None:
    access = cast.access(cast.editor)
    tasks = drawn_process(access)
    process = the_process(tasks)
    before = process_graph(process)
    task_delete(access=access, task=tasks["Ask"])
    graph_replace(access=access, process=process, graph=before)
    after = process_graph(process)
    assert {node.name for node in after.nodes} == {node.name for node in before.nodes}
    assert len(after.flows) == len(before.flows)
    assert after.expected_visits()[str(tasks["Triage"].pk)] == pytest.approx(4 / 3)


def test_many_figures_are_saved_in_one_edit_or_none(cast: Cast) -> None:
    access = cast.access(cast.editor)
    tasks = drawn_process(access)
    process = the_process(tasks)
    version = process.version
    ask, pay = tasks["Ask"].pk, tasks["Pay"].pk
    with pytest.raises(InvalidInput):
        tasks_update(access=access, process=process, changes={ask: {"handling_minutes": 5}, pay: {"name": ""}})
    assert Task.objects.get(pk=ask).handling_minutes == 9
    tasks_update(access=access, process=process, changes={ask: {"handling_minutes": 5}, pay: {"handling_minutes": 3}})
    assert [Task.objects.get(pk=pk).handling_minutes for pk in (ask, pay)] == [5, 3]
    assert the_process(tasks).version == version + 1


def test_viewers_change_nothing_and_edits_leave_a_trail(cast: Cast) -> None:
    tasks = drawn_process(cast.access(cast.editor))
    with pytest.raises(NotAllowed):
        task_rename(access=cast.access(cast.viewer), task=tasks["Pay"], name="Mine")
    with pytest.raises(NotAllowed):
        process_create(access=cast.access(cast.viewer), name="Mine")
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"process.created", "task.added", "flow.added", "task.updated"} <= verbs


def test_another_workspaces_access_finds_no_process(cast: Cast) -> None:
    process = the_process(drawn_process(cast.access(cast.editor)))
    stranger = cast.access(cast.stranger, cast.elsewhere)
    with pytest.raises(StaleEdit):
        process_update(access=stranger, process=process, name="Stolen")
    assert Process.objects.get(pk=process.pk).name == "Claims"


@pytest.mark.django_db
def test_handling_time_a_person_gave_speaks_against_a_machine(cast: Cast) -> None:
    tasks = drawn_process(cast.access(cast.editor))
    task = tasks["Pay"]
    Task.objects.filter(pk=task.pk).update(automatic_proposed=True, handling_minutes=None, handling_source="none")
    task.refresh_from_db()
    assert task.is_automatic
    task = task_update(access=cast.access(cast.editor), task=task, changes={"handling_minutes": 6.0})
    assert not task.is_automatic
    task = task_update(access=cast.access(cast.editor), task=task, changes={"automatic": True})
    assert task.is_automatic
