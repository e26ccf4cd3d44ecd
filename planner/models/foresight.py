"""What could be foretold at a task, what a quick check on the log found, and which target was chosen."""

from typing import ClassVar, Self

from django.db import models
from django.utils import timezone

from accounts.models import User, Workspace, WorkspaceScoped
from planner.domain.foresight.targets import LONGEST_TEXT, Role, TargetSpec
from planner.domain.suitability.verdicts import Verdict
from planner.models.value import VERDICTS

ROLES = [(role.value, role.value) for role in Role]


class DecisionTargetQuerySet(WorkspaceScoped["DecisionTarget"]):
    def chosen(self) -> Self:
        """The one target of each task a model is to be built for."""
        return self.filter(chosen=True)

    def screened(self) -> Self:
        return self.exclude(verdict="")


class DecisionTarget(models.Model):
    """A target at a task, with the verdict of the quick check ("" where it was not checked) and its evidence.

    `text` is the target as it is written on the command line, `spec` the TargetSpec as JSON. `evidence` holds what
    the check measured (see `planner.domain.foresight.foresight.Screen`). A target picked by a person stays chosen when
    the log is checked again.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    task = models.ForeignKey("planner.Task", on_delete=models.CASCADE, related_name="targets")
    log = models.ForeignKey("planner.EventLog", on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=LONGEST_TEXT)
    spec = models.JSONField()
    role = models.CharField(max_length=10, choices=ROLES)
    note = models.CharField(max_length=200, blank=True)
    verdict = models.CharField(max_length=20, choices=VERDICTS, blank=True)
    reason = models.TextField(blank=True)
    evidence = models.JSONField(default=dict, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    chosen = models.BooleanField(default=False)
    chosen_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    picked = models.BooleanField(default=False, help_text="a person chose it")
    screened_at = models.DateTimeField(default=timezone.now)

    objects = DecisionTargetQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["task_id", "position", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["task", "text"], name="one_target_a_text"),
            models.UniqueConstraint(fields=["task"], condition=models.Q(chosen=True), name="one_chosen_target_a_task"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def target(self) -> TargetSpec:
        """The target as the domain knows it."""
        return TargetSpec.from_json(self.spec)

    @property
    def found(self) -> Verdict | None:
        """The verdict of the check, None where it was not checked."""
        return Verdict(self.verdict) if self.verdict else None

    @property
    def admissible(self) -> bool:
        """Whether a model can foresee it."""
        return self.found is Verdict.PREDICT
