"""The pages of home, processes and tasks: what they say, with few queries, and every edit without JavaScript."""

import csv
import io
import json
import re

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from planner.models import Flow, Process, Task
from planner.services import flow_add, flow_delete, process_create, task_delete, task_restore, task_update
from tests.conftest import Cast
from tests.planner.processes import drawn_process, the_process


@pytest.fixture
def tasks(cast: Cast) -> dict[str, Task]:
    return drawn_process(cast.access(cast.editor))


def address(name: str, *keys: int) -> str:
    return reverse(f"planner:{name}", args=["acme", *keys])


def headline(content: bytes) -> str:
    found = re.search(r"<h1>(.*?)</h1>", content.decode(), re.S)
    assert found
    return found[1]


def test_a_new_workspace_opens_on_three_doors_and_the_examples(cast: Cast) -> None:
    text = cast.browser(cast.editor).get(address("home")).content.decode()
    assert all(words in text for words in ("Import a log", "Draw a process", "Open a worked example", "Purchasing"))


def test_home_names_the_processes_their_cost_and_what_is_missing(cast: Cast, tasks: dict[str, Task]) -> None:
    access = cast.access(cast.editor)
    task_update(access=access, task=tasks["Ask"], changes={"handling_minutes": None})
    text = cast.browser(cast.viewer).get(address("home")).content.decode()
    assert "1 handling time of Claims not known" in text
    assert "Claims" in text


def test_lists_cost_the_same_queries_for_one_process_and_for_many(
    cast: Cast, tasks: dict[str, Task], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = cast.browser(cast.viewer)
    browser.get(address("home"))
    for n in range(12):
        process_create(access=cast.access(cast.editor), name=f"Process {n}")
    # session, user, membership, mentions, processes, tasks, values, uploads, jobs, stages, room for what waits
    with django_assert_max_num_queries(16):
        browser.get(address("home"))
    # the inventory also asks which have canvases and pipelines
    with django_assert_max_num_queries(11):
        browser.get(address("processes"))


def test_the_tasks_page_states_the_cost_and_holds_graph_and_table(
    cast: Cast, tasks: dict[str, Task], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser, process = cast.browser(cast.viewer), the_process(tasks)
    with django_assert_max_num_queries(31):
        answer = browser.get(address("tasks", process.pk), {"task": tasks["Ask"].pk})
    text = answer.content.decode()
    assert headline(answer.content).startswith("Three tasks cost")
    assert "Triage" in headline(answer.content)
    selected = re.search(r'<tr data-pick="(\d+)" class="is-selected">', text)
    assert selected
    assert int(selected[1]) == tasks["Ask"].pk
    found = re.search(r'<script id="drawing" type="application/json">(.*?)</script>', text, re.S)
    assert found
    drawing = json.loads(found[1])
    assert {node["name"] for node in drawing["nodes"]} == {"Start", "Triage", "Ask", "Pay", "End"}
    assert {node["kind"] for node in drawing["nodes"] if node["y"] == 0} == {"start"}


def test_hostile_names_stay_text(cast: Cast, tasks: dict[str, Task]) -> None:
    name = "</script><script>alert(1)</script>"
    task_update(access=cast.access(cast.editor), task=tasks["Pay"], changes={"name": name})
    process = the_process(tasks)
    for page in ("tasks", "flows", "process"):
        assert b"<script>alert" not in cast.browser(cast.viewer).get(address(page, process.pk)).content


def test_figures_are_asked_and_saved_in_the_table(cast: Cast, tasks: dict[str, Task]) -> None:
    browser, process = cast.browser(cast.editor), the_process(tasks)
    form = browser.get(address("tasks", process.pk), {"edit": "figures"}).content.decode()
    assert f'name="handling_minutes-{tasks["Ask"].pk}"' in form
    browser.post(address("tasks", process.pk), {f"handling_minutes-{tasks['Ask'].pk}": "12,5"})
    assert Task.objects.get(pk=tasks["Ask"].pk).handling_minutes == 12.5
    answer = browser.post(address("tasks", process.pk), {f"handling_minutes-{tasks['Ask'].pk}": "long"}, follow=True)
    assert "Ask: “long” is not a number" in answer.content.decode()
    assert Task.objects.get(pk=tasks["Ask"].pk).handling_minutes == 12.5


def test_tasks_and_flows_are_added_changed_and_removed_with_plain_forms(cast: Cast, tasks: dict[str, Task]) -> None:
    browser, process = cast.browser(cast.editor), the_process(tasks)
    browser.post(address("task_add", process.pk), {"name": "Close", "after": tasks["Pay"].pk})
    close = Task.objects.get(name="Close")
    flow = {"source": close.pk, "target": tasks["Triage"].pk, "percent": "10"}
    browser.post(address("flows", process.pk), flow)
    drawn = Flow.objects.get(source=close, target=tasks["Triage"])
    assert drawn.probability == pytest.approx(0.1)
    browser.post(address("flow_edit", drawn.pk), {"percent": "20 %", "label": "reopened"})
    drawn.refresh_from_db()
    assert (drawn.probability, drawn.label) == (pytest.approx(0.2), "reopened")
    browser.post(address("flow_edit", drawn.pk), {"percent": "200"})
    drawn.refresh_from_db()
    assert drawn.probability == pytest.approx(0.2)
    browser.post(address("flow_edit", drawn.pk), {"delete": "1"})
    assert not Flow.objects.filter(pk=drawn.pk).exists()
    browser.post(address("task", close.pk), {"name": "Close file", "handling_minutes": "3", "automatic": "yes"})
    close.refresh_from_db()
    assert (close.name, close.handling_minutes, close.automatic) == ("Close file", 3, True)
    browser.post(address("task_delete", close.pk))
    assert not Task.objects.filter(pk=close.pk).exists()


def test_a_stale_form_is_told_and_changes_nothing(cast: Cast, tasks: dict[str, Task]) -> None:
    browser = cast.browser(cast.editor)
    answer = browser.post(address("task", tasks["Pay"].pk), {"name": "Old", "version": "1"}, follow=True)
    assert "was changed since you opened it" in answer.content.decode()
    assert Task.objects.get(pk=tasks["Pay"].pk).name == "Pay"


def test_a_process_is_drawn_described_and_deleted(cast: Cast) -> None:
    browser = cast.browser(cast.editor)
    browser.post(address("process_new"), {"name": "Invoices", "cases_a_year": "1200"})
    process = Process.objects.get(name="Invoices")
    assert "No task yet" in headline(browser.get(address("tasks", process.pk)).content)
    browser.post(address("process", process.pk), {"name": "Supplier invoices", "description": "late payments"})
    process.refresh_from_db()
    assert (process.name, process.description, process.cases_a_year) == ("Supplier invoices", "late payments", 1200)
    browser.post(address("process_delete", process.pk))
    assert not Process.objects.filter(pk=process.pk).exists()


def test_the_flow_reads_as_text(cast: Cast, tasks: dict[str, Task]) -> None:
    text = cast.browser(cast.viewer).get(address("flows", the_process(tasks).pk)).content.decode()
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))
    assert "Triage, 1 333 a year, then Pay (75 %) or Ask (25 %)" in plain


