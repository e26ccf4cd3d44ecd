"""The logs of a process, and what differs between it and one of them, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from common.formatting import count, hours, listed, minutes, number, share, things
from planner.domain.discovery.remeasuring import Branch, Difference, Kind
from planner.models import EventLog, Process

LABELS = {
    "visits": "Visits a case",
    "handling": "Handling, median",
    "waiting": "Waiting, median",
    "rework": "Visits that repeat it",
    "cases": "Cases a year",
}
HEADINGS = {
    Kind.CASES: ("How many cases", "Volumes follow from it"),
    Kind.NEW_TASK: ("In the log, not in the model", "Taken, it becomes a task; left, cases are counted past it"),
    Kind.GONE_TASK: (
        "In the model, not in the log",
        "Taken, the task is removed, to be brought back; left, it stays",
    ),
    Kind.FIGURE: ("Figures that changed", "What a person set stays; the log's figure is kept behind it"),
    Kind.BRANCHES: ("Branches that changed", "Those out of one task go together, so that they add up to 100 %"),
}
_BRANCHES_SHOWN = 8
_SMALL = 0.015
_POINT = 0.01


@dataclass(frozen=True)
class LogLine:
    """One log of a process: what it holds, and whether the process rests on it."""

    log: EventLog
    in_use: bool

    @property
    def standing(self) -> str:
        if self.in_use:
            return "in use"
        return "not applied yet" if self.log.applied_at is None else "in use before"


@dataclass(frozen=True)
class DifferenceLine:
    """One difference in words: what was, what is, and how much that is."""

    key: str
    subject: str
    label: str
    before: str
    after: str
    change: str
    held: str
    taken: bool
    choosable: bool
    small: bool = False
    task: int | None = None


@dataclass(frozen=True)
class DifferenceGroup:
    """Differences of one kind under their heading."""

    title: str
    words: str
    lines: Sequence[DifferenceLine]

    @property
    def parts(self) -> list[tuple[str, list[DifferenceLine]]]:
        """The lines to be seen at once, and those of small changes under a heading of their own."""
        small = [line for line in self.lines if line.small]
        large = [line for line in self.lines if not line.small]
        words = f"{things(len(small), 'change')} of at most 1 %"
        return [part for part in (("", large), (words, small)) if part[1]]


def process_logs(process: Process) -> list[LogLine]:
    """Every log of a process: the one in use, then the newest. Two queries."""
    logs = EventLog.objects.of(process.workspace).filter(process=process)
    now = logs.in_use().first()
    others = [LogLine(log, in_use=False) for log in logs.order_by("-id") if now is None or log.pk != now.pk]
    return ([LogLine(now, in_use=True)] if now is not None else []) + others


@dataclass(frozen=True)
class LeftOut:
    """Differences that are not listed: how many, in words, and the keys of those that are taken all the same."""

    words: str
    keys: Sequence[str]


def seen(differences: Iterable[Difference]) -> list[Difference]:
    """The differences that show: neither alike as printed, nor shares that moved by less than a percentage point."""
    return [one for one in differences if one.held or not _too_small(one)]


def left_out(differences: Sequence[Difference]) -> LeftOut:
    """What `seen` leaves out."""
    shown = {one.key for one in seen(differences)}
    rest = [one for one in differences if one.key not in shown]
    words = f"{things(len(rest), 'difference')} too small to list" if rest else ""
    return LeftOut(words, [one.key for one in rest if one.taken])


def _too_small(one: Difference) -> bool:
    if one.kind is Kind.BRANCHES:
        return not any(_shows(branch) for branch in one.branches)
    if one.before is None or one.after is None:
        return False
    alike = figure_words(one.measure, one.before) == figure_words(one.measure, one.after)
    return alike or (one.measure == "rework" and abs(one.after - one.before) < _POINT)


def _shows(branch: Branch) -> bool:
    if branch.before is None or branch.after is None:
        return True
    return abs(branch.after - branch.before) >= _POINT and share(branch.before) != share(branch.after)


def difference_groups(differences: Iterable[Difference], taken: frozenset[str] | None = None) -> list[DifferenceGroup]:
    """Differences by kind, the largest changes first; `taken` are the ticked ones where somebody chose."""
    found = list(differences)
    groups = []
    for kind, (title, words) in HEADINGS.items():
        lines = [_line(one, taken) for one in sorted(found, key=lambda one: -one.size) if one.kind is kind]
        if lines:
            groups.append(DifferenceGroup(title, words, lines))
    return groups


def comparison_title(differences: Sequence[Difference]) -> str:
    """The finding of the page.

    >>> comparison_title([])
    'The log says what the process says: nothing differs'
    """
    if not differences:
        return "The log says what the process says: nothing differs"
    kinds = [one.kind for one in differences]
    parts = [
        f"{things(kinds.count(kind), one, many)} {words}"
        for kind, one, many, words in (
            (Kind.NEW_TASK, "task", "tasks", "new"),
            (Kind.GONE_TASK, "task", "tasks", "gone"),
            (Kind.FIGURE, "figure", "figures", "changed"),
            (Kind.BRANCHES, "task", "tasks", "branching differently"),
        )
        if kinds.count(kind)
    ]
    return listed(parts) or "Only the number of cases differs"


def _line(one: Difference, taken: frozenset[str] | None) -> DifferenceLine:
    branches = one.kind is Kind.BRANCHES
    return DifferenceLine(
        key=one.key,
        subject=one.subject,
        label="Branches" if branches else LABELS[one.measure],
        before=_branches(one.branches, newer=False) if branches else figure_words(one.measure, one.before),
        after=_branches(one.branches, newer=True) if branches else figure_words(one.measure, one.after),
        change=_branch_words(one.branches) if branches else change_words(one),
        held=_held(one),
        taken=one.taken if taken is None else one.key in taken,
        choosable=not one.held,
        task=_task_of(one),
        small=one.size < _SMALL and not one.held and not any(each.appeared or each.vanished for each in one.branches),
    )


def _task_of(one: Difference) -> int | None:
    """The id of the task a difference is about, None for the process, its start, and what is no task yet."""
    _, _, rest = one.key.partition(":")
    name = rest.split(":")[0].removeprefix("t")
    return int(name) if one.kind not in (Kind.CASES, Kind.NEW_TASK) and name.isdecimal() else None


def _held(one: Difference) -> str:
    if one.held:
        mine, theirs = figure_words(one.measure, one.before), figure_words(one.measure, one.after)
        return f"You set {mine}, the log says {theirs}. Yours stays."
    return "You removed this task." if one.struck else ""


def figure_words(measure: str, value: float | None) -> str:
    """A figure in its unit."""
    if measure == "visits":
        return number(value)
    words = {"handling": minutes, "waiting": hours, "rework": share, "cases": count}[measure]
    return words(value)


def change_words(one: Difference) -> str:
    """How much a figure changed, with a sign that does without colour.

    >>> change_words(Difference("k", Kind.FIGURE, "Check", "handling", 10, 12))
    '↑ 20 %'
    """
    if one.before is None:
        return "new"
    if one.after is None:
        return "gone"
    change = one.change
    if change is None:
        return "was none"
    return f"{'↑' if change > 0 else '↓'} {share(abs(change))}"


def _branches(branches: Sequence[Branch], *, newer: bool) -> str:
    changed = [one for one in branches if _shows(one)]
    shown = [(one.target, one.after if newer else one.before) for one in changed[:_BRANCHES_SHOWN]]
    words = ", ".join(f"{target} {share(part) if part is not None else 'none'}" for target, part in shown)
    more = len(changed) - len(shown)
    return f"{words} and {more} more" if more > 0 else words


def _branch_words(branches: Sequence[Branch]) -> str:
    appeared, vanished = sum(one.appeared for one in branches), sum(one.vanished for one in branches)
    moved = sum(_shows(one) for one in branches) - appeared - vanished
    small = len(branches) - appeared - vanished - moved
    counted = ((appeared, "new"), (vanished, "gone"), (moved, "moved"), (small, "by less than a point"))
    return listed([f"{many} {word}" for many, word in counted if many])
