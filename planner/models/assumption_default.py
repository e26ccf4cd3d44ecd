"""Assumptions set once for many tasks: of a workspace, of a process, of a lane of a process."""

from typing import ClassVar, Self

from django.db import models
from django.utils import timezone

from accounts.models import User, Workspace, WorkspaceScoped
from planner.domain.process_graph.node import LONGEST_LANE
from planner.models.process import Process


class AssumptionDefaultQuerySet(WorkspaceScoped["AssumptionDefault"]):
    def reaching(self, *processes: int) -> Self:
        """Those that hold for tasks of processes, by id: of their workspace, of themselves, of their lanes."""
        return self.filter(models.Q(process=None) | models.Q(process__in=processes))


class AssumptionDefault(models.Model):
    """What an assumption is wherever nothing narrower says otherwise.

    Without a process it holds in the workspace, with one in that process, with a lane in that lane of it; the narrower
    wins. `text` is written as on a task ("25 to 35"), `source` says where it is from.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    process = models.ForeignKey(
        Process, on_delete=models.CASCADE, null=True, blank=True, related_name="assumption_defaults"
    )
    lane = models.CharField(max_length=LONGEST_LANE, blank=True)
    key = models.CharField(max_length=40)
    text = models.CharField(max_length=200)
    source = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=400, blank=True)
    set_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    objects = AssumptionDefaultQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["workspace", "key"], condition=models.Q(process=None), name="one_default_a_workspace"
            ),
            models.UniqueConstraint(
                fields=["process", "lane", "key"],
                condition=models.Q(process__isnull=False),
                name="one_default_a_process_and_lane",
            ),
            models.CheckConstraint(
                condition=models.Q(lane="") | models.Q(process__isnull=False), name="a_lane_belongs_to_a_process"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.text}"
