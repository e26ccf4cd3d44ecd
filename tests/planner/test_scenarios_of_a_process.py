"""Scenarios of one's own: checked as on a task, kept whole or not at all, told when stale, in the trail."""

from dataclasses import replace

import pytest
from django.http import Http404

from accounts.models import AuditEntry
from common.errors import Conflict, InvalidInput, NotAllowed, StaleEdit
from planner.models import Process, ProcessScenario
from planner.selectors.value_scenarios import compared
from planner.services import (
    ScenarioEntry,
    SharedCostEntry,
    estimate_update,
    scenario_create,
    scenario_delete,
    scenario_update,
    shared_cost_create,
    task_delete,
)
from planner.services.scenarios import MOST_SCENARIOS
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = [pytest.mark.django_db, pytest.mark.second_leg]
DEAR = ScenarioEntry("Wages rise", "agreement of July", {"wage": "45"})


@pytest.fixture
def process(cast: Cast) -> Process:
    return claims_process(cast.workspace)


def npvs(process: Process, task: str) -> dict[str, float]:
    """Net present value of a task by the name of the scenario."""
    found = next(each for each in compared(process).tasks if each.valued.task.name == task)
    return {inside.column.name: inside.value.npv for inside in found.inside}


def test_a_scenario_stands_beside_base_low_and_high(cast: Cast, process: Process) -> None:
    scenario_create(access=cast.access(cast.editor), process=process, entry=DEAR)
    found = npvs(process, "Triage")
    assert list(found) == ["Base", "Low", "High", "Wages rise"]
    assert found["Low"] < found["Base"] < found["Wages rise"] < found["High"]


def test_what_it_sets_for_one_task_stands_on_top(cast: Cast, process: Process) -> None:
    triage, documents = (str(task_of(process, name).pk) for name in ("Triage", "Request documents"))
    entry = replace(DEAR, task_amounts={triage: {"wage": "38"}, documents: {"volume": "0"}})
    scenario_create(access=cast.access(cast.editor), process=process, entry=entry)
    here = npvs(process, "Triage")
    assert here["Wages rise"] == here["Base"]
    assert npvs(process, "Request documents")["Wages rise"] < 0


def test_years_and_adoption_can_differ_too(cast: Cast, process: Process) -> None:
    entry = ScenarioEntry("Short", amounts={"horizon": "1", "adoption": "10 %"})
    scenario_create(access=cast.access(cast.editor), process=process, entry=entry)
    inside = compared(process).tasks[0].inside[3]
    assert inside.value.pv_costs > 0
    assert len(inside.value.flows) == 2
    assert [key for key, *_ in inside.setting] == ["adoption", "horizon"]


def test_what_a_task_does_not_count_is_said_not_guessed(cast: Cast, process: Process) -> None:
    triage = task_of(process, "Triage")
    forms = {"error_form": {"text": "outcome"}}
    estimate_update(access=cast.access(cast.editor), task=triage, changes=forms, version=0)
    entry = ScenarioEntry("Fewer errors", amounts={"error_today": "1 %"})
    scenario_create(access=cast.access(cast.editor), process=process, entry=entry)
    found = {each.valued.task.name: each.inside[3] for each in compared(process).tasks}
    assert found["Triage"].unused == ("error_today",)
    assert found["Triage"].differs == ()
    assert [each.key for each in found["Request documents"].differs] == ["error_today"]


