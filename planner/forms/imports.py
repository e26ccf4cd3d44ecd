"""Bringing a log and saying which column is which."""

from typing import Any

from django import forms

from planner.domain.mapping import SINGLE, Role
from planner.models import LogUpload

WORDS = {
    Role.CASE: ("Case", "what one run of the process is known by"),
    Role.ACTIVITY: ("Activity", "what was done"),
    Role.START: ("Start", "when work on it began; leave empty when the log has one time only"),
    Role.END: ("End", "when it was completed, or the only time there is"),
    Role.RESOURCE: ("Resource", "who did it"),
    Role.LIFECYCLE: ("Transition", "start or complete, where these are rows of their own"),
}
DAY_FIRST: dict[bool | None, str] = {True: "day", False: "month"}
NEEDED = (Role.CASE, Role.ACTIVITY, Role.END)


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label="Event log",
        help_text="CSV, XES, or either packed with gzip",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xes,.gz,text/csv,application/xml"}),
    )


class MappingForm(forms.Form):
    """The name of the process, the column of each role, and how ambiguous dates are read."""

    name = forms.CharField(label="Name of the process", max_length=120)

    def __init__(self, upload: LogUpload, data: Any = None) -> None:
        mapping = upload.mapping or {}
        initial = {"name": upload.name, **{role.value: mapping.get(role.value, "") for role in SINGLE}}
        initial["day_first"] = DAY_FIRST.get(mapping.get("day_first"), "")
        super().__init__(data, initial=initial)
        if upload.updates_id is not None:
            del self.fields["name"]
        if upload.format != "csv":
            return
        names = [column["name"] for column in upload.preview.get("columns", ())]
        for role in SINGLE:
            self.fields[role.value] = _column(role, names)
        if upload.preview.get("ambiguous") or mapping.get("day_first") is not None:
            self.fields["day_first"] = _day_first(required=bool(upload.preview.get("ambiguous")))

    def mapping(self) -> dict[str, Any]:
        """The chosen columns as plain values."""
        chosen: dict[str, Any] = {role.value: self.cleaned_data.get(role.value, "") for role in SINGLE}
        chosen["day_first"] = {"day": True, "month": False}.get(self.cleaned_data.get("day_first", ""))
        return chosen


def _column(role: Role, names: list[str]) -> forms.ChoiceField:
    label, words = WORDS[role]
    needed = role in NEEDED
    empty = [("", "choose a column" if needed else "none")]
    return forms.ChoiceField(
        label=label, choices=[*empty, *((name, name) for name in names)], required=needed, help_text=words
    )


def _day_first(*, required: bool) -> forms.ChoiceField:
    choices = [("day", "The day: 9.3.10 is 9 March 2010"), ("month", "The month: 9.3.10 is 3 September 2010")]
    return forms.ChoiceField(
        label="What comes first in a date?",
        choices=choices if required else [*choices, ("", "The file decides")],
        required=required,
        widget=forms.RadioSelect,
        error_messages={"required": "Say which comes first: nothing in the file decides it."},
    )
