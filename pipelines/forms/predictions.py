"""Asking a model about one case by hand."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from planner.domain.valuation.amount_units import without_unit
from planner.domain.valuation.amounts import UnreadableAmount, read_amount
from planner.domain.valuation.distributions import Constant

FLAGS = [("", "not known"), ("true", "yes"), ("false", "no")]
PREFIX = "input-"


class AskForm(forms.Form):
    """A field for each input of a model's signature, prefilled with its example; an empty one is not known."""

    key = forms.CharField(
        max_length=100,
        required=False,
        label="Your name of the case",
        help_text="Its outcome is joined by this later; without it, the case gets a name of its own.",
    )

    def __init__(self, data: QueryDict | None = None, *, signature: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.inputs = [str(one["name"]) for one in signature.get("inputs", ())]
        example = signature.get("example", {})
        for place, one in enumerate(signature.get("inputs", ())):
            self.fields[f"{PREFIX}{place}"] = _field(one, example.get(one["name"]))
        self.order_fields([*(f"{PREFIX}{place}" for place in range(len(self.inputs))), "key"])

    def row(self) -> dict[str, Any]:
        """Input to value, as the model takes it."""
        found = {}
        for place, name in enumerate(self.inputs):
            value = self.cleaned_data[f"{PREFIX}{place}"]
            is_flag = isinstance(self.fields[f"{PREFIX}{place}"], _Flag)
            found[name] = None if value in ("", None) else value == "true" if is_flag else value
        return found

    def units(self) -> Iterator[tuple[forms.BoundField, str]]:
        """Each field with the unit that stands beside it, "" where it has none."""
        for field in self:
            yield field, getattr(field.field, "unit", "")


class _Flag(forms.ChoiceField):
    """Yes, no, or not known."""


class _Measured(forms.CharField):
    """A number, whose unit may be written after it: `250 EUR`."""

    def __init__(self, *, unit: str, **options: Any) -> None:
        super().__init__(**options)
        self.unit = unit

    def clean(self, value: Any) -> float | None:
        text = super().clean(value).strip()
        if not text:
            return None
        try:
            found = read_amount(without_unit(text, self.unit, self.unit, "12.5") if self.unit else text)
        except UnreadableAmount as problem:
            raise forms.ValidationError(str(problem)) from problem
        if not isinstance(found, Constant):
            raise forms.ValidationError("A case has one number here, not a range: 12.5.")
        return found.value


def _field(one: Mapping[str, Any], example: object) -> forms.Field:
    name, kind = str(one.get("title") or one["name"]), one["kind"]
    if kind == "number":
        unit = str(one.get("unit") or "")
        return _Measured(
            unit=unit, required=False, label=name, max_length=60, initial=example, widget=forms.TextInput(_NUMBER)
        )
    if kind == "flag":
        initial = "" if example is None else str(bool(example)).lower()
        return _Flag(required=False, label=name, choices=FLAGS, initial=initial)
    if one.get("choices"):
        listed = [("", "not known"), *((value, value) for value in one["choices"])]
        return forms.ChoiceField(required=False, label=name, choices=listed, initial=example)
    return forms.CharField(required=False, label=name, max_length=1000, initial=example, strip=False)


_NUMBER = {"inputmode": "decimal", "class": "num"}
