"""What the assumptions of a task are now: each layer that says something of one, the narrowest on top.

Built-in defaults lie beneath those of the workspace, these beneath those of the process, of the lane, beneath what the
log or a person says of the task itself, and on top lies what people set in its estimate.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Protocol

from accounts.models import Workspace
from planner.domain.valuation.assumptions import ADOPTION, ERROR_FORM, HORIZON, INPUTS
from planner.domain.valuation.distributions import Distribution
from planner.domain.valuation.estimate import TEMPLATE, Assumption, EstimateFacts, Origin, propose_estimate
from planner.domain.valuation.shared_costs import SharedLine
from planner.models import AssumptionDefault, Estimate, Process, SharedCost, Source, Task

KEYS = frozenset({*INPUTS, ADOPTION, ERROR_FORM, HORIZON})
"""Every key an assumption can have."""

_ORIGINS = {
    Source.LOG: Origin.LOG,
    Source.FLOW: Origin.LOG,
    Source.USER: Origin.PERSON,
    Source.DEFAULT: Origin.DEFAULT,
}
_BENEATH = (Origin.WORKSPACE, Origin.DEFAULT)
"""What is proposed from these gives way to the defaults people set; what is known of the task does not."""


class Figured(Protocol):
    """What assumptions start from: a task, or these columns of it."""

    @property
    def lane(self) -> str: ...
    @property
    def volume_a_year(self) -> float | None: ...
    @property
    def volume_source(self) -> str: ...
    @property
    def handling_minutes(self) -> float | None: ...
    @property
    def handling_source(self) -> str: ...


@dataclass(frozen=True, eq=False)
class Shared:
    """What the tasks of a process have in common, loaded once for all of them.

    `defaults` by lane, "" for those of the process and None for those of the workspace; `costs` by the task's id.
    """

    defaults: Mapping[str | None, Mapping[str, AssumptionDefault]]
    costs: Mapping[int, tuple[SharedCost, ...]]
    tasks_of: Mapping[int, frozenset[str]]

    def layers(self, lane: str) -> tuple[tuple[Origin, Mapping[str, AssumptionDefault]], ...]:
        """Defaults that hold for a task of this lane, the narrowest first."""
        found: tuple[tuple[Origin, str | None], ...] = ((Origin.PROCESS, ""), (Origin.WORKSPACE, None))
        if lane:
            found = ((Origin.LANE, lane), *found)
        return tuple((origin, self.defaults.get(where, {})) for origin, where in found)

    def lines(self, task: Task) -> tuple[SharedLine, ...]:
        """The shared costs a task needs, as the valuation takes them."""
        return tuple(
            SharedLine(str(cost.pk), cost.label, _amount(cost.text), self.tasks_of[cost.pk])
            for cost in self.costs.get(task.pk, ())
        )


def shared_of(process: Process) -> Shared:
    """Defaults and shared costs that touch a process: three queries, however many tasks it has."""
    return shared_by_process(process.workspace, [process])[process.pk]


def shared_by_process(workspace: Workspace, processes: Sequence[Process]) -> dict[int, Shared]:
    """What the tasks of each process have in common: three queries, however many processes there are."""
    ids = [process.pk for process in processes]
    everywhere: dict[str, AssumptionDefault] = {}
    narrower: dict[int, dict[str | None, dict[str, AssumptionDefault]]] = {pk: {} for pk in ids}
    for found in AssumptionDefault.objects.of(workspace).reaching(*ids):
        if found.process_id is None:
            everywhere[found.key] = found
        else:
            narrower[found.process_id].setdefault(found.lane, {})[found.key] = found
    costs, tasks_of = _shared_costs(workspace)
    return {pk: Shared({None: everywhere, **narrower[pk]}, costs, tasks_of) for pk in ids}


def _shared_costs(workspace: Workspace) -> tuple[dict[int, tuple[SharedCost, ...]], dict[int, frozenset[str]]]:
    """The shared costs of each task, and the tasks of each shared cost."""
    costs: dict[int, list[SharedCost]] = {}
    tasks_of: dict[int, frozenset[str]] = {}
    for cost in SharedCost.objects.of(workspace).prefetch_related("tasks"):
        tasks = [task.pk for task in cost.tasks.all()]
        tasks_of[cost.pk] = frozenset(map(str, tasks))
        for task in tasks:
            costs.setdefault(task, []).append(cost)
    return {task: tuple(found) for task, found in costs.items()}, tasks_of


def shared_in(workspace: Workspace) -> dict[int, Shared]:
    """The defaults that touch each process of a workspace, by its id, without shared costs: two queries."""
    found: dict[int, dict[str | None, dict[str, AssumptionDefault]]] = {}
    everywhere: dict[str, AssumptionDefault] = {}
    for each in AssumptionDefault.objects.of(workspace):
        if each.process_id is None:
            everywhere[each.key] = each
        else:
            found.setdefault(each.process_id, {}).setdefault(each.lane, {})[each.key] = each
    processes = Process.objects.of(workspace).values_list("pk", flat=True)
    return {pk: Shared({**found.get(pk, {}), None: everywhere}, {}, {}) for pk in processes}


def facts_of(task: Figured, workspace: Workspace) -> EstimateFacts:
    """What is known of a task and its workspace that an estimate starts from."""
    return EstimateFacts(
        volume_a_year=_above_zero(task.volume_a_year),
        volume_origin=_ORIGINS.get(Source(task.volume_source), Origin.LOG),
        handling_minutes=_above_zero(task.handling_minutes),
        handling_origin=_ORIGINS.get(Source(task.handling_source), Origin.LOG),
        wage=float(workspace.hourly_wage),
        hours_a_day=float(workspace.hours_a_day),
        discount_rate=float(workspace.discount_rate),
        horizon=workspace.horizon_years,
    )


def assumption_layers(
    task: Figured, workspace: Workspace, set_by_people: Mapping[str, Any], shared: Shared
) -> dict[str, tuple[Assumption, ...]]:
    """Everything that is said of each assumption, by key: the one in use first, then what it stands in place of."""
    above = [_people(set_by_people), *(_defaults(origin, found) for origin, found in shared.layers(task.lane))]
    facts = facts_of(task, workspace)
    wage, minutes = _mean("wage", above), _mean("minutes_before", above[:1]) or facts.handling_minutes
    minutes = minutes or _mean("minutes_before", above)
    known = replace(facts, wage=wage or facts.wage, handling_minutes=minutes)
    own, beneath, alone = _proposed(known, facts.handling_minutes)
    if not any(above):
        return dict(alone)
    layers = [layer for layer in (above[0], own, *above[1:], beneath) if layer]
    keys = dict.fromkeys(key for layer in (beneath, *layers) for key in layer)
    said = {key for layer in above for key in layer}
    return {key: tuple(layer[key] for layer in layers if key in layer) if key in said else alone[key] for key in keys}


def assumptions_of(
    task: Task, workspace: Workspace, set_by_people: Mapping[str, Any], shared: Shared
) -> dict[str, Assumption]:
    """Every assumption in use, by key; those people set come with their own source."""
    layers = assumption_layers(task, workspace, set_by_people, shared)
    return {key: found[0] for key, found in layers.items()}


def set_by_people(task: Task) -> dict[str, Any]:
    """What people set on a task's estimate, empty where there is none yet."""
    estimate: Estimate | None = getattr(task, "estimate", None)
    return dict(estimate.assumptions) if estimate is not None else {}


