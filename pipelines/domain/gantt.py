"""When the stages of a run waited and worked, read from the events of its log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Doing(StrEnum):
    """What a stage did for a while."""

    WAITED = "waited"
    ASKED = "asked"
    RAN = "ran"


BEGINS = {
    "ready": Doing.WAITED,
    "approved": Doing.WAITED,
    "waiting": Doing.ASKED,
    "claimed": Doing.RAN,
    "failed": Doing.WAITED,
    "reaped": Doing.WAITED,
    "postponed": Doing.WAITED,
}
"""What a stage does from an event on; a failed or lost attempt is followed by waiting for the next."""
BEGINS_ANEW = frozenset({"ready", "waiting", "cached"})
"""After a failure for good, when a person tried again: between the two nobody waited for a worker."""
FAILURES = frozenset({"failed", "reaped", "postponed"})
ENDS = frozenset({"succeeded", "cancelled", "declined", "cached", "upstream_failed"})
EVENTS = frozenset(BEGINS) | ENDS


@dataclass(frozen=True)
class Segment:
    """A while, in seconds from the start of the run."""

    doing: Doing
    start: float
    length: float

    @property
    def end(self) -> float:
        return self.start + self.length


@dataclass(frozen=True)
class GanttRow:
    """One stage: what it did, in order; `under_way` while the last of it goes on."""

    name: str
    label: str
    segments: tuple[Segment, ...]
    under_way: bool

    def seconds(self, doing: Doing) -> float:
        return sum(each.length for each in self.segments if each.doing is doing)

    @property
    def waited(self) -> float:
        return self.seconds(Doing.WAITED)

    @property
    def asked(self) -> float:
        return self.seconds(Doing.ASKED)

    @property
    def ran(self) -> float:
        return self.seconds(Doing.RAN)

    @property
    def attempts(self) -> int:
        return sum(each.doing is Doing.RAN for each in self.segments)

    @property
    def begins(self) -> float:
        return self.segments[0].start

    @property
    def ends(self) -> float:
        return self.segments[-1].end


def segments_of(events: Iterable[tuple[str, float]], *, now: float, over: bool) -> tuple[Segment, ...]:
    """What a stage did. `events` are (name, seconds) in order; a stage that is not `over` goes on until `now`.

    >>> [(each.doing.value, each.length) for each in segments_of([("ready", 0), ("claimed", 2), ("succeeded", 5)],
    ...                                                          now=9, over=True)]
    [('waited', 2), ('ran', 3)]
    """
    found: list[Segment] = []
    doing: Doing | None = None
    since, before = 0.0, ""
    for name, at in events:
        if name not in EVENTS:
            continue
        if doing is not None and not (before in FAILURES and name in BEGINS_ANEW):
            found.append(Segment(doing, since, max(0.0, at - since)))
        doing, since, before = BEGINS.get(name), at, name
    if doing is not None and not over:
        found.append(Segment(doing, since, max(0.0, now - since)))
    return tuple(found)


def span(rows: Sequence[GanttRow]) -> float:
    """Seconds from the first event to the last; at least one."""
    return max([1.0, *(row.ends for row in rows)])
