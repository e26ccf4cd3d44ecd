"""The task graph of a measured log: its activities as tasks, with every flow between them."""

from collections import Counter

from planner.domain.discovery.discovery import ActivityFacts, Discovery
from planner.domain.process_graph.graph import TaskFlow, TaskGraph, TaskNode
from planner.domain.process_graph.node import NodeKind

START_KEY, END_KEY = "start", "end"


def graph_of(discovery: Discovery) -> TaskGraph:
    """The whole task graph: one task an activity, a start and an end, every flow with count and probability."""
    nodes = [
        TaskNode(START_KEY, "Start", NodeKind.START, visits_a_case=1.0, volume_a_year=discovery.cases_a_year),
        *(_node(place, facts, discovery) for place, facts in enumerate(discovery.activities)),
        TaskNode(END_KEY, "End", NodeKind.END, visits_a_case=1.0, volume_a_year=discovery.cases_a_year),
    ]
    keys: dict[str, str] = {facts.name: task_key(place) for place, facts in enumerate(discovery.activities)}
    total: Counter[str] = Counter()
    ends = []
    for flow in discovery.flows:
        source = START_KEY if flow.source is None else keys[flow.source]
        ends.append((source, END_KEY if flow.target is None else keys[flow.target], flow.count))
        total[source] += flow.count
    flows = tuple(TaskFlow(source, target, count, count / total[source]) for source, target, count in ends)
    return TaskGraph(tuple(nodes), flows, discovery.cases_a_year)


def task_key(place: int) -> str:
    """The key of the task at this place of the discovery.

    >>> task_key(3)
    't3'
    """
    return f"t{place}"


def _node(place: int, facts: ActivityFacts, discovery: Discovery) -> TaskNode:
    volume = None if discovery.cases_a_year is None else discovery.cases_a_year * facts.visits_a_case
    return TaskNode(
        task_key(place),
        facts.name,
        visits_a_case=facts.visits_a_case,
        volume_a_year=volume,
        handling_minutes=facts.handling_median_minutes,
        waiting_hours=facts.waiting_median_hours,
        rework_share=facts.rework_share,
    )
