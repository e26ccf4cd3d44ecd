"""What the pages of the canvas take."""

from typing import Any, Self

from django import forms
from django.http import QueryDict

from canvas.domain.blocks import BLOCKS, ORDER_NAMES
from canvas.domain.mentions import LONGEST_COMMENT
from canvas.models import Canvas, Conclusion
from common.errors import InvalidInput
from planner.domain.valuation.ranking import RankBy

MOST_AT_ONCE = 50
LARGEST_VERSION = 2_000_000_000
LARGEST_FILE = 1_000_000
"""Bytes of a canvas that is brought."""


class SheetForm:
    """One block of the sheet as it was posted: inputs are named `block.field`, `version` is what the page showed."""

    def __init__(self, data: QueryDict, *, block: str) -> None:
        self.data = data
        self.block = block

    def texts(self) -> dict[str, str]:
        """What was typed, by path. Fields that were not sent are left alone."""
        paths = (f"{self.block}.{field.key}" for field in BLOCKS[self.block].fields)
        return {path: str(self.data[path]) for path in paths if path in self.data}

    def bases(self) -> dict[str, str]:
        """What each field showed before it was typed in, where the page says so (`was-block.field`)."""
        return {path: str(self.data[f"was-{path}"]) for path in self.texts() if f"was-{path}" in self.data}

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


class BringForm(forms.Form):
    """A canvas as a file or as pasted text; `text` and `form` (json or md) say afterwards what was brought."""

    file = forms.FileField(label="File", required=False, help_text="Markdown or JSON in UTF-8, at most 1 MB.")
    text = forms.CharField(
        label="Or its text",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )
    version = forms.IntegerField(min_value=1, max_value=LARGEST_VERSION, widget=forms.HiddenInput)

    def clean_file(self) -> Any:
        given = self.cleaned_data["file"]
        if given is not None and given.size > LARGEST_FILE:
            raise forms.ValidationError("The file is larger than 1 MB; no canvas is.")
        return given

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        file, text = given.get("file"), given.get("text", "")
        if self.errors:
            return given
        if file is None and not text.strip():
            self.add_error("file", "Choose a file, or paste its text below.")
        elif file is not None and text.strip():
            self.add_error("text", "Bring either a file or its text, not both.")
        elif file is not None:
            given["text"] = self._decoded(file.read())
        given["form"] = "json" if given["text"].lstrip("\ufeff \t\r\n").startswith(("{", "[")) else "md"
        return given

    def _decoded(self, raw: bytes) -> str:
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            column = error.start - raw.rfind(b"\n", 0, error.start)
            self.add_error("file", f"Line {line}, column {column}: this is not text in UTF-8.")
            return ""


class ReviewForm(forms.Form):
    """A button of the review or of the history, with the version the page showed."""

    version = forms.IntegerField(min_value=1, max_value=LARGEST_VERSION)
    state = forms.CharField(required=False, max_length=20)
    to = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_VERSION)


class DecisionForm(forms.Form):
    """A button that accepts or refuses a drafted value: it sends the path and the token of what the page showed."""

    accept = forms.RegexField(r"^[a-z_]+\.[a-z_]+ [0-9a-f]{16}$", required=False, max_length=120)
    order = forms.ChoiceField(choices=list(ORDER_NAMES.items()), required=False)
    refuse = forms.RegexField(r"^[a-z_]+\.[a-z_]+ [0-9a-f]{16}$", required=False, max_length=120)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("accept")) is bool(given.get("refuse")):
            raise forms.ValidationError("Either accept or refuse.")
        return given

    def decision(self) -> tuple[bool, str, str]:
        """Whether it is accepted, the path of the field, and the token of the value."""
        given = self.cleaned_data
        path, _, token = (given["accept"] or given["refuse"]).partition(" ")
        return bool(given["accept"]), path, token


class VersionsForm(forms.Form):
    """Two versions to hold against each other."""

    before = forms.IntegerField(label="Version", min_value=1)
    after = forms.IntegerField(label="against", min_value=1)

    def __init__(self, data: dict[str, Any], *, newest: int) -> None:
        super().__init__(data)
        self.newest = newest

    def _known(self, name: str) -> int:
        version = int(self.cleaned_data[name])
        if version > self.newest:
            raise forms.ValidationError(f"There is no version {version}; the newest is {self.newest}.")
        return version

    def clean_before(self) -> int:
        return self._known("before")

    def clean_after(self) -> int:
        return self._known("after")


class CommentForm(forms.Form):
    """One's own comment anew, with the version the page showed."""

    text = forms.CharField(label="Comment", widget=forms.Textarea(attrs={"rows": 5}), max_length=LONGEST_COMMENT)
    version = forms.IntegerField(min_value=1, max_value=LARGEST_VERSION, widget=forms.HiddenInput)


class UptoForm(forms.Form):
    """Comments as they were at a version."""

    upto = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_VERSION)
