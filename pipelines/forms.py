"""What people type on the pages of pipelines."""

from django import forms

from planner.domain.ranking import RankBy


class GenerateForm(forms.Form):
    """Whether the download may hold real rows."""

    include_rows = forms.BooleanField(
        required=False,
        label="Put the real rows into the download",
        help_text="Without them it holds made-up rows of the same shape. Runs here use the real ones either way.",
    )


class GenerateTopForm(GenerateForm):
    """How many tasks of the ranking to generate at once."""

    k = forms.IntegerField(min_value=1, max_value=20, initial=3, label="Tasks, from the top of the ranking")
    by = forms.ChoiceField(choices=[(by.value, by.label) for by in RankBy], required=False, widget=forms.HiddenInput)

    def clean_by(self) -> str:
        """The order of the ranking, by return unless told."""
        return self.cleaned_data["by"] or RankBy.ROI.value


class RetireForm(forms.Form):
    reason = forms.CharField(max_length=300, label="Why it is retired", required=True)
