"""What was rendered for a pipeline."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from accounts.models import User, Workspace, WorkspaceScoped
from jobs.models import Blob, Run
from pipelines.models.pipeline import Pipeline
from pipelines.models.training import RowsFrom, TrainingUpload
from planner.models import EventLog


class GenerationQuerySet(WorkspaceScoped["Generation"]):
    def of(self, workspace: Workspace) -> Self:
        """What was generated in a workspace, without that of removed tasks."""
        return super().of(workspace).filter(pipeline__task__removed_at=None)


class Generation(models.Model):
    """One rendering: the archive people download, the rows apart, and what both were made from (`log` or `upload`).

    `archive` holds the real rows only when `with_rows`; a run learns from `data`, unless that is made up. `tree` lists
    {path, size, digest} of every file; `target` is the TargetSpec as JSON; `split_moment` begins the test period.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="generations")
    job = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, related_name="+")
    log = models.ForeignKey(EventLog, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    upload = models.ForeignKey(TrainingUpload, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    rows_from = models.CharField(max_length=10, choices=RowsFrom.choices, default=RowsFrom.LOG)
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
    def is_made_up(self) -> bool:
        """Its rows were never recorded: nothing measured with them says anything of the task."""
        return self.rows_from == RowsFrom.MADE_UP

    @property
    def package(self) -> str:
        return str(self.specification["package"])

    @property
    def slug(self) -> str:
        return str(self.specification["slug"])
