"""A run that differs from the usual one: other parameters, only until a stage, again from a stage on."""

from collections.abc import Mapping

from django import forms
from django.http import QueryDict

from pipelines.domain.parameters import LABELS
from pipelines.domain.stage_graph import STAGES

PREFIX = "p-"
EVERY = [("", "all of them, and hold the result against the plan"), *((stage.name, stage.label) for stage in STAGES)]
NONE = [("", "nothing that has not changed"), *((stage.name, f"{stage.label} and what follows") for stage in STAGES)]


class RunAgainForm(forms.Form):
    """A field for each parameter, holding its value; `changes` are those that were changed."""

    until = forms.ChoiceField(choices=EVERY, required=False, label="Run until")
    again_from = forms.ChoiceField(choices=NONE, required=False, label="Run again although unchanged")

    def __init__(self, data: QueryDict | None = None, *, parameters: Mapping[str, float]) -> None:
        super().__init__(data)
        self.parameters = parameters
        for name, value in parameters.items():
            self.fields[f"{PREFIX}{name}"] = forms.FloatField(
                label=label_of(name), initial=_plain(value), required=False, widget=forms.TextInput(_NUMBER)
            )

    @property
    def parameter_fields(self) -> list[forms.BoundField]:
        return [self[f"{PREFIX}{name}"] for name in self.parameters]

    def changes(self) -> dict[str, float]:
        """Name to value of what was changed; an emptied field stays as it is."""
        given = {name: self.cleaned_data.get(f"{PREFIX}{name}") for name in self.parameters}
        return {name: value for name, value in given.items() if value is not None and value != self.parameters[name]}


def label_of(name: str) -> str:
    """What people call a parameter."""
    return LABELS.get(name, name.partition(".")[2].replace(".", ": ").replace("_", " ").capitalize())


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else value


_NUMBER = {"inputmode": "decimal"}
