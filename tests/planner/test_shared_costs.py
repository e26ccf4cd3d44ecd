"""A cost several tasks need is entered once, borne whole by a task alone, and moves the value of each of them."""

from dataclasses import replace

import pytest

from common.errors import InvalidInput, NotAllowed, StaleEdit
from planner.models import SharedCost, Task
from planner.selectors.value_tasks import valued_task
from planner.services import SharedCostEntry, shared_cost_create, shared_cost_delete, shared_cost_update
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = [pytest.mark.django_db, pytest.mark.second_leg]


def mean(task: Task) -> float:
    outcome = valued_task(task).outcome
    assert outcome is not None
    return outcome.summary.mean


def entry(*tasks: Task) -> SharedCostEntry:
    return SharedCostEntry("One labelled data set", "20 k", [task.pk for task in tasks], source="offer of May")


def test_each_task_alone_bears_it_whole_and_says_so(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    triage, documents = task_of(process, "Triage"), task_of(process, "Request documents")
    before, other = mean(triage), mean(task_of(process, "Estimate damage"))
    shared_cost_create(access=cast.access(cast.editor), entry=entry(triage, documents))
    assert mean(triage) == pytest.approx(before - 20_000)
    assert mean(task_of(process, "Estimate damage")) == other
    outcome = valued_task(documents).outcome
    assert outcome is not None
    assert outcome.borne_whole == ("One labelled data set",)


def test_an_edit_and_a_deletion_move_the_value_back(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    triage = task_of(process, "Triage")
    before = mean(triage)
    cost = shared_cost_create(access=cast.access(cast.editor), entry=entry(triage))
    cost = shared_cost_update(
        access=cast.access(cast.editor), cost=cost, entry=replace(entry(triage), text="30 k"), version=1
    )
    assert (cost.version, mean(triage)) == (2, pytest.approx(before - 30_000))
    shared_cost_delete(access=cast.access(cast.editor), cost=cost)
    assert mean(triage) == before


def test_what_cannot_be_is_named_field_by_field(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    wrong = SharedCostEntry(" ", "-5", [task_of(process, "Triage").pk, 10**9])
    with pytest.raises(InvalidInput) as refused:
        shared_cost_create(access=cast.access(cast.editor), entry=wrong)
    assert {problem.path for problem in refused.value.errors} == {"label", "text", "tasks"}
    assert not SharedCost.objects.exists()


def test_tasks_of_another_workspace_are_not_there(cast: Cast) -> None:
    theirs = task_of(claims_process(cast.elsewhere), "Triage")
    with pytest.raises(InvalidInput) as refused:
        shared_cost_create(access=cast.access(cast.editor), entry=entry(theirs))
    assert refused.value.errors[0].path == "tasks"


def test_a_stale_edit_is_refused_and_a_viewer_changes_nothing(cast: Cast) -> None:
    triage = task_of(claims_process(cast.workspace), "Triage")
    cost = shared_cost_create(access=cast.access(cast.editor), entry=entry(triage))
    shared_cost_update(access=cast.access(cast.editor), cost=cost, entry=replace(entry(triage), text="25 k"))
    with pytest.raises(StaleEdit) as refused:
        shared_cost_update(access=cast.access(cast.editor), cost=cost, entry=entry(triage), version=1)
    assert "25 k" in refused.value.changed[0]
    with pytest.raises(NotAllowed):
        shared_cost_delete(access=cast.access(cast.viewer), cost=cost)
