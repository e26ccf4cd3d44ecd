"""The task graph as it is drawn: places from the server, colours by cost, waiting or rework, the main flows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any

from common.formatting import count, hours, minutes, scaled, share, things
from planner.domain.process_graph.graph import TaskFlow, TaskGraph
from planner.domain.process_graph.lanes import banded
from planner.domain.process_graph.layout import Layout, layered
from planner.domain.process_graph.node import NodeKind
from planner.domain.process_graph.rollup import RollUp, rolled_up_by_subprocess
from planner.domain.scale import scale_bounds, scale_step
from planner.models import Process, Task
from planner.selectors.graph import process_graph, rows_drawn
from planner.selectors.process_tasks import spoken_hours, yearly_cost

FULL, USUAL = 1.0, 0.85
_THINNEST, _WIDEST = 1.0, 6.0
BAND_MARGIN = 150.0
LONGEST_SAID = 40
MOST_DRAWN, WINDOW = 400, 120


def drawing_of(process: Process, *, detail: float = USUAL, inside: str = "", near: str = "") -> dict[str, Any]:
    """Nodes, edges, bands, legends and the version of a process as plain JSON for the page. Two queries.

    `detail` is the share of all use that the drawn flows carry; 1 draws every flow. Counts and costs are of all.
    `inside` is the key of the sub-process to draw, "" for the process, where sub-processes are closed. Of a level of
    more than 400 nodes only the 120 nearest to the node `near` are drawn, nearest to the start where it is not there;
    `left_out` counts the others.
    """
    return drawing_from(process, *rows_drawn(process), detail=detail, inside=inside, near=near)


def drawing_from(
    process: Process,
    every: Sequence[Task],
    graph: TaskGraph,
    ids: Mapping[tuple[str, str], int],
    *,
    detail: float = USUAL,
    inside: str = "",
    near: str = "",
) -> dict[str, Any]:
    """The drawing of what is already at hand: see `rows_drawn`."""
    level = graph.level(inside)
    whole = level.around(near, WINDOW) if len(level.nodes) > MOST_DRAWN and detail < FULL else level
    shown = whole.simplified(detail, most=len(whole.flows) if detail >= FULL else None)
    layout, bands = _layout(shown, process)
    keys = {node.key for node in whole.nodes}
    every = [task for task in every if task.parent_id == (int(inside) if inside else None)]
    tasks = [task for task in every if str(task.pk) in keys]
    wage = float(process.workspace.hourly_wage)
    values = _measures(every, wage)
    parts = {line.key: line for line in rolled_up_by_subprocess(graph.nodes, wage)}
    values["cost"] |= {task.pk: parts[str(task.pk)].cost for task in every if str(task.pk) in parts}
    bounds = {name: scale_bounds([value for value in found.values() if value]) for name, found in values.items()}
    return {
        "version": process.version,
        "nodes": [_node(task, layout, values, bounds) | _part(parts.get(str(task.pk))) for task in tasks],
        "bands": bands,
        "edges": _edges(shown, whole, layout, ids),
        "legends": {name: _legend(name, limits, process) for name, limits in bounds.items()},
        "hidden": len(whole.flows) - len(shown.flows),
        "left_out": len(level.nodes) - len(whole.nodes),
    }


def places_of(process: Process) -> dict[str, list[float]]:
    """Where the usual drawing puts every node with a flow, whatever a person moved; the others have no place yet.

    Of the process and of the inside of each sub-process. Two queries.
    """
    graph = process_graph(process)
    insides = [node.key for node in graph.nodes if node.kind is NodeKind.SUBPROCESS]
    places: dict[str, list[float]] = {}
    for shown in (graph.level(inside).simplified(USUAL) for inside in ("", *insides)):
        joined = {end for flow in shown.flows for end in (flow.source, flow.target) if flow.source != flow.target}
        found = _placed(shown, process).positions
        places |= {key: list(point) for key, point in found.items() if key in joined}
    return places


def _placed(shown: TaskGraph, process: Process) -> Layout:
    """The server's places, near those of the drawing before the last edit."""
    edges = [(flow.source, flow.target, flow.weight) for flow in shown.flows]
    before = {key: (float(x), float(y)) for key, (x, y) in process.places.items()}
    return layered([node.key for node in shown.nodes], edges, list(shown.entry()), before)


