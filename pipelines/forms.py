"""What people type on the pages of pipelines."""

from django import forms
from django.http import QueryDict

from common.formatting import things
from planner.domain.valuation.ranking import RankBy

MOST_AT_ONCE = 20


class GenerateForm(forms.Form):
    """Whether the download may hold real rows."""

    include_rows = forms.BooleanField(
        required=False,
        label="Put the real rows into the download",
        help_text="Without them it holds made-up rows of the same shape. Runs here use the real ones either way.",
    )


class GenerateTopForm(GenerateForm):
    """How many tasks of the ranking to generate at once, of the `ranked` it holds."""

    k = forms.IntegerField(min_value=1, initial=1, label="Tasks, from the top of the ranking")
    by = forms.ChoiceField(choices=[(by.value, by.label) for by in RankBy], required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, ranked: int) -> None:
        super().__init__(data)
        self.most = min(ranked, MOST_AT_ONCE)
        self.fields["k"].widget.attrs["max"] = max(1, self.most)
        self.fields["k"].help_text = f"The ranking holds {things(ranked, 'task')}."

    def clean_k(self) -> int:
        """At most what the ranking holds."""
        k = int(self.cleaned_data["k"])
        if k > self.most:
            raise forms.ValidationError(f"At most {self.most}: the ranking holds no more.")
        return k

    def clean_by(self) -> str:
        """The order of the ranking, by return unless told."""
        return self.cleaned_data["by"] or RankBy.ROI.value


class RetireForm(forms.Form):
    reason = forms.CharField(max_length=300, label="Why it is retired", required=True)
