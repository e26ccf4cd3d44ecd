"""The worked example of the demo, walked through every step of the way by the same services as anybody's file.

Each step starts the job that a person would start, and the next waits until that one is over.
"""

from typing import Any

from accounts.access import Access
from accounts.models import Workspace
from jobs.models import Run, RunState, Stage
from pipelines.models import Pipeline
from pipelines.services.generating import pipeline_generate_top
from pipelines.services.running import pipeline_run_start
from planner.models import LogUpload, Process
from planner.services import example_load


class Stopped(Exception):
    """A job this one builds on did not end well; the sentence says which."""


def demo_example_publish(stage: Stage, output: dict[str, Any]) -> None:
    """Start the import of the example."""
    example_load(access=Access.system(stage.workspace), key=str(stage.params["example"]))


def demo_canvas_publish(stage: Stage, output: dict[str, Any]) -> None:
    """Draft the canvas of the task worth most and start generating its pipeline."""
    process = _process(stage.workspace, str(stage.params["example"]))
    pipeline_generate_top(access=Access.system(stage.workspace), process=process, k=1)


def demo_run_publish(stage: Stage, output: dict[str, Any]) -> None:
    """Start a run of what was generated."""
    process = _process(stage.workspace, str(stage.params["example"]))
    pipeline = Pipeline.objects.of(stage.workspace).filter(task__process=process).order_by("pk")[0]
    generation = pipeline.generations.order_by("-number")[0]
    pipeline_run_start(access=Access.system(stage.workspace), generation=generation)


def demo_waits_for(*, workspace_id: int, example: str) -> str:
    """The title of a job about the example that must end first, or nothing.

    Raises Stopped when the latest did not end well, or the example was deleted meanwhile.
    """
    about = _subjects(workspace_id, example)
    if not about:
        raise Stopped("The worked example was deleted before it was ready: load it again from Home.")
    jobs = Run.objects.filter(workspace_id=workspace_id, subject__in=about).order_by("-id")
    under_way = jobs.under_way().first()
    if under_way is not None:
        return under_way.title
    latest = jobs.first()
    if latest is not None and latest.state_of is not RunState.SUCCEEDED:
        raise Stopped(f"“{latest.title}” did not end well. Try that one again, then this one.")
    return ""


def _subjects(workspace_id: int, example: str) -> list[str]:
    """What jobs about the example name as their subject; a process made of the file is named by it too."""
    uploads = LogUpload.objects.filter(workspace_id=workspace_id, example=example).values_list("pk", "process_id")
    pipelines = Pipeline.objects.filter(workspace_id=workspace_id, task__process__example=example)
    return [
        *(f"upload:{upload}" for upload, _ in uploads),
        *(f"process:{process}" for _, process in uploads if process is not None),
        *(pipeline.subject for pipeline in pipelines),
    ]


def _process(workspace: Workspace, example: str) -> Process:
    return Process.objects.of(workspace).filter(example=example).order_by("pk")[0]
