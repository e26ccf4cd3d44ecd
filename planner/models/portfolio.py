"""Portfolios: which tasks to build together, and the limits they are chosen within."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from accounts.models import User, Workspace, WorkspaceScoped

MOST_QUARTERS = 40


class PortfolioPlan(models.Model):
    """A choice to be made among the tasks of some processes (none named: all of the workspace).

    Money is in the workspace's currency, None where there is no limit. Tasks are named by id: `must` and `must_not` are
    lists, `needs` is {task: [tasks it needs]}, each of `exclusions` a list of which at most one is built. `decided`
    holds the ids that were chosen when it was decided, with the figures of that moment in `result`.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="portfolios")
    name = models.CharField(max_length=120)
    processes = models.ManyToManyField("planner.Process", related_name="+", blank=True)
    budget = models.FloatField(null=True, blank=True, validators=[MinValueValidator(0.0)])
    days_a_quarter = models.FloatField(null=True, blank=True, validators=[MinValueValidator(0.0)])
    quarters = models.PositiveSmallIntegerField(
        default=4, validators=[MinValueValidator(1), MaxValueValidator(MOST_QUARTERS)]
    )
    must = models.JSONField(default=list, blank=True)
    must_not = models.JSONField(default=list, blank=True)
    needs = models.JSONField(default=dict, blank=True)
    exclusions = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)
    result = models.JSONField(default=dict, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True, help_text="of everything the result was computed from")
    decided = models.JSONField(default=list, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkspaceScoped["PortfolioPlan"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.name
