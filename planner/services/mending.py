"""Mechanical fixes of what was found about a graph, one press each, and taking the last one back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from accounts.access import Access
from common.errors import Conflict, StaleEdit
from planner.domain.findings import Finding, Fix
from planner.domain.graph import NodeKind, TaskFlow, TaskGraph, TaskNode
from planner.domain.mending import mended
from planner.models import GraphBefore, Process
from planner.selectors.graph import process_graph
from planner.services.editing import process_edit
from planner.services.whole_graph import graph_replace


def graph_mend(*, access: Access, process: Process, key: str, fix: str, version: int | None = None) -> Finding:
    """Put one finding right by one of its fixes; what was found is the answer.

    The graph as it was is kept until the next edit, for `graph_mend_undo`. Conflict when there is no such finding (any
    more).
    """
    with process_edit(access=access, process=process, version=version):
        before = process_graph(process)
        found = [one for one in before.findings() if one.key == key and fix in one.fixes]
        if not found:
            raise Conflict("This was put right already.", detail="Load the page again to see what is left.")
        graph_replace(access=access, process=process, graph=mended(before, key, Fix(fix)))
        GraphBefore.objects.update_or_create(
            process=process,
            defaults={
                "workspace": process.workspace,
                "version": process.version,
                "what": found[0].sentence[:300],
                "graph": asdict(before),
            },
        )
    return found[0]


def graph_mend_undo(*, access: Access, process: Process) -> str:
    """Take the last fix back; the answer is what it was for. StaleEdit when something else was edited since."""
    kept = GraphBefore.objects.of(access.workspace).filter(process=process).first()
    if kept is None:
        raise Conflict("There is nothing to take back.")
    if kept.version != Process.objects.of(access.workspace).values_list("version", flat=True).get(pk=process.pk):
        raise StaleEdit(
            "The graph was edited since that fix.", detail="Undo what came after it, or repair it.", changed=["graph"]
        )
    graph_replace(access=access, process=process, graph=_graph(kept.graph), version=kept.version)
    kept.delete()
    return kept.what


def _graph(kept: Mapping[str, Any]) -> TaskGraph:
    nodes = tuple(TaskNode(**{**node, "kind": NodeKind(node["kind"])}) for node in kept["nodes"])
    return TaskGraph(nodes, tuple(TaskFlow(**flow) for flow in kept["flows"]), kept["cases_a_year"])
