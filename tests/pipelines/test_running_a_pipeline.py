"""A canvas becomes a project, the project a run, the run a measured value: on the product's own engine, for real."""

import io
import zipfile

import pytest

from accounts.access import Access
from accounts.models import AuditEntry, Workspace
from common.errors import Conflict
from jobs.domain.states import StageState
from jobs.models import Stage
from jobs.services import blob_open, run_drain
from pipelines.domain.lifecycle import PipelineState
from pipelines.models import Pipeline, PipelineEvent, PipelineRun
from pipelines.services import pipeline_generate, pipeline_retire, pipeline_run_start
from planner.domain.foresight.targets import TargetSpec
from planner.models import MeasuredValue
from tests.pipelines.claims_setup import triage_generated


@pytest.fixture
def access(transactional_db: None) -> Access:
    return Access.system(Workspace.objects.create(name="Acme", slug="acme"))


def run_to_end(access: Access, generation) -> PipelineRun:
    found = pipeline_run_start(access=access, generation=generation)
    run_drain(run_ids=[found.run_id])
    return PipelineRun.objects.with_run().get(pk=found.pk)


@pytest.mark.second_leg
def test_the_whole_road_from_canvas_to_measured_value(access):
    generation = triage_generated(access)
    with blob_open(generation.archive) as stream, zipfile.ZipFile(io.BytesIO(stream.read())) as archive:
        assert not any(name.endswith("training.csv") for name in archive.namelist())

    first = run_to_end(access, generation)
    states = {stage.name: stage.state_of for stage in first.run.stages.all()}
    assert set(states.values()) == {StageState.SUCCEEDED}, [stage.reason for stage in first.run.stages.all()]
    assert first.metrics["made_up"] is False
    trained = first.run.stages.get(name="train")
    assert 0 < trained.metrics["search_seconds"] < trained.output["results"]["tuning"]["budget"]["seconds"]
    assert trained.output["results"]["tuning"]["complete"]
    assert first.sentence.startswith("Accepted" if first.accepted else "Not accepted")
    assert MeasuredValue.objects.get().pk == first.measured_id
    after = [event.after for event in PipelineEvent.objects.order_by("pk")]
    assert after[:3] == ["generated", "data_ready", "trained"]
    assert AuditEntry.objects.filter(verb="pipeline.changed").count() == len(after)

    second = run_to_end(access, generation)
    again = {stage.name: stage.state_of for stage in Stage.objects.filter(run=second.run_id)}
    assert again.pop("record") is StageState.SUCCEEDED
    assert set(again.values()) == {StageState.CACHED}
    assert second.metrics == first.metrics
    assert PipelineEvent.objects.count() == len(after), "an unchanged result changes no state"


def test_two_clicks_start_one_run_and_one_generation(access):
    generation = triage_generated(access)
    first = pipeline_run_start(access=access, generation=generation)
    assert pipeline_run_start(access=access, generation=generation).pk == first.pk
    canvas = generation.pipeline.canvas
    job = pipeline_generate(access=access, canvas=canvas)
    assert pipeline_generate(access=access, canvas=canvas).pk == job.pk


def test_the_same_canvas_generates_the_same_digest(access):
    generation = triage_generated(access)
    target = TargetSpec.from_json(generation.target)
    job = pipeline_generate(access=access, canvas=generation.pipeline.canvas, target=target, include_rows=False)
    run_drain(run_ids=[job.pk])
    again = generation.pipeline.generations.first()
    assert again.number == 2
    assert again.digest == generation.digest


def test_a_retired_pipeline_lives_again_when_it_is_generated(access):
    pipeline = triage_generated(access).pipeline
    pipeline_retire(access=access, pipeline=pipeline, reason="the process is gone")
    with pytest.raises(Conflict):
        pipeline_retire(access=access, pipeline=pipeline, reason="again")
    job = pipeline_generate(access=access, canvas=pipeline.canvas)
    run_drain(run_ids=[job.pk])
    assert Pipeline.objects.get().state_of is PipelineState.GENERATED
