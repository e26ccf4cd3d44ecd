"""Drawing a flow without a mouse."""

from collections.abc import Sequence
from typing import Any

from django import forms

from common.errors import FieldProblem, InvalidInput
from planner.domain.process_graph.node import LONGEST_CONDITION, NodeKind
from planner.forms.tasks import NodeChoice
from planner.models import Process, Task


class FlowForm(forms.Form):
    """From, to, and with which probability in percent."""

    source = NodeChoice(Task.objects.none(), label="From")
    target = NodeChoice(Task.objects.none(), label="To")
    percent = forms.FloatField(
        label="Share of cases", required=False, min_value=0, max_value=100, help_text="empty: what the others leave"
    )
    label = forms.CharField(label="Label", required=False, max_length=120)
    condition = forms.CharField(
        label="Condition", required=False, max_length=LONGEST_CONDITION, help_text="when this branch is taken"
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, process: Process, data: Any = None) -> None:
        super().__init__(data, initial={"version": process.version})
        tasks = Task.objects.of(process.workspace).filter(process=process).select_related("parent")
        for name, left_out in (("source", NodeKind.END), ("target", NodeKind.START)):
            field = self.fields[name]
            assert isinstance(field, NodeChoice)
            field.queryset = tasks.exclude(kind=left_out.value)

    def offer(self, tasks: Sequence[Task]) -> None:
        """Let it join two of these."""
        for name, left_out in (("source", NodeKind.END), ("target", NodeKind.START)):
            field = self.fields[name]
            assert isinstance(field, NodeChoice)
            field.offer(task for task in tasks if task.kind != left_out.value)

    def probability(self) -> float | None:
        """The share as 0 to 1, None where the field was left empty."""
        percent = self.cleaned_data.get("percent")
        return None if percent is None else percent / 100


def percent_share(text: str) -> float | None:
    """A typed percentage as a share, None for an empty field; InvalidInput for what is no percentage."""
    plain = text.replace("%", "").replace(",", ".").strip()
    if not plain:
        return None
    try:
        value = float(plain)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 100:
        message = f"“{text}” is no percentage from 0 to 100."
        raise InvalidInput(message, errors=[FieldProblem("percent", message)])
    return value / 100
