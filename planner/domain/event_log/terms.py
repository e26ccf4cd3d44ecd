"""The words of an event log: its columns, what its only time means, and how a file that is none is refused."""

from dataclasses import dataclass
from enum import StrEnum

CASE, ACTIVITY, START, END, RESOURCE, ROW = "case", "activity", "start", "end", "resource", "row"
LIFECYCLE = "lifecycle"
CASE_PREFIX, EVENT_PREFIX = "case:", "event:"
INSTANCE_COLUMNS = (CASE, ACTIVITY, START, END, RESOURCE, ROW)


class LogError(ValueError):
    """A file that cannot become an event log: what is wrong, where, and what to do about it.

    >>> LogError("The file is empty.", where="receipt.csv", advice="Export it again.").sentence
    'The file is empty. Export it again.'
    """

    def __init__(self, what: str, *, where: str = "", advice: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.advice = what, where, advice

    @property
    def sentence(self) -> str:
        """The whole message for a person, the advice last."""
        return f"{self.what} {self.advice}".strip()


class AmbiguousDates(LogError):
    """Every date of a column could be read day first or month first: ask which."""


class TimeMeaning(StrEnum):
    """What the time of an event says where a log has only one."""

    COMPLETION = "completion"
    START = "start"
    SCHEDULED = "scheduled"


ROWS_NAMED = 5
"""How many of the rows left out are named where they are summed up."""


@dataclass(frozen=True)
class Dropped:
    """Rows left out for one reason: how many, and the first few row numbers."""

    reason: str
    count: int
    rows: tuple[int, ...] = ()
