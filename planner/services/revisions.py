"""What each edit of a process changed, kept beside it and told to whoever edited an older version."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from accounts.access import Access
from planner.domain.process_graph.differences import graph_changes
from planner.domain.process_graph.graph import TaskGraph
from planner.models import GraphRevision, Process
from planner.selectors.graph import process_graph

MOST_TOLD = 50
MOST_KEPT = 200
ENTRIES = {
    "name": "The name of the process",
    "description": "The description",
    "owner_id": "The owner",
    "owner_name": "The owner",
    "goal": "The goal",
    "pain": "The pain",
    "ml_change": "What ML might change",
    "cases_note": "The source of the cases",
    "shown": "The filter of the log",
}


@dataclass(frozen=True)
class Standing:
    """A process as an edit finds it."""

    graph: TaskGraph
    entries: Mapping[str, Any]


def standing_of(process: Process) -> Standing:
    """The process as it is now. Two queries."""
    return Standing(process_graph(process), {field: getattr(process, field) for field in ENTRIES})


def revision_keep(*, access: Access, process: Process, before: Standing, now: Standing) -> None:
    """Note what this edit changed, inside its transaction. The oldest beyond two hundred are let go."""
    said = [f"{words} was changed." for field, words in ENTRIES.items() if before.entries[field] != now.entries[field]]
    said = list(dict.fromkeys(said)) + graph_changes(before.graph, now.graph)
    GraphRevision.objects.create(
        workspace=access.workspace,
        process=process,
        version=process.version,
        changes=said[:MOST_TOLD],
        more=max(0, len(said) - MOST_TOLD),
        created_by=access.user,
    )
    kept = GraphRevision.objects.of(access.workspace).filter(process=process)
    kept.filter(version__lte=process.version - MOST_KEPT).delete()


def revisions_told(process: Process, version: int) -> list[str]:
    """In sentences, what changed after a version, the earliest first; where it is not known any more, that it did."""
    later = GraphRevision.objects.of(process.workspace).filter(process=process, version__gt=version)
    found = list(later.order_by("version"))
    every = list(dict.fromkeys(chain.from_iterable(one.changes for one in found)))
    more = sum(one.more for one in found) + len(every[MOST_TOLD:])
    said = every[:MOST_TOLD] + ([f"And {more} more."] if more else [])
    whole = len(found) == process.version - version
    return said if whole and said else [*said, "The graph was changed."]
