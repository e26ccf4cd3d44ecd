"""Lanes as bands beside each other: each node under its lane, in the layer the layout gave it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.domain.process_graph.layout import LAYER_HEIGHT, NODE_WIDTH, Layout, Point

GAP = 48.0


@dataclass(frozen=True)
class Band:
    """A lane as drawn: its name, the middle and width of its band in pixels."""

    name: str
    x: float
    width: float


def banded(
    layout: Layout, lanes: Mapping[str, str], order: Sequence[str], edges: Sequence[tuple[str, str]]
) -> tuple[Layout, list[Band]]:
    """The layout with every node moved into the band of its lane, and the bands in `order`, left to right.

    Edges that pass other layers or lead back run between the bands.

    >>> found, bands = banded(Layout({"a": (0.0, 0.0), "b": (0.0, 100.0)}, {}), {"a": "Front", "b": "Back"},
    ...     ["Front", "Back"], [("a", "b")])
    >>> [(band.name, band.x) for band in bands], found.positions["b"]
    ([('Front', 0.0), ('Back', 320.0)], (320.0, 100.0))
    """
    rows: dict[tuple[str, float], list[str]] = defaultdict(list)
    for key, (_, y) in sorted(layout.positions.items(), key=lambda item: item[1][0]):
        rows[lanes[key], y].append(key)
    most = {name: max((len(row) for (lane, _), row in rows.items() if lane == name), default=1) for name in order}
    bands, left = [], -NODE_WIDTH / 2
    for name in order:
        bands.append(Band(name, left + most[name] * NODE_WIDTH / 2, most[name] * NODE_WIDTH))
        left += most[name] * NODE_WIDTH + GAP
    by_name = {band.name: band for band in bands}
    places: dict[str, Point] = {}
    for (lane, y), row in rows.items():
        for number, key in enumerate(row):
            places[key] = (by_name[lane].x + (number - (len(row) - 1) / 2) * NODE_WIDTH, y)
    ends = [pair for pair in edges if pair[0] != pair[1] and pair[0] in places and pair[1] in places]
    routes = {pair: bends for pair in ends if (bends := _bends(places, by_name[lanes[pair[0]]], *pair))}
    return Layout(places, routes), bands


def _bends(places: Mapping[str, Point], band: Band, source: str, target: str) -> tuple[Point, ...]:
    """Along the edge of the source's band that lies towards the target; none to the layer right below."""
    (ax, ay), (bx, by) = places[source], places[target]
    if by - ay == LAYER_HEIGHT:
        return ()
    beside = band.x + (1 if bx >= ax else -1) * (band.width + GAP) / 2
    if by <= ay:
        return ((beside, ay), (beside, by))
    return ((beside, ay + LAYER_HEIGHT / 2), (beside, by - LAYER_HEIGHT / 2))
