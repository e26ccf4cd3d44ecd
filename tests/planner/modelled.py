"""A process with everything a model may hold: lanes, a parallel and an inclusive block, a loop, a sub-process."""

from accounts.access import Access
from planner.domain.process_graph.graph import TaskGraph
from planner.domain.process_graph.node import NodeKind, TaskFlow, TaskNode
from planner.models import Process
from planner.services import graph_replace, process_create

FRONT, BACK = "Front office", "Claims team"


def modelled_process(access: Access) -> Process:
    """Motor claims: register, check and ask at the same time, a loop, settle (a sub-process), tell one or more."""
    process = process_create(access=access, name="Motor claims", cases_a_year=12_000)
    start, end = (str(process.tasks.get(kind=kind).pk) for kind in ("start", "end"))

    def task(key: str, name: str, minutes: float, lane: str, parent: str = "") -> TaskNode:
        return TaskNode(key, name, handling_minutes=minutes, lane=lane, parent=parent)

    nodes = (
        TaskNode(start, "Claim arrives", NodeKind.START, lane=FRONT),
        task("register", "Register claim", 6, FRONT),
        TaskNode("fork", "", NodeKind.PARALLEL, lane=FRONT),
        task("cover", "Check coverage", 4, BACK),
        task("papers", "Request documents", 9, FRONT),
        TaskNode("join", "", NodeKind.PARALLEL, lane=BACK),
        task("triage", "Triage claim", 7, BACK),
        TaskNode("settle", "Settle", NodeKind.SUBPROCESS, lane=BACK),
        TaskNode("in", "Begin", NodeKind.START, parent="settle"),
        task("estimate", "Estimate damage", 26, BACK, "settle"),
        task("pay", "Pay", 2, BACK, "settle"),
        TaskNode("out", "Settled", NodeKind.END, parent="settle"),
        TaskNode("some", "Whom to tell", NodeKind.INCLUSIVE, lane=FRONT),
        task("customer", "Tell the customer", 3, FRONT),
        task("garage", "Tell the garage", 3, FRONT),
        TaskNode("told", "", NodeKind.INCLUSIVE, lane=FRONT),
        TaskNode(end, "Closed", NodeKind.END, lane=FRONT),
    )
    drawn = [
        (start, "register", None), ("register", "fork", None), ("fork", "cover", None), ("fork", "papers", None),
        ("cover", "join", None), ("papers", "join", None), ("join", "triage", None),
        ("triage", "settle", None), ("settle", "some", None), ("in", "estimate", None), ("estimate", "pay", None),
        ("pay", "out", None), ("some", "customer", 0.9), ("some", "garage", 0.4), ("customer", "told", None),
        ("garage", "told", None), ("told", end, None),
    ]  # fmt: skip
    flows = [TaskFlow(a, b, probability=share) for a, b, share in drawn]
    back = TaskFlow("triage", "register", probability=0.2, condition="documents are missing")
    graph_replace(access=access, process=process, graph=TaskGraph(nodes, (*flows, back)))
    return Process.objects.select_related("workspace").get(pk=process.pk)