def test_the_table_downloads_without_formulas(cast: Cast, tasks: dict[str, Task]) -> None:
    task_update(access=cast.access(cast.editor), task=tasks["Pay"], changes={"name": "=SUM(1)"})
    answer = cast.browser(cast.viewer).get(address("tasks_csv", the_process(tasks).pk))
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[0][0] == "Task"
    assert [row[0] for row in rows[1:]] == ["Triage", "Ask", "'=SUM(1)"]


def test_viewers_are_told_no_and_strangers_find_nothing(cast: Cast, tasks: dict[str, Task]) -> None:
    process = the_process(tasks)
    refused = cast.browser(cast.viewer).post(address("task_add", process.pk), {"name": "Mine"})
    assert refused.status_code == 403
    assert "Edit graph" not in cast.browser(cast.viewer).get(address("tasks", process.pk)).content.decode()
    assert cast.browser(cast.stranger).get(address("tasks", process.pk)).status_code == 404
    elsewhere = reverse("planner:tasks", args=["other", process.pk])
    assert cast.browser(cast.stranger).get(elsewhere).status_code == 404


def drawn(cast: Cast, process: Process) -> dict[str, tuple[float, float]]:
    found = json.loads(cast.browser(cast.viewer).get(address("graph", process.pk)).content)
    return {node["name"]: (node["x"], node["y"]) for node in found["nodes"]}


def test_an_edit_leaves_the_drawing_the_right_way_up_and_so_does_taking_it_back(
    cast: Cast, tasks: dict[str, Task]
) -> None:
    """The reverse of every flow, drawn by hand with more cases on it: no task may change places with another."""
    access, process = cast.access(cast.editor), the_process(tasks)
    before = drawn(cast, process)
    order = sorted(before, key=lambda name: before[name][1])
    flow_delete(access=access, flow=Flow.objects.get(source=tasks["Triage"], target=tasks["Pay"]))
    flow_add(access=access, source=tasks["Pay"], target=tasks["Triage"], probability=0.9)
    flow_add(access=access, source=tasks["Start"], target=tasks["Pay"])
    after = drawn(cast, process)
    assert sorted(after, key=lambda name: after[name][1]) == order
    flow_delete(access=access, flow=Flow.objects.get(source=tasks["Pay"], target=tasks["Triage"]))
    task_delete(access=access, task=tasks["Ask"])
    task_restore(access=access, task=tasks["Ask"])
    assert sorted(drawn(cast, process), key=lambda name: drawn(cast, process)[name][1]) == order
