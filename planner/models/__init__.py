"""What the planner keeps: processes and logs, what their graphs were, values, foresight."""

from planner.models.assumption_default import AssumptionDefault
from planner.models.foresight import DecisionTarget
from planner.models.portfolio import MOST_QUARTERS, PortfolioPlan
from planner.models.process import TABLES, EventLog, Flow, LogUpload, Process, Source, Task, automatic_of
from planner.models.report import ProcessReport
from planner.models.revision import GraphRevision
from planner.models.scenario import ProcessScenario
from planner.models.shared_cost import SharedCost
from planner.models.snapshot import GraphSnapshot
from planner.models.value import (
    Estimate,
    EstimateChange,
    EstimateResult,
    MeasuredValue,
    StoredRanking,
    SuitabilityAnswer,
    TaskDecision,
)
from planner.models.working_hours import WorkingHours

__all__ = [
    "MOST_QUARTERS",
    "TABLES",
    "AssumptionDefault",
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
    "PortfolioPlan",
    "Process",
    "ProcessReport",
    "ProcessScenario",
    "SharedCost",
    "Source",
    "StoredRanking",
    "SuitabilityAnswer",
    "Task",
    "TaskDecision",
    "WorkingHours",
    "automatic_of",
]
