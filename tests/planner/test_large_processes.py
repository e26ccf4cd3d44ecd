"""A process of thousands of tasks is shown a page at a time: found by name, drawn around a task, all in reach."""

import itertools
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.paged_rows import MOST_ROWS
from planner.domain.process_graph.graph import NodeKind, TaskFlow, TaskGraph, TaskNode
from planner.models import Flow, Process, Task
from planner.selectors.process_drawing import MOST_DRAWN, WINDOW, drawing_of
from planner.selectors.process_pages import TASKS_A_PAGE
from planner.selectors.value_results import forget_values
from planner.services import graph_replace, process_create
from tests.conftest import Cast

MANY = MOST_DRAWN + 100


def large(cast: Cast, many: int = MANY) -> Process:
    """A chain of tasks from a start to an end."""
    access = cast.access(cast.editor)
    process = process_create(access=access, name="Large", cases_a_year=100)
    keys = ["s", *(f"t{n}" for n in range(many)), "e"]
    nodes = [TaskNode("s", "Start", NodeKind.START), TaskNode("e", "End", NodeKind.END)]
    nodes += [TaskNode(f"t{n}", f"Task {n:04}", handling_minutes=1.0 + n) for n in range(many)]
    flows = [TaskFlow(a, b) for a, b in itertools.pairwise(keys)]
    graph_replace(access=access, process=process, graph=TaskGraph(tuple(nodes), tuple(flows)))
    return Process.objects.select_related("workspace").get(pk=process.pk)


@pytest.fixture
def process(cast: Cast) -> Process:
    return large(cast)


def page(cast: Cast, process: Process, query: str = "", name: str = "tasks") -> str:
    answer = cast.browser(cast.editor).get(f"{reverse(f'planner:{name}', args=['acme', process.pk])}?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def rows(text: str) -> int:
    return text.count("<tr data-pick=")


def named(process: Process, number: int) -> Task:
    return Task.objects.get(process=process, name=f"Task {number:04}")


def test_the_table_comes_in_pages_and_totals_count_all(cast: Cast, process: Process) -> None:
    first = page(cast, process)
    assert rows(first) == TASKS_A_PAGE
    assert f"1–40 of {MANY}" in first
    assert "Five hundred tasks cost" in first or f"{MANY} tasks cost" in first
    last = page(cast, process, f"page={-(-MANY // TASKS_A_PAGE)}")
    assert f"Task {MANY - 1:04}" in last
    assert "Task 0000<" not in last


def test_a_task_is_found_by_its_name_and_all_are_one_press_away(cast: Cast, process: Process) -> None:
    found = page(cast, process, "q=task+0499")
    assert rows(found) == 1
    assert f"with “task 0499”, of {MANY} in all" in found
    assert "Show all" in found
    nothing = page(cast, process, "q=nowhere")
    assert rows(nothing) == 0
    assert "No task is called that." in nothing


def test_the_page_of_the_task_that_is_picked_is_shown(cast: Cast, process: Process) -> None:
    task = named(process, 321)
    text = page(cast, process, f"task={task.pk}")
    assert f'<tr data-pick="{task.pk}" class="is-selected">' in text
    assert f"The {WINDOW} nodes nearest to Task 0321" in text


def test_a_large_drawing_is_that_around_a_task_or_everything_when_asked(cast: Cast, process: Process) -> None:
    def names(**asked: Any) -> set[str]:
        return {node["name"] for node in drawing_of(process, **asked)["nodes"]}

    assert names() == {"Start", *(f"Task {n:04}" for n in range(WINDOW - 1))}
    near = names(near=str(named(process, 300).pk))
    assert len(near) == WINDOW
    assert {"Task 0270", "Task 0300", "Task 0330"} <= near
    assert len(names(detail=1.0)) == MANY + 2
    assert drawing_of(process)["left_out"] == MANY + 2 - WINDOW


def test_a_small_process_is_shown_as_ever(cast: Cast) -> None:
    process = large(cast, 12)
    text = page(cast, process)
    assert rows(text) == 12
    assert 'data-filter="tasks"' in text
    assert "nodes nearest" not in text
    assert drawing_of(process)["left_out"] == 0


def test_every_row_of_a_full_page_has_its_verdict_at_once(cast: Cast, process: Process) -> None:
    forget_values()
    assert page(cast, process).count("Not worth it") == TASKS_A_PAGE


@pytest.mark.parametrize("edit", ["figures", "graph"])
def test_figures_and_nodes_are_edited_a_page_at_a_time(cast: Cast, process: Process, edit: str) -> None:
    text = page(cast, process, f"edit={edit}&page=2")
    field = "handling_minutes-" if edit == "figures" else "lane-"
    assert text.count(f'name="{field}') == TASKS_A_PAGE
    assert f"edit={edit}&amp;page=3" in text


def test_saving_one_page_of_figures_leaves_the_others(cast: Cast, process: Process) -> None:
    where = reverse("planner:tasks", args=["acme", process.pk])
    cast.browser(cast.editor).post(where, {f"handling_minutes-{named(process, 7).pk}": "99"})
    assert [named(process, n).handling_minutes for n in (7, 8, 400)] == [99.0, 9.0, 401.0]


def test_flows_come_in_pages_are_found_and_drawn_between_any_two(cast: Cast, process: Process) -> None:
    text = page(cast, process, "page=2", "flows")
    assert text.count('name="percent"') == MOST_ROWS + 1
    found = page(cast, process, "q=task+0400", "flows")
    assert found.count('name="percent"') == 3, "to it, from it, and the form for another"
    source, target = named(process, 3), named(process, 450)
    where = reverse("planner:flows", args=["acme", process.pk])
    cast.browser(cast.editor).post(where, {"source": source.pk, "target": target.pk, "percent": "10"})
    assert Flow.objects.filter(source=source, target=target).exists()


def test_an_odd_page_is_the_nearest_there_is(cast: Cast, process: Process) -> None:
    for odd in ("0", "-3", "x", "999999", "٣", "9" * 40):
        assert rows(page(cast, process, f"page={odd}")) > 0


@pytest.mark.parametrize("name", ["tasks", "flows", "process"])
def test_queries_do_not_grow_with_the_tasks(cast: Cast, name: str) -> None:
    counts = []
    for many in (5, MANY):
        process = large(cast, many)
        page(cast, process, name=name)
        with CaptureQueriesContext(connection) as seen:
            page(cast, process, name=name)
        counts.append(len(seen))
    assert counts[1] <= counts[0]
