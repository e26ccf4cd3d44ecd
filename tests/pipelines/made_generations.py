"""A pipeline with generations, made without their jobs, for tests of what is shown."""

from accounts.models import Workspace
from canvas.models import Canvas
from jobs.services import blob_store
from pipelines.domain.specification import OUTCOME
from pipelines.models import Generation, Pipeline
from pipelines.services.designing import tree_of
from planner.models import Process, Task
from tests.pipelines.projects import small_table, specification_of, with_rows


def pipeline_made(workspace: Workspace) -> Pipeline:
    """A pipeline of a task called Triage, with one generation."""
    process = Process.objects.create(workspace=workspace, name="Claims", cases_a_year=1000)
    task = Task.objects.create(workspace=workspace, process=process, name="Triage", activity="Triage")
    canvas = Canvas.objects.create(workspace=workspace, task=task)
    found = Pipeline.objects.create(workspace=workspace, canvas=canvas, task=task, state="generated")
    generation_made(found)
    return found


def generation_made(pipeline: Pipeline, **texts: str) -> Generation:
    """Its next generation; `texts` are fields of the canvas, block__field."""
    made = small_table()
    places = {place.replace("__", "."): text for place, text in texts.items()}
    specification = specification_of(made, title="Triage <b>", texts=places)
    project, workspace = with_rows(made, specification), pipeline.workspace
    return Generation.objects.create(
        workspace=workspace,
        pipeline=pipeline,
        number=pipeline.generations.count() + 1,
        digest=project.digest,
        archive=blob_store(workspace=workspace, source=project.archive(), media_type="application/zip"),
        data=blob_store(workspace=workspace, source=project.files["data/training.csv"], media_type="text/csv"),
        with_rows=True,
        rows=400,
        tree=tree_of(project.files),
        specification=specification.as_json(),
        target={"name": OUTCOME},
        canvas_version=pipeline.canvas.version,
    )
