"""One row of every model of a workspace, all numbered alike: any address with a number in it names a real row."""

from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.db import models

from accounts.models import CallCount, User, Workspace
from planner.domain.foresight.targets import TargetSpec
from tests.house.addresses import PK

OUR_APPS = ("accounts", "jobs", "planner", "canvas", "pipelines")
LATER = datetime(2035, 1, 1, tzinfo=UTC)
# What a model needs beyond a plausible value of each field's type.
PARTICULARS: dict[str, dict[str, Any]] = {
    "accounts.Invitation": {"expires_at": LATER},
    "accounts.ApiToken": {"expires_at": LATER},
    "planner.DecisionTarget": {"spec": TargetSpec.remaining_time(task="x").as_json()},
}


def scoped_models() -> list[type[models.Model]]:
    """Models that belong to a workspace, each after those it needs."""
    waiting = [
        model
        for model in apps.get_models()
        if model._meta.app_label in OUR_APPS and model not in (User, Workspace, CallCount) and not model._meta.proxy
    ]
    sorted_: list[type[models.Model]] = []
    while waiting:
        ready = [model for model in waiting if not _needs(model) & set(waiting) - {model}]
        assert ready, f"models need each other in a circle: {waiting}"
        sorted_ += ready
        waiting = [model for model in waiting if model not in ready]
    return sorted_


def _needs(model: type[models.Model]) -> set[type[models.Model]]:
    return {
        field.related_model
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and isinstance(field.related_model, type) and not field.null
    }


def populate(workspace: Workspace) -> dict[type[models.Model], models.Model]:
    """Create the rows; the new person who owns them is a member of the workspace."""
    person = User.objects.create(pk=PK, email="petra@example.org", name="Petra")
    made: dict[type[models.Model], models.Model] = {User: person, Workspace: workspace}
    for model in scoped_models():
        values = {**_values(model, made), **PARTICULARS.get(model._meta.label, {})}
        made[model] = model._base_manager.create(pk=PK, **values)
    return made


def _values(model: type[models.Model], made: dict[type[models.Model], models.Model]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            values[field.name] = made.get(field.related_model)
        elif not field.primary_key and not field.has_default() and not field.null:
            values[field.name] = _plausible(field)
    return values


def _plausible(field: models.Field[Any, Any]) -> object:
    if field.choices:
        return next(iter(field.flatchoices))[0]
    plausible: list[tuple[type[models.Field[Any, Any]], object]] = [
        (models.DateTimeField, datetime(2026, 1, 5, tzinfo=UTC)),
        (models.DateField, datetime(2026, 1, 5, tzinfo=UTC).date()),
        (models.JSONField, {}),
        (models.BooleanField, False),
        (models.IntegerField, 1),
        (models.FloatField, 1.0),
        (models.DecimalField, 1),
        (models.EmailField, "petra@example.org"),
        (models.CharField, f"x{PK}"[: field.max_length or 8]),
        (models.TextField, "x"),
    ]
    return next(value for kind, value in plausible if isinstance(field, kind))
