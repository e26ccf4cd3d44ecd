"""What is served: the state a person wants, and what a supervisor makes of it."""

from typing import ClassVar, Self

from django.db import models
from django.utils import timezone

from accounts.models import User, Workspace, WorkspaceScoped
from pipelines.domain.lifecycle import PipelineState
from pipelines.models.pipeline import Pipeline
from pipelines.models.registry import ModelVersion


class ServingState(models.TextChoices):
    """Where a service stands. FAILING: it is restarted, ever more slowly; STOPPED: nobody wants it to run."""

    STOPPED = "stopped", "stopped"
    STARTING = "starting", "starting"
    RUNNING = "running", "serving"
    FAILING = "failing", "failing"


class DeploymentQuerySet(WorkspaceScoped["Deployment"]):
    def of(self, workspace: Workspace) -> Self:
        """Deployments of a workspace, without those of removed tasks."""
        return super().of(workspace).filter(pipeline__task__removed_at=None)

    def wanted(self) -> Self:
        """Those that are to run: not of removed tasks, nor of retired pipelines."""
        living = self.filter(wanted=True, pipeline__task__removed_at=None).exclude(version=None)
        return living.exclude(pipeline__state=PipelineState.RETIRED.value)


class Deployment(models.Model):
    """The service of a pipeline's champion. `wanted` and `version` are a person's; all else is its supervisor's.

    A supervisor holds it by `token` and renews `beat`, as a worker holds a stage; `address` (host:port) is where that
    supervisor's process listens, on loopback unless settings say otherwise.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    pipeline = models.OneToOneField(Pipeline, on_delete=models.CASCADE, related_name="deployment")
    version = models.ForeignKey(ModelVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    wanted = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=ServingState.choices, default=ServingState.STARTING)
    token = models.CharField(max_length=32, blank=True)
    beat = models.PositiveBigIntegerField(default=0)
    serves = models.ForeignKey(
        ModelVersion,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="what answers at the moment",
    )
    address = models.CharField(max_length=100, blank=True)
    restarts = models.PositiveIntegerField(default=0, help_text="since it last was healthy for a while")
    reason = models.TextField(blank=True, help_text="why it does not serve")
    healthy_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    objects = DeploymentQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["wanted", "state"], name="deployment_by_state")]

    def __str__(self) -> str:
        return f"service of {self.pipeline}"
