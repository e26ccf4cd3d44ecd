"""Naming a process and saying how many cases it has."""

from django import forms


class ProcessForm(forms.Form):
    """Name, description, cases a year."""

    name = forms.CharField(label="Name", max_length=120)
    description = forms.CharField(
        label="What it is for",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="its goal, where it hurts, what a prediction might change",
    )
    cases_a_year = forms.FloatField(
        label="Cases a year", required=False, min_value=0, max_value=1e12, help_text="how often the process runs"
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
