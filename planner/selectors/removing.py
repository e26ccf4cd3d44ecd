"""What goes with a task that is removed, and what was removed lately and can be brought back."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from common.formatting import listed, things
from planner.models import Flow, Process, Task

MOST_SHOWN = 20
_PARTS = ("canvas", "pipelines", "estimate__version", "answers")
_ANY = Q(canvas__isnull=False) | Q(pipelines__isnull=False) | Q(estimate__version__gt=0) | Q(answers__isnull=False)


@dataclass(frozen=True)
class Removed:
    """Tasks and flows that can be brought back, the latest removed first."""

    tasks: tuple[Task, ...]
    flows: tuple[Flow, ...]

    @property
    def count(self) -> int:
        return len(self.tasks) + len(self.flows)


def removed_lately(process: Process) -> Removed:
    """The last tasks and flows that were removed from a process. Two queries."""
    tasks = Task.everything.of(process.workspace).removed().filter(process=process)
    flows = Flow.everything.of(process.workspace).removed().filter(process=process)
    there = set(Flow.objects.of(process.workspace).filter(process=process).values_list("source_id", "target_id"))
    ended = flows.select_related("source", "target")[:MOST_SHOWN]
    missing = tuple(flow for flow in ended if (flow.source_id, flow.target_id) not in there)
    return Removed(tuple(tasks[:MOST_SHOWN]), missing)


def hangs_on(process: Process) -> dict[int, str]:
    """By task, in words, the work of people that is removed with it; tasks without any are left out. One query."""
    tasks = Task.objects.of(process.workspace).work().filter(process=process)
    found: dict[int, list[set[Any]]] = defaultdict(lambda: [set() for _ in _PARTS])
    for pk, *parts in tasks.filter(_ANY).values_list("pk", *_PARTS):
        for seen, part in zip(found[pk], parts, strict=True):
            seen.update({part} - {None, 0})
    return {pk: listed(_named(*parts)) for pk, parts in found.items()}


def _named(canvas: set[Any], pipelines: set[Any], estimate: set[Any], answers: set[Any]) -> list[str]:
    words = ["its canvas"] if canvas else []
    words += ["its pipeline"] if pipelines else []
    words += ["the changed estimate"] if estimate else []
    return words + ([things(len(answers), "answer")] if answers else [])
