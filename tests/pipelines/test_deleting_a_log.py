"""What was generated and run from a log goes with it; what was made from another log of the process stays."""

import pytest

from accounts.access import Access
from canvas.models import Canvas
from jobs.models import Blob, Run, Stage
from jobs.services import blob_store, run_drain
from pipelines.models import Deployment, Generation, ModelVersion, Pipeline, PipelineEvent, PipelineRun
from pipelines.services import version_promote
from pipelines.services.numbering import next_number
from planner.models import EventLog, Process, Task
from planner.services import log_apply, log_delete, log_derived
from tests.conftest import Cast
from tests.planner.measuring import measured_process, newer_log
from tests.planner.test_measuring_anew import NEWER

pytestmark = pytest.mark.django_db(transaction=True)


def generated(access: Access, task: Task, log: EventLog) -> Generation:
    """A generation of a task with its files, and a run of it with a result that holds rows."""
    workspace = access.workspace
    canvas, _ = Canvas.objects.get_or_create(workspace=workspace, task=task)
    pipeline, _ = Pipeline.objects.get_or_create(workspace=workspace, canvas=canvas, task=task)
    Pipeline.objects.filter(pk=pipeline.pk).update(state="trained")
    archive, data, result = (
        blob_store(workspace=workspace, source=f"{name} {log.pk}".encode(), media_type="text/csv")
        for name in ("archive", "rows", "result")
    )
    number = pipeline.generations.count() + 1
    generation: Generation = Generation.objects.create(
        workspace=workspace, pipeline=pipeline, log=log, number=number, digest="0", archive=archive, data=data,
        with_rows=True, rows=3, specification={}, target={}, canvas_version=1,
    )  # fmt: skip
    job = Run.objects.create(workspace=workspace, kind="pipelines.run", title="Run", state="succeeded")
    Stage.objects.create(workspace=workspace, run=job, name="split", position=0, output={"blob": result.pk})
    PipelineRun.objects.create(workspace=workspace, pipeline=pipeline, generation=generation, run=job, number=number)
    return generation


@pytest.fixture
def process(cast: Cast) -> Process:
    return measured_process(cast.access(cast.editor))


def drained() -> None:
    run_drain(run_ids=list(Run.objects.under_way().values_list("pk", flat=True)))


@pytest.mark.second_leg
def test_generations_and_results_of_runs_go_with_their_log_alone(cast: Cast, process: Process) -> None:
    access, older = cast.access(cast.editor), EventLog.objects.get()
    check = process.tasks.get(name="Check")
    before = generated(access, check, older)
    newer = newer_log(access, process, NEWER)
    log_apply(access=access, log=newer)
    after = generated(access, check, newer)
    drained()
    assert log_derived(older) == ["1 generated project with training table", "results of 1 run"]
    log_delete(access=access, log=older)
    assert set(Generation.objects.values_list("pk", flat=True)) == {after.pk}
    assert set(PipelineRun.objects.values_list("generation", flat=True)) == {after.pk}
    assert not Blob.objects.filter(pk__in=(before.archive_id, before.data_id)).exists()
    results = Stage.objects.filter(name="split").values_list("output", flat=True)
    assert Blob.objects.filter(pk__in=[output["blob"] for output in results]).count() == 1
    assert Pipeline.objects.get().state == "trained"


def test_a_pipeline_of_which_nothing_is_left_is_designed_only(cast: Cast, process: Process) -> None:
    access, log = cast.access(cast.editor), EventLog.objects.get()
    drained()
    generated(access, process.tasks.get(name="Check"), log)
    log_delete(access=access, log=log)
    assert (Pipeline.objects.get().state, Generation.objects.count(), Blob.objects.count()) == ("designed", 0, 0)
    assert PipelineEvent.objects.get().note == "the log it was generated from was deleted"


def test_models_go_with_their_log_and_what_they_served_ends(cast: Cast, process: Process) -> None:
    access, older = cast.access(cast.editor), EventLog.objects.get()
    check = process.tasks.get(name="Check")
    before = generated(access, check, older)
    model = blob_store(workspace=cast.workspace, source=b"a model", media_type="application/zip")
    made = PipelineRun.objects.get(generation=before)
    Stage.objects.create(
        workspace=cast.workspace, run=made.run, name="package", position=1, output={"blob": model.pk, "results": {}}
    )
    version = ModelVersion.objects.create(
        workspace=cast.workspace, pipeline=before.pipeline, number=1, run=made, package=model, digest="1", accepted=True
    )
    version_promote(access=access, version=version)
    newer = newer_log(access, process, NEWER)
    log_apply(access=access, log=newer)
    generated(access, check, newer)
    Pipeline.objects.update(state="serving")
    drained()
    assert "1 model, and what is served of them" in log_derived(older)
    log_delete(access=access, log=older)
    assert (ModelVersion.objects.count(), Blob.objects.filter(pk=model.pk).count()) == (0, 0)
    assert Pipeline.objects.get().state == "generated"
    assert not Deployment.objects.wanted().exists(), "nothing is left to serve"


def test_numbers_go_on_past_what_was_deleted(cast: Cast, process: Process) -> None:
    access, older = cast.access(cast.editor), EventLog.objects.get()
    check = process.tasks.get(name="Check")
    generated(access, check, older)
    newer = newer_log(access, process, NEWER)
    log_apply(access=access, log=newer)
    kept = generated(access, check, newer)
    drained()
    log_delete(access=access, log=older)
    assert kept.number == 2
    assert next_number(kept.pipeline.generations) == 3
    assert next_number(kept.pipeline.runs) == 3
    assert next_number(kept.pipeline.versions) == 1
