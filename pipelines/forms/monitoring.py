"""Telling what really happened."""

from django import forms


class OutcomeForm(forms.Form):
    """One outcome by hand, or a file of many."""

    key = forms.CharField(max_length=100, required=False, label="Name of the case")
    outcome = forms.CharField(max_length=200, required=False, label="What really happened")
    file = forms.FileField(
        required=False, label="Or a CSV file of many", help_text="Two columns: the name of the case, its outcome."
    )

    def clean(self) -> dict[str, object]:
        """Either the pair or the file."""
        cleaned = super().clean() or {}
        if not cleaned.get("file"):
            for name in ("key", "outcome"):
                if not cleaned.get(name):
                    self.add_error(name, "Fill in both, or choose a file.")
        return cleaned
