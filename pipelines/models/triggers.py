"""What starts runs by itself, and every time it did, or had a reason not to."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from accounts.models import User, Workspace, WorkspaceScoped
from pipelines.domain.cron import cron_words
from pipelines.models.pipeline import Pipeline
from pipelines.models.running import PipelineRun


class TriggerKind(models.TextChoices):
    DATA = "data", "new data"
    CODE = "code", "new code"
    MODEL = "model", "the model got worse"
    SCHEDULE = "schedule", "a schedule"


class TriggerQuerySet(WorkspaceScoped["Trigger"]):
    def of(self, workspace: Workspace) -> Self:
        """Triggers of a workspace, without those of removed tasks."""
        return super().of(workspace).filter(pipeline__task__removed_at=None)

    def listening(self, kind: TriggerKind) -> Self:
        """Enabled ones of a kind."""
        return self.filter(enabled=True, kind=kind.value)


class Trigger(models.Model):
    """A reason to run a pipeline again. `cron` and `zone` are a schedule's, `next_at` its next planned moment.

    Changes within `quiet_seconds` of the first are one firing: the run starts when that time is over.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="triggers")
    kind = models.CharField(max_length=10, choices=TriggerKind.choices)
    enabled = models.BooleanField(default=True)
    cron = models.CharField(max_length=100, blank=True, help_text="five fields: minute hour day month weekday")
    zone = models.CharField(max_length=60, default="UTC", help_text="of the schedule, as the IANA names it")
    quiet_seconds = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True, db_index=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TriggerQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.pipeline}"

    @property
    def schedule_words(self) -> str:
        """When a schedule fires, as people say it; empty where no few words do."""
        return cron_words(self.cron, self.zone) if self.cron else ""


class FiringState(models.TextChoices):
    """What came of a reason. HELD: the quiet period is not over; JOINED: an earlier one's run covers it.

    TOLD: what was pushed never runs here; the owner's own run is asked for where an address is given.
    """

    HELD = "held", "waits for quiet"
    STARTED = "started", "started a run"
    JOINED = "joined", "part of another"
    NOTHING = "nothing", "nothing to run"
    TOLD = "told", "noted"
    REFUSED = "refused", "could not run"


class Firing(models.Model):
    """One change that was noticed. `change` names it: the same change of the same trigger is noticed once.

    `plan` is stage → why it will run or not, as it was foretold; `words` say what happened.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="firings")
    trigger = models.ForeignKey(Trigger, on_delete=models.CASCADE, related_name="firings")
    change = models.CharField(max_length=200)
    words = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=FiringState.choices)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    plan: Any = models.JSONField(default=dict, blank=True)
    run = models.ForeignKey(PipelineRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="firings")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkspaceScoped["Firing"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["trigger", "change"], name="one_firing_a_change")
        ]

    def __str__(self) -> str:
        return f"{self.words} ({self.get_state_display()})"


class PushProvider(models.TextChoices):
    GITHUB = "github", "GitHub"
    GITLAB = "gitlab", "GitLab"
    STANDARD = "standard", "any other (Standard Webhooks)"


class PushHook(models.Model):
    """Where a repository tells of pushes. Its secret is derived from `nonce` and the server's key, and kept nowhere.

    `notify_url` is asked to start the owner's own run: what is pushed is never executed here.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    pipeline = models.OneToOneField(Pipeline, on_delete=models.CASCADE, related_name="push_hook")
    provider = models.CharField(max_length=10, choices=PushProvider.choices)
    token = models.CharField(max_length=43, unique=True, help_text="the address of the hook")
    nonce = models.CharField(max_length=43)
    notify_url = models.URLField(max_length=500, blank=True)
    enabled = models.BooleanField(default=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    heard_at = models.DateTimeField(null=True, blank=True)

    objects = WorkspaceScoped["PushHook"].as_manager()

    def __str__(self) -> str:
        return f"{self.get_provider_display()} of {self.pipeline}"
