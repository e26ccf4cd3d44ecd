"""What can be done to processes, tasks, suitability, values and foresight."""

from planner.services.estimates import estimate_prefill, estimate_undo, estimate_update
from planner.services.measured import measured_value_record
from planner.services.ranking import RankedTask, Ranking, ranking_of
from planner.services.suitability import suitability_answer

__all__ = [
    "RankedTask",
    "Ranking",
    "estimate_prefill",
    "estimate_undo",
    "estimate_update",
    "measured_value_record",
    "ranking_of",
    "suitability_answer",
]
