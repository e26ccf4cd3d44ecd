"""Mechanical fixes of what was found about a graph, one press each; `snapshot_undo` takes the last one back."""

from accounts.access import Access
from common.errors import Conflict
from planner.domain.process_graph.findings import Finding, Fix
from planner.domain.process_graph.mending import mended
from planner.models import Process
from planner.selectors.graph import process_graph
from planner.services.editing import process_edit
from planner.services.snapshots import snapshot_take
from planner.services.whole_graph import graph_check, graph_put

MENDED = "graph.mended"


def graph_mend(*, access: Access, process: Process, key: str, fix: str, version: int | None = None) -> Finding:
    """Put one finding right by one of its fixes; what was found is the answer.

    The graph as it was is kept, for `snapshot_undo`. Conflict when there is no such finding (any more).
    """
    with process_edit(access=access, process=process, version=version):
        before = process_graph(process)
        found = [one for one in before.findings() if one.key == key and fix in one.fixes]
        if not found:
            raise Conflict("This was put right already.", detail="Load the page again to see what is left.")
        snapshot_take(access=access, process=process, verb=MENDED, words=found[0].sentence)
        graph = mended(before, key, Fix(fix))
        graph_check(graph)
        graph_put(access=access, process=process, graph=graph)
    return found[0]
