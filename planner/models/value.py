"""What people say and what was computed about the worth of a task: answers, estimates, results, measures."""

from typing import ClassVar, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone

from accounts.models import User, Workspace, WorkspaceScoped
from planner.domain.suitability.verdicts import Verdict

VERDICTS = [(verdict.value, verdict.label) for verdict in Verdict]


class SuitabilityAnswer(models.Model):
    """A person's answer to one question about one task; what the log proposes is never stored."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    task = models.ForeignKey("planner.Task", on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=20)
    score = models.PositiveSmallIntegerField(validators=[MaxValueValidator(5)])
    evidence = models.CharField(max_length=400, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(default=timezone.now)

    objects = WorkspaceScoped["SuitabilityAnswer"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["task", "question"], name="one_answer_a_question")
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.score}"


class TaskDecision(models.Model):
    """The decision at the core of a task in its parts: what is foretold, what is weighed, what is done with it.

    An empty part is proposed from what is known (Agrawal, Gans, Goldfarb, *Prediction Machines*, 2018).
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    task = models.OneToOneField("planner.Task", on_delete=models.CASCADE, related_name="decision")
    prediction = models.CharField(max_length=300, blank=True)
    judgment = models.CharField(max_length=300, blank=True)
    action = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = WorkspaceScoped["TaskDecision"].as_manager()

    def __str__(self) -> str:
        return self.prediction or f"decision of {self.task}"


class Estimate(models.Model):
    """What people have set of a task's assumptions; everything else is proposed from log, workspace and defaults.

    `assumptions` is {key: {"text": "20 to 40", "source": "two handlers asked", "note": "checked in May"}}.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    task = models.OneToOneField("planner.Task", on_delete=models.CASCADE, related_name="estimate")
    assumptions = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = WorkspaceScoped["Estimate"].as_manager()

    def __str__(self) -> str:
        return f"estimate of {self.task}, version {self.version}"


class EstimateChange(models.Model):
    """One edit of an estimate: the assumptions before and after, null where proposed; and what it did to the mean."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    estimate = models.ForeignKey(Estimate, on_delete=models.CASCADE, related_name="changes")
    version = models.PositiveIntegerField(help_text="the version this edit made")
    before = models.JSONField()
    after = models.JSONField()
    written_before = models.JSONField(default=dict, help_text="the texts that stood there, proposed ones too")
    undoes = models.PositiveIntegerField(null=True, blank=True, help_text="the version this edit took back")
    mean_before = models.FloatField(null=True)
    mean_after = models.FloatField(null=True)
    changed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    objects = WorkspaceScoped["EstimateChange"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["estimate", "version"], name="one_change_a_version")
        ]

    def __str__(self) -> str:
        return f"version {self.version}: {', '.join(self.after)}"


class EstimateResultQuerySet(WorkspaceScoped["EstimateResult"]):
    def of(self, workspace: Workspace) -> Self:
        """Results of a workspace, without those of removed tasks."""
        return super().of(workspace).filter(task__removed_at=None)


class EstimateResult(models.Model):
    """A computed value as it was then, with the formula's version and the texts it came from. Never changed.

    `revision` is the estimate's version, `fingerprint` tells everything that went into it (inputs, shared costs,
    formula, random numbers): the same fingerprint is the same result. `figures` holds what has no column of its own.
    """

    class Basis(models.TextChoices):
        PLANNED = "planned", "Planned"
        MEASURED = "measured", "Measured"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    task = models.ForeignKey("planner.Task", on_delete=models.CASCADE, related_name="value_results")
    basis = models.CharField(max_length=10, choices=Basis.choices, default=Basis.PLANNED)
    npv_mean = models.FloatField()
    npv_p5 = models.FloatField()
    npv_p50 = models.FloatField()
    npv_p95 = models.FloatField()
    roi = models.FloatField(null=True)
    irr = models.FloatField(null=True)
    payback_months = models.FloatField(null=True)
    loss_probability = models.FloatField()
    pv_costs = models.FloatField()
    inputs = models.JSONField(help_text="every assumption, as text")
    figures = models.JSONField(default=dict, blank=True)
    formula_version = models.PositiveSmallIntegerField()
    revision = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True)
    computed_at = models.DateTimeField(default=timezone.now)

    objects = EstimateResultQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-computed_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["task", "fingerprint"], name="result_by_inputs")]

    def __str__(self) -> str:
        return f"{self.basis} value of {self.task}"


class StoredRanking(models.Model):
    """A ranking too large to be computed while a page waits: made by a job, shown while its fingerprint holds.

    Without a process it is of the whole workspace. `content` is the ranking as plain values.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    process = models.ForeignKey("planner.Process", on_delete=models.CASCADE, null=True, related_name="+")
    by = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=64)
    content = models.JSONField(default=dict)
    computed_at = models.DateTimeField(default=timezone.now)

    objects = WorkspaceScoped["StoredRanking"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["workspace", "fingerprint"], name="ranking_kept")]

    def __str__(self) -> str:
        return f"ranking by {self.by}"


class MeasuredValue(models.Model):
    """A model's measured errors, and the value with them beside the planned one of the same moment."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    task = models.ForeignKey("planner.Task", on_delete=models.CASCADE, related_name="measured_values")
    tp = models.PositiveIntegerField()
    fp = models.PositiveIntegerField()
    fn = models.PositiveIntegerField()
    tn = models.PositiveIntegerField()
    threshold = models.FloatField(null=True)
    beats_baseline = models.BooleanField(null=True)
    source = models.CharField(max_length=200)
    planned = models.ForeignKey(EstimateResult, on_delete=models.RESTRICT, null=True, related_name="+")
    measured = models.ForeignKey(EstimateResult, on_delete=models.RESTRICT, null=True, related_name="+")
    verdict = models.CharField(max_length=20, choices=VERDICTS)
    reason = models.CharField(max_length=400)
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = WorkspaceScoped["MeasuredValue"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-recorded_at", "-id"]

    def __str__(self) -> str:
        return f"measured value of {self.task}: {self.verdict}"
