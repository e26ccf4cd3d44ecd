"""Runs, their stages, their log, and content-addressed files. The rows are the truth, a message is a doorbell."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.utils import timezone

from accounts.models import User, Workspace, WorkspaceScoped
from jobs.domain.retrying import RETRY_POLICY
from jobs.domain.states import RUN_OVER, STAGE_NOT_BEGUN, RunState, StageState

__all__ = [
    "Blob",
    "LogEntry",
    "LogEvent",
    "LogLevel",
    "Need",
    "Run",
    "RunQuerySet",
    "RunState",
    "Stage",
    "StageState",
    "StoragePolicy",
]


class LogEvent(models.TextChoices):
    """What an entry of the log records. Every claim has exactly one outcome."""

    SUBMITTED = "submitted"
    READY = "ready"
    CACHED = "cached"
    CLAIMED = "claimed"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REAPED = "reaped"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    RETRIED = "retried"
    APPROVED = "approved"
    DECLINED = "declined"
    UPSTREAM_FAILED = "upstream_failed"
    WAITING = "waiting"
    MESSAGE = "message"
    METRIC = "metric"

    @classmethod
    def outcomes(cls) -> "tuple[LogEvent, ...]":
        """The events that end a claim."""
        return (cls.SUCCEEDED, cls.FAILED, cls.REAPED, cls.CANCELLED, cls.POSTPONED)


class LogLevel(models.TextChoices):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def new_key() -> str:
    """A key of a run that nobody named."""
    return uuid.uuid4().hex


class RunQuerySet(WorkspaceScoped["Run"]):
    def under_way(self) -> Self:
        """Runs that are not over."""
        return self.exclude(state__in=[str(state) for state in RUN_OVER])

    def about(self, subject: str) -> Self:
        """Runs of one thing (`process:12`), newest first."""
        return self.filter(subject=subject).order_by("-id")


class Run(models.Model):
    """A job: one or more stages, done when all of them are over."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    subject = models.CharField(max_length=120, blank=True, db_index=True, help_text="what it is about: process:12")
    state = models.CharField(
        max_length=20, choices=[(state.value, state.word) for state in RunState], default=RunState.QUEUED.value
    )
    idempotency_key = models.CharField(max_length=200, default=new_key)
    cancel_requested = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)
    params = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workspace", "idempotency_key"], name="one_run_a_key")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["workspace", "state"], name="run_by_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def state_of(self) -> RunState:
        return RunState(self.state)

    @property
    def is_over(self) -> bool:
        return self.state_of in RUN_OVER


class Need(models.TextChoices):
    """How much of a machine a stage needs: workers may take one kind only."""

    LIGHT = "light"
    HEAVY = "heavy"


class StageQuerySet(WorkspaceScoped["Stage"]):
    def ready(self) -> Self:
        return self.filter(state=StageState.READY.value)

    def running(self) -> Self:
        return self.filter(state=StageState.RUNNING.value)

    def not_begun(self) -> Self:
        """Stages nobody works on, which can be cancelled by changing their row."""
        return self.filter(state__in=sorted(state.value for state in STAGE_NOT_BEGUN))

    def held_by(self, *, stage_id: int, token: str) -> Self:
        """The stage, only while the holder of `token` still holds its lease."""
        return self.running().filter(pk=stage_id, token=token)


class Stage(models.Model):
    """One step of a run, executed by one Celery task, claimed by compare-and-swap on its own columns."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="stages")
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()
    task_name = models.CharField(max_length=120)
    depends_on = models.JSONField(default=list, blank=True)
    params = models.JSONField(default=dict, blank=True)
    timeout_s = models.PositiveIntegerField(default=3600)
    needs_approval = models.BooleanField(default=False)
    need = models.CharField(max_length=10, choices=Need.choices, default=Need.LIGHT)

    state = models.CharField(
        max_length=20, choices=[(state.value, state.word) for state in StageState], default=StageState.PENDING.value
    )
    attempt = models.PositiveIntegerField(default=0, help_text="how often it was claimed")
    errors = models.PositiveSmallIntegerField(default=0, help_text="attempts that failed")
    lost = models.PositiveSmallIntegerField(default=0, help_text="attempts whose worker died")
    token = models.CharField(max_length=32, blank=True, help_text="of the present holder of the lease")
    beat = models.PositiveBigIntegerField(default=0, help_text="signs of life, counted")
    sent = models.PositiveIntegerField(default=0, help_text="how often the bell was rung for this attempt")
    cancel_requested = models.BooleanField(default=False)
    not_before = models.DateTimeField(null=True, blank=True)

    fingerprint_source = models.CharField(max_length=128, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    fingerprint_parts = models.JSONField(
        default=dict, blank=True, help_text="what the fingerprint was taken of: {group: {name: digest or value}}"
    )
    why = models.TextField(blank=True, help_text="why it ran, or did not")
    cached_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    output = models.JSONField(default=dict, blank=True)
    metrics = models.JSONField(default=dict, blank=True)
    reason = models.TextField(blank=True)
    progress = models.FloatField(null=True, blank=True, help_text="share done, 0 to 1")
    progress_note = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = StageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "name"], name="one_stage_a_name")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state"], name="stage_by_state"),
            models.Index(fields=["workspace", "fingerprint"], name="stage_by_fingerprint"),
        ]

    def __str__(self) -> str:
        return f"{self.name} of run {self.run_id}"

    @property
    def state_of(self) -> StageState:
        return StageState(self.state)

    @property
    def failed_technically(self) -> bool:
        """It failed, not because its data allow nothing: errors or lost workers until it was given up, or no time."""
        if self.state_of is not StageState.FAILED:
            return False
        took = (self.finished_at - self.started_at).total_seconds() if self.finished_at and self.started_at else 0.0
        gave_up = RETRY_POLICY.gives_up_after_error(self.errors) or RETRY_POLICY.gives_up_after_loss(self.lost)
        return gave_up or took >= self.timeout_s

    @property
    def percent(self) -> int | None:
        return None if self.progress is None else round(100 * self.progress)


class LogEntry(models.Model):
    """One line of what happened to a run, append-only: its history, its live feed, and the proof of the books."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="log")
    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, null=True, blank=True, related_name="log")
    attempt = models.PositiveIntegerField(default=0)
    event = models.CharField(max_length=20, choices=LogEvent.choices)
    level = models.CharField(max_length=10, choices=LogLevel.choices, default=LogLevel.INFO)
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkspaceScoped["LogEntry"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["run", "id"], name="log_of_run")]

    def __str__(self) -> str:
        return f"{self.event} {self.text}".strip()


class StoragePolicy(models.Model):
    """How much a workspace may keep, and for how long; without a row: what settings say."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="storage_policy")
    quota_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    keep_days = models.PositiveIntegerField(null=True, blank=True, help_text="finished runs are kept so long")

    objects = WorkspaceScoped["StoragePolicy"].as_manager()

    def __str__(self) -> str:
        return f"storage of {self.workspace}"


class Blob(models.Model):
    """A file known by what is in it. The same bytes are kept once a workspace, never across workspaces."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="blobs")
    digest = models.CharField(max_length=64, help_text="SHA-256, hexadecimal")
    size = models.PositiveBigIntegerField(help_text="bytes")
    media_type = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkspaceScoped["Blob"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workspace", "digest"], name="one_blob_a_digest")
        ]

    def __str__(self) -> str:
        return f"{self.media_type} {self.digest[:12]}"

    @property
    def key(self) -> str:
        """Its name in the store."""
        return f"{self.workspace_id}/{self.digest[:2]}/{self.digest}"
