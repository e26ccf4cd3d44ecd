"""What a graph was before an edit that changes many tasks and flows at once, so that it can be taken back."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import User, Workspace, WorkspaceScoped


class GraphSnapshot(models.Model):
    """Every task and flow of a process before one edit; `version` is the one the edit made.

    `content` is {"process": values, "tasks": {id: values}, "flows": {id: values}, "log": id or null}, the values of
    the fields such an edit may change. `verb` is the edit's in the audit trail, `words` says what it was.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    process = models.ForeignKey("planner.Process", on_delete=models.CASCADE, related_name="snapshots")
    version = models.PositiveIntegerField()
    verb = models.CharField(max_length=40)
    words = models.CharField(max_length=300)
    content = models.JSONField(default=dict)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkspaceScoped["GraphSnapshot"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.words
