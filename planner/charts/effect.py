"""The task graph before and after, drawn on the server: what a model does and what is visited less often are marked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planner.charts.marks import at, path

WIDTH, HEIGHT, MARGIN = 232, 54, 30
ROUND = 11
WORK = ("task", "subprocess")
LONGEST_NAME = 24


@dataclass(frozen=True)
class NodeMark:
    """What is said of a task: at its right above, and below; `tone` is its class."""

    right: str
    below: str
    tone: str


@dataclass(frozen=True)
class NodeDrawing:
    name: str
    right: str
    below: str
    tone: str
    is_work: bool
    x: str
    y: str
    left: str
    top: str
    text: str
    end: str
    upper: str
    lower: str


@dataclass(frozen=True)
class EdgeDrawing:
    path: str
    head: str
    label: str
    x: str
    y: str
    back: bool
    changed: bool


@dataclass(frozen=True)
class EffectDrawing:
    """The picture; `view` is its viewBox."""

    nodes: tuple[NodeDrawing, ...]
    edges: tuple[EdgeDrawing, ...]
    view: str


def draw_effect(
    drawing: Mapping[str, Any], marks: Mapping[str, NodeMark], labels: Mapping[tuple[str, str], str]
) -> EffectDrawing:
    """`drawing` is that of the page of tasks; `marks` by node, `labels` of the flows that change."""
    nodes, places = drawing["nodes"], {node["id"]: (node["x"], node["y"]) for node in drawing["nodes"]}
    works = {node["id"] for node in nodes if node["kind"] in WORK}
    bends = [point for edge in drawing["edges"] for point in edge["bends"]]
    xs, ys = ([place[side] for place in [*places.values(), *bends]] for side in (0, 1))
    left, top = min(xs) - WIDTH / 2 - MARGIN, min(ys) - HEIGHT / 2 - MARGIN
    wide, tall = max(xs) - left + WIDTH / 2 + MARGIN, max(ys) - top + HEIGHT / 2 + MARGIN
    wide, left = (1100.0, left - (1100 - wide) / 2) if wide < 1100 else (wide, left)
    return EffectDrawing(
        nodes=tuple(_node(node, marks.get(node["id"], NodeMark("", node["sub"], ""))) for node in nodes),
        edges=tuple(
            _edge(edge, places, labels, works) for edge in drawing["edges"] if edge["source"] != edge["target"]
        ),
        view=f"{at(left)} {at(top)} {at(wide)} {at(tall)}",
    )


def _node(node: Mapping[str, Any], mark: NodeMark) -> NodeDrawing:
    x, y, name = node["x"], node["y"], node["title"]
    return NodeDrawing(
        name=name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…",
        right=mark.right,
        below=mark.below,
        tone=mark.tone,
        is_work=node["kind"] in WORK,
        x=at(x),
        y=at(y),
        left=at(x - WIDTH / 2),
        top=at(y - HEIGHT / 2),
        text=at(x - WIDTH / 2 + 12),
        end=at(x + WIDTH / 2 - 12),
        upper=at(y - 4),
        lower=at(y + 15),
    )


def _edge(
    edge: Mapping[str, Any],
    places: Mapping[str, tuple[float, float]],
    labels: Mapping[tuple[str, str], str],
    works: Collection[str],
) -> EdgeDrawing:
    ends = (edge["source"], edge["target"])
    (ax, ay), (bx, by) = places[ends[0]], places[ends[1]]
    points = [(float(x), float(y)) for x, y in edge["bends"]]
    first, last = (points[0] if points else (bx, by)), (points[-1] if points else (ax, ay))
    start = _border((ax, ay), first, box=ends[0] in works)
    end = _border((bx, by), last, box=ends[1] in works)
    line = [start, *points, end]
    middle = line[len(line) // 2] if points else ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    return EdgeDrawing(
        path=path(line),
        head=_head(line[-2], end),
        label=labels.get(ends, ""),
        x=at(middle[0]),
        y=at(middle[1] + 4),
        back=edge["back"],
        changed=ends in labels,
    )


def _border(centre: tuple[float, float], towards: tuple[float, float], *, box: bool) -> tuple[float, float]:
    """Where a line from the middle of a node leaves its box, or its circle."""
    dx, dy = towards[0] - centre[0], towards[1] - centre[1]
    if not dx and not dy:
        return centre
    scale = min(WIDTH / 2 / abs(dx) if dx else 1e9, HEIGHT / 2 / abs(dy) if dy else 1e9, 1.0)
    if not box:
        scale = min(1.0, ROUND / (dx * dx + dy * dy) ** 0.5)
    return centre[0] + dx * scale, centre[1] + dy * scale


def _head(before: tuple[float, float], tip: tuple[float, float]) -> str:
    dx, dy = tip[0] - before[0], tip[1] - before[1]
    size = (dx * dx + dy * dy) ** 0.5 or 1.0
    ux, uy = dx / size, dy / size
    base = (tip[0] - 9 * ux, tip[1] - 9 * uy)
    sides: Sequence[tuple[float, float]] = [
        (base[0] - 4 * uy, base[1] + 4 * ux),
        tip,
        (base[0] + 4 * uy, base[1] - 4 * ux),
    ]
    return f"{path(sides)}Z"
