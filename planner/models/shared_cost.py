"""Costs that several tasks need and that are paid once."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import User, Workspace, WorkspaceScoped


class SharedCost(models.Model):
    """One labelled data set, one integration: entered once, spent at the start, in whatever task first needs it.

    `text` is the amount in the workspace's currency as people write it ("20 k to 30 k"). `version` counts its edits.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="shared_costs")
    label = models.CharField(max_length=120)
    text = models.CharField(max_length=200)
    source = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=400, blank=True)
    tasks = models.ManyToManyField("planner.Task", related_name="shared_costs")
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkspaceScoped["SharedCost"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return self.label
