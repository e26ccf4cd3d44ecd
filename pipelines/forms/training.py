"""What a pipeline learns from: which source, a table, what its columns are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from common.errors import ProblemError
from pipelines.domain.uploaded.profile import ColumnProfile, Kind, TableProfile
from pipelines.domain.uploaded.roles import CHOSEN_KINDS, LEARNT_AS, TARGET_KINDS, kind_misread
from pipelines.models import RowsFrom, TrainingUpload
from pipelines.selectors.training import ColumnView, TrainingChoice, UploadView

UPLOAD = f"{RowsFrom.UPLOAD}-"
DAY_FIRST = {"": None, "day": True, "month": False}


class TableForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label="Table",
        help_text="CSV (also packed with gzip) or Parquet, up to 1 GB: one row a case, with the outcome in a column",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.gz,.parquet,text/csv"}),
    )


class SourceForm(forms.Form):
    """The log, one of the tables, or made-up rows."""

    source = forms.ChoiceField(label="Rows to learn from", widget=forms.RadioSelect)

    def __init__(self, choice: TrainingChoice, data: QueryDict | None = None) -> None:
        chosen = f"{UPLOAD}{choice.upload.pk}" if choice.upload else choice.rows_from.value
        super().__init__(data, initial={"source": chosen})
        self.uploads = {f"{UPLOAD}{upload.pk}": upload for upload in choice.uploads}
        offered = [(RowsFrom.LOG.value, f"The event log, {choice.log.name}")] if choice.log else []
        offered += [(value, f"The table {upload.filename}") for value, upload in self.uploads.items()]
        offered += [(RowsFrom.MADE_UP.value, "Made-up rows, from the features in the canvas: good for trying only")]
        field = self.fields["source"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = offered

    def chosen(self) -> tuple[str, TrainingUpload | None]:
        """Where the rows come from, and the table."""
        upload = self.uploads.get(self.cleaned_data["source"])
        return (RowsFrom.UPLOAD.value if upload else self.cleaned_data["source"]), upload


@dataclass(frozen=True)
class ColumnRow:
    """A column with the field that says what it is learnt as."""

    view: ColumnView
    field: BoundField


class RolesForm(forms.Form):
    """What each column of a table is for. Fields of columns are numbered: their names are anybody's text."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    target = forms.ChoiceField(label="Foretold", help_text="The outcome a model learns to foretell")
    positive = forms.CharField(label="Its yes", required=False, max_length=200)
    decided_at = forms.ChoiceField(
        label="Decided at", required=False, help_text="When each row was decided: later rows are tested on"
    )
    known_at = forms.ChoiceField(
        label="Outcome known at", required=False, help_text="A row whose outcome came too late does not train"
    )
    group = forms.ChoiceField(
        label="Group", required=False, help_text="Without times: rows that share it are never on both sides of the test"
    )
    day_first = forms.ChoiceField(
        label="What comes first in a date?",
        required=False,
        choices=[
            ("", "say which"),
            ("day", "The day: 9.3.10 is 9 March"),
            ("month", "The month: 9.3.10 is 3 September"),
        ],
    )
    imitation = forms.BooleanField(
        label="The outcome is what people decided",
        required=False,
        help_text="Then a model imitates them; leave it empty where the outcome was seen later",
    )

    def __init__(self, upload: TrainingUpload, view: UploadView, data: QueryDict | None = None) -> None:
        roles = view.roles
        self.names = [column.profile.name for column in view.columns]
        kinds = {f"kind-{place}": roles.kinds.get(name, "") for place, name in enumerate(self.names)}
        day_first = {True: "day", False: "month", None: ""}[roles.day_first]
        super().__init__(data, initial={**roles.as_json(), "day_first": day_first, "version": upload.version, **kinds})
        self.view = view
        self._offer("target", view.profile, TARGET_KINDS, "choose a column")
        self._offer("decided_at", view.profile, (Kind.DATE,), "none")
        self._offer("known_at", view.profile, (Kind.DATE,), "none")
        self._offer("group", view.profile, tuple(kind for kind in Kind if kind is not Kind.EMPTY), "none")
        for place, column in enumerate(view.columns):
            self.fields[f"kind-{place}"] = _kind_field(column.profile)
        asked = next((column.profile for column in view.columns if column.profile.asks_day_first), None)
        if asked is None:
            del self.fields["day_first"]
        else:
            said = f"Say which comes first in “{asked.examples[0]}”, the day or the month."
            self.fields["day_first"].required = True
            self.fields["day_first"].error_messages["required"] = said
        self.fields["positive"].help_text = _values(view.profile.column(roles.target))

    def _offer(self, name: str, profile: TableProfile, kinds: tuple[Kind, ...], empty: str) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        fit = [column.name for column in profile.columns if column.kind in kinds]
        field.choices = [("", empty), *((each, each) for each in fit)]

    def changes(self) -> dict[str, Any]:
        """The roles as they were sent."""
        given = self.cleaned_data
        kinds = {name: given.get(f"kind-{place}", "") for place, name in enumerate(self.names)}
        named = ("target", "positive", "decided_at", "known_at", "group")
        found: dict[str, Any] = {name: given.get(name, "") for name in named}
        found["kinds"] = {name: kind for name, kind in kinds.items() if kind}
        found["imitation"] = given.get("imitation", False)
        if "day_first" in self.fields:
            found["day_first"] = DAY_FIRST[given.get("day_first", "")]
        return found

    def place(self, problem: ProblemError) -> None:
        """Put what a service found wrong beside its field, and the rest above the form."""
        for one in problem.errors:
            name = one.path.removeprefix("kinds.")
            if one.path.startswith("kinds.") and name in self.names:
                self.add_error(f"kind-{self.names.index(name)}", one.message)
            else:
                self.add_error(one.path if one.path in self.fields else None, one.message)

    def general(self) -> Iterator[BoundField]:
        """Everything but the columns."""
        return (self[name] for name in self.fields if not name.startswith("kind-"))

    def rows(self) -> Iterator[ColumnRow]:
        """The columns with their fields."""
        for place, column in enumerate(self.view.columns):
            yield ColumnRow(column, self[f"kind-{place}"])


def _kind_field(column: ColumnProfile) -> forms.ChoiceField:
    fit = [(kind, LEARNT_AS[kind]) for kind in CHOSEN_KINDS if not kind_misread(column, kind)]
    widget = forms.Select(attrs={"aria-label": f"Learn from {column.name} as"})
    return forms.ChoiceField(choices=[("", "leave out"), *fit], required=False, widget=widget)


def _values(column: ColumnProfile | None) -> str:
    if column is None or column.kind is Kind.NUMBER or not column.counts:
        return "Empty: an amount, or every value an outcome of its own"
    shown = ", ".join(value for value, _ in column.counts[:6])
    return f"One of: {shown}" if len(column.counts) == 2 else f"Empty, or one value against all others: {shown}"
