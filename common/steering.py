"""Which settings of generated projects a field steers. The app that generates them says so; who shows fields asks here.

`settings.STEERING_PROVIDERS` lists functions without arguments, each giving (file, setting) by field, `block.field`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Steering:
    """One setting: the file of the project, and where in it the value stands, its keys joined by dots."""

    file: str
    setting: str


def steering_by_field() -> dict[str, Steering]:
    """Every field that steers a setting, of all providers."""
    found: dict[str, Steering] = {}
    for path in settings.STEERING_PROVIDERS:
        given: Mapping[str, tuple[str, str]] = import_string(path)()
        found |= {field: Steering(file, setting) for field, (file, setting) in given.items()}
    return found
