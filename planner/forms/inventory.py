"""What the inventory holds of a process, in one form for its page and for a row of the table."""

from typing import Any

from django import forms
from django.http import QueryDict

from accounts.models import Workspace
from planner.forms.seen import is_its_own, was_left
from planner.models import Process
from planner.selectors.inventory import owner_words
from planner.services.inventory import owner_entries

_SHORT = forms.Textarea(attrs={"rows": 2})


class InventoryForm(forms.Form):
    """Owner, goal, pain, what ML might change, cases a year with their source. Fields that are not sent stay."""

    owner = forms.CharField(
        label="Owner", required=False, max_length=120, help_text="a member of the workspace, or a name"
    )
    goal = forms.CharField(label="Goal", required=False, max_length=400, widget=_SHORT, help_text="what it is for")
    pain = forms.CharField(
        label="Pain", required=False, max_length=400, widget=_SHORT, help_text="where it hurts: delay, cost, errors"
    )
    ml_change = forms.CharField(
        label="What ML might change",
        required=False,
        max_length=400,
        widget=_SHORT,
        help_text="a decision, a forecast or a reading somebody does by hand today",
    )
    cases_a_year = forms.FloatField(label="Cases a year", required=False, min_value=0, max_value=1e12)
    cases_note = forms.CharField(
        label="Source of the cases", required=False, max_length=200, help_text="a report, a person, a count"
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @staticmethod
    def values(process: Process) -> dict[str, Any]:
        """What the form begins with."""
        cases = None if process.cases_a_year is None else round(process.cases_a_year)
        texts = {name: getattr(process, name) for name in ("goal", "pain", "ml_change", "cases_note", "version")}
        return texts | {"owner": owner_words(process), "cases_a_year": cases}

    def is_own_edit(self, post: QueryDict, process: Process) -> bool:
        """Whether nobody but the page itself has edited, since it was drawn, what is changed (see `seen`)."""
        shown = {name: "" if value is None else str(value) for name, value in self.values(process).items()}
        sent = (name for name in self.fields if name in post and name != "version")
        return was_left(post) and all(is_its_own(post, name, shown[name], [str(post[name])], _alike) for name in sent)

    def changes(self, process: Process, workspace: Workspace) -> dict[str, Any]:
        """What `process_update` takes: of the fields that were sent, those that differ from what was shown."""
        shown = self.values(process)
        given = {name: value for name, value in self.cleaned_data.items() if name in self.data}
        changed = {name: value for name, value in given.items() if value != shown[name] and name != "version"}
        cases = changed.pop("cases_a_year", None)
        entries = {name: value for name, value in changed.items() if name != "owner"}
        if "owner" in changed:
            entries |= owner_entries(workspace, changed["owner"])
        return {"entries": entries, "cases_a_year": cases, "version": self.cleaned_data["version"]}


def _alike(text: str) -> str:
    """A text as it is compared: line ends alike, a number without what follows a whole one."""
    return text.replace("\r\n", "\n").strip().removesuffix(".0")
