"""Reports: what a manager was handed, as it was then."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import User, Workspace, WorkspaceScoped
from jobs.models import Blob
from planner.models.process import Process


class ProcessReport(models.Model):
    """One report of a process, as PDF and as a workbook. Never changed: another state is another report."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    process = models.ForeignKey(Process, on_delete=models.CASCADE, related_name="reports")
    headline = models.CharField(max_length=300)
    decision = models.TextField(blank=True, help_text="what was decided, in the words of whoever made the report")
    document = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+", help_text="PDF")
    workbook = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+", help_text="XLSX")
    formula_version = models.PositiveSmallIntegerField()
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkspaceScoped["ProcessReport"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.headline
