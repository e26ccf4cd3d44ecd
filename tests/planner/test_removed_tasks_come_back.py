"""A removed task is nowhere to be seen and comes back as it was, with everything that hangs on it."""

from typing import Any

import pytest
from django.forms.models import model_to_dict

from canvas.models import Canvas
from canvas.services import canvas_draft
from common.errors import Conflict, NotAllowed, StaleEdit
from pipelines.models import Pipeline
from planner.models import Estimate, Flow, Process, Source, SuitabilityAnswer, Task
from planner.selectors import drawing_of, process_graph, task_sheet
from planner.selectors.removing import hangs_on, removed_lately
from planner.services import (
    estimate_update,
    flow_add,
    flow_delete,
    flow_restore,
    graph_replace,
    ranking_of,
    suitability_answer,
    task_add,
    task_delete,
    task_restore,
)
from tests.conftest import Cast
from tests.planner.processes import drawn_process, the_process


def worked_on(cast: Cast) -> Task:
    """A task measured in a log, answered, estimated, with a canvas and a pipeline."""
    access = cast.access(cast.editor)
    task = drawn_process(access)["Pay"]
    Task.objects.filter(pk=task.pk).update(
        activity="pay it",
        visits_a_case=0.9123456789,
        volume_source=Source.LOG,
        handling_source=Source.LOG,
        figures={"handling_minutes": 2.0},
        resources=[{"name": "Ann", "share": 1.0}],
    )
    task = Task.objects.select_related("process__workspace", "workspace").get(pk=task.pk)
    estimate_update(access=access, task=task, changes={"label_cost": {"text": "2 to 4"}}, version=0)
    suitability_answer(access=access, task=task, question="stable", score=4)
    canvas = canvas_draft(access=access, task=task)
    Pipeline.objects.create(workspace=access.workspace, canvas=canvas, task=task)
    return task


def picture(process: Process) -> dict[str, Any]:
    """All there is to know of a process, without its version."""
    rows = {row.pk: model_to_dict(row) for row in Task.objects.filter(process=process)}
    ranked = [(row.valued.task.pk, row.rank) for row in ranking_of(process).rows]
    drawn = drawing_of(process) | {"version": 0}
    flows = {row.pk: model_to_dict(row) for row in Flow.objects.filter(process=process)}
    return {"tasks": rows, "flows": flows, "ranked": ranked, "drawn": drawn, "sheet": task_sheet(process).title}


def test_a_removed_task_comes_back_as_it_was(cast: Cast) -> None:
    access, task = cast.access(cast.editor), worked_on(cast)
    process = Process.objects.select_related("workspace").get(pk=task.process_id)
    task_restore(access=access, task=task)
    before = picture(process)
    task_delete(access=access, task=task)
    assert picture(process) != before
    task_restore(access=access, task=task)
    assert picture(process) == before
    assert Estimate.objects.get(task=task).version == 1
    assert SuitabilityAnswer.objects.filter(task=task).count() == 1
    assert Canvas.objects.of(access.workspace).filter(task=task).exists()
    assert Pipeline.objects.of(access.workspace).filter(task=task).exists()


def test_putting_back_the_graph_brings_back_a_removed_task_as_it_was(cast: Cast) -> None:
    access, task = cast.access(cast.editor), worked_on(cast)
    process = Process.objects.select_related("workspace").get(pk=task.process_id)
    graph_replace(access=access, process=process, graph=process_graph(process))
    before, graph = picture(process), process_graph(process)
    task_delete(access=access, task=task)
    graph_replace(access=access, process=process, graph=graph)
    assert picture(process) == before


def test_taking_back_an_added_task_leaves_every_figure_and_flow_as_it_was(cast: Cast) -> None:
    access = cast.access(cast.editor)
    tasks = drawn_process(access)
    process = the_process(tasks)
    graph_replace(access=access, process=process, graph=process_graph(process))
    before, graph = picture(process), process_graph(process)
    task_add(access=access, process=process, name="Check", after=tasks["Pay"])
    graph_replace(access=access, process=process, graph=graph)
    assert picture(process) == before


