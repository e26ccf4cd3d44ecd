"""Estimates are proposed, changed in place, refused in words, taken back; a stale edit is told what changed."""

import pytest

from accounts.access import Access
from accounts.models import Workspace
from common.errors import Conflict, InvalidInput, NotAllowed, StaleEdit
from planner.domain.valuation.assumptions import INPUTS
from planner.domain.valuation.valuation import FORMULA_VERSION
from planner.models import Estimate, EstimateResult
from planner.selectors.value_tasks import valued_task, valued_tasks
from planner.services import estimate_prefill, estimate_undo, estimate_update
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = [pytest.mark.django_db, pytest.mark.second_leg]


def mean_of(workspace: Workspace, name: str = "Triage") -> float:
    task = task_of(workspace.processes.get(), name)
    outcome = valued_task(task).outcome
    assert outcome is not None
    return outcome.summary.mean


def test_every_task_with_volume_and_minutes_is_valued_from_the_start(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    found = {each.task.name: each for each in valued_tasks(process)}
    assert found["Triage"].outcome is not None
    assert found["Pay"].outcome is None
    assert found["Pay"].gap == "handling minutes missing"
    assert Estimate.objects.count() == 0


def test_each_assumption_says_where_it_comes_from(cast: Cast) -> None:
    task = task_of(claims_process(cast.workspace), "Triage")
    found = valued_task(task).assumptions
    assert found["volume"].source.startswith("log: 42")
    assert found["wage"].origin == "workspace"
    assert all(assumption.source for assumption in found.values())
    assert valued_task(task).resting_on_defaults > 10


def test_prefilling_keeps_a_planned_result_of_each_valued_task(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    estimate_prefill(access=Access.system(cast.workspace), process=process)
    stored = EstimateResult.objects.get(task__name="Triage")
    assert stored.npv_mean == pytest.approx(mean_of(cast.workspace))
    assert stored.formula_version == FORMULA_VERSION
    assert stored.inputs["coverage"] == "50 % to 80 %"
    assert EstimateResult.objects.count() == 3


def test_an_edit_moves_the_value_and_keeps_its_source(cast: Cast) -> None:
    task = task_of(claims_process(cast.workspace), "Triage")
    before = mean_of(cast.workspace)
    change = {"coverage": {"text": "85 % to 95 %", "source": "pilot in spring"}}
    estimate = estimate_update(access=cast.access(cast.editor), task=task, changes=change, version=0)
    assert estimate.version == 1
    assert mean_of(cast.workspace) > before
    assert valued_task(task).assumptions["coverage"].source == "pilot in spring"
    kept = estimate.changes.get()
    assert kept.mean_before == pytest.approx(before)
    assert kept.mean_after == pytest.approx(mean_of(cast.workspace))


def test_defaults_that_rest_on_the_minutes_follow_what_people_set(cast: Cast) -> None:
    task = task_of(claims_process(cast.workspace), "Triage")
    before = valued_task(task).assumptions
    change = {"minutes_before": {"text": "18", "source": "measured by hand"}}
    estimate_update(access=cast.access(cast.editor), task=task, changes=change, version=0)
    found = valued_task(task_of(cast.workspace.processes.get(), "Triage"))
    after = found.assumptions
    for key in ("minutes_review", "minutes_exception", "error_cost"):
        assert INPUTS[key].read(after[key].text).mean == pytest.approx(
            2 * INPUTS[key].read(before[key].text).mean, rel=0.01
        )
    assert found.layers["minutes_before"][1] == before["minutes_before"], "what the log says stands beneath"


def test_defaults_that_rest_on_the_wage_follow_it(cast: Cast) -> None:
    task = task_of(claims_process(cast.workspace), "Triage")
    before = valued_task(task).assumptions
    change = {"wage": {"text": "76", "source": "payroll"}}
    estimate_update(access=cast.access(cast.editor), task=task, changes=change, version=0)
    after = valued_task(task_of(cast.workspace.processes.get(), "Triage")).assumptions
    doubled = 76 / float(before["wage"].text)
    assert float(after["day_rate"].text) == pytest.approx(doubled * float(before["day_rate"].text), rel=0.01)
    assert after["day_rate"].origin == "default"
    assert after["wage"].text == "76"


def test_missing_minutes_can_be_set_on_the_estimate(cast: Cast) -> None:
    task = task_of(claims_process(cast.workspace), "Pay")
    minutes = {key: {"text": "4 to 6"} for key in ("minutes_before", "minutes_review")}
    estimate_update(access=cast.access(cast.editor), task=task, changes=minutes, version=0)
    assert valued_task(task).outcome is not None


@pytest.mark.parametrize(
    ("key", "text", "says"),
    [
        ("coverage", "120 %", "is more than 100 %"),
        ("volume", "40 to 20", "write 20 to 40"),
        ("volume", "-5", "is below 0"),
        ("horizon", "200", "1 to 50"),
        ("discount_rate", "-100 %", "is below"),
        ("moon", "5", "no assumption of this name"),
        ("wage", "nan", "is no number"),
    ],
)
def test_what_cannot_be_read_is_refused_beside_its_field_and_nothing_is_saved(
    cast: Cast, key: str, text: str, says: str
) -> None:
    task = task_of(claims_process(cast.workspace), "Triage")
    changes = {"recapture": {"text": "90 %"}, key: {"text": text}}
    with pytest.raises(InvalidInput) as refused:
        estimate_update(access=cast.access(cast.editor), task=task, changes=changes, version=0)
    (problem,) = refused.value.errors
    assert problem.path == key
    assert says in problem.message
    assert Estimate.objects.filter(version__gt=0).count() == 0


def test_a_stale_edit_is_refused_and_says_what_changed(cast: Cast) -> None:
    task = task_of(claims_process(cast.workspace), "Triage")
    owner, editor = cast.access(cast.owner), cast.access(cast.editor)
    estimate_update(access=owner, task=task, changes={"wage": {"text": "50"}}, version=0)
    with pytest.raises(StaleEdit) as refused:
        estimate_update(access=editor, task=task, changes={"recapture": {"text": "90 %"}}, version=0)
    assert refused.value.changed == ("Cost of an hour of work: 38 became 50, by Olga",)
    assert "recapture" not in Estimate.objects.get().assumptions


def test_edits_are_taken_back_one_after_the_other(cast: Cast) -> None:
    task = task_of(claims_process(cast.workspace), "Triage")
    access = cast.access(cast.editor)
    means = [mean_of(cast.workspace)]
    for version, text in enumerate(["90 %", "95 %"]):
        estimate_update(access=access, task=task, changes={"recapture": {"text": text}}, version=version)
        means.append(mean_of(cast.workspace))
    estimate_undo(access=access, task=task, version=2)
    assert mean_of(cast.workspace) == pytest.approx(means[1])
    estimate_undo(access=access, task=task, version=3)
    assert mean_of(cast.workspace) == pytest.approx(means[0])
    with pytest.raises(Conflict, match="nothing to undo"):
        estimate_undo(access=access, task=task, version=4)


def test_an_empty_text_goes_back_to_what_is_proposed(cast: Cast) -> None:
    task = task_of(claims_process(cast.workspace), "Triage")
    access = cast.access(cast.editor)
    estimate_update(access=access, task=task, changes={"recapture": {"text": "90 %"}}, version=0)
    estimate = estimate_update(access=access, task=task, changes={"recapture": {"text": ""}}, version=1)
    assert estimate.assumptions == {}
    assert valued_task(task).assumptions["recapture"].origin == "default"


def test_a_viewer_may_not_change_an_estimate(cast: Cast) -> None:
    task = task_of(claims_process(cast.workspace), "Triage")
    with pytest.raises(NotAllowed):
        estimate_update(access=cast.access(cast.viewer), task=task, changes={"wage": {"text": "1"}}, version=0)


def test_the_same_log_gives_the_same_figures_in_another_workspace(cast: Cast) -> None:
    claims_process(cast.workspace)
    claims_process(cast.elsewhere)
    assert mean_of(cast.workspace) == mean_of(cast.elsewhere)
