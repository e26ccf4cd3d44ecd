"""Volume, time and cost of the tasks together, by lane and by sub-process."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from planner.domain.process_graph.node import NodeKind, TaskNode


@dataclass(frozen=True)
class RollUp:
    """Tasks taken together. `key` is the lane's name or the sub-process's key.

    `visits_a_case` and `volume_a_year` are visits to all its tasks, `entries_a_year` how often the sub-process itself
    is visited (None for a lane); handling in hours a year, waiting in hours a case, cost in money a year. A sum is None
    while no part of it is known, and leaves out the tasks of which it is not: `unknown` counts those without a cost.
    """

    key: str
    name: str
    tasks: int
    visits_a_case: float | None
    volume_a_year: float | None
    entries_a_year: float | None
    handling_hours: float | None
    waiting_hours_a_case: float | None
    cost: float | None
    unknown: int
    depth: int = 0


def rolled_up_by_lane(nodes: Sequence[TaskNode], hourly_wage: float) -> list[RollUp]:
    """One line a lane in the order of their first tasks, those without a lane last; empty where there is no lane."""
    lanes = dict.fromkeys(node.lane for node in nodes if node.lane)
    tasks = [node for node in nodes if node.kind is NodeKind.TASK]
    found = [_rolled(lane, lane, [task for task in tasks if task.lane == lane], hourly_wage) for lane in lanes]
    rest = [task for task in tasks if not task.lane]
    return [*found, _rolled("", "No lane", rest, hourly_wage)] if found and rest else found


def rolled_up_by_subprocess(nodes: Sequence[TaskNode], hourly_wage: float) -> list[RollUp]:
    """One line a sub-process with the tasks inside it at any depth, each before those it contains.

    >>> nodes = [TaskNode("1", "Pay", NodeKind.SUBPROCESS, volume_a_year=50.0), TaskNode("2", "Check", parent="1",
    ...     volume_a_year=100.0, handling_minutes=30.0)]
    >>> line, = rolled_up_by_subprocess(nodes, 40.0)
    >>> line.entries_a_year, line.volume_a_year, line.handling_hours, line.cost
    (50.0, 100.0, 50.0, 2000.0)
    """
    inside: dict[str, list[TaskNode]] = {}
    for node in nodes:
        inside.setdefault(node.parent, []).append(node)
    found: list[RollUp] = []
    waiting = [(node, 0) for node in _subprocesses(inside.get("", ()))]
    while waiting:
        node, depth = waiting.pop()
        line = _rolled(node.key, node.name, _tasks_inside(node.key, inside), hourly_wage)
        found.append(replace(line, entries_a_year=node.volume_a_year, depth=depth))
        waiting.extend((inner, depth + 1) for inner in _subprocesses(inside.get(node.key, ())))
    return found


def _subprocesses(nodes: Sequence[TaskNode]) -> list[TaskNode]:
    return [node for node in nodes if node.kind is NodeKind.SUBPROCESS][::-1]


def _tasks_inside(key: str, inside: dict[str, list[TaskNode]]) -> list[TaskNode]:
    order = [key]
    for parent in order:
        order.extend(node.key for node in inside.get(parent, ()) if node.kind is NodeKind.SUBPROCESS)
    return [node for parent in order for node in inside.get(parent, ()) if node.kind is NodeKind.TASK]


def _rolled(key: str, name: str, tasks: Sequence[TaskNode], wage: float) -> RollUp:
    costs = [task.yearly_cost(wage) for task in tasks]
    return RollUp(
        key=key,
        name=name,
        tasks=len(tasks),
        visits_a_case=_sum(tasks, lambda task: task.visits_a_case),
        volume_a_year=_sum(tasks, lambda task: task.volume_a_year),
        entries_a_year=None,
        handling_hours=_sum(tasks, lambda task: task.yearly_cost(1.0)),
        waiting_hours_a_case=_sum(tasks, lambda task: _product(task.visits_a_case, task.waiting_hours)),
        cost=_total(costs),
        unknown=costs.count(None),
    )


def _sum(tasks: Sequence[TaskNode], figure: Callable[[TaskNode], float | None]) -> float | None:
    return _total(figure(task) for task in tasks)


def _total(figures: Iterable[float | None]) -> float | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known) if known else None


def _product(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one * other
