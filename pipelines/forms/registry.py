"""Promoting a model, and saying yes or no to a promotion."""

from django import forms


class PromoteForm(forms.Form):
    reason = forms.CharField(
        max_length=500, required=False, label="Why", help_text="It stands in the history of this model."
    )


class DecideForm(forms.Form):
    comment = forms.CharField(max_length=500, label="Comment", help_text="Who asked reads it.")


class PolicyForm(forms.Form):
    """What a workspace decides about all its models."""

    approval_needed = forms.BooleanField(
        required=False,
        label="A second person approves what is put into use",
        help_text="Going back to the previous version never waits.",
    )
    keep_inputs = forms.BooleanField(
        required=False,
        label="Keep the values predictions were made from",
        help_text="Without them only their digest is kept, and drift cannot be told.",
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
