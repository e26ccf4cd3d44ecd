"""Changing tasks one by one or many at once."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from common.errors import FieldProblem, InvalidInput
from planner.domain.process_graph.figure_limits import figure_problem
from planner.domain.process_graph.node import LONGEST_LANE, LONGEST_NAME, NodeKind
from planner.models import Process, Source, Task

KINDS = [(kind.value, kind.words) for kind in NodeKind]
AUTOMATIC = {"": None, "yes": True, "no": False}


class NodeChoice(forms.ModelChoiceField[Task]):
    """A node of one process, by its name or what it is, inside its sub-process."""

    def label_from_instance(self, obj: Task) -> str:
        return obj.title if obj.parent is None else f"{obj.parent.title} › {obj.title}"

    def offer(self, tasks: Iterable[Task]) -> None:
        """Show these alone in the list: thousands of them are no choice. Any node of the process is still taken."""
        empty = [("", self.empty_label or "")] if self.empty_label is not None else []
        self.widget.choices = [*empty, *((task.pk, self.label_from_instance(task)) for task in tasks)]


class NewTaskForm(forms.Form):
    """A new node: its kind, after which other it comes, and its lane. A gateway needs no name."""

    name = forms.CharField(
        label="New task", max_length=LONGEST_NAME, required=False, help_text="a gateway needs no name"
    )
    kind = forms.ChoiceField(label="Kind", choices=KINDS)
    after = NodeChoice(Task.objects.none(), label="After", required=False, empty_label="nothing yet")
    lane = forms.CharField(label="Lane", required=False, max_length=LONGEST_LANE, help_text="who does it")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, process: Process, data: QueryDict | None = None, *, parent: Task | None = None) -> None:
        given = None if data is None else {"kind": NodeKind.TASK.value, **data.dict()}
        super().__init__(given, initial={"version": process.version})
        field = self.fields["after"]
        assert isinstance(field, NodeChoice)
        level = Task.objects.of(process.workspace).filter(process=process, parent=parent)
        field.queryset = level.exclude(kind=NodeKind.END.value)

    def offer(self, tasks: Iterable[Task]) -> None:
        """Let it come after one of these."""
        field = self.fields["after"]
        assert isinstance(field, NodeChoice)
        field.offer(task for task in tasks if task.kind != NodeKind.END.value)

    def node(self) -> dict[str, Any]:
        """What `task_add` takes."""
        return {**self.cleaned_data, "kind": NodeKind(self.cleaned_data["kind"])}


class TaskForm(forms.Form):
    """Name and figures of one task. An emptied figure goes back to what the log says."""

    name = forms.CharField(label="Name", max_length=LONGEST_NAME)
    handling_minutes = forms.FloatField(
        label="Handling time", required=False, min_value=0, max_value=525_600, help_text="of a person, a visit"
    )
    volume_a_year = forms.FloatField(
        label="Volume", required=False, min_value=0, max_value=1e12, help_text="empty: follows from log or branches"
    )
    automatic = forms.ChoiceField(
        label="Done by a machine already?",
        required=False,
        choices=[("", "as the log suggests"), ("yes", "yes"), ("no", "no")],
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, task: Task) -> "TaskForm":
        """Filled with what is set by people; figures of the log stand beside their fields."""
        said = {True: "yes", False: "no"}.get(task.automatic, "") if task.automatic is not None else ""
        handling = task.handling_minutes if task.handling_source == Source.USER else None
        volume = task.volume_a_year if task.volume_source == Source.USER else None
        return cls(
            initial={
                "name": task.name,
                "handling_minutes": handling,
                "volume_a_year": volume,
                "automatic": said,
                "version": task.process.version,
            }
        )

    def changes(self) -> dict[str, Any]:
        """What `task_update` takes."""
        given = self.cleaned_data
        names = ("name", "handling_minutes", "volume_a_year")
        return {name: given[name] for name in names} | {"automatic": AUTOMATIC[given["automatic"]]}


def figures_of(data: QueryDict, tasks: Iterable[Task]) -> dict[int, dict[str, float | None]]:
    """The figures typed into the table, by task: only those that differ from what is there.

    Raises InvalidInput naming each cell that holds no number.
    """
    found: dict[int, dict[str, float | None]] = {}
    problems: list[FieldProblem] = []
    for task in tasks:
        for field, source in (("handling_minutes", task.handling_source), ("volume_a_year", task.volume_source)):
            key = f"{field}-{task.pk}"
            if key not in data:
                continue
            text = str(data[key]).replace(",", ".").replace("\u202f", "").replace(" ", "").strip()
            value = _number(text)
            if text and (value is None or (problem := figure_problem(field, value))):
                words = problem if value is not None else f"“{data[key]}” is not a number."
                problems.append(FieldProblem(key, f"{task.name}: {words}"))
            elif value != (getattr(task, field) if source == Source.USER else None):
                found.setdefault(task.pk, {})[field] = value
    if problems:
        raise InvalidInput("Nothing was saved.", errors=problems)
    return found


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
