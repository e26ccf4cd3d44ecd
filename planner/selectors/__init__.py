"""What can be asked of processes, tasks, suitability, values and foresight."""

from planner.selectors.value_outcome import Outcome
from planner.selectors.value_tasks import ValuedTask, valued_task, valued_tasks

__all__ = ["Outcome", "ValuedTask", "valued_task", "valued_tasks"]
