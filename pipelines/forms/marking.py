"""A test of the ML Test Score, marked by hand."""

from django import forms

from pipelines.domain.ml_test_score import TESTS
from pipelines.models import TestMark


class MarkForm(forms.Form):
    """What a person says of one test, on the version of the mark that was shown."""

    test = forms.ChoiceField(choices=[(key, test.name) for key, test in TESTS.items()], widget=forms.HiddenInput)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    done = forms.ChoiceField(
        choices=[
            ("not", "not done: 0"),
            ("by_hand", "by hand, result written down: 0.5"),
            ("automated", "automated and run repeatedly: 1"),
        ],
        label="It is",
    )
    note = forms.CharField(
        max_length=TestMark._meta.get_field("note").max_length,
        required=False,
        label="Where its result is, or what runs it",
        help_text="Needed unless it is not done.",
        widget=forms.Textarea({"rows": 2}),
    )

    def clean(self) -> dict[str, object]:
        """A test that is done says where its result is."""
        cleaned = super().clean() or {}
        if cleaned.get("done") in ("by_hand", "automated") and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", "Say where the result is written down, or what runs it.")
        return cleaned
