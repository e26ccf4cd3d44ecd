"""How a pipeline is built and generated, and why it is retired."""

from typing import Any

from django import forms
from django.http import QueryDict

from common.formatting import things
from pipelines.domain import licences
from pipelines.domain.architecture import AXES, LABELS, OPTIONS, TITLES, Architecture, Problem, refusals
from planner.domain.valuation.ranking import RankBy

MOST_AT_ONCE = 20
FIELD_OF = {"kind": "licence", "holder": "holder", "year": "year"}


class GenerateForm(forms.Form):
    """Whether the download may hold real rows."""

    include_rows = forms.BooleanField(
        required=False,
        label="Put the real rows into the download",
        help_text="Without them it holds made-up rows of the same shape. Runs here use the real ones either way.",
    )


class OptionsForm(GenerateForm):
    """The options of one pipeline, each axis a field; what does not go together is said beside the axis to change."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        problem: Problem = Problem.BINARY,
        licence: licences.Licence | None = None,
        with_rows: bool = False,
    ) -> None:
        shown = licence or licences.Licence()
        super().__init__(data, initial={"holder": shown.holder, "year": shown.year, "include_rows": with_rows})
        self.problem = problem
        for axis in AXES:
            offered = [(option.value, LABELS[option]) for option in OPTIONS[axis]]
            self.fields[axis] = forms.ChoiceField(choices=offered, required=False, label=TITLES[axis])
        self.fields["licence"] = forms.ChoiceField(
            choices=list(licences.TITLES.items()), required=False, label="Licence"
        )
        self.fields["holder"] = forms.CharField(
            required=False,
            max_length=licences.LONGEST_HOLDER,
            label="Whose it is",
            help_text="The person or organisation that holds the rights.",
        )
        self.fields["year"] = forms.IntegerField(
            required=False, min_value=licences.FIRST_YEAR, max_value=licences.LAST_YEAR, label="Since"
        )

    def clean(self) -> dict[str, object]:
        """Adds `architecture` and `granted`: what was chosen, None where no axis, or no licence, was given."""
        cleaned = super().clean() or {}
        given = {axis: cleaned[axis] for axis in AXES if cleaned.get(axis)}
        cleaned["architecture"] = Architecture.from_json(given) if given else None
        if given:
            for refusal in refusals(self.problem, cleaned["architecture"]):
                self.add_error(refusal.axis, refusal.sentence)
        cleaned["granted"] = self._licence(cleaned) if cleaned.get("licence") else None
        return cleaned

    def _licence(self, cleaned: dict[str, Any]) -> licences.Licence | None:
        year = cleaned.get("year")
        if year is None:
            self.errors.get("year") or self.add_error("year", "Give the year it is granted from.")
            return None
        try:
            return licences.licence_make(kind=cleaned["licence"], holder=cleaned.get("holder", ""), year=year)
        except licences.LicenceError as error:
            self.add_error(FIELD_OF[error.where], str(error))
            return None


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
