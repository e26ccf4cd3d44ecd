"""Reading what a stored log says, beside what was kept of it in the database."""

from collections.abc import Mapping
from typing import Any

from common.errors import Conflict
from jobs.services import blob_open
from planner.domain.discovery.sequences import Sequences, read_sequences
from planner.models import EventLog, Process


def log_in_use(process: Process) -> EventLog:
    """The log the measures of a process rest on; Conflict where it has none."""
    found = EventLog.objects.of(process.workspace).in_use().filter(process=process).select_related("events").first()
    if found is None:
        raise Conflict("This process has no log.", detail="It was drawn. Import a log to measure one.")
    return found


def log_sequences(log: EventLog) -> Sequences:
    """The cases of a log as sequences of activities."""
    with blob_open(log.events) as source:
        return read_sequences(source)


def measures_of(log: EventLog) -> dict[str, Mapping[str, Any]]:
    """What was measured of each activity of a log, by its name."""
    return {str(facts["name"]): facts for facts in log.measured.get("activities", ())}