def _layout(shown: TaskGraph, process: Process) -> tuple[Layout, list[dict[str, Any]]]:
    """Places: a person's where there is one, else the server's; and the bands of the lanes, where there are any."""
    found = _placed(shown, process)
    lanes = {node.key: node.lane for node in shown.nodes}
    order = sorted(dict.fromkeys(lanes.values()), key=lambda lane: not lane)
    bands: list[dict[str, Any]] = []
    if any(order):
        found, drawn = banded(found, lanes, order, [(flow.source, flow.target) for flow in shown.flows])
        top, bottom = min(y for _, y in found.positions.values()), max(y for _, y in found.positions.values())
        bands = [asdict(band) | {"y": (top + bottom) / 2, "height": bottom - top + BAND_MARGIN} for band in drawn]
    moved = {node.key: (node.x, node.y) for node in shown.nodes if node.x is not None and node.y is not None}
    routes = {ends: bends for ends, bends in found.routes.items() if not set(ends) & set(moved)}
    places = found.positions | {key: (float(x or 0), float(y or 0)) for key, (x, y) in moved.items()}
    return Layout(places, routes), bands


def _part(line: RollUp | None) -> dict[str, Any]:
    """What a closed sub-process says of its inside."""
    if line is None:
        return {}
    return {"sub": f"{things(line.tasks, 'task')} inside, {count(line.entries_a_year)} a year"}


def _measures(tasks: list[Task], wage: float) -> dict[str, dict[int, float | None]]:
    work = [task for task in tasks if task.kind == NodeKind.TASK.value]
    return {
        "cost": {task.pk: yearly_cost(task, wage) for task in work},
        "waiting": {task.pk: spoken_hours(task.waiting_hours) for task in work},
        "rework": {task.pk: task.rework_share for task in work},
    }


_SHORT: dict[str, Callable[[float | None], str]] = {
    "cost": lambda value: "" if value is None else scaled(value),
    "waiting": lambda value: "" if value is None else hours(value),
    "rework": lambda value: "" if value is None else share(value),
}


def _node(
    task: Task,
    layout: Layout,
    values: Mapping[str, Mapping[int, float | None]],
    bounds: Mapping[str, tuple[float, ...]],
) -> dict[str, Any]:
    x, y = layout.positions[str(task.pk)]
    found = {
        "id": str(task.pk),
        "name": task.name,
        "title": task.title,
        "kind": task.kind,
        "x": x,
        "y": y,
        "moved": task.x is not None,
        "sub": f"{count(task.volume_a_year)} a year",
    }
    if task.kind not in {NodeKind.TASK.value, NodeKind.SUBPROCESS.value}:
        return found
    for name, short in _SHORT.items():
        value = values[name].get(task.pk)
        found[name] = {"step": scale_step(value, bounds[name]), "text": short(value)}
    handling = "handling not known" if task.handling_minutes is None else minutes(task.handling_minutes)
    return found | {"sub": f"{found['sub']}, {handling}"}


def _edges(
    shown: TaskGraph, whole: TaskGraph, layout: Layout, ids: Mapping[tuple[str, str], int]
) -> list[dict[str, Any]]:
    shares = whole.shares()
    volumes = {node.key: node.visits_a_case or 0.0 for node in whole.nodes}
    use = {ends: volumes[ends[0]] * part for ends, part in shares.items()}
    most = max(use.values(), default=0.0) or 1.0
    return [
        _edge(flow, shares[flow.source, flow.target], layout)
        | {
            "id": f"f{ids[flow.source, flow.target]}",
            "width": round(_THINNEST + (_WIDEST - _THINNEST) * use[flow.source, flow.target] / most, 2),
        }
        for flow in shown.flows
    ]


def _edge(flow: TaskFlow, probability: float, layout: Layout) -> dict[str, Any]:
    above, below = layout.positions[flow.source][1], layout.positions[flow.target][1]
    part = share(probability) if probability < 0.995 else ""
    return {
        "source": flow.source,
        "target": flow.target,
        "label": " ".join(filter(None, [part, flow.label or flow.condition[:LONGEST_SAID]])),
        "back": below <= above,
        "bends": [list(point) for point in layout.routes.get((flow.source, flow.target), ())],
    }


def _legend(name: str, bounds: tuple[float, ...], process: Process) -> dict[str, Any]:
    titles = {
        "cost": f"Cost, {process.workspace.currency} a year",
        "waiting": "Waiting before it, median",
        "rework": "Visits that repeat the task in a case",
    }
    words = [_SHORT[name](bound) for bound in bounds]
    if not words:
        return {"title": titles[name], "steps": []}
    between = [f"{low}–{high}" for low, high in pairwise(words)]
    return {"title": titles[name], "steps": [f"to {words[0]}", *between, f"over {words[-1]}"]}
