"""What a model really earned, month by month, and how well it is tested."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from accounts.models import User, Workspace, WorkspaceScoped
from pipelines.models.pipeline import Pipeline
from pipelines.models.registry import ModelVersion


class RealisedMonthQuerySet(WorkspaceScoped["RealisedMonth"]):
    def of(self, workspace: Workspace) -> Self:
        """Months of a workspace, without those of removed tasks."""
        return super().of(workspace).filter(pipeline__task__removed_at=None)


class RealisedMonth(models.Model):
    """One calendar month (UTC) of a pipeline in use. Money in the workspace's currency, benefits and costs above zero.

    `counts` is {tp, fp, fn, tn} of the cases the model decided alone and whose outcome is known; of several classes the
    right ones are `tp`, the wrong ones `fp`. `costs` are amounts people entered by kind of cost, `cases` how many cases
    there were. `planned` is {benefit, cost, net, final} as the estimate stood when the
    month was first valued after its end; `realised` is {labour, other, cost, planned_costs} and {errors, benefit, net},
    each {value, low, high} or null, empty while the task has no value.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="months")
    version = models.ForeignKey(ModelVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    month = models.DateField(help_text="its first day")
    volume = models.PositiveIntegerField(default=0, help_text="predictions")
    alone = models.PositiveIntegerField(default=0, help_text="of these, decided without a person")
    known = models.PositiveIntegerField(default=0, help_text="of these, with a known outcome")
    counts: Any = models.JSONField(default=dict, blank=True)
    costs: Any = models.JSONField(default=dict, blank=True)
    cases = models.PositiveIntegerField(null=True, blank=True, help_text="of the task that month, entered by hand")
    share = models.FloatField(default=1.0, help_text="part of the month it was in use, 0 to 1")
    revision = models.PositiveIntegerField(default=1, help_text="raised by each edit of costs or cases")
    planned: Any = models.JSONField(default=dict, blank=True)
    realised: Any = models.JSONField(default=dict, blank=True)
    computed_at = models.DateTimeField(default=timezone.now)

    objects = RealisedMonthQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["month"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["pipeline", "month"], name="one_row_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.month:%B %Y} of {self.pipeline}"


class TestMark(models.Model):
    """One test of the ML Test Score marked by a person: done by hand and documented, or automated elsewhere.

    A mark taken back stays as "not done", so that `version` only ever grows.
    """

    __test__ = False  # pytest would collect it by its name

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="test_marks")
    test = models.CharField(max_length=40)
    done = models.CharField(
        max_length=10,
        choices=[("not", "not done"), ("by_hand", "by hand, documented"), ("automated", "automated")],
    )
    note = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    marked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    marked_at = models.DateTimeField(default=timezone.now)

    objects = WorkspaceScoped["TestMark"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["pipeline", "test"], name="one_mark_a_test")
        ]

    def __str__(self) -> str:
        return f"{self.test}: {self.done}"


class LifecyclePolicy(models.Model):
    """What a workspace decided about its models; without a row: what the fields say by default."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="lifecycle_policy")
    approval_needed = models.BooleanField(default=False, help_text="a person other than the asker says yes")
    keep_inputs = models.BooleanField(default=True, help_text="the values predicted from, not only their digest")
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    objects = WorkspaceScoped["LifecyclePolicy"].as_manager()

    def __str__(self) -> str:
        return f"policy of {self.workspace}"
