"""How a process really ran, read back from the file kept beside its log."""

import json
from dataclasses import dataclass

from jobs.services import blob_open
from planner.domain.discovery.observed import FORMAT, Observed, observed_from
from planner.models import EventLog, Process
from planner.selectors.process import latest_log


@dataclass(frozen=True)
class ObservedLog:
    """A log and what was found in it. `a_year` turns a figure of the log into one a year, None when not known."""

    log: EventLog
    found: Observed
    a_year: float | None


def observed_log(process: Process) -> ObservedLog | None:
    """The latest log with what was found in it; None without a log, or one imported before this was measured."""
    log = latest_log(process)
    found = None if log is None else observed_of(log)
    if log is None or found is None:
        return None
    a_year = process.cases_a_year / found.cases if process.cases_a_year and found.cases else None
    return ObservedLog(log, found, a_year)


def observed_of(log: EventLog) -> Observed | None:
    """What was found in one log."""
    if log.observed is None:
        return None
    with blob_open(log.observed) as source:
        kept = json.load(source)
    if kept.get("format") != FORMAT:
        return None
    found = observed_from(kept)
    return found if log.tells_durations else found.of_plans()
