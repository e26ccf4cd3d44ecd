"""Results are kept with what they came from: the same fingerprint is the same figures, and what changed is said."""

import dataclasses

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts.access import Access
from accounts.services import WorkspaceSettings, workspace_update
from jobs.models import Run
from jobs.services import run_drain
from planner.domain.valuation.results import figures_plain
from planner.domain.valuation.valuation import FORMULA_VERSION
from planner.models import EstimateResult, Process
from planner.selectors.assumption_defaults import DefaultsScope
from planner.selectors.value_results import forget_values
from planner.selectors.value_tasks import valued_task, valued_tasks
from planner.services import (
    SharedCostEntry,
    assumption_defaults_update,
    estimate_prefill,
    estimate_undo,
    estimate_update,
    shared_cost_create,
    values_start,
)
from tests.conftest import Cast
from tests.planner.called import called
from tests.planner.worth import claims_process, task_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.second_leg]


@pytest.fixture
def process(cast: Cast) -> Process:
    return claims_process(cast.workspace)


def jobs(cast: Cast) -> list[Run]:
    return list(Run.objects.of(cast.workspace).filter(kind="planner.value").order_by("pk"))


def drained(cast: Cast) -> None:
    run_drain(run_ids=[run.pk for run in jobs(cast) if not run.is_over])
    assert {run.state for run in jobs(cast)} <= {"succeeded"}


def means(name: str = "Triage") -> list[float]:
    return [each.npv_mean for each in EstimateResult.objects.filter(task__name=name).order_by("pk")]


def test_a_kept_result_computed_again_is_the_same_to_the_last_digit(cast: Cast, process: Process) -> None:
    estimate_prefill(access=Access.system(cast.workspace), process=process)
    for kept in EstimateResult.objects.all():
        forget_values()
        again = valued_task(kept.task)
        assert again.outcome is not None
        assert kept.fingerprint == again.fingerprint
        assert kept.figures == figures_plain(again.outcome)
        assert kept.npv_mean == again.outcome.summary.mean
        assert kept.figures["at_medians"]["payback_discounted_years"] == again.outcome.payback_discounted


def test_a_list_reads_what_is_kept_and_gets_the_same_figures(cast: Cast, process: Process) -> None:
    estimate_prefill(access=Access.system(cast.workspace), process=process)
    computed = {found.task.pk: found.outcome for found in valued_tasks(process)}
    forget_values()
    for found in valued_tasks(process, most=0):
        full = computed[found.task.pk]
        if full is None:
            assert found.brief is None
            continue
        assert found.brief is not None
        assert found.brief is not full
        assert dataclasses.asdict(found.brief.summary) == dataclasses.asdict(full.summary)
        assert found.brief.figures == full.figures


def test_nothing_is_kept_twice(cast: Cast, process: Process) -> None:
    system = Access.system(cast.workspace)
    estimate_prefill(access=system, process=process)
    count = EstimateResult.objects.count()
    estimate_prefill(access=system, process=process)
    task, noted = task_of(process, "Triage"), {"wage": {"text": "", "source": "", "note": ""}}
    estimate_update(access=system, task=task, changes=noted, version=None)
    assert EstimateResult.objects.count() == count == 3


def test_an_edit_taken_back_is_the_first_figure_again(cast: Cast, process: Process) -> None:
    access, task = cast.access(cast.editor), task_of(process, "Triage")
    estimate_prefill(access=access, process=process)
    estimate_update(access=access, task=task, changes={"coverage": {"text": "90 %"}}, version=0)
    estimate_undo(access=access, task=task, version=1)
    first, second, third = EstimateResult.objects.filter(task=task).order_by("pk")
    assert first.fingerprint == third.fingerprint != second.fingerprint
    assert first.figures == third.figures
    assert [first.revision, second.revision, third.revision] == [0, 1, 2]


def test_a_default_of_the_process_values_its_tasks_in_one_job(cast: Cast, process: Process) -> None:
    estimate_prefill(access=Access.system(cast.workspace), process=process)
    scope, access = DefaultsScope(cast.workspace, process), cast.access(cast.editor)
    assumption_defaults_update(access=access, scope=scope, changes={"coverage": {"text": "90 %"}})
    assumption_defaults_update(access=access, scope=scope, changes={"recapture": {"text": "80 %"}})
    assert len(jobs(cast)) == 1
    assert len(means()) == 1
    drained(cast)
    assert len(means()) == 2
    assert means()[1] == valued_task(task_of(process, "Triage")).brief.summary.mean
    assumption_defaults_update(access=access, scope=scope, changes={"coverage": {"text": "50 %"}})
    assert len(jobs(cast)) == 2


