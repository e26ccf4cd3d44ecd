"""A foreign key never points from a lower app to a higher one: a string reference would escape the import contracts."""

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Field, Model

FLOOR_TO_ROOF = ["common", "accounts", "jobs", "planner", "canvas", "pipelines"]


def own_models() -> list[type[Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in FLOOR_TO_ROOF]


def test_no_relation_points_upward() -> None:
    upward = [
        f"{model.__name__}.{field.name} -> {field.related_model._meta.label}"
        for model in own_models()
        for field in model._meta.get_fields()
        if isinstance(field, Field)
        and isinstance(field.related_model, type)
        and field.related_model._meta.app_label in FLOOR_TO_ROOF
        and FLOOR_TO_ROOF.index(field.related_model._meta.app_label) > FLOOR_TO_ROOF.index(model._meta.app_label)
    ]
    assert upward == []


def test_what_belongs_to_a_workspace_names_it_and_is_asked_for_within_it() -> None:
    """Every model but the workspace, its people and the counts of calls has its own `workspace` and scoped manager."""
    accounts = ("Workspace", "CallCount")
    workspace_free = {get_user_model(), *(apps.get_model("accounts", name) for name in accounts)}
    unscoped = [
        model.__name__
        for model in own_models()
        if model not in workspace_free
        and not model._meta.auto_created
        and not (
            "workspace" in {field.name for field in model._meta.get_fields()} and hasattr(model._default_manager, "of")
        )
    ]
    assert unscoped == []
