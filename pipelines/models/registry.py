"""The registry: versions of a pipeline's model, the names they go by, and how they came to be used."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User, Workspace, WorkspaceScoped
from jobs.models import Blob
from pipelines.models.outside import OutsideRun
from pipelines.models.pipeline import Pipeline
from pipelines.models.running import PipelineRun


class ModelVersionQuerySet(WorkspaceScoped["ModelVersion"]):
    def of(self, workspace: Workspace) -> Self:
        """Versions of a workspace, without those of removed tasks."""
        return super().of(workspace).filter(pipeline__task__removed_at=None)

    def with_origin(self) -> Self:
        return self.select_related("run__run", "run__generation", "outside", "pipeline__task__process")


class ModelVersion(models.Model):
    """A packaged model. The same package found again by another run is the same version.

    `package` holds what the run's package stage wrote; None for a model that stayed where it was trained. `lineage`
    names what made it: {data, code, parameters, environment}, each a SHA-256. `signature` is {inputs, output} as the
    package says it, `metrics` and `acceptance` are those of its run.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    run = models.ForeignKey(PipelineRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="versions")
    outside = models.ForeignKey(OutsideRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="versions")
    package = models.ForeignKey(Blob, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the package, hexadecimal")
    lineage: Any = models.JSONField(default=dict, blank=True)
    signature: Any = models.JSONField(default=dict, blank=True)
    metrics: Any = models.JSONField(default=dict, blank=True)
    acceptance: Any = models.JSONField(default=dict, blank=True)
    accepted = models.BooleanField(default=False, help_text="whether it passed its acceptance test on recorded rows")
    card = models.TextField(blank=True, help_text="its model card, Markdown")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ModelVersionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["pipeline", "number"], name="one_version_a_number"),
            models.UniqueConstraint(fields=["pipeline", "digest"], name="one_version_a_package"),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.pipeline}"


class AliasName(models.TextChoices):
    """What a version goes by."""

    CANDIDATE = "candidate", "candidate"
    CHAMPION = "champion", "champion"
    PREVIOUS = "previous", "previous"


class ModelAliasQuerySet(WorkspaceScoped["ModelAlias"]):
    def named(self, pipeline_id: int, name: AliasName) -> "ModelAlias | None":
        """What goes by a name in a pipeline, with its version; None where nothing does."""
        return self.filter(pipeline=pipeline_id, name=name).select_related("version__package").first()


class ModelAlias(models.Model):
    """One name of a pipeline's models points at one version."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=12, choices=AliasName.choices)
    version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="aliases")
    since = models.DateTimeField(default=timezone.now)

    objects = ModelAliasQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["pipeline", "name"], name="one_version_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class PromotionKind(models.TextChoices):
    PROMOTE = "promote", "promoted"
    ROLL_BACK = "roll_back", "rolled back"


class PromotionState(models.TextChoices):
    """Where a promotion stands. WAITING: the workspace asks for a person's yes; DONE: it was put into use then."""

    WAITING = "waiting", "waits for approval"
    DONE = "done", "done"
    DECLINED = "declined", "declined"


class Promotion(models.Model):
    """A version made, or asked to be made, the champion; append-only but for its decision. At most one waits."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="promotions")
    version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="promotions")
    before = models.ForeignKey(ModelVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=10, choices=PromotionKind.choices)
    state = models.CharField(max_length=10, choices=PromotionState.choices)
    reason = models.CharField(max_length=500, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    comment = models.CharField(max_length=500, blank=True)

    objects = WorkspaceScoped["Promotion"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["pipeline"], condition=Q(state="waiting"), name="one_promotion_waits")
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.get_state_display()}"
