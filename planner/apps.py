from contextlib import suppress
from typing import Any

from django.apps import AppConfig
from django.core.exceptions import FieldDoesNotExist
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string


class PlannerConfig(AppConfig):
    name = "planner"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_upgraded, sender=self)


def _upgraded(*, apps: Any = None, **_: Any) -> None:
    """After an upgrade may come another version of the formula: what is kept is valued anew beside it. And what was
    checked before there was a figure that checks tell now is checked anew.

    Not where older tables were migrated to, which cannot be asked, nor where tables were only emptied.
    """
    if apps is None:
        return
    with suppress(LookupError, FieldDoesNotExist):
        apps.get_model("planner", "EstimateResult")._meta.get_field("fingerprint")
        import_string("planner.services.values.values_refresh")()
        import_string("planner.services.foresight.screens_refresh")()
