"""Words of the value page that need more than one thing at a time."""

from collections.abc import Mapping
from typing import Any

from django import template

from planner.domain.valuation.explanation import Explanation, figure
from planner.models import EstimateChange, MeasuredValue
from planner.selectors.value_form import change_words
from planner.selectors.value_page import measured_words
from planner.selectors.value_words import WAYS

register = template.Library()


@register.filter
def figure_of(one: Explanation | Mapping[str, Any]) -> str:
    """The figure's number as the formula panel writes it; a share as a percentage."""
    unit, value = (one.unit, one.value) if isinstance(one, Explanation) else (one["unit"], one["value"])
    if unit == "share":
        return "undefined" if value is None else f"{figure(100 * value)} %"
    return figure(value)


@register.filter
def measured_said(measured: MeasuredValue) -> str:
    return measured_words(measured)


@register.filter
def way_to_measure(key: str) -> str:
    return WAYS.get(key, "")


@register.simple_tag
def change_said(change: EstimateChange, key: str) -> str:
    return change_words(change, key)
