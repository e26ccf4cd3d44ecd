"""Kind, lane and sub-process of many nodes at once."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from common.errors import FieldProblem, InvalidInput
from planner.domain.process_graph.node import LONGEST_LANE, LONGEST_NAME, NodeKind
from planner.forms.tasks import NodeChoice
from planner.models import Task

FIXED = {NodeKind.START.value, NodeKind.END.value}


class NodeForm(forms.Form):
    """Name, kind and lane of a node that is no task, and the sub-process it is part of."""

    name = forms.CharField(label="Name", max_length=LONGEST_NAME, required=False)
    kind = forms.ChoiceField(label="Kind")
    lane = forms.CharField(label="Lane", max_length=LONGEST_LANE, required=False, help_text="who does it")
    parent = NodeChoice(Task.objects.none(), label="Part of", required=False, empty_label="the process")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, task: Task, data: QueryDict | None = None) -> None:
        initial = {"name": task.name, "kind": task.kind, "lane": task.lane, "parent": task.parent_id}
        super().__init__(data, initial=initial | {"version": task.process.version})
        kind, parent = self.fields["kind"], self.fields["parent"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(parent, NodeChoice)
        kind.choices = [(one.value, one.words) for one in NodeKind if one.value not in FIXED]
        every = Task.objects.of(task.workspace).filter(process=task.process_id, kind=NodeKind.SUBPROCESS.value)
        parent.queryset = every.exclude(pk=task.pk).select_related("parent")
        if task.kind in FIXED:
            del self.fields["kind"], self.fields["parent"]

    def changes(self) -> dict[str, Any]:
        """What `task_update` takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def nodes_of(data: QueryDict, tasks: Sequence[Task]) -> dict[int, dict[str, Any]]:
    """What differs from what is there, by node, as `tasks_update` takes it. `tasks` are all of the process.

    Raises InvalidInput naming each field that cannot be.
    """
    parents = {str(task.pk): task for task in tasks if task.kind == NodeKind.SUBPROCESS.value}
    found: dict[int, dict[str, Any]] = {}
    problems: list[FieldProblem] = []
    for task in tasks:
        changes = _changes(data, task, parents, problems)
        if changes:
            found[task.pk] = changes
    if problems:
        raise InvalidInput("Nothing was saved.", errors=problems)
    return found


def _changes(data: QueryDict, task: Task, parents: dict[str, Task], problems: list[FieldProblem]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    kind, lane, parent = (data.get(f"{name}-{task.pk}") for name in ("kind", "lane", "parent"))
    if kind is not None and kind != task.kind and task.kind not in FIXED:
        if kind not in {one.value for one in NodeKind}:
            problems.append(FieldProblem(f"kind-{task.pk}", f"{task.title}: choose one of the kinds."))
        changes["kind"] = kind
    if lane is not None and " ".join(lane.split()) != task.lane:
        changes["lane"] = lane
    if parent is not None and parent != str(task.parent_id or "") and task.kind not in FIXED:
        if parent and parent not in parents:
            problems.append(FieldProblem(f"parent-{task.pk}", f"{task.title}: choose a sub-process."))
        changes["parent"] = parents.get(parent)
    return changes
