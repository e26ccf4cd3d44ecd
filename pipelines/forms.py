"""What people type on the pages of pipelines."""

from django import forms


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


class RetireForm(forms.Form):
    reason = forms.CharField(max_length=300, label="Why it is retired", required=True)
