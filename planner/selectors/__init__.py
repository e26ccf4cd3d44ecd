"""What can be asked of processes, tasks, suitability, values and foresight."""

from planner.domain.valuation.outcome import Outcome
from planner.selectors.flow_pages import flow_page
from planner.selectors.foresight import chosen_target, chosen_targets, screen_run, targets_of
from planner.selectors.graph import graph_from, process_graph
from planner.selectors.imports import import_rows
from planner.selectors.process import ProcessCard, latest_log, process_cards, process_steps, process_words, uploads_open
from planner.selectors.process_drawing import drawing_of
from planner.selectors.process_home import HomePage, home_page, import_problem
from planner.selectors.process_pages import process_page, task_page, tasks_page
from planner.selectors.process_tasks import TaskRow, TaskSheet, sheet_of, task_sheet, yearly_cost
from planner.selectors.value_steps import value_steps
from planner.selectors.value_tasks import ValuedTask, valued_task, valued_tasks
from planner.selectors.working_hours import HoursInForce, choice_words, default_hours, hours_fit, hours_in_force

__all__ = [
    "HomePage",
    "HoursInForce",
    "Outcome",
    "ProcessCard",
    "TaskRow",
    "TaskSheet",
    "ValuedTask",
    "choice_words",
    "chosen_target",
    "chosen_targets",
    "default_hours",
    "drawing_of",
    "flow_page",
    "graph_from",
    "home_page",
    "hours_fit",
    "hours_in_force",
    "import_problem",
    "import_rows",
    "latest_log",
    "process_cards",
    "process_graph",
    "process_page",
    "process_steps",
    "process_words",
    "screen_run",
    "sheet_of",
    "targets_of",
    "task_page",
    "task_sheet",
    "tasks_page",
    "uploads_open",
    "value_steps",
    "valued_task",
    "valued_tasks",
    "yearly_cost",
]
