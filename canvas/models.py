"""Canvases and every change made to them."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from accounts.models import User, Workspace, WorkspaceScoped
from canvas.domain.blocks import SHEET
from canvas.domain.completeness import Completeness, completeness
from planner.models import Process, Task


class Conclusion(models.TextChoices):
    """How a canvas ends. "Do not build ML here" is as good an end as any."""

    OPEN = "open", "Still open"
    BUILD = "build", "Build it"
    DO_NOT_BUILD = "do_not_build", "Do not build ML here"


class Review(models.TextChoices):
    """Where a canvas stands with those who have to agree. A change after an approval makes it a draft again."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"


class CanvasQuerySet(WorkspaceScoped["Canvas"]):
    def of(self, workspace: Workspace) -> Self:
        """Canvases of a workspace; one whose task is removed is out of sight with it."""
        return super().of(workspace).filter(task__removed_at=None)

    def of_process(self, process: Process) -> "CanvasQuerySet":
        """Canvases of the tasks of one process, in the order of the tasks."""
        return self.filter(task__process=process).select_related("task").order_by("task__position", "task_id")


class Canvas(models.Model):
    """One task's Machine Learning Canvas.

    `fields` holds `{block: {field: {"value", "source", "by", "at"}}}`: the typed value, where it came from in words,
    whether a person or a draft wrote it, and the version in which it last changed. `decided` holds by path the drafted
    value that somebody accepted, refused or wrote over: it is not drafted or offered again.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="canvases")
    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="canvas")
    designed_for = models.CharField(max_length=200, blank=True)
    designed_by = models.CharField(max_length=200, blank=True)
    iteration = models.PositiveIntegerField(default=1)
    fields: Any = models.JSONField(default=dict, blank=True)
    decided: Any = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    conclusion = models.CharField(max_length=20, choices=Conclusion.choices, default=Conclusion.OPEN)
    reason = models.CharField(max_length=500, blank=True)
    review = models.CharField(max_length=20, choices=Review.choices, default=Review.DRAFT)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = CanvasQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "canvases"

    def __str__(self) -> str:
        return f"canvas of {self.task}"

    @property
    def completeness(self) -> Completeness:
        return completeness(self.fields)


class CanvasRevision(models.Model):
    """One change of a canvas: `changes` lists `{"path", "before", "after"}`, entries of `fields` or header values."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    canvas = models.ForeignKey(Canvas, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    cause = models.CharField(max_length=40)
    changes: Any = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkspaceScoped["CanvasRevision"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["canvas", "version"], name="one_revision_a_version")
        ]

    def __str__(self) -> str:
        return f"version {self.version} of {self.canvas}"


class CanvasApproval(models.Model):
    """Who approved which version of a canvas."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    canvas = models.ForeignKey(Canvas, on_delete=models.CASCADE, related_name="approvals")
    version = models.PositiveIntegerField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkspaceScoped["CanvasApproval"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["canvas", "version"], name="one_approval_a_version")
        ]

    def __str__(self) -> str:
        return f"approval of version {self.version} of {self.canvas}"


class CanvasComment(models.Model):
    """What somebody says about a block, in plain text.

    `canvas_version` is the version it was written on, `version` counts the changes of the comment itself.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    canvas = models.ForeignKey(Canvas, on_delete=models.CASCADE, related_name="comments")
    block = models.CharField(max_length=40, choices=[(block.key, block.title) for block in SHEET])
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    canvas_version = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = WorkspaceScoped["CanvasComment"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["canvas", "at"], name="comments_of_a_canvas")]

    def __str__(self) -> str:
        return f"comment {self.pk} on {self.canvas}"


class CanvasMention(models.Model):
    """Somebody who was mentioned in a comment. Answered when they say something about that block afterwards."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    comment = models.ForeignKey(CanvasComment, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = WorkspaceScoped["CanvasMention"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["comment", "user"], name="one_mention_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.comment}"
