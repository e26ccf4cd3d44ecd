"""Working hours as a form: a line for each weekday, whose holidays, the time zone, and what holds."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from planner.domain.event_log.calendar_choice import CalendarError, hours_of
from planner.domain.event_log.working_calendar import WEEKDAYS
from planner.forms.zones import zone_choices
from planner.selectors.working_hours import countries

NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
USUAL = ["9-17"] * 5 + ["", ""]
DEFAULT, ALWAYS, OWN = "default", "always", "own"


class WorkingHoursForm(forms.Form):
    """Which hours hold; the lines below count only where hours of one's own are chosen.

    `default_words` are those of the workspace, which a process may leave as they are; None where there are none to
    fall back on. With a prefix it stands in another form. `zone` is the time zone to begin with; None where the form
    around it asks for one, in which these hours are then told.
    """

    which = forms.ChoiceField(label="Which hours count?", widget=forms.RadioSelect)
    country = forms.ChoiceField(label="Public holidays of", required=False)
    subdivision = forms.CharField(
        label="Part of the country",
        required=False,
        max_length=40,
        help_text="Where it has holidays of its own: BY for Bavaria.",
    )
    closed = forms.CharField(
        label="Closed besides",
        required=False,
        max_length=12_000,
        help_text="Dates, as 2026-12-24, separated by spaces.",
    )
    zone = forms.ChoiceField(label="Time zone of these hours", required=False, choices=zone_choices)

    def __init__(
        self,
        data: Any = None,
        *,
        choice: Mapping[str, Any] | None = None,
        default_words: str | None = None,
        zone: str | None = "UTC",
        prefix: str | None = None,
    ) -> None:
        values = choice or {}
        which = DEFAULT if choice is None else (OWN if values else ALWAYS)
        days = values.get("days") or USUAL
        initial = {"which": which, **dict(zip(WEEKDAYS, days, strict=True)), "zone": values.get("zone") or zone}
        initial |= {"country": values.get("country", ""), "subdivision": values.get("subdivision", "")}
        initial["closed"] = " ".join(values.get("closed", ()))
        super().__init__(data, initial=initial, prefix=prefix)
        if zone is None:
            del self.fields["zone"]
        fallback = [] if default_words is None else [(DEFAULT, f"As in the workspace: {default_words}")]
        self.fields["which"].choices = [  # type: ignore[attr-defined]
            *fallback,
            (ALWAYS, "Around the clock, nights and weekends included"),
            (OWN, "The working hours below"),
        ]
        self.fields["country"].choices = [("", "none"), *((code, name) for code, name in countries().items())]  # type: ignore[attr-defined]
        for short, name in zip(WEEKDAYS, NAMES, strict=True):
            self.fields[short] = forms.CharField(
                label=name, required=False, max_length=20, widget=forms.TextInput(attrs={"placeholder": "no work"})
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("which") == OWN:
            for short in WEEKDAYS:
                try:
                    hours_of(given.get(short) or "", where=short)
                except CalendarError as problem:
                    self.add_error(short, str(problem))
            if not any(given.get(short) for short in WEEKDAYS):
                self.add_error(WEEKDAYS[0], "Work is done on at least one day of the week.")
        return given

    def choice(self) -> dict[str, Any] | None:
        """Plain values, without a zone where none is asked; empty is around the clock, None those of the workspace."""
        given = self.cleaned_data
        if given["which"] != OWN:
            return None if given["which"] == DEFAULT else {}
        zone = {"zone": given["zone"] or "UTC"} if "zone" in self.fields else {}
        return zone | {
            "days": [given[short] for short in WEEKDAYS],
            "country": given["country"],
            "subdivision": given["subdivision"].strip(),
            "closed": given["closed"].replace(",", " ").split(),
        }

    def days(self) -> Iterator[BoundField]:
        """A line for each weekday."""
        return (self[short] for short in WEEKDAYS)

    def more(self) -> Iterator[BoundField]:
        """Holidays, and the time zone where it is asked here."""
        return (self[name] for name in ("country", "subdivision", "closed", "zone") if name in self.fields)
