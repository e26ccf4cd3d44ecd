"""Workspaces: making one, and the money and time its values are counted in."""

from dataclasses import asdict, dataclass, fields
from decimal import Decimal

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from accounts.access import Access
from accounts.domain.slugs import slug_base, slug_free
from accounts.models import Membership, Role, User, Workspace
from accounts.services.audit import audit_record
from common.errors import Conflict, FieldProblem, InvalidInput


@dataclass(frozen=True)
class WorkspaceSettings:
    """How a workspace counts: `hourly_wage` in `currency` an hour, `discount_rate` as a share a year (0.08 is 8 %)."""

    name: str
    currency: str = "EUR"
    hourly_wage: Decimal = Decimal("38.00")
    discount_rate: Decimal = Decimal("0.08")
    working_days_a_year: int = 220
    hours_a_day: Decimal = Decimal("8")
    horizon_years: int = 5


def workspace_create(*, user: User, settings: WorkspaceSettings) -> Workspace:
    """A workspace that `user` owns. Its address is made of its name; two of one name get a number behind."""
    for _ in range(5):
        try:
            return _create(user, settings)
        except IntegrityError:
            continue
    raise Conflict("The workspace could not be named.", detail="Others of this name are being made now; try again.")


@transaction.atomic
def _create(user: User, settings: WorkspaceSettings) -> Workspace:
    near = Workspace.objects.filter(slug__startswith=slug_base(settings.name)).values_list("slug", flat=True)
    workspace = Workspace(slug=slug_free(settings.name, set(near)), **asdict(settings))
    _check(workspace)
    workspace.save(force_insert=True)
    Membership.objects.create(workspace=workspace, user=user, role=Role.OWNER)
    access = Access(user=user, workspace=workspace, role=Role.OWNER)
    audit_record(access=access, verb="workspace.created", subject=f"workspace:{workspace.pk}")
    return workspace


@transaction.atomic
def workspace_update(*, access: Access, settings: WorkspaceSettings) -> Workspace:
    """Change what a workspace counts with. Owners only. Values computed before stay as they were; new ones follow."""
    access.require(Role.OWNER)
    workspace = Workspace.objects.select_for_update().get(pk=access.workspace.pk)
    changed: dict[str, object] = {}
    for field in fields(settings):
        old, new = getattr(workspace, field.name), getattr(settings, field.name)
        if old != new:
            changed[field.name] = {"from": str(old), "to": str(new)}
            setattr(workspace, field.name, new)
    _check(workspace)
    workspace.save(update_fields=[field.name for field in fields(settings)])
    if changed:
        audit_record(access=access, verb="workspace.changed", subject=f"workspace:{workspace.pk}", detail=changed)
        for follower in django_settings.WORKSPACE_FOLLOWERS:
            import_string(follower)(access=access)
    return workspace


def _check(workspace: Workspace) -> None:
    try:
        workspace.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        found = [FieldProblem(path, text) for path, texts in error.message_dict.items() for text in texts]
        raise InvalidInput("The workspace cannot be saved like this.", errors=found) from None
