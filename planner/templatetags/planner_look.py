"""What the planner's templates need beyond the common look."""

from collections.abc import Mapping
from typing import TypeVar

from django import template

from common import formatting
from planner.selectors.process_tasks import spoken_hours

register = template.Library()
V = TypeVar("V")


@register.filter
def at(values: Mapping[int, V], key: int) -> V | None:
    """The value at a key, None when there is none."""
    return values.get(key)


@register.filter
def waited(hours: object) -> str:
    """A waiting time; under half a minute is none, one that was not measured a dash."""
    return formatting.hours(spoken_hours(hours)) if isinstance(hours, float | int) else formatting.DASH


@register.filter
def unlocalized(value: float) -> str:
    """A number as SVG wants it: a point, no spaces."""
    return f"{value:.1f}"
