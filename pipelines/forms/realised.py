"""What running a model cost in a month, entered by hand."""

from collections.abc import Mapping

from django import forms
from django.http import QueryDict

from pipelines.models import RealisedMonth
from planner.domain.valuation.realised import COST_KINDS

PREFIX = "c-"
_NUMBER = {"inputmode": "decimal"}


class MonthCostsForm(forms.Form):
    """A field for each kind of cost; one left empty stands as planned."""

    cases = forms.IntegerField(
        min_value=1,
        max_value=2_000_000_000,
        required=False,
        label="Cases of the task that month",
        help_text="However they were decided: it tells the share that got a prediction.",
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, month: RealisedMonth) -> None:
        super().__init__(data, initial={"cases": month.cases, "revision": month.revision})
        for kind, label in COST_KINDS.items():
            self.fields[f"{PREFIX}{kind}"] = forms.FloatField(
                label=label.capitalize(),
                initial=month.costs.get(kind),
                required=False,
                min_value=0,
                max_value=1e12,
                widget=forms.TextInput(_NUMBER),
            )

    @property
    def cost_fields(self) -> list[forms.BoundField]:
        return [self[f"{PREFIX}{kind}"] for kind in COST_KINDS]

    def costs(self) -> Mapping[str, float]:
        """The amounts that were entered, by kind."""
        given = {kind: self.cleaned_data.get(f"{PREFIX}{kind}") for kind in COST_KINDS}
        return {kind: float(amount) for kind, amount in given.items() if amount is not None}


class TakeMeasuredForm(forms.Form):
    """The version of the estimate that was shown beside what was measured."""

    version = forms.IntegerField(min_value=0)
