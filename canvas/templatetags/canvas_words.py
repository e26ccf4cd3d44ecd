"""Words of the canvas for its templates."""

from collections.abc import Mapping
from typing import Any

from django import template

from canvas.domain.changes import told

register = template.Library()
register.filter("told", told)


@register.filter
def at(found: Mapping[Any, Any], key: Any) -> Any:
    """What a mapping holds at a key, None where it holds nothing."""
    return found.get(key)
