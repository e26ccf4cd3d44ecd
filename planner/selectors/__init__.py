"""What can be asked of processes, tasks, suitability, values and foresight."""

from planner.selectors.graph import graph_from, process_graph
from planner.selectors.value_outcome import Outcome
from planner.selectors.value_tasks import ValuedTask, valued_task, valued_tasks

__all__ = [
    "Outcome",
    "ValuedTask",
    "graph_from",
    "process_graph",
    "valued_task",
    "valued_tasks",
]
