"""The inventory: every process of a workspace with what people wrote of it and what is known so far."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.models import Workspace
from common.formatting import spelled, things
from common.steps import STEPS, furthest_of
from planner.models import Process, Source
from planner.selectors.process import CHECKING, ProcessCard, process_cards

FEWEST, MOST = 2, 4
_PAGES = {
    "process": "planner:process",
    "tasks": "planner:tasks",
    "value": "planner:values",
    "ranking": "planner:ranking",
    "canvas": "canvas:index",
    "pipeline": "pipelines:index",
    "life": "pipelines:lives",
}


@dataclass(frozen=True)
class InventoryRow:
    """One process: what was written of it, the totals of its tasks, and the furthest step begun."""

    card: ProcessCard
    step: str
    step_url: str

    @property
    def process(self) -> Process:
        return self.card.process

    @property
    def owner(self) -> str:
        return owner_words(self.process)

    @property
    def cases_words(self) -> str:
        """Where the cases a year come from; empty where they are not known."""
        return volume_source(self.process)

    @property
    def step_label(self) -> str:
        return STEPS[self.step]

    @property
    def written(self) -> bool:
        """Somebody wrote what it is for or where it hurts."""
        return bool(self.process.goal or self.process.pain or self.process.ml_change)


def inventory(workspace: Workspace, *, order: str = "", words: str = "") -> list[InventoryRow]:
    """Every process of a workspace that holds all `words`, in the order asked for, newest first without one.

    `order` is a key of ORDERS, with a minus in front for the reverse; what is not known comes last either way. The
    number of queries does not grow with the processes.
    """
    furthest = furthest_of(workspace)
    rows = [_row(card, workspace, furthest.get(card.process.pk, "")) for card in process_cards(workspace)]
    wanted = words.lower().split()
    return ordered([row for row in rows if all(word in _text(row) for word in wanted)], order)


def ordered(rows: Sequence[InventoryRow], order: str) -> list[InventoryRow]:
    """Rows by a key of ORDERS; as they are where there is no such order."""
    key = ORDERS.get(order.removeprefix("-"))
    if key is None:
        return list(rows)
    known = [row for row in rows if key(row) not in (None, "")]
    unknown = [row for row in rows if key(row) in (None, "")]
    return [*sorted(known, key=key, reverse=order.startswith("-")), *unknown]


def inventory_title(rows: Sequence[InventoryRow]) -> str:
    """The finding of the page: how many processes, and how many are described and decomposed."""
    if not rows:
        return "No process yet: write down the first, a name is enough"
    described = sum(row.written for row in rows)
    decomposed = sum(row.card.tasks > 0 for row in rows)
    many = spelled(len(rows)).capitalize()
    noun = "process" if len(rows) == 1 else "processes"
    return f"{many} {noun}: {described} described, {decomposed} broken down into tasks"


def owner_words(process: Process) -> str:
    """Whose process it is; empty where nobody said."""
    return str(process.owner) if process.owner_id is not None else process.owner_name


def volume_source(process: Process) -> str:
    """Where the cases a year come from."""
    if process.cases_a_year is None:
        return ""
    if process.cases_source == Source.USER:
        return process.cases_note or "set by a person"
    return "measured in the log" if process.cases_source == Source.LOG else ""


@dataclass(frozen=True)
class Compared:
    """One line of the comparison: what is compared, and how it stands with each process."""

    label: str
    values: Sequence[Any]
    kind: str = "text"


def compared(rows: Sequence[InventoryRow]) -> list[Compared]:
    """Processes side by side, one line an aspect; `kind` says how its values are written."""
    return [
        Compared("Owner", [row.owner for row in rows]),
        Compared("Goal", [row.process.goal for row in rows]),
        Compared("Pain", [row.process.pain for row in rows]),
        Compared("What ML might change", [row.process.ml_change for row in rows]),
        Compared("Cases a year", [row.process.cases_a_year for row in rows], "count"),
        Compared("Source of the cases", [row.cases_words for row in rows]),
        Compared("Tasks", [row.card.tasks or None for row in rows], "count"),
        Compared("Cost of the work a year", [row.card.sheet.cost for row in rows], "money"),
        Compared("Best task", [row.card.best.task.name if row.card.best else "" for row in rows]),
        Compared("Worth, 90 % interval", [row.card.best for row in rows], "worth"),
        Compared("Step", [row.step_label for row in rows]),
    ]


def _row(card: ProcessCard, workspace: Workspace, further: str) -> InventoryRow:
    step = further or _begun(card)
    return InventoryRow(card, step, reverse(_PAGES[step], args=[workspace.slug, card.process.pk]))


def _begun(card: ProcessCard) -> str:
    """The furthest of the steps that planner itself knows."""
    if not card.tasks:
        return "process"
    incomplete = bool(card.sheet.without_volume or card.sheet.without_handling)
    if card.best is None and (incomplete or card.without_best == CHECKING):
        return "tasks"
    return "ranking"


def _text(row: InventoryRow) -> str:
    process = row.process
    return f"{process.name} {row.owner} {process.goal} {process.pain} {process.ml_change}".lower()


def _worth(row: InventoryRow) -> float | None:
    return row.card.best.npv_mean if row.card.best else None


ORDERS: dict[str, Callable[[InventoryRow], Any]] = {
    "name": lambda row: row.process.name.lower(),
    "owner": lambda row: row.owner.lower(),
    "cases": lambda row: row.process.cases_a_year,
    "tasks": lambda row: row.card.tasks or None,
    "cost": lambda row: row.card.sheet.cost,
    "worth": _worth,
    "step": lambda row: list(STEPS).index(row.step),
}


def count_words(rows: Sequence[InventoryRow], words: str) -> str:
    """How many are shown, where words were looked for."""
    return f"{things(len(rows), 'process', 'processes')} with “{words}”" if words else ""
