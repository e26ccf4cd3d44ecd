"""The two sliders of the filter."""

from typing import Any

from django import forms

from planner.domain.discovery.filtering import GraphFilter

_RANGE = {"type": "range", "min": "0", "max": "100", "step": "1"}


class FilterForm(forms.Form):
    """Shares in percent; what is left empty keeps everything."""

    activities = forms.FloatField(
        label="Activities",
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs=_RANGE),
        help_text="the most frequent ones, up to this share of all visits",
    )
    flows = forms.FloatField(
        label="Flows",
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs=_RANGE),
        help_text="those every case needs, then the most taken, up to this share of all steps",
    )

    def chosen(self, otherwise: GraphFilter) -> GraphFilter:
        """The filter asked for; where nothing was given or it cannot be, `otherwise`."""
        if not self.is_bound or not self.is_valid():
            return otherwise
        given: dict[str, Any] = self.cleaned_data
        shares = {
            name: otherwise.as_dict().get(name, 1.0) if value is None else value / 100 for name, value in given.items()
        }
        return GraphFilter(shares["activities"], shares["flows"])
