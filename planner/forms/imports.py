"""Bringing a log, saying which column is which, what its times mean and how the file is read."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from planner.domain.event_log.eventlog import TimeMeaning
from planner.domain.event_log.mapping import SINGLE, Role
from planner.domain.event_log.text_encodings import ENCODINGS, SEPARATORS, encoding_words
from planner.forms.zones import zone_choices
from planner.models import LogUpload

WORDS = {
    Role.CASE: ("Case", "what one run of the process is known by"),
    Role.ACTIVITY: ("Activity", "what was done"),
    Role.START: ("Start", "when work on it began; leave empty when the log has one time only"),
    Role.END: ("End", "when it was completed, or the only time there is"),
    Role.SCHEDULED: ("Scheduled", "when it was planned; kept, and never taken for work"),
    Role.RESOURCE: ("Resource", "who did it"),
    Role.LIFECYCLE: ("Transition", "start or complete, where these are rows of their own"),
}
DAY_FIRST: dict[bool | None, str] = {True: "day", False: "month"}
NEEDED = (Role.CASE, Role.ACTIVITY, Role.END)
MEANINGS = [
    (TimeMeaning.COMPLETION.value, "Its completion: the work was done by then"),
    (TimeMeaning.START.value, "Its start: the work began then"),
    (TimeMeaning.SCHEDULED.value, "When it was planned: nothing is known of when it was done"),
]
READING = ("encoding", "separator", "sheet")


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label="Event log",
        help_text="CSV, XES or XLSX; packed with gzip or zip as well",
        widget=forms.ClearableFileInput(
            attrs={"accept": ".csv,.txt,.tsv,.xes,.xlsx,.gz,.zip,text/csv,application/xml"}
        ),
    )


class MappingForm(forms.Form):
    """The name of the process, the column of each role, what times mean, and how the file is read."""

    name = forms.CharField(label="Name of the process", max_length=120)

    def __init__(self, upload: LogUpload, data: Any = None) -> None:
        mapping, self.preview = upload.mapping or {}, upload.preview or {}
        initial = {"name": upload.name, **{role.value: mapping.get(role.value, "") for role in SINGLE}}
        initial |= {"day_first": DAY_FIRST.get(mapping.get("day_first"), ""), "zone": mapping.get("zone") or "UTC"}
        initial |= {name: mapping.get(name) or "" for name in (*READING, "meaning")}
        super().__init__(data, initial=initial)
        if upload.updates_id is not None:
            del self.fields["name"]
        self.is_table = upload.is_table
        if upload.is_table:
            names = [column["name"] for column in self.preview.get("columns", ())]
            for role in SINGLE:
                self.fields[role.value] = _column(role, names)
        self._ask_times(mapping)
        self._ask_reading(upload)

    def _ask_times(self, mapping: dict[str, Any]) -> None:
        ambiguous = bool(self.preview.get("ambiguous"))
        if self.preview.get("one_time") or self.is_table:
            self.fields["meaning"] = _meaning(self.preview.get("one_time", False))
        if ambiguous or mapping.get("day_first") is not None:
            self.fields["day_first"] = _day_first(required=ambiguous)
        if self.preview.get("zoneless"):
            self.fields["zone"] = _zone()

    def _ask_reading(self, upload: LogUpload) -> None:
        found = self.preview
        if upload.format in ("csv", "xes"):
            taken = encoding_words(found["encoding"]) if found.get("encoding") else "as the file says"
            self.fields["encoding"] = _choice("Encoding", f"Found: {taken}", ENCODINGS)
        if upload.format == "csv":
            taken = SEPARATORS.get(found.get("separator", ""), "none").lower()
            self.fields["separator"] = _choice("Separator of columns", f"Found: {taken}", SEPARATORS)
        if len(found.get("sheets") or ()) > 1:
            sheets = {name: name for name in found["sheets"]}
            self.fields["sheet"] = _choice("Sheet", f"Found: {found.get('sheet', '')}", sheets)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        two_times = given.get(Role.START.value) or given.get(Role.LIFECYCLE.value)
        if "meaning" in self.fields and not two_times and not given.get("meaning"):
            self.add_error("meaning", "Say what the time of an event means: nothing in the file decides it.")
        return given

    def mapping(self) -> dict[str, Any]:
        """The choices as plain values, as far as they could be read."""
        given = getattr(self, "cleaned_data", {})
        chosen: dict[str, Any] = {role.value: given.get(role.value, "") for role in SINGLE if self.is_table}
        chosen["day_first"] = {"day": True, "month": False}.get(given.get("day_first", ""))
        chosen["meaning"] = given.get("meaning") or None
        chosen["zone"] = given.get("zone") or self.initial["zone"]
        return chosen | {name: given.get(name, self.initial.get(name, "")) for name in READING}

    def roles(self) -> Iterator[BoundField]:
        """The name, and a column for each role."""
        names = ["name", *(role.value for role in SINGLE)]
        return (self[name] for name in names if name in self.fields)

    def questions(self) -> Iterator[BoundField]:
        """What the file does not tell of its times."""
        return (self[name] for name in ("meaning", "day_first", "zone") if name in self.fields)

    def reading(self) -> list[BoundField]:
        """How the file is read."""
        return [self[name] for name in READING if name in self.fields]

    def reading_wrong(self) -> bool:
        """Whether something of how the file is read is to be mended."""
        return any(name in self.errors for name in READING)


def _column(role: Role, names: list[str]) -> forms.ChoiceField:
    label, words = WORDS[role]
    needed = role in NEEDED
    empty = [("", "choose a column" if needed else "none")]
    return forms.ChoiceField(
        label=label, choices=[*empty, *((name, name) for name in names)], required=needed, help_text=words
    )


def _choice(label: str, found: str, choices: dict[str, str]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", found), *choices.items()], required=False)


def _meaning(asked: bool) -> forms.ChoiceField:
    return forms.ChoiceField(
        label="What does the time of an event say?" if asked else "Where there is one time only: what does it say?",
        choices=MEANINGS,
        required=False,
        widget=forms.RadioSelect,
        help_text="With a column for the start, or for transitions, this is known." if not asked else "",
    )


def _zone() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Times without a zone are those of",
        choices=zone_choices(),
        required=False,
        help_text="The clocks they were written down by, and those of working hours chosen below.",
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
