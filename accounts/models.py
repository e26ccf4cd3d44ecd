"""People, workspaces and what each may do there."""

from decimal import Decimal
from typing import Any, ClassVar, Self, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ObjectDoesNotExist
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import Http404
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person, known by an e-mail address."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    EDITOR = "editor", "Editor"
    VIEWER = "viewer", "Viewer"


class Workspace(models.Model):
    """One organisation's processes and the money they are counted in."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    currency = models.CharField(max_length=3, default="EUR", help_text="ISO 4217 code")
    hourly_wage = models.DecimalField(
        max_digits=9, decimal_places=2, default=Decimal("38.00"), validators=[MinValueValidator(Decimal("0.01"))]
    )
    discount_rate = models.DecimalField(
        max_digits=5,
        decimal_places=4,
        default=Decimal("0.08"),
        help_text="share a year; 0.08 is 8 %",
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
    )
    working_days_a_year = models.PositiveSmallIntegerField(
        default=220, validators=[MinValueValidator(1), MaxValueValidator(366)]
    )
    hours_a_day = models.DecimalField(
        max_digits=4,
        decimal_places=2,
        default=Decimal(8),
        validators=[MinValueValidator(Decimal("0.5")), MaxValueValidator(Decimal(24))],
    )
    horizon_years = models.PositiveSmallIntegerField(
        default=5, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name


_ModelT = TypeVar("_ModelT", bound=models.Model)


class WorkspaceScoped(models.QuerySet[_ModelT]):
    """Base of every QuerySet of things that belong to a workspace. Doors start each query with `.of(workspace)`."""

    def of(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def get_or_404(self, **lookup: object) -> _ModelT:
        """The one that matches, or Http404: a stranger cannot tell "not yours" from "not there"."""
        try:
            return self.get(**lookup)
        except (ObjectDoesNotExist, ValueError, TypeError):
            raise Http404(f"No {self.model._meta.verbose_name} here.") from None


class Membership(models.Model):
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.VIEWER)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkspaceScoped["Membership"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_a_workspace")
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.role} of {self.workspace}"


class Invitation(models.Model):
    """A link that makes whoever opens it a member. Only the digest of its token is kept."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.VIEWER)
    email = models.EmailField(blank=True)
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = WorkspaceScoped["Invitation"].as_manager()

    def __str__(self) -> str:
        return f"invitation to {self.workspace} as {self.role}"


class ApiToken(models.Model):
    """A key for the REST API: one person, one workspace. Only its digest is kept."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="api_tokens")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    can_write = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = WorkspaceScoped["ApiToken"].as_manager()

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class IdempotentAnswer(models.Model):
    """The answer to a creating API request, kept for a day so that the same request sent again is answered alike."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkspaceScoped["IdempotentAnswer"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workspace", "user", "key"], name="one_answer_a_key")
        ]

    def __str__(self) -> str:
        return f"answer {self.status} to {self.key}"


class CallCount(models.Model):
    """API calls of one caller in two neighbouring windows of time, where no broker counts them."""

    key = models.CharField(max_length=120, unique=True)
    window = models.PositiveBigIntegerField(help_text="the number of the window under way, counted from 1970")
    now = models.PositiveIntegerField(default=0)
    before = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key}: {self.now}, before {self.before}"


class AuditEntry(models.Model):
    """Who did what to which thing, append-only."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="audit_entries")
    actor = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    detail = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkspaceScoped["AuditEntry"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"

    @property
    def words(self) -> str:
        """The verb as one reads it: "process.role-changed" is "Process role changed"."""
        return self.verb.replace(".", " ").replace("-", " ").capitalize()

    @property
    def subject_words(self) -> str:
        """What it was done to: "task “Triage claim”" where the entry names it, else "task 12"."""
        kind, _, number = self.subject.partition(":")
        kind = SUBJECTS.get(kind, kind)
        named = self.detail.get(kind, self.detail.get("name", self.detail.get("task")))
        return f"{kind} “{_named(named)}”" if isinstance(named, str | dict) and named else f"{kind} {number}".strip()

    @property
    def detail_words(self) -> list[tuple[str, str]]:
        """The details as pairs of words; a change as "from → to"."""
        kind = SUBJECTS.get(self.subject.partition(":")[0], "")
        told = {name: value for name, value in self.detail.items() if value not in ("", None) and name != kind}
        return [(name.replace("_", " "), _told(value)) for name, value in told.items()]


SUBJECTS = {"upload": "file", "user": "member"}
"""Kinds of things as people call them, where a subject says otherwise."""


def _named(name: str | dict[str, object]) -> str:
    return name if isinstance(name, str) else str(name.get("to", ""))


def _told(value: object) -> str:
    if isinstance(value, dict) and set(value) == {"from", "to"}:
        return " → ".join("–" if value[side] in ("", None) else _told(value[side]) for side in ("from", "to"))
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
