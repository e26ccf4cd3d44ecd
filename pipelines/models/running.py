"""Runs of a generation, and what they changed in a pipeline's life."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from accounts.models import User, Workspace, WorkspaceScoped
from jobs.models import Run
from pipelines.domain.lifecycle import Cause
from pipelines.models.generation import Generation
from pipelines.models.pipeline import STATES, Pipeline
from planner.models import MeasuredValue


class PipelineRunQuerySet(WorkspaceScoped["PipelineRun"]):
    def of(self, workspace: Workspace) -> Self:
        """Runs of a workspace, without those of removed tasks."""
        return super().of(workspace).filter(pipeline__task__removed_at=None)

    def with_run(self) -> Self:
        return self.select_related("run", "generation", "pipeline__task__process", "measured__planned")

    def finished(self) -> Self:
        """Runs whose result is recorded."""
        return self.exclude(accepted=None)


class StartedBy(models.TextChoices):
    PERSON = "person", "a person"
    TRIGGER = "trigger", "a trigger"


class PipelineRun(models.Model):
    """A run of a generation. `metrics`, `acceptance` and `smoke` are written once, when all stages are done.

    `accepted` is None until then. `measured` is the value with the measured errors, where they could be valued.
    `changes` are parameters other than the generation's: dotted name → value. `until` names the last stage wanted;
    empty: all, and the result is recorded.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="runs")
    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="runs")
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="pipeline_run")
    number = models.PositiveIntegerField()
    started_by = models.CharField(max_length=10, choices=StartedBy.choices, default=StartedBy.PERSON)
    changes: Any = models.JSONField(default=dict, blank=True)
    until = models.CharField(max_length=80, blank=True)
    metrics: Any = models.JSONField(default=dict, blank=True)
    acceptance: Any = models.JSONField(default=dict, blank=True)
    smoke: Any = models.JSONField(default=dict, blank=True)
    accepted = models.BooleanField(null=True)
    verdict = models.CharField(max_length=20, blank=True)
    sentence = models.CharField(max_length=500, blank=True)
    measured = models.ForeignKey(MeasuredValue, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PipelineRunQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["pipeline", "number"], name="one_run_a_number")
        ]

    def __str__(self) -> str:
        return f"run {self.number} of {self.pipeline}"


class PipelineEvent(models.Model):
    """A change of state, append-only: from what, to what, why, by whom or by which run."""

    CAUSES: ClassVar[list[tuple[str, str]]] = [(cause.value, cause.value) for cause in Cause]

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="events")
    before = models.CharField(max_length=20, choices=STATES)
    after = models.CharField(max_length=20, choices=STATES)
    cause = models.CharField(max_length=10, choices=CAUSES)
    actor = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    run = models.ForeignKey(PipelineRun, on_delete=models.SET_NULL, null=True, related_name="events")
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkspaceScoped["PipelineEvent"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.before} to {self.after}"
