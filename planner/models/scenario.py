"""Scenarios of one's own: the tasks of a process under other assumptions."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import User, Workspace, WorkspaceScoped


class ProcessScenario(models.Model):
    """A name and the assumptions it sets, each as text: for every task of the process, and for single ones on top.

    `amounts` is {key: text}, `task_amounts` {id of the task: {key: text}}. `version` counts its edits.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    process = models.ForeignKey("planner.Process", on_delete=models.CASCADE, related_name="scenarios")
    name = models.CharField(max_length=80)
    note = models.CharField(max_length=400, blank=True)
    amounts = models.JSONField(default=dict, blank=True)
    task_amounts = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkspaceScoped["ProcessScenario"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["process", "name"], name="one_scenario_a_name")
        ]

    def __str__(self) -> str:
        return self.name
