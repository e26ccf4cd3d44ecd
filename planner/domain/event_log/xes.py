"""Event logs in XES as raw rows: read into plain arrays (see `xes_events`), then a frame."""

from typing import BinaryIO

from planner.domain.event_log.eventlog import RawLog
from planner.domain.event_log.frames import framed
from planner.domain.event_log.mapping import LogMapping
from planner.domain.event_log.streams import LogLimits, Progress, Unpacked, no_progress
from planner.domain.event_log.xes_events import first_xes_events, read_xes_events


def read_xes(
    source: BinaryIO,
    mapping: LogMapping | None = None,
    *,
    limits: LogLimits | None = None,
    progress: Progress = no_progress,
) -> RawLog:
    """The raw rows of an XES or XES.gz file; events without a time or a name are left out and listed by their number.

    Of the mapping the encoding, the time zone and the meaning of times count: columns are named in the file.
    Raises LogError for a file that is not XES, is damaged, holds a DOCTYPE or passes a limit.
    """
    return framed(read_xes_events(source, mapping, limits=limits, progress=progress))


def sample_xes(
    head: bytes, rest: Unpacked, mapping: LogMapping | None = None, *, limits: LogLimits, events: int = 200
) -> RawLog:
    """The first events of a file whose first bytes were read already; reading stops once there are enough."""
    return framed(first_xes_events(head, rest, mapping, limits=limits, events=events))
