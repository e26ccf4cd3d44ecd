"""Asking a model about one case by hand."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

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
            is_flag = isinstance(self.fields[f"{PREFIX}{place}"], forms.ChoiceField)
            found[name] = None if value in ("", None) else value == "true" if is_flag else value
        return found


def _field(one: Mapping[str, Any], example: object) -> forms.Field:
    name, kind = str(one.get("title") or one["name"]), one["kind"]
    if kind == "number":
        return forms.FloatField(required=False, label=name, initial=example, widget=forms.TextInput(_NUMBER))
    if kind == "flag":
        initial = "" if example is None else str(bool(example)).lower()
        return forms.ChoiceField(required=False, label=name, choices=FLAGS, initial=initial)
    return forms.CharField(required=False, label=name, max_length=1000, initial=example, strip=False)


_NUMBER = {"inputmode": "decimal", "class": "num"}
