"""What a pipeline learns from: tables people bring, and the choice between them and the log."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from accounts.models import User, Workspace, WorkspaceScoped
from canvas.models import Canvas
from jobs.models import Blob, Run


class RowsFrom(models.TextChoices):
    """Where the rows a pipeline learns from come from."""

    LOG = "log", "the event log"
    UPLOAD = "upload", "a table"
    MADE_UP = "made_up", "made-up rows"


class TrainingUploadQuerySet(WorkspaceScoped["TrainingUpload"]):
    def of(self, workspace: Workspace) -> Self:
        """Tables of a workspace, without those of removed tasks."""
        return super().of(workspace).filter(canvas__task__removed_at=None)

    def of_canvas(self, canvas: Canvas) -> Self:
        """Those brought for one canvas, the latest first."""
        return self.filter(canvas=canvas).select_related("run", "blob", "canvas__task__process")


class TrainingUpload(models.Model):
    """A table brought to learn from. `shape` says how it is written; `profile` is empty until its job is done.

    `drawn` holds some of its rows, to look at columns more closely; `roles` are proposed, and a person's once
    `confirmed`; `scores` say how much each column tells of the target alone.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    canvas = models.ForeignKey(Canvas, on_delete=models.CASCADE, related_name="training_uploads")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    drawn = models.ForeignKey(Blob, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    filename = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(help_text="bytes, packed as it came")
    shape: Any = models.JSONField(default=dict, blank=True)
    profile: Any = models.JSONField(default=dict, blank=True)
    roles: Any = models.JSONField(default=dict, blank=True)
    scores: Any = models.JSONField(default=list, blank=True)
    confirmed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TrainingUploadQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.filename

    @property
    def subject(self) -> str:
        """How jobs and the audit trail name it."""
        return f"training-upload:{self.pk}"

    @property
    def is_profiled(self) -> bool:
        return bool(self.profile)


class TrainingSource(models.Model):
    """What a person chose a canvas's pipeline to learn from; without one: the log where there is one."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    canvas = models.OneToOneField(Canvas, on_delete=models.CASCADE, related_name="training_source")
    rows_from = models.CharField(max_length=10, choices=RowsFrom.choices, default=RowsFrom.LOG)
    upload = models.ForeignKey(TrainingUpload, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = WorkspaceScoped["TrainingSource"].as_manager()

    def __str__(self) -> str:
        return self.rows_from