def test_all_together_pay_a_shared_cost_once(cast: Cast, process: Process) -> None:
    tasks = [task_of(process, name).pk for name in ("Triage", "Request documents")]
    before = compared(process).together[0].npv
    shared_cost_create(access=cast.access(cast.editor), entry=SharedCostEntry("Data set", "20 k", tasks))
    assert compared(process).together[0].npv == pytest.approx(before - 20_000)


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        (ScenarioEntry(" "), "name"),
        (ScenarioEntry("Low"), "name"),
        (ScenarioEntry("x" * 81), "name"),
        (ScenarioEntry("A", "x" * 401), "note"),
        (ScenarioEntry("A\x00"), "name"),
        (ScenarioEntry("A", amounts={"wage": "nan"}), "amounts.wage"),
        (ScenarioEntry("A", amounts={"wage": "-1"}), "amounts.wage"),
        (ScenarioEntry("A", amounts={"wage": "40 to 30"}), "amounts.wage"),
        (ScenarioEntry("A", amounts={"coverage": "150 %"}), "amounts.coverage"),
        (ScenarioEntry("A", amounts={"discount_rate": "-100 %"}), "amounts.discount_rate"),
        (ScenarioEntry("A", amounts={"horizon": "0"}), "amounts.horizon"),
        (ScenarioEntry("A", amounts={"horizon": "200"}), "amounts.horizon"),
        (ScenarioEntry("A", amounts={"luck": "1"}), "amounts.luck"),
        (ScenarioEntry("A", amounts={"error_form": "outcome"}), "amounts.error_form"),
        (ScenarioEntry("A", task_amounts={"999999": {"wage": "1"}}), "task_amounts.999999"),
        (ScenarioEntry("A", task_amounts={"x": {"wage": "1"}}), "task_amounts.x"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_saved(
    cast: Cast, process: Process, entry: ScenarioEntry, path: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        scenario_create(access=cast.access(cast.editor), process=process, entry=entry)
    assert [problem.path for problem in refused.value.errors] == [path]
    assert not ProcessScenario.objects.exists()


def test_tasks_and_processes_of_another_workspace_are_not_there(cast: Cast, process: Process) -> None:
    theirs = claims_process(cast.elsewhere)
    entry = replace(DEAR, task_amounts={str(task_of(theirs, "Triage").pk): {"wage": "1"}})
    with pytest.raises(InvalidInput, match="Not saved"):
        scenario_create(access=cast.access(cast.editor), process=process, entry=entry)
    with pytest.raises(Http404):
        scenario_create(access=cast.access(cast.editor), process=theirs, entry=DEAR)


def test_a_name_stands_once_however_it_is_written(cast: Cast, process: Process) -> None:
    scenario_create(access=cast.access(cast.editor), process=process, entry=DEAR)
    with pytest.raises(InvalidInput, match="Not saved"):
        scenario_create(access=cast.access(cast.editor), process=process, entry=replace(DEAR, name="WAGES RISE"))


def test_there_are_as_many_as_fit_beside_each_other(cast: Cast, process: Process) -> None:
    access = cast.access(cast.editor)
    for number in range(MOST_SCENARIOS):
        scenario_create(access=access, process=process, entry=ScenarioEntry(f"S{number}"))
    with pytest.raises(Conflict):
        scenario_create(access=access, process=process, entry=ScenarioEntry("One more"))


def test_a_stale_edit_is_told_what_holds(cast: Cast, process: Process) -> None:
    access = cast.access(cast.editor)
    own = scenario_create(access=access, process=process, entry=DEAR)
    scenario_update(access=access, scenario=own, entry=replace(DEAR, amounts={"wage": "50"}), version=1)
    with pytest.raises(StaleEdit) as refused:
        scenario_update(access=access, scenario=own, entry=DEAR, version=1)
    assert "Cost of an hour of work: now 50" in refused.value.changed
    with pytest.raises(StaleEdit):
        scenario_delete(access=access, scenario=own, version=1)


def test_a_save_that_changes_nothing_makes_no_version(cast: Cast, process: Process) -> None:
    access = cast.access(cast.editor)
    own = scenario_create(access=access, process=process, entry=DEAR)
    assert scenario_update(access=access, scenario=own, entry=DEAR, version=1).version == 1


def test_every_change_is_in_the_trail_with_what_it_was(cast: Cast, process: Process) -> None:
    access = cast.access(cast.editor)
    own = scenario_create(access=access, process=process, entry=DEAR)
    scenario_update(access=access, scenario=own, entry=replace(DEAR, amounts={"wage": "50"}))
    scenario_delete(access=access, scenario=own)
    trail = AuditEntry.objects.filter(verb__startswith="scenario.").order_by("pk")
    assert [entry.verb for entry in trail] == ["scenario.created", "scenario.changed", "scenario.deleted"]
    assert trail[1].detail["Cost of an hour of work"] == {"from": "45", "to": "50"}


def test_a_viewer_changes_nothing(cast: Cast, process: Process) -> None:
    own = scenario_create(access=cast.access(cast.editor), process=process, entry=DEAR)
    for refused in (
        lambda: scenario_create(access=cast.access(cast.viewer), process=process, entry=DEAR),
        lambda: scenario_update(access=cast.access(cast.viewer), scenario=own, entry=DEAR),
        lambda: scenario_delete(access=cast.access(cast.viewer), scenario=own),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_a_task_that_is_removed_keeps_what_was_set_for_it(cast: Cast, process: Process) -> None:
    access, triage = cast.access(cast.editor), task_of(process, "Triage")
    entry = replace(DEAR, task_amounts={str(triage.pk): {"wage": "60"}})
    own = scenario_create(access=access, process=process, entry=entry)
    task_delete(access=access, task=triage)
    after = scenario_update(access=access, scenario=own, entry=replace(entry, note="later"), version=1)
    assert after.task_amounts == {str(triage.pk): {"wage": "60"}}
