"""What the page of the filters shows: what is kept and hidden in words, and the graph it would become, drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.formatting import listed, share, things
from planner.domain.discovery.filtering import FilteredGraph, GraphFilter
from planner.domain.process_graph.graph import NodeKind, TaskFlow, TaskGraph
from planner.domain.process_graph.layout import Layout, layered
from planner.models import EventLog, GraphSnapshot, Process

WIDE, HIGH, MARGIN = 216.0, 40.0, 12.0
MOST_DRAWN = 400
LONGEST = 27
_NAMED = 6


@dataclass(frozen=True)
class DrawnNode:
    """A box: its upper left corner, its name cut to fit, the whole name for those who ask."""

    x: float
    y: float
    name: str
    whole: str
    edge: bool

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + WIDE / 2, self.y + HIGH / 2 + 4


@dataclass(frozen=True)
class DrawnFlow:
    """A line through points, as SVG writes them, and how wide it is (1 to 6)."""

    points: str
    width: float
    words: str


@dataclass(frozen=True)
class Drawing:
    """A graph as plain SVG: its size in pixels, boxes and lines. Empty where it is too large to be read."""

    width: float
    height: float
    nodes: Sequence[DrawnNode]
    flows: Sequence[DrawnFlow]


@dataclass(frozen=True)
class DiscoveryPage:
    """The filter looked at, the one in use, what it hides in a sentence, and the graph it leaves."""

    chosen: GraphFilter
    in_use: GraphFilter
    found: FilteredGraph
    log: EventLog
    title: str
    hidden: str
    left_out: str
    drawing: Drawing | None
    undoable: GraphSnapshot | None

    @property
    def percent(self) -> dict[str, float]:
        """Both shares as the sliders show them, 0 to 100."""
        return {"activities": round(self.chosen.activities * 100, 1), "flows": round(self.chosen.flows * 100, 1)}

    @property
    def is_in_use(self) -> bool:
        return self.chosen == self.in_use


def discovery_page(
    process: Process, log: EventLog, chosen: GraphFilter, found: FilteredGraph, undoable: GraphSnapshot | None
) -> DiscoveryPage:
    """The page for a filter whose outcome is at hand."""
    return DiscoveryPage(
        chosen=chosen,
        in_use=GraphFilter.from_dict(process.shown),
        found=found,
        log=log,
        title=title_words(found),
        hidden=hidden_words(found),
        left_out=left_out_words(found),
        drawing=drawing_of(found.graph()) if len(found.activities) <= MOST_DRAWN else None,
        undoable=undoable,
    )


def title_words(found: FilteredGraph) -> str:
    """The finding of the page: how much of what happened the graph would show."""
    whole = share(found.cases_whole_share)
    tasks, flows = things(len(found.activities), "task"), things(len(found.flows), "flow")
    return f"{tasks} and {flows} show {whole} of cases with their whole path"


def hidden_words(found: FilteredGraph) -> str:
    """What a filter hides, in one sentence.

    >>> whole = FilteredGraph(("a",), (), (), 0, 3, 3, 1.0, 1.0)
    >>> hidden_words(whole)
    'Nothing is hidden: every activity, every flow and every case of the log is shown.'
    """
    activities, flows = len(found.left_out), found.flows_hidden
    if not activities and not flows:
        return "Nothing is hidden: every activity, every flow and every case of the log is shown."
    parts = []
    if activities:
        parts.append(f"{things(activities, 'activity', 'activities')} with {share(1 - found.visits_share)} of visits")
    if flows:
        parts.append(f"{things(flows, 'flow')} with {share(1 - found.steps_share)} of steps")
    seen = share(1 - found.cases_whole_share)
    return f"Hidden: {listed(parts)}. In {seen} of cases something of that happens; their other tasks still count."


def left_out_words(found: FilteredGraph) -> str:
    """The activities left out, the most frequent first."""
    named = [f"“{name}”" for name in found.left_out[:_NAMED]]
    more = len(found.left_out) - len(named)
    if more > 0:
        return f"{', '.join(named)} and {more} more"
    return listed(named)


def drawing_of(graph: TaskGraph) -> Drawing:
    """The graph as boxes and lines, laid out as on the Tasks screen."""
    edges = [(flow.source, flow.target, graph.weight(flow)) for flow in graph.flows]
    layout = layered([node.key for node in graph.nodes], edges, list(graph.entry()))
    places = [*layout.positions.values(), *(point for route in layout.routes.values() for point in route)]
    left, top = min(x for x, _ in places) - WIDE / 2 - MARGIN, min(y for _, y in places) - HIGH / 2 - MARGIN
    most = max((graph.weight(flow) for flow in graph.flows), default=1.0) or 1.0
    return Drawing(
        width=round(max(x for x, _ in places) - left + WIDE / 2 + MARGIN),
        height=round(max(y for _, y in places) - top + HIGH / 2 + MARGIN),
        nodes=[
            DrawnNode(
                round(layout.positions[node.key][0] - WIDE / 2 - left, 1),
                round(layout.positions[node.key][1] - HIGH / 2 - top, 1),
                _short(node.name),
                node.name,
                node.kind != NodeKind.TASK,
            )
            for node in graph.nodes
        ],
        flows=[_line(flow, graph, layout, (left, top), most) for flow in graph.flows if flow.source != flow.target],
    )


def _line(flow: TaskFlow, graph: TaskGraph, layout: Layout, corner: tuple[float, float], most: float) -> DrawnFlow:
    begin, end = layout.positions[flow.source], layout.positions[flow.target]
    down = end[1] > begin[1]
    first = (begin[0], begin[1] + (HIGH / 2 if down else -HIGH / 2))
    last = (end[0], end[1] - (HIGH / 2 if down else -HIGH / 2))
    points = [first, *layout.routes.get((flow.source, flow.target), ()), last]
    path = " ".join(f"{x - corner[0]:.1f},{y - corner[1]:.1f}" for x, y in points)
    return DrawnFlow(path, round(1 + 5 * graph.weight(flow) / most, 1), share(flow.probability))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"
