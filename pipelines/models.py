"""Pipelines, what was generated for them, their runs, and the history of their life."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from accounts.models import User, Workspace, WorkspaceScoped
from canvas.models import Canvas
from jobs.models import Blob, Run
from pipelines.domain.lifecycle import LABELS, Cause, PipelineState
from planner.models import EventLog, MeasuredValue, Process, Task

STATES = [(state.value, LABELS[state]) for state in PipelineState]


class PipelineQuerySet(WorkspaceScoped["Pipeline"]):
    def of(self, workspace: Workspace) -> Self:
        """Pipelines of a workspace; one whose task is removed is out of sight with it."""
        return super().of(workspace).filter(task__removed_at=None)

    def of_process(self, process: Process) -> Self:
        """Pipelines of the tasks of one process, the latest changed first."""
        return self.filter(task__process=process).order_by("-updated_at", "-id")

    def with_task(self) -> Self:
        return self.select_related("task__process", "canvas")


class Pipeline(models.Model):
    """What is built for one canvas. `specification` is that of the latest generation, empty before the first."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="pipelines")
    canvas = models.OneToOneField(Canvas, on_delete=models.CASCADE, related_name="pipeline")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="pipelines")
    state = models.CharField(max_length=20, choices=STATES, default=PipelineState.DESIGNED.value)
    specification: Any = models.JSONField(default=dict, blank=True)
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
    def subject(self) -> str:
        """How jobs and the audit trail name it."""
        return f"pipeline:{self.pk}"


class GenerationQuerySet(WorkspaceScoped["Generation"]):
    def of(self, workspace: Workspace) -> Self:
        """What was generated in a workspace, without that of removed tasks."""
        return super().of(workspace).filter(pipeline__task__removed_at=None)


class Generation(models.Model):
    """One rendering: the archive people download, the real rows apart, and what both were made from (`log`).

    `archive` holds the real rows only when `with_rows`; a run always learns from `data`. `tree` lists
    {path, size, digest} of every file; `target` is the TargetSpec as JSON; `split_moment` begins the test period.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="generations")
    job = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, related_name="+")
    log = models.ForeignKey(EventLog, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    archive = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    data = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    with_rows = models.BooleanField()
    rows = models.PositiveIntegerField()
    split_moment = models.CharField(max_length=40, blank=True)
    tree: Any = models.JSONField(default=list)
    specification: Any = models.JSONField()
    target: Any = models.JSONField()
    canvas_version = models.PositiveIntegerField()
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = GenerationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["pipeline", "number"], name="one_generation_a_number")
        ]

    def __str__(self) -> str:
        return f"generation {self.number} of {self.pipeline}"

    @property
    def package(self) -> str:
        return str(self.specification["package"])

    @property
    def slug(self) -> str:
        return str(self.specification["slug"])


class PipelineRunQuerySet(WorkspaceScoped["PipelineRun"]):
    def of(self, workspace: Workspace) -> Self:
        """Runs of a workspace, without those of removed tasks."""
        return super().of(workspace).filter(pipeline__task__removed_at=None)

    def with_run(self) -> Self:
        return self.select_related("run", "generation", "pipeline__task__process", "measured__planned")

    def finished(self) -> Self:
        """Runs whose result is recorded."""
        return self.exclude(accepted=None)


class PipelineRun(models.Model):
    """A run of a generation. `metrics`, `acceptance` and `smoke` are written once, when all stages are done.

    `accepted` is None until then. `measured` is the value with the measured errors, where they could be valued.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="runs")
    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="runs")
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="pipeline_run")
    number = models.PositiveIntegerField()
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
