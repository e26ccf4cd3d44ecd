"""What a model predicted, what became of it, and what both say when they are looked at."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from accounts.models import Workspace, WorkspaceScoped
from jobs.models import Run
from pipelines.models.pipeline import Pipeline
from pipelines.models.registry import ModelVersion
from planner.models import EventLog


class PredictionOrigin(models.TextChoices):
    SERVED = "served", "served here"
    OUTSIDE = "outside", "told from outside"


class PredictionRecordQuerySet(WorkspaceScoped["PredictionRecord"]):
    def of(self, workspace: Workspace) -> Self:
        """Predictions of a workspace, without those of removed tasks."""
        return super().of(workspace).filter(pipeline__task__removed_at=None)


class PredictionRecord(models.Model):
    """One prediction. `inputs` is None where the workspace keeps digests only. `key` is the asker's name of the case.

    `score` is the probability of the positive class, or the amount foretold; `decision` the class decided, empty where
    it is left to a person or where there is none.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="predictions")
    version = models.ForeignKey(ModelVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)
    input_digest = models.CharField(max_length=64)
    inputs: Any = models.JSONField(null=True, blank=True)
    output: Any = models.JSONField(default=dict, blank=True)
    score = models.FloatField(null=True, blank=True)
    decision = models.CharField(max_length=100, blank=True)
    latency_ms = models.FloatField(null=True, blank=True)
    origin = models.CharField(max_length=10, choices=PredictionOrigin.choices, default=PredictionOrigin.SERVED)

    objects = PredictionRecordQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["pipeline", "key"], name="one_prediction_a_key")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["pipeline", "at"], name="prediction_by_time")]

    def __str__(self) -> str:
        return f"prediction {self.key}"


class OutcomeOrigin(models.TextChoices):
    PAGE = "page", "by hand"
    API = "api", "over the API"
    FILE = "file", "from a file"
    LOG = "log", "from an event log"


class OutcomeRecord(models.Model):
    """What really happened to the case of a key; may be known before or after its prediction is. The latest counts."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="outcomes")
    key = models.CharField(max_length=100)
    value: Any = models.JSONField(help_text="the class as text, or the amount as a number")
    at = models.DateTimeField(default=timezone.now, help_text="when it was observed")
    told_at = models.DateTimeField(default=timezone.now, help_text="when it arrived here")
    origin = models.CharField(max_length=10, choices=OutcomeOrigin.choices)

    objects = WorkspaceScoped["OutcomeRecord"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["pipeline", "key"], name="one_outcome_a_key")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["pipeline", "told_at"], name="outcome_by_arrival")
        ]

    def __str__(self) -> str:
        return f"outcome of {self.key}"


class OutcomeReading(models.Model):
    """What an event log that came after predictions said of their cases; the same log is read once.

    Of `waiting` predictions without an outcome, `kept` got theirs; `left` says why the others did not, reason → cases.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="readings")
    log = models.ForeignKey(EventLog, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    log_name = models.CharField(max_length=200)
    log_digest = models.CharField(max_length=64)
    job = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    waiting = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    left: Any = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkspaceScoped["OutcomeReading"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["pipeline", "log_digest"], name="one_reading_a_log")
        ]

    def __str__(self) -> str:
        return f"outcomes from {self.log_name}"


class MonitoringReport(models.Model):
    """What a look at a span of predictions found, append-only.

    `drift` is feature → {measure, value, limit}, `performance` and `service` hold figures with their limits, `breaches`
    lists {what, value, limit, words} of those past their limit.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="reports")
    version = models.ForeignKey(ModelVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    job = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    predictions = models.PositiveIntegerField(default=0)
    outcomes = models.PositiveIntegerField(default=0)
    drift: Any = models.JSONField(default=dict, blank=True)
    performance: Any = models.JSONField(default=dict, blank=True)
    service: Any = models.JSONField(default=dict, blank=True)
    breaches: Any = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkspaceScoped["MonitoringReport"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"report of {self.pipeline}"
