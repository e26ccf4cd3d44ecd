"""What the planner keeps: processes and logs, values, foresight."""

from planner.models.foresight import DecisionTarget
from planner.models.process import EventLog, Flow, GraphBefore, LogUpload, Process, Source, Task
from planner.models.value import Estimate, EstimateChange, EstimateResult, MeasuredValue, SuitabilityAnswer

__all__ = [
    "DecisionTarget",
    "Estimate",
    "EstimateChange",
    "EstimateResult",
    "EventLog",
    "Flow",
    "GraphBefore",
    "LogUpload",
    "MeasuredValue",
    "Process",
    "Source",
    "SuitabilityAnswer",
    "Task",
]
