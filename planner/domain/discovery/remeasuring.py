"""What differs between a process as it stands and a newer log of it, difference by difference.

Three things are compared: the model as people left it, what the older log said, and what the newer one says. A figure
is a difference when the logs differ on it; what a person set is shown beside it and stays.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MEASURES = {
    "visits": "visits_a_case",
    "handling": "handling_median_minutes",
    "waiting": "waiting_median_hours",
    "rework": "rework_share",
}
"""The figures of a task that are compared, by the name of the measure in the log."""

_SAME = 1e-9


class Kind(StrEnum):
    """What kind of difference it is."""

    CASES = "cases"
    NEW_TASK = "new"
    GONE_TASK = "gone"
    FIGURE = "figure"
    BRANCHES = "branches"


@dataclass(frozen=True)
class Branch:
    """One branch out of a task: where to, and its share in the older and the newer log; None where it is not there."""

    target: str
    before: float | None
    after: float | None

    @property
    def appeared(self) -> bool:
        return self.before is None

    @property
    def vanished(self) -> bool:
        return self.after is None


@dataclass(frozen=True)
class Difference:
    """One thing that differs: its key in forms, what it is about, what was and what is.

    `held` says that a person's own figure stands and stays; `taken` whether it is taken unless somebody says otherwise.
    Visits are a case, handling in minutes, waiting in hours, rework a share, cases a year.
    """

    key: str
    kind: Kind
    subject: str
    measure: str = ""
    before: float | None = None
    after: float | None = None
    held: bool = False
    taken: bool = True
    struck: bool = False
    branches: tuple[Branch, ...] = field(default=())

    @property
    def change(self) -> float | None:
        """How much it changed, as a share of what it was; None where that cannot be said.

        >>> Difference("k", Kind.FIGURE, "Check", "handling", 10, 12).change
        0.2
        """
        if self.before is None or self.after is None or not self.before:
            return None
        return (self.after - self.before) / self.before

    @property
    def size(self) -> float:
        """For ordering: how large a change is, what appears or vanishes first."""
        if self.branches:
            return max(abs((one.after or 0.0) - (one.before or 0.0)) for one in self.branches)
        change = self.change
        return float("inf") if change is None else abs(change)


@dataclass(frozen=True)
class MeasuredTask:
    """A task as it stands: what the older log said of it (`figures`), its own values, and which a person set."""

    pk: int
    name: str
    figures: Mapping[str, Any]
    values: Mapping[str, float | None]
    held: frozenset[str] = frozenset()


def figure_differences(task: MeasuredTask, facts: Mapping[str, Any]) -> Iterator[Difference]:
    """What the newer log says of a task that the older did not."""
    for measure, name in MEASURES.items():
        before, after, held = task.figures.get(name), facts.get(name), measure in task.held
        if same(before, after):
            continue
        shown = task.values.get(measure) if held else before
        yield Difference(figure_key(task.pk, measure), Kind.FIGURE, task.name, measure, shown, after, held)


def branch_difference(
    key: str, subject: str, before: Mapping[str, int], after: Mapping[str, int], names: Mapping[str, str]
) -> Difference | None:
    """How the branches out of one task differ between two logs, by their counts; None where their shares are the same.

    Branches are taken or left together, so that they always add up to one.
    """
    older, newer = _shares(before), _shares(after)
    changed = [
        Branch(names.get(target, target), older.get(target), newer.get(target))
        for target in sorted({*older, *newer})
        if not same(older.get(target), newer.get(target))
    ]
    if not changed:
        return None
    changed.sort(key=lambda one: -abs((one.after or 0.0) - (one.before or 0.0)))
    return Difference(branches_key(key), Kind.BRANCHES, subject, branches=tuple(changed))


def figure_key(pk: int, measure: str) -> str:
    """The key of a figure's difference."""
    return f"figure:{pk}:{measure}"


def branches_key(source: str) -> str:
    """The key of the difference of the branches out of a node."""
    return f"branches:{source}"


def same(before: float | None, after: float | None) -> bool:
    """Whether two figures are the same; not known is the same as not known only.

    >>> same(None, None), same(0.1 + 0.2, 0.3), same(None, 0.0)
    (True, True, False)
    """
    if before is None or after is None:
        return before is after
    return abs(after - before) <= _SAME * max(1.0, abs(before), abs(after))


def default_taken(differences: Iterable[Difference]) -> frozenset[str]:
    """The keys that are taken when nobody chose."""
    return frozenset(one.key for one in differences if one.taken and not one.held)


def _shares(counts: Mapping[str, int]) -> dict[str, float]:
    total = sum(counts.values())
    return {target: count / total for target, count in counts.items()} if total else {}
