"""Tasks of one name in two processes are two tasks: their chances do not fall together, and each keeps its own."""

import numpy as np
import pytest

from planner.models import Process, Task
from planner.selectors.value_outcome import simulated
from planner.selectors.value_results import forget_values
from planner.selectors.value_tasks import ValuedTask, valued_task
from planner.services import estimate_update
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db

DOUBTFUL = {"volume": {"text": "30 k to 50 k"}, "integration": {"text": "20 k to 90 k"}}


@pytest.fixture
def twins(cast: Cast) -> tuple[Task, Task]:
    """Triage in two processes, with the same assumptions."""
    tasks = [task_of(claims_process(cast.workspace), "Triage") for _ in range(2)]
    for task in tasks:
        estimate_update(access=cast.access(cast.editor), task=task, changes=DOUBTFUL, version=0)
    return tasks[0], tasks[1]


def drawn(found: ValuedTask, name: str) -> np.ndarray:
    assert found.case is not None
    return np.asarray(simulated(found.case, found.identity).inputs[name])


def test_each_input_of_each_has_draws_of_its_own(twins: tuple[Task, Task]) -> None:
    one, other = (valued_task(task) for task in twins)
    assert one.case == other.case
    assert one.fingerprint != other.fingerprint
    assert one.brief is not None
    assert other.brief is not None
    assert one.brief.summary.mean == other.brief.summary.mean
    assert one.brief.summary.p5 == pytest.approx(other.brief.summary.p5, rel=0.2)
    for name in ("volume", "integration"):
        assert sorted(drawn(one, name)) == sorted(drawn(other, name))
        assert abs(np.corrcoef(drawn(one, name), drawn(other, name))[0, 1]) < 0.12


def test_figures_stay_when_computed_anew_or_when_a_name_changes(cast: Cast, twins: tuple[Task, Task]) -> None:
    task, before = twins[0], valued_task(twins[0])
    forget_values()
    Task.objects.filter(pk=task.pk).update(name="Sort", activity="Sort")
    Process.objects.filter(pk=task.process_id).update(name="Claims of the north")
    after = valued_task(Task.objects.select_related("process__workspace", "workspace").get(pk=task.pk))
    assert after.fingerprint == before.fingerprint
    assert before.outcome is not None
    assert after.outcome is not None
    assert after.outcome.summary == before.outcome.summary
