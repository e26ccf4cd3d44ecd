"""What the pages of the canvas take."""

from typing import Any, Self

from django import forms
from django.http import QueryDict

from canvas.domain.blocks import BLOCKS
from canvas.models import Canvas, Conclusion
from common.errors import InvalidInput
from planner.domain.valuation.ranking import RankBy

MOST_AT_ONCE = 50


class SheetForm:
    """One block of the sheet as it was posted: inputs are named `block.field`, `version` is what the page showed."""

    def __init__(self, data: QueryDict, *, block: str) -> None:
        self.data = data
        self.block = block

    def texts(self) -> dict[str, str]:
        """What was typed, by path. Fields that were not sent are left alone."""
        paths = (f"{self.block}.{field.key}" for field in BLOCKS[self.block].fields)
        return {path: str(self.data[path]) for path in paths if path in self.data}

    def version(self, *, newest: int) -> int:
        """The version the page showed; InvalidInput when the form names none that there was."""
        given = self.data.get("version", "")
        if not given.isascii() or not given.isdigit() or not 0 < int(given[:9]) <= newest:
            raise InvalidInput("The page is not one of this canvas.", detail="Open the canvas again.")
        return int(given[:9])


class HeaderForm(forms.Form):
    """What stands above the sheet."""

    designed_for = forms.CharField(label="Designed for", max_length=200, required=False)
    designed_by = forms.CharField(label="Designed by", max_length=200, required=False)
    iteration = forms.IntegerField(label="Iteration", min_value=1, max_value=9999)

    @classmethod
    def of(cls, canvas: Canvas) -> Self:
        return cls(initial={name: getattr(canvas, name) for name in ("designed_for", "designed_by", "iteration")})


class ConclusionForm(forms.Form):
    """How the canvas ends."""

    conclusion = forms.ChoiceField(label="What do we do?", choices=Conclusion.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Why",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One sentence. Needed when it is not to be built.",
    )

    @classmethod
    def of(cls, canvas: Canvas) -> Self:
        return cls(initial={"conclusion": canvas.conclusion, "reason": canvas.reason})

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("conclusion") == Conclusion.DO_NOT_BUILD and not given.get("reason", "").strip():
            self.add_error("reason", "Say in a sentence why it is not built: the next one who asks will want to know.")
        return given


class FirstForm(forms.Form):
    """How many of the ranking to draft."""

    k = forms.IntegerField(label="Draft the first", min_value=1, max_value=MOST_AT_ONCE, initial=3)
    by = forms.ChoiceField(choices=[(by.value, by.label) for by in RankBy], required=False, widget=forms.HiddenInput)

    def clean_by(self) -> str:
        """The order of the ranking, by return unless told."""
        return self.cleaned_data["by"] or RankBy.ROI.value
