"""What goes with a task that is removed, and what was removed lately and can be brought back."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse

from accounts.models import AuditEntry
from common.formatting import listed, share, things
from planner.domain.discovery.filtering import GraphFilter
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


@dataclass(frozen=True)
class OutOfSight:
    """Why a task is not to be seen, and the page that brings it back: a sentence, what to do, address and action."""

    title: str
    words: str
    url: str
    action: str


def out_of_sight(task: Task) -> OutOfSight:
    """What took a task out of its process: the filter of the graph, or a person. At most one query."""
    process = task.process
    if task.filtered:
        kept = GraphFilter.from_dict(process.shown)
        return OutOfSight(
            f"“{task.title}” was filtered out of the process",
            f"{process.name} shows activities to {share(kept.activities)} and flows to {share(kept.flows)} of its log: "
            "cases are counted past this task. Widen the filter to have it back with all that hangs on it.",
            reverse("planner:discovery", args=[process.workspace.slug, process.pk]),
            "Open the filter",
        )
    entries = AuditEntry.objects.of(process.workspace).filter(verb="task.deleted", subject=f"task:{task.pk}")
    entry = entries.select_related("actor").order_by("-id").first()
    by = f" by {entry.actor}" if entry is not None and entry.actor is not None else ""
    when = f" on {task.removed_at:%-d %B %Y}" if task.removed_at else ""
    return OutOfSight(
        f"“{task.title}” was removed from the process",
        f"It was removed from {process.name}{by}{when}. “Removed lately” beside the graph brings it back as it was.",
        f"{reverse('planner:tasks', args=[process.workspace.slug, process.pk])}?edit=graph",
        "Bring it back",
    )


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
