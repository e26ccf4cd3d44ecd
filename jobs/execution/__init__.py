"""Executes one stage: claims it, runs its work in a process of its own, keeps its lease alive, records how it ended."""

from jobs.execution.command import CommandResult
from jobs.execution.context import StageContext
from jobs.execution.faults import NotYet, StageFailed, UserFault
from jobs.execution.holder import execute_stage
from jobs.services.limits import Limits

__all__ = ["CommandResult", "Limits", "NotYet", "StageContext", "StageFailed", "UserFault", "execute_stage"]
