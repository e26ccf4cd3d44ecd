"""A process is drawn with gateways, lanes and sub-processes; volumes follow, work inside is valued, nothing is lost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import Conflict, InvalidInput
from planner.domain.process_graph.findings import Fix
from planner.domain.process_graph.graph import TaskGraph
from planner.domain.process_graph.node import NodeKind, TaskFlow, TaskNode
from planner.models import Flow, GraphSnapshot, Process, Task
from planner.selectors import process_graph, task_sheet
from planner.services import (
    flow_add,
    flow_delete,
    flow_update,
    graph_mend,
    graph_replace,
    process_create,
    snapshot_undo,
    task_add,
    task_delete,
    task_restore,
    task_update,
)
from tests.conftest import Cast
from tests.planner.processes import drawn_process, the_process


def flows(process: Process) -> set[tuple[str, str]]:
    return {(flow.source.name, flow.target.name) for flow in Flow.objects.filter(process=process)}


def visits(process: Process) -> dict[str, float | None]:
    return {task.name: task.visits_a_case for task in Task.objects.filter(process=process)}


def test_two_branches_at_the_same_time_are_both_visited_and_joined_to_one_case(cast: Cast) -> None:
    access = cast.access(cast.editor)
    process = process_create(access=access, name="Both", cases_a_year=100)
    start = process.tasks.get(kind="start")
    split = task_add(access=access, process=process, name="", kind=NodeKind.PARALLEL, after=start)
    join = task_add(access=access, process=process, name="Both done", kind=NodeKind.PARALLEL, after=split)
    flow_delete(access=access, flow=Flow.objects.get(source=split, target=join))
    for name in ("Check", "Ask"):
        task = task_add(access=access, process=process, name=name)
        flow_add(access=access, source=split, target=task)
        flow_add(access=access, source=task, target=join)
    found = visits(process)
    assert (found["Check"], found["Ask"], found["Both done"], found["End"]) == (1, 1, 1, 1)
    assert process_graph(process).findings() == []


def test_a_subprocess_brings_start_and_end_and_its_tasks_are_valued_in_its_stead(cast: Cast) -> None:
    access = cast.access(cast.editor)
    tasks = drawn_process(access)
    process = the_process(tasks)
    settle = task_add(access=access, process=process, name="Settle", kind=NodeKind.SUBPROCESS, after=tasks["Pay"])
    assert [task.kind for task in settle.parts.all()] == ["start", "end"]
    task_add(access=access, process=process, name="Book", parent=settle)
    task_update(access=access, task=tasks["Ask"], changes={"lane": "  Front   office "})
    assert Task.objects.get(name="Ask").lane == "Front office"
    assert ("Start", "Book") in flows(process)
    assert ("Book", "End") in flows(process)
    assert {row.task.name for row in task_sheet(process).rows} == {"Triage", "Ask", "Pay", "Book"}
    flow_update(access=access, flow=Flow.objects.get(source=tasks["Pay"]), probability=0.5, condition="amount over 500")
    assert visits(process)["Book"] == pytest.approx(0.5)
    assert Flow.objects.get(source=tasks["Pay"]).condition == "amount over 500"


def test_a_task_moved_into_a_subprocess_leaves_its_flows_closed_behind_it(cast: Cast) -> None:
    access = cast.access(cast.editor)
    tasks = drawn_process(access)
    process = the_process(tasks)
    settle = task_add(access=access, process=process, name="Settle", kind=NodeKind.SUBPROCESS, after=tasks["Pay"])
    task_update(access=access, task=tasks["Pay"], changes={"parent": settle})
    assert ("Triage", "Settle") in flows(process)
    assert {("Start", "Pay"), ("Pay", "End")} <= flows(process)
    assert visits(process)["Pay"] == pytest.approx(1)
    assert process_graph(process).findings() == []
    task_update(access=access, task=tasks["Triage"], changes={"parent": settle})
    gateway = Task.objects.get(kind="exclusive")
    assert Flow.objects.get(source=gateway, target=tasks["Ask"]).probability == 0.25
    back = task_update(access=access, task=Task.objects.get(name="Triage"), changes={"parent": None})
    assert back.parent is None
    assert Flow.objects.filter(source=back).count() == 0, "where it comes to at the top it is drawn by hand"


def test_what_cannot_be_nested_is_refused_and_nothing_moves(cast: Cast) -> None:
    access = cast.access(cast.editor)
    tasks = drawn_process(access)
    process = the_process(tasks)
    outer = task_add(access=access, process=process, name="Outer", kind=NodeKind.SUBPROCESS)
    inner = task_add(access=access, process=process, name="Inner", kind=NodeKind.SUBPROCESS, parent=outer)
    other = drawn_process(access)
    before = process_graph(the_process(tasks))
    with pytest.raises(InvalidInput, match="cannot be part"):
        task_update(access=access, task=outer, changes={"parent": inner})
    with pytest.raises(InvalidInput, match="cannot be part"):
        task_update(access=access, task=other["Pay"], changes={"parent": outer})
    with pytest.raises(InvalidInput, match="cannot be part"):
        task_add(access=access, process=process, name="X", parent=tasks["Pay"])
    with pytest.raises(InvalidInput, match="same level"):
        flow_add(access=access, source=tasks["Pay"], target=inner)
    with pytest.raises(InvalidInput, match="kind was not changed"):
        task_update(access=access, task=tasks["End"], changes={"kind": "task"})
    for nonsense in ("", "circle"):
        with pytest.raises(InvalidInput, match="kind was not changed"):
            task_update(access=access, task=tasks["Pay"], changes={"kind": nonsense})
    with pytest.raises(Conflict, match="has tasks inside"):
        task_update(access=access, task=outer, changes={"kind": "task"})
    assert process_graph(the_process(tasks)) == before


def test_a_subprocess_goes_and_comes_back_with_all_inside(cast: Cast) -> None:
    access = cast.access(cast.editor)
    tasks = drawn_process(access)
    process = the_process(tasks)
    outer = task_add(access=access, process=process, name="Outer", kind=NodeKind.SUBPROCESS, after=tasks["Pay"])
    inner = task_add(access=access, process=process, name="Inner", kind=NodeKind.SUBPROCESS, parent=outer)
    book = task_add(access=access, process=process, name="Book", parent=inner)
    gone = task_add(access=access, process=process, name="Gone", parent=inner)
    task_delete(access=access, task=gone)
    before = process_graph(process)
    task_delete(access=access, task=outer)
    assert not Task.objects.filter(pk__in=[inner.pk, book.pk]).exists()
    with pytest.raises(Conflict, match="removed too"):
        task_restore(access=access, task=Task.everything.select_related("process__workspace", "parent").get(pk=book.pk))
    task_restore(access=access, task=Task.everything.select_related("process__workspace").get(pk=outer.pk))
    assert {node.key for node in process_graph(process).nodes} == {node.key for node in before.nodes}


def test_a_press_on_a_fix_mends_and_a_second_takes_it_back(cast: Cast) -> None:
    access = cast.access(cast.editor)
    tasks = drawn_process(access)
    process = the_process(tasks)
    flow_update(access=access, flow=Flow.objects.get(source=tasks["Triage"], target=tasks["Pay"]), probability=0.5)
    before = process_graph(process)
    key = str(tasks["Triage"].pk)
    graph_mend(access=access, process=process, key=key, fix=Fix.NORMALISE)
    assert Flow.objects.get(source=tasks["Triage"], target=tasks["Ask"]).probability == pytest.approx(1 / 3)
    with pytest.raises(Conflict, match="already"):
        graph_mend(access=access, process=process, key=key, fix=Fix.NORMALISE)
    assert "add up to 75 %" in GraphSnapshot.objects.get(process=process).words
    snapshot_undo(access=access, process=process)
    assert process_graph(process).flows == before.flows
    with pytest.raises(Conflict, match="nothing to undo"):
        snapshot_undo(access=access, process=process)
    graph_mend(access=access, process=process, key=key, fix=Fix.GIVE_REST)
    task_update(access=access, task=tasks["Pay"], changes={"name": "Pay out"})
    with pytest.raises(Conflict, match="nothing to undo"):
        snapshot_undo(access=access, process=process)


def test_a_fix_that_adds_a_node_is_taken_back_without_a_trace(cast: Cast) -> None:
    access = cast.access(cast.editor)
    tasks = drawn_process(access)
    process = the_process(tasks)
    lone = task_add(access=access, process=process, name="Lone")
    before = process_graph(process)
    graph_mend(access=access, process=process, key=str(lone.pk), fix=Fix.DELETE)
    assert not Task.objects.filter(pk=lone.pk).exists()
    snapshot_undo(access=access, process=process)
    assert process_graph(process).nodes == before.nodes


def test_the_whole_graph_is_written_and_read_back_with_a_dozen_queries(cast: Cast) -> None:
    access = cast.access(cast.editor)
    process = process_create(access=access, name="Large")
    nodes = [TaskNode("s", "Start", NodeKind.START, lane="Front"), TaskNode("q", "Inside", NodeKind.SUBPROCESS)]
    nodes += [TaskNode(f"t{n}", f"Task {n}", parent="q") for n in range(300)] + [TaskNode("e", "End", NodeKind.END)]
    drawn = [TaskFlow(f"t{n}", f"t{n + 1}", condition="if so") for n in range(299)]
    graph = TaskGraph(tuple(nodes), (TaskFlow("s", "q"), TaskFlow("q", "e"), *drawn))
    with CaptureQueriesContext(
        connection,
    ) as seen:
        graph_replace(access=access, process=process, graph=graph)
    assert len(seen) < 40
    found = process_graph(process)
    inside = next(node for node in found.nodes if node.name == "Inside")
    assert sum(node.parent == inside.key for node in found.nodes) == 300
    assert {flow.condition for flow in found.level(inside.key).flows} == {"if so"}
    assert found.node(next(iter(found.entry()))).lane == "Front"
    assert visits(process)["Task 299"] == pytest.approx(1)