def test_a_removed_task_is_nowhere(cast: Cast) -> None:
    access, task = cast.access(cast.editor), worked_on(cast)
    process = Process.objects.select_related("workspace").get(pk=task.process_id)
    canvas, pipeline = Canvas.objects.get(task=task), Pipeline.objects.get(task=task)
    flow = Flow.objects.filter(source=task).get()
    task_delete(access=access, task=task)
    client = cast.browser(cast.editor)
    slug = access.workspace.slug
    for page in (
        f"tasks/{task.pk}/",
        f"tasks/{task.pk}/value/",
        f"tasks/{task.pk}/targets/",
        f"tasks/{task.pk}/canvas/",
        f"pipelines/{pipeline.pk}/",
    ):
        assert client.get(f"/w/{slug}/{page}").status_code == 404, page
    for thing in (f"tasks/{task.pk}", f"flows/{flow.pk}", f"canvases/{canvas.pk}", f"pipelines/{pipeline.pk}"):
        assert client.get(f"/api/v1/{thing}/?workspace={slug}").status_code == 404, thing
    for kind in ("tasks", "canvases", "pipelines"):
        found = client.get(f"/api/v1/{kind}/?workspace={slug}").json()["results"]
        assert not [row for row in found if row.get("task", row["id"]) == task.pk], kind
    assert task.pk not in [row.valued.task.pk for row in ranking_of(process).rows]
    assert str(task.pk) not in [node.key for node in process_graph(process).nodes]


def test_what_goes_with_a_task_is_named_and_it_is_brought_back_on_the_page(cast: Cast) -> None:
    task = worked_on(cast)
    process = Process.objects.select_related("workspace").get(pk=task.process_id)
    assert hangs_on(process) == {task.pk: "its canvas, its pipeline, the changed estimate and 1 answer"}
    client = cast.browser(cast.editor)
    root = f"/w/{process.workspace.slug}"
    client.post(f"{root}/tasks/{task.pk}/delete/")
    page = client.get(f"{root}/processes/{process.pk}/tasks/?edit=graph").content.decode()
    assert f"/tasks/{task.pk}/restore/" in page
    viewer = cast.browser(cast.viewer)
    assert viewer.post(f"{root}/tasks/{task.pk}/restore/").status_code in (302, 403)
    assert cast.browser(cast.stranger).post(f"{root}/tasks/{task.pk}/restore/").status_code == 404
    assert not Task.objects.filter(pk=task.pk).exists()
    client.post(f"{root}/tasks/{task.pk}/restore/")
    assert Task.objects.filter(pk=task.pk).exists()
    assert not removed_lately(process).tasks


def test_viewers_and_stale_edits_bring_nothing_back(cast: Cast) -> None:
    access = cast.access(cast.editor)
    task = drawn_process(access)["Pay"]
    task_delete(access=access, task=task)
    with pytest.raises(NotAllowed):
        task_restore(access=cast.access(cast.viewer), task=task)
    with pytest.raises(StaleEdit):
        task_restore(access=access, task=task, version=1)
    assert not Task.objects.filter(pk=task.pk).exists()


def test_a_removed_flow_comes_back_unless_another_took_its_place(cast: Cast) -> None:
    access = cast.access(cast.editor)
    tasks = drawn_process(access)
    flow = Flow.objects.get(source=tasks["Triage"], target=tasks["Ask"])
    flow_delete(access=access, flow=flow)
    assert not Flow.objects.filter(pk=flow.pk).exists()
    flow_restore(access=access, flow=flow)
    assert Flow.objects.get(pk=flow.pk).probability == 0.25
    flow_delete(access=access, flow=flow)
    flow_add(access=access, source=tasks["Triage"], target=tasks["Ask"])
    with pytest.raises(Conflict, match="already leads to"):
        flow_restore(access=access, flow=flow)