def test_a_job_that_finds_nothing_new_keeps_nothing(cast: Cast, process: Process) -> None:
    values_start(access=cast.access(cast.editor), process=process)
    drained(cast)
    count = EstimateResult.objects.count()
    values_start(access=cast.access(cast.editor), process=process)
    drained(cast)
    assert EstimateResult.objects.count() == count == 3
    assert len(jobs(cast)) == 2


def test_a_change_that_fails_starts_no_job(cast: Cast, process: Process) -> None:
    class Failed(Exception):
        pass

    def changed() -> None:
        with transaction.atomic():
            values_start(access=cast.access(cast.editor), process=process)
            raise Failed

    with pytest.raises(Failed):
        changed()
    assert jobs(cast) == []


def test_shared_costs_and_the_wage_of_the_workspace_reach_the_values(cast: Cast, process: Process) -> None:
    estimate_prefill(access=Access.system(cast.workspace), process=process)
    task = task_of(process, "Triage")
    entry = SharedCostEntry("One labelled data set", "9 k", [task.pk])
    shared_cost_create(access=cast.access(cast.editor), entry=entry)
    drained(cast)
    assert means()[1] == pytest.approx(means()[0] - 9000)
    settings = WorkspaceSettings(name=cast.workspace.name, hourly_wage=cast.workspace.hourly_wage * 2)
    workspace_update(access=cast.access(cast.owner), settings=settings)
    drained(cast)
    assert means()[2] > means()[1]


def older_formula(name: str) -> EstimateResult:
    """A result as an earlier version of the formula has left it."""
    kept = EstimateResult.objects.get(task__name=name)
    EstimateResult.objects.filter(pk=kept.pk).update(
        formula_version=FORMULA_VERSION - 1, fingerprint="0" * 64, npv_mean=123_000.0
    )
    return EstimateResult.objects.get(pk=kept.pk)


def test_another_formula_makes_a_new_row_and_the_page_says_so_with_both(cast: Cast, process: Process) -> None:
    estimate_prefill(access=Access.system(cast.workspace), process=process)
    for name in ("Triage", "Request documents", "Estimate damage"):
        older = older_formula(name)
    browser = cast.browser(cast.viewer)
    text = browser.get(f"/w/acme/tasks/{older.task_id}/value/").content.decode()
    assert "The figure changed because of the formula." in text
    assert f"with formula version {FORMULA_VERSION - 1} the mean was 123 k EUR" in text
    assert jobs(cast) == []
    call_command("migrate", verbosity=0)
    drained(cast)
    assert EstimateResult.objects.get(pk=older.pk).npv_mean == 123_000.0
    newer = EstimateResult.objects.filter(task=older.task).latest("pk")
    assert newer.formula_version == FORMULA_VERSION
    assert newer.inputs == older.inputs
    text = browser.get(f"/w/acme/tasks/{older.task_id}/value/").content.decode()
    assert f"the formula: version {FORMULA_VERSION - 1} became {FORMULA_VERSION}" in text
    call_command("migrate", verbosity=0)
    assert len(jobs(cast)) == 1


def test_the_history_says_what_changed_on_the_page_and_in_the_api(cast: Cast, process: Process) -> None:
    access, task = cast.access(cast.editor), task_of(process, "Triage")
    estimate_prefill(access=access, process=process)
    estimate_update(access=access, task=task, changes={"coverage": {"text": "90 %"}}, version=0)
    browser = cast.browser(cast.viewer)
    text = browser.get(f"/w/acme/tasks/{task.pk}/value/").content.decode()
    changed = "Share the model decides alone: 50 % to 80 % became 90 %"
    assert changed in text
    latest, first = called(cast, cast.viewer).get(f"/api/v1/tasks/{task.pk}/results/").json()
    assert latest["changed"] == changed
    assert first["changed"] == "first valued"
    assert latest["npv_mean"] == valued_task(task_of(process, "Triage")).brief.summary.mean
    assert latest["figures"]["break_even"]
    assert called(cast, cast.stranger, cast.elsewhere).get(f"/api/v1/tasks/{task.pk}/results/").status_code == 404
