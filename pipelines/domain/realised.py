"""Counting what a model in use decided, month by month (UTC), and which decisions turned out right."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from planner.domain.valuation.measured import ConfusionMatrix
from planner.domain.valuation.realised import MonthFacts

CELLS = ("tp", "fp", "fn", "tn")


@dataclass(frozen=True)
class Answers:
    """What a version's answers mean: yes-or-no ("binary"), one of several ("multiclass"), or no decision at all."""

    task: str
    positive: str = ""

    @classmethod
    def of(cls, signature: Mapping[str, Any]) -> "Answers":
        """By the signature of a package; the last class is positive where it names none.

        >>> Answers.of({"output": {"task": "binary", "classes": ["no", "yes"]}})
        Answers(task='binary', positive='yes')
        """
        output = signature.get("output") or {}
        classes = output.get("classes") or []
        return cls(str(output.get("task") or ""), str(output.get("positive") or (classes[-1] if classes else "")))

    def cell(self, decision: str, outcome: str | float) -> str | None:
        """The cell of a decision whose outcome is known; of several classes right is "tp" and wrong "fp".

        >>> Answers("binary", "yes").cell("no", "yes"), Answers("multiclass").cell("a", "b")
        ('fn', 'fp')
        >>> Answers("regression").cell("", 3.0)
        """
        so = class_text(outcome)
        if self.task == "binary":
            return ("t" if (decision == self.positive) == (so == self.positive) else "f") + (
                "p" if decision == self.positive else "n"
            )
        return ("tp" if decision == so else "fp") if self.task == "multiclass" else None


def class_text(value: str | float) -> str:
    """A class as the model names it, whether it was told as a text or as a number.

    >>> class_text("yes"), class_text(1.0)
    ('yes', '1')
    """
    return value if isinstance(value, str) else f"{value:g}"


@dataclass
class MonthCount:
    """Predictions of one month while they are counted; `version` is that of the last one."""

    predictions: int = 0
    alone: int = 0
    cells: Counter[str] = field(default_factory=Counter)
    version: int | None = None

    def add(self, decision: str, cell: str | None, version: int | None) -> None:
        """One prediction; `decision` is empty where it was left to a person, `cell` None where nothing is known."""
        self.predictions += 1
        self.alone += bool(decision)
        self.version = version if version is not None else self.version
        if decision and cell is not None:
            self.cells[cell] += 1

    @property
    def counts(self) -> dict[str, int]:
        """{tp, fp, fn, tn}; empty where no outcome is known."""
        return {cell: self.cells[cell] for cell in CELLS} if self.cells else {}


def facts_of(predictions: int, alone: int, counts: Mapping[str, int]) -> MonthFacts:
    """The facts of a stored month."""
    known = ConfusionMatrix(*(int(counts[cell]) for cell in CELLS)) if any(counts.values()) else None
    return MonthFacts(predictions, alone, known)


def month_of(moment: datetime) -> date:
    """The first day of the month of a moment.

    >>> month_of(datetime(2026, 11, 29, 23, 30, tzinfo=UTC))
    datetime.date(2026, 11, 1)
    """
    return moment.astimezone(UTC).date().replace(day=1)


def month_after(month: date, count: int = 1) -> date:
    """
    >>> month_after(date(2026, 11, 1), 3)
    datetime.date(2027, 2, 1)
    """
    place = month.year * 12 + month.month - 1 + count
    return date(place // 12, place % 12 + 1, 1)


def months_until(first: date, last: date) -> list[date]:
    """Every month from `first` to `last`, both included; none where `last` is earlier.

    >>> [str(month) for month in months_until(date(2026, 11, 1), date(2027, 1, 1))]
    ['2026-11-01', '2026-12-01', '2027-01-01']
    """
    return [month_after(first, place) for place in range(months_apart(first, last) + 1)]


def months_apart(first: date, last: date) -> int:
    """
    >>> months_apart(date(2026, 11, 1), date(2027, 1, 1))
    2
    """
    return (last.year - first.year) * 12 + last.month - first.month


def month_ends(month: date) -> datetime:
    return datetime.combine(month_after(month), datetime.min.time(), UTC)


def share_in_use(month: date, since: datetime, now: datetime) -> float:
    """The part of a month, 0 to 1, between the first use and now.

    >>> half, later = datetime(2026, 11, 16, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    >>> share_in_use(date(2026, 11, 1), half, later), share_in_use(date(2026, 12, 1), half, later)
    (0.5, 1.0)
    """
    begins, ends = datetime.combine(month, datetime.min.time(), UTC), month_ends(month)
    used = min(now, ends) - max(since, begins)
    return max(timedelta(0), used) / (ends - begins)
