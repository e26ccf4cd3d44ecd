"""Runs of downloaded projects, told by them over the API."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from accounts.models import User, Workspace, WorkspaceScoped
from pipelines.models.generation import Generation
from pipelines.models.pipeline import Pipeline


class OutsideState(models.TextChoices):
    RUNNING = "running", "running"
    SUCCEEDED = "succeeded", "done"
    FAILED = "failed", "failed"


class OutsideRunQuerySet(WorkspaceScoped["OutsideRun"]):
    def of(self, workspace: Workspace) -> Self:
        """Outside runs of a workspace, without those of removed tasks."""
        return super().of(workspace).filter(pipeline__task__removed_at=None)


class OutsideRun(models.Model):
    """A run somewhere else. `key` is the project's own name of it; told twice it is one run.

    `stages` is name → {state, seconds, metrics}, built from its events in the order of their sequence, which may arrive
    in any order and more than once; `generation` is None where the digest told is none of ours.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="outside_runs")
    generation = models.ForeignKey(Generation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=100)
    state = models.CharField(max_length=10, choices=OutsideState.choices, default=OutsideState.RUNNING)
    place = models.CharField(max_length=200, blank=True, help_text="where it ran, as the project says")
    code_digest = models.CharField(max_length=64, blank=True)
    data_digest = models.CharField(max_length=64, blank=True)
    stages: Any = models.JSONField(default=dict, blank=True)
    metrics: Any = models.JSONField(default=dict, blank=True)
    acceptance: Any = models.JSONField(default=dict, blank=True)
    told_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True, help_text="by the clock of where it ran")
    finished_at = models.DateTimeField(null=True, blank=True, help_text="by the clock of where it ran")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OutsideRunQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["pipeline", "key"], name="one_outside_run_a_key")
        ]

    def __str__(self) -> str:
        return f"outside run {self.key} of {self.pipeline}"


class OutsideEvent(models.Model):
    """One thing an outside run told, append-only. The same sequence number told twice is one event."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(OutsideRun, on_delete=models.CASCADE, related_name="events")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    body: Any = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=timezone.now, help_text="by the clock of where it ran")

    objects = WorkspaceScoped["OutsideEvent"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["sequence"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "sequence"], name="one_event_a_sequence")
        ]

    def __str__(self) -> str:
        return f"{self.sequence}: {self.kind}"