def version_of(task: Task) -> int:
    """The estimate's version an edit is made on; 0 before the first."""
    estimate: Estimate | None = getattr(task, "estimate", None)
    return estimate.version if estimate is not None else 0


Layer = Mapping[str, Assumption]


@lru_cache(maxsize=4096)
def _proposed(known: EstimateFacts, minutes: float | None) -> tuple[Layer, Layer, Mapping[str, tuple[Assumption, ...]]]:
    """What is known of a task itself, what gives way to defaults people set, and both where nobody set anything.

    `minutes` are those known of the task; those in `known` are the ones in use, which others follow. Remembered: most
    tasks of a list are as they were when it was last looked at.
    """
    proposed = propose_estimate(known)
    if minutes != known.handling_minutes:
        measured = propose_estimate(replace(known, handling_minutes=minutes)).get("minutes_before")
        proposed = {key: found for key, found in proposed.items() if key != "minutes_before"}
        proposed |= {"minutes_before": measured} if measured else {}
    own = {key: found for key, found in proposed.items() if found.origin not in _BENEATH}
    beneath = {key: found for key, found in proposed.items() if found.origin in _BENEATH}
    return own, beneath, {key: (found,) for key, found in {**beneath, **own}.items()}


@lru_cache(maxsize=1024)
def _amount(text: str) -> Distribution:
    """The amount of a shared cost: money spent once, zero or more."""
    return INPUTS["discovery"].read(text)


def _people(entries: Mapping[str, Any]) -> dict[str, Assumption]:
    return {key: _set_here(key, entry) for key, entry in entries.items() if key in KEYS}


def _set_here(key: str, entry: Mapping[str, str]) -> Assumption:
    source = entry.get("source") or "set here"
    origin = Origin.TEMPLATE if source.startswith(TEMPLATE) else Origin.PERSON
    return Assumption(key, entry["text"], source, origin, note=entry.get("note") or "")


def _defaults(origin: Origin, found: Mapping[str, AssumptionDefault]) -> dict[str, Assumption]:
    return {
        key: Assumption(key, each.text, _default_source(origin, each), origin, note=each.note)
        for key, each in found.items()
        if key in KEYS
    }


_WHERE = {
    Origin.LANE: "set for the lane {0.lane}",
    Origin.PROCESS: "set for the process",
    Origin.WORKSPACE: "set for the workspace",
}


def _default_source(origin: Origin, found: AssumptionDefault) -> str:
    where = _WHERE[origin].format(found)
    return f"{where}: {found.source}" if found.source else where


def _mean(key: str, layers: list[dict[str, Assumption]]) -> float | None:
    """The amount that other defaults follow: the mean of the narrowest that can be read."""
    for layer in layers:
        try:
            return INPUTS[key].read(layer[key].text).mean
        except (KeyError, ValueError):
            continue
    return None


def _above_zero(amount: float | None) -> float | None:
    """A volume or duration of zero is no estimate: it is asked for, like a missing one."""
    return amount if amount is not None and amount > 0 else None
