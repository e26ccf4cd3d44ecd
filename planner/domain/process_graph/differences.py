"""What an edit changed in a graph, in sentences for somebody whose own edit came too late."""

from collections.abc import Iterator

from planner.domain.process_graph.graph import TaskGraph
from planner.domain.process_graph.node import TaskFlow, TaskNode

_FIELDS = {
    "kind": "its kind",
    "lane": "its lane",
    "parent": "the sub-process it is part of",
    "handling_minutes": "its handling time",
    "waiting_hours": "its waiting",
}
_OF_FLOWS = {"probability": "its share", "label": "its label", "condition": "its condition"}


def graph_changes(before: TaskGraph, after: TaskGraph) -> list[str]:
    """Nodes added, removed, renamed and changed, then flows; a volume counts only where a person set it.

    >>> one, other = TaskNode("1", "Pay"), TaskNode("1", "Pay out")
    >>> graph_changes(TaskGraph((one,), ()), TaskGraph((other, TaskNode("2", "File")), ()))
    ['“File” was added.', '“Pay” is called “Pay out” now.']
    """
    old, new = ({node.key: node for node in graph.nodes} for graph in (before, after))
    said = [f"“{new[key].title}” was added." for key in new.keys() - old.keys()]
    said += [f"“{old[key].title}” was removed." for key in old.keys() - new.keys()]
    both = [(old[key], node) for key, node in new.items() if key in old and old[key] != node]
    told = [sentence for was, now in both for sentence in _of_node(was, now)]
    cases = ["The cases a year were changed."] if before.cases_a_year != after.cases_a_year else []
    return sorted(said) + told + list(_of_flows(before, after, old, new)) + cases


def _of_node(was: TaskNode, now: TaskNode) -> Iterator[str]:
    if was.title != now.title:
        yield f"“{was.title}” is called “{now.title}” now."
    changed = [words for field, words in _FIELDS.items() if getattr(was, field) != getattr(now, field)]
    if (was.x, was.y) != (now.x, now.y):
        changed.append("its place in the drawing")
    if "user" in (was.volume_source, now.volume_source) and was.volume_a_year != now.volume_a_year:
        changed.append("its volume")
    if changed:
        yield f"“{now.title}”: {', '.join(changed)}."


def _of_flows(before: TaskGraph, after: TaskGraph, old: dict[str, TaskNode], new: dict[str, TaskNode]) -> Iterator[str]:
    was = {(flow.source, flow.target): flow for flow in before.flows}
    now = {(flow.source, flow.target): flow for flow in after.flows}
    for ends, flow in now.items():
        if ends not in was:
            yield f"The flow from {_ends(flow, new)} was added."
        elif changed := [
            words for field, words in _OF_FLOWS.items() if getattr(was[ends], field) != getattr(flow, field)
        ]:
            yield f"The flow from {_ends(flow, new)}: {', '.join(changed)}."
    for ends, flow in was.items():
        if ends not in now:
            yield f"The flow from {_ends(flow, old)} was removed."


def _ends(flow: TaskFlow, nodes: dict[str, TaskNode]) -> str:
    return f"“{nodes[flow.source].title}” to “{nodes[flow.target].title}”"
