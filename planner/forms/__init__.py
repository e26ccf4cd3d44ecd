"""Forms of the planner's pages."""

from planner.forms.flows import FlowForm, percent_share
from planner.forms.imports import MappingForm, UploadForm
from planner.forms.nodes import NodeForm, nodes_of
from planner.forms.problems import problem_place
from planner.forms.processes import ProcessForm
from planner.forms.tasks import NewTaskForm, TaskForm, figures_of
from planner.forms.working_hours import WorkingHoursForm

__all__ = [
    "FlowForm",
    "MappingForm",
    "NewTaskForm",
    "NodeForm",
    "ProcessForm",
    "TaskForm",
    "UploadForm",
    "WorkingHoursForm",
    "figures_of",
    "nodes_of",
    "percent_share",
    "problem_place",
]
