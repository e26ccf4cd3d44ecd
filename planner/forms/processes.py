"""Naming a process and saying how many cases it has."""

from typing import Any

from django import forms

from planner.models import Process
from planner.services.processes import LONGEST_DESCRIPTION


class ProcessForm(forms.Form):
    """Name, description, cases a year."""

    name = forms.CharField(label="Name", max_length=120)
    description = forms.CharField(
        label="Description",
        required=False,
        max_length=LONGEST_DESCRIPTION,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="what happens in it, in a few sentences",
    )
    cases_a_year = forms.FloatField(
        label="Cases a year", required=False, min_value=0, max_value=1e12, help_text="how often the process runs"
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @staticmethod
    def values(process: Process) -> dict[str, Any]:
        """What the form begins with; cases a year in whole ones."""
        cases = None if process.cases_a_year is None else round(process.cases_a_year)
        return {
            "name": process.name,
            "description": process.description,
            "cases_a_year": cases,
            "version": process.version,
        }

    def changes(self, process: Process) -> dict[str, Any]:
        """What `process_update` takes: cases a year only when the whole number that was shown was changed."""
        given = dict(self.cleaned_data)
        if given["cases_a_year"] == self.values(process)["cases_a_year"]:
            given["cases_a_year"] = None
        return given
