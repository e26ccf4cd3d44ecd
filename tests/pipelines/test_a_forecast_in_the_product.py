"""How many cases come to a task, in the product: chosen and checked, generated, run, shown; and too short a log."""

import pytest

from canvas.services import canvas_draft
from jobs.domain.states import StageState
from jobs.models import Run
from jobs.services import run_drain
from pipelines.models import Generation, PipelineRun
from pipelines.services import pipeline_generate, pipeline_run_start
from planner.domain.claims_log.claims import TRIAGE
from planner.domain.foresight.targets import Period, TargetSpec
from planner.models import DecisionTarget, Task
from planner.services import target_choose
from tests.pipelines.claims_setup import claims_process


@pytest.fixture
def task(transactional_db, cast) -> Task:
    process = claims_process(cast.access(cast.editor))
    return Task.objects.get(process=process, activity=TRIAGE)


@pytest.mark.second_leg
def test_from_the_choice_of_a_volume_to_a_served_forecast(cast, task):
    access, browser = cast.access(cast.editor), cast.browser(cast.viewer)
    chosen = target_choose(access=access, task=task, text="volume:day")
    run_drain(run_ids=[Run.objects.get(kind="planner.screen", subject=f"task:{task.pk}").pk])
    found = DecisionTarget.objects.get(pk=chosen.pk)
    assert found.evidence["problem"] == "forecasting"
    assert "cases on the same day one week before" in found.reason
    page = browser.get(f"/w/acme/tasks/{task.pk}/targets/").content.decode()
    assert "How many cases come here in the next day?" in page
    assert "Whole days with a season before them" in page

    canvas = canvas_draft(access=access, task=task)
    job = pipeline_generate(access=access, canvas=canvas)
    run_drain(run_ids=[job.pk])
    generation = Generation.objects.get()
    assert generation.specification["series"]["period"] == "day"
    assert "how many in the next days" in browser.get(f"/w/acme/pipelines/{generation.pipeline_id}/").content.decode()

    run = pipeline_run_start(access=access, generation=generation)
    run_drain(run_ids=[run.run_id])
    ended = PipelineRun.objects.with_run().get(pk=run.pk)
    states = {stage.name: stage.state_of for stage in ended.run.stages.all()}
    assert set(states.values()) == {StageState.SUCCEEDED}, [stage.reason for stage in ended.run.stages.all()]
    assert ended.metrics["model"]["mase"] > 0
    assert ended.smoke["periods_forecast"] == 7
    shown = browser.get(f"/w/acme/runs/{run.pk}/").content.decode()
    assert "seasonal naive" in shown
    assert "MASE" in shown
    assert "How far ahead it sees" in shown


def test_a_log_that_is_too_short_for_weeks_is_a_sentence(cast, task):
    access = cast.access(cast.editor)
    canvas = canvas_draft(access=access, task=task)
    target = TargetSpec.volume(task=TRIAGE, period=Period.WEEK)
    job = pipeline_generate(access=access, canvas=canvas, target=target)
    run_drain(run_ids=[job.pk])
    reason = job.stages.get().reason
    assert "whole weeks of this task; at least 84 are needed" in reason
    assert "foretell days" in reason
