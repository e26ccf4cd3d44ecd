"""A pipeline, and the history of its life."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from accounts.models import Workspace, WorkspaceScoped
from canvas.models import Canvas
from pipelines.domain.lifecycle import IN_USE, LABELS, PipelineState
from planner.models import Process, Task

STATES = [(state.value, LABELS[state]) for state in PipelineState]


class PipelineQuerySet(WorkspaceScoped["Pipeline"]):
    def of(self, workspace: Workspace) -> Self:
        """Pipelines of a workspace; one whose task is removed is out of sight with it."""
        return super().of(workspace).filter(task__removed_at=None)

    def of_process(self, process: Process) -> Self:
        """Pipelines of the tasks of one process, the latest changed first."""
        return self.filter(task__process=process).order_by("-updated_at", "-id")

    def with_task(self) -> Self:
        return self.select_related("task__process", "canvas").defer("task__process__places")


class Pipeline(models.Model):
    """What is built for one canvas. `specification` is that of the latest generation, empty before the first.

    `architecture` holds the options a person chose, axis to value; empty: those the canvas asks for. `value_gone` says
    why it is proposed for retirement; empty where it is not.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="pipelines")
    canvas = models.OneToOneField(Canvas, on_delete=models.CASCADE, related_name="pipeline")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="pipelines")
    state = models.CharField(max_length=20, choices=STATES, default=PipelineState.DESIGNED.value)
    specification: Any = models.JSONField(default=dict, blank=True)
    architecture: Any = models.JSONField(default=dict, blank=True)
    value_gone = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = PipelineQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-updated_at", "-id"]

    def __str__(self) -> str:
        return f"pipeline of {self.task}"

    @property
    def state_of(self) -> PipelineState:
        return PipelineState(self.state)

    @property
    def is_in_use(self) -> bool:
        """Whether a champion of it is in use."""
        return self.state_of in IN_USE

    @property
    def subject(self) -> str:
        """How jobs and the audit trail name it."""
        return f"pipeline:{self.pk}"
