"""What a person says when a report is made."""

from django import forms

from planner.domain.valuation.ranking import RankBy
from planner.services.reports import LONGEST_DECISION


class ReportForm(forms.Form):
    """The decision in their own words, and by what the tasks are ranked."""

    decision = forms.CharField(
        label="What was decided",
        required=False,
        max_length=LONGEST_DECISION,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Stands first in the report, in your words. The figures say their part beneath it.",
    )
    by = forms.ChoiceField(label="Ranked by", choices=[(by.value, by.label) for by in RankBy], initial=RankBy.ROI.value)
