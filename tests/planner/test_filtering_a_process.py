"""A filter is looked at, applied as one edit that leaves people's own work alone, and taken back as one."""

import pytest
from django.urls import reverse

from common.errors import Conflict, NotAllowed, StaleEdit
from planner.domain.discovery.filtering import GraphFilter
from planner.models import Flow, Process, Task
from planner.selectors import process_graph
from planner.services import (
    flow_update,
    graph_filter_apply,
    graph_filter_preview,
    snapshot_undo,
    task_add,
    task_delete,
    task_rename,
    task_update,
)
from tests.conftest import Cast
from tests.planner.measuring import measured_process

pytestmark = pytest.mark.django_db(transaction=True)

NO_PHONE = GraphFilter(activities=0.95)


@pytest.fixture
def process(cast: Cast) -> Process:
    return measured_process(cast.access(cast.editor))


def state(process: Process) -> tuple[object, object]:
    tasks = {task.name: (task.visits_a_case, task.volume_a_year, task.figures) for task in process.tasks.all()}
    flows = {(flow.source.name, flow.target.name): (flow.count, flow.probability) for flow in process.flows.all()}
    return tasks, flows


def shares(process: Process) -> dict[tuple[str, str], float | None]:
    return {(flow.source.name, flow.target.name): flow.probability for flow in process.flows.all()}


def test_a_preview_changes_nothing(cast: Cast, process: Process) -> None:
    before = state(process)
    found = graph_filter_preview(process=process, chosen=NO_PHONE)
    assert found.left_out == ("Phone",)
    assert found.cases_whole_share == pytest.approx(0.9)
    assert state(process) == before


def test_an_activity_left_out_is_bypassed_and_volumes_of_others_stay(cast: Cast, process: Process) -> None:
    access = cast.access(cast.editor)
    volumes = dict(process.tasks.work().values_list("name", "volume_a_year"))
    graph_filter_apply(access=access, process=process, chosen=NO_PHONE, version=process.version)
    assert not process.tasks.filter(name="Phone").exists()
    assert dict(process.tasks.work().values_list("name", "volume_a_year")) == {
        name: volume for name, volume in volumes.items() if name != "Phone"
    }
    assert shares(process)["Check", "Pay"] == pytest.approx(0.75)
    assert process_graph(process).findings() == []


@pytest.mark.second_leg
def test_all_comes_back_with_a_wider_filter_and_with_undo(cast: Cast, process: Process) -> None:
    access = cast.access(cast.editor)
    before = state(process)
    phone = process.tasks.get(name="Phone").pk
    graph_filter_apply(access=access, process=process, chosen=NO_PHONE)
    graph_filter_apply(access=access, process=process, chosen=GraphFilter())
    assert state(process) == before
    assert process.tasks.get(name="Phone").pk == phone
    assert process.shown == {}
    graph_filter_apply(access=access, process=process, chosen=GraphFilter(0.5, 0.2))
    assert process.shown == {"activities": 0.5, "flows": 0.2}
    assert not snapshot_undo(access=access, process=process)
    assert state(process) == before
    process.refresh_from_db()
    assert process.shown == {}
    assert not Task.everything.removed().exists()


def test_undo_is_refused_once_the_graph_was_edited(cast: Cast, process: Process) -> None:
    access = cast.access(cast.editor)
    with pytest.raises(Conflict, match="nothing to undo"):
        snapshot_undo(access=access, process=process)
    graph_filter_apply(access=access, process=process, chosen=NO_PHONE)
    task_rename(access=access, task=process.tasks.get(name="Pay"), name="Pay out")
    with pytest.raises(Conflict, match="nothing to undo"):
        snapshot_undo(access=access, process=process)
    assert process.tasks.filter(name="Pay out").exists()


def test_what_people_drew_set_and_removed_stays(cast: Cast, process: Process) -> None:
    access = cast.access(cast.editor)
    check = process.tasks.get(name="Check")
    ask = task_add(access=access, process=process, name="Ask", after=process.tasks.get(name="Pay"))
    task_update(access=access, task=check, changes={"handling_minutes": 12})
    to_pay = Flow.objects.get(source=check, target__name="Pay")
    flow_update(access=access, flow=to_pay, probability=0.5)
    task_delete(access=access, task=process.tasks.get(name="Phone"))
    graph_filter_apply(access=access, process=process, chosen=GraphFilter())
    assert not process.tasks.filter(name="Phone").exists()
    assert process.tasks.get(name="Check").handling_minutes == 12
    found = shares(process)
    assert found["Check", "Pay"] == 0.5
    assert found["Check", "Reject"] == pytest.approx(0.5)
    assert ("Pay", "End") not in found
    assert ("Pay", ask.name) in found
    assert process_graph(process).findings() == []


def test_stale_and_forbidden_filters_change_nothing(cast: Cast, process: Process) -> None:
    before = state(process)
    with pytest.raises(NotAllowed):
        graph_filter_apply(access=cast.access(cast.viewer), process=process, chosen=NO_PHONE)
    with pytest.raises(StaleEdit):
        graph_filter_apply(access=cast.access(cast.owner), process=process, chosen=NO_PHONE, version=99)
    assert state(process) == before


def test_the_page_says_what_is_hidden_applies_it_and_undoes_it(cast: Cast, process: Process) -> None:
    page = reverse("planner:discovery", args=["acme", process.pk])
    viewer = cast.browser(cast.viewer).get(page, {"activities": "95"}).content.decode()
    assert "Hidden: 1 activity with 3 % of visits." in viewer
    assert "Apply to the graph" not in viewer
    browser = cast.browser(cast.editor)
    part = browser.get(page, {"activities": "95"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "Apply to the graph" in part
    assert browser.get(page, {"activities": "no number"}).status_code == 200
    answer = browser.post(page, {"activities": "95", "flows": "100", "version": process.version}, follow=True)
    assert "The graph shows it. Hidden: 1 activity" in answer.content.decode()
    assert not process.tasks.filter(name="Phone").exists()
    process.refresh_from_db()
    browser.post(reverse("planner:graph_undo", args=["acme", process.pk]), {"version": process.version})
    assert process.tasks.filter(name="Phone").exists()


def test_a_drawn_process_has_nothing_to_filter(cast: Cast) -> None:
    drawn = Process.objects.create(workspace=cast.workspace, name="Drawn")
    answer = cast.browser(cast.viewer).get(reverse("planner:discovery", args=["acme", drawn.pk]), follow=True)
    assert "This process has no log." in answer.content.decode()
