"""What the planner keeps: processes and logs, what their graphs were, values, foresight."""

from planner.models.foresight import DecisionTarget
from planner.models.process import TABLES, EventLog, Flow, LogUpload, Process, Source, Task
from planner.models.revision import GraphRevision
from planner.models.snapshot import GraphSnapshot
from planner.models.value import Estimate, EstimateChange, EstimateResult, MeasuredValue, SuitabilityAnswer
from planner.models.working_hours import WorkingHours

__all__ = [
    "TABLES",
    "DecisionTarget",
    "Estimate",
    "EstimateChange",
    "EstimateResult",
    "EventLog",
    "Flow",
    "GraphRevision",
    "GraphSnapshot",
    "LogUpload",
    "MeasuredValue",
    "Process",
    "Source",
    "SuitabilityAnswer",
    "Task",
    "WorkingHours",
]
