"""When people of a workspace work, and where the people of one process work otherwise."""

from typing import ClassVar, Self

from django.db import models

from accounts.models import Workspace, WorkspaceScoped
from planner.models.process import Process


class WorkingHoursQuerySet(WorkspaceScoped["WorkingHours"]):
    def default(self) -> Self:
        """Those of the workspace itself."""
        return self.filter(process=None)


class WorkingHours(models.Model):
    """Working hours of a workspace (`process` null), or of one process, which override them.

    `choice` is a `CalendarChoice` in plain values; empty is around the clock.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    process = models.OneToOneField(
        Process, on_delete=models.CASCADE, related_name="working_hours", null=True, blank=True
    )
    choice = models.JSONField(default=dict, blank=True)

    objects = WorkingHoursQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["workspace"], condition=models.Q(process=None), name="one_default_of_working_hours"
            )
        ]

    def __str__(self) -> str:
        return f"working hours of {self.process or self.workspace}"
