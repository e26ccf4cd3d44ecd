"""What the page of the flows of a process shows: the flow as text, and its branches."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.paged_rows import PagedRows, paged_rows
from planner.domain.process_graph.graph import OutlineLine
from planner.models import Flow, Process, Task
from planner.selectors.graph import graph_from, rows_of
from planner.selectors.process_model import Findings, findings_on


@dataclass(frozen=True)
class FlowPage:
    """The flow as text, and the branches, both a page at a time. `ends` are the nodes of the page."""

    lines: PagedRows[OutlineLine]
    flows: PagedRows[Flow]
    findings: Findings
    ends: Sequence[Task]

    @property
    def branches(self) -> list[tuple[Flow, str]]:
        """The flows of the page with their shares as a percentage to be edited, empty where it takes the rest."""
        return [
            (flow, "" if flow.probability is None else f"{flow.probability * 100:.4g}") for flow in self.flows.shown
        ]


def flow_page(process: Process, *, words: str = "", page: str = "") -> FlowPage:
    """The flow as text, and every branch, by the order in which cases meet the tasks; of many one `page`.

    `words` narrow both to tasks and ends that hold them.
    """
    tasks, flows = rows_of(process)
    graph = graph_from(process, tasks, flows)
    lines = graph.outline()
    place = {line.node.key: number for number, line in enumerate(lines)}
    ordered = sorted(flows, key=lambda flow: (place.get(str(flow.source_id), 0), -(flow.probability or 0.0)))
    by_key = {str(task.pk): task for task in tasks}
    shown = paged_rows(lines, text=lambda line: f"{line.node.title} {line.node.lane}", words=words, page=page)
    return FlowPage(
        shown,
        paged_rows(ordered, text=lambda flow: f"{flow.source.title} {flow.target.title}", words=words, page=page),
        findings_on(process, graph),
        [by_key[line.node.key] for line in shown.shown],
    )
