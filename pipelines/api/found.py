"""What an address of the API names."""

from typing import Any

from accounts.api_base import WorkspaceAPIView
from pipelines.models import Pipeline, PipelineRun
from planner.domain.foresight.targets import TargetSpec
from planner.models import Task
from planner.services import target_read


def pipeline_of(view: WorkspaceAPIView, pk: int) -> Pipeline:
    """The pipeline at an address; 404 for one of another workspace."""
    return Pipeline.objects.of(view.workspace).with_task().get_or_404(pk=pk)


def run_of(view: WorkspaceAPIView, pk: int) -> PipelineRun:
    """The run at an address; 404 for one of another workspace."""
    return PipelineRun.objects.of(view.workspace).with_run().get_or_404(pk=pk)


def target_of(given: dict[str, Any], task: Task) -> TargetSpec | None:
    """The target as it is written; InvalidInput when it is none, or the log does not have it."""
    return target_read(task=task, text=given["target"]) if given.get("target") else None
