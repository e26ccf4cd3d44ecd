"""What each edit of a process changed, kept to tell somebody whose own edit came too late."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import User, Workspace, WorkspaceScoped


class GraphRevision(models.Model):
    """One edit: `version` is the one it made, `changes` sentences that say what is different, `more` those left out."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    process = models.ForeignKey("planner.Process", on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    changes = models.JSONField(default=list)
    more = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkspaceScoped["GraphRevision"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["process", "version"], name="one_change_of_graph_a_version")
        ]

    def __str__(self) -> str:
        return f"version {self.version}"
