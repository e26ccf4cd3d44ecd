"""Drawings as pictures that stand alone, for print: SVG with its colours in it, readable without a stylesheet.

Text is escaped here, and shown by the renderer as it is: nothing in it is markup.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from planner.charts.marks import at
from planner.charts.ranking import AxisDrawing
from planner.charts.value import CashDrawing, HistogramDrawing, TornadoDrawing

INK, SOFT, LINE, SUNKEN = "#191a1d", "#606369", "#d7d7d2", "#f1f1ee"
GAIN, LOSS, FLOW = "#43998f", "#ce7d49", "#8b8e94"
HEAT = ("#ffffff", "#e9edf5", "#cfd9eb", "#aebfdd", "#8aa2cc", "#6685ba")
"""From nothing to the most, light enough for ink on all but the last."""
_FILLS = {"gain": GAIN, "loss": LOSS, "f-gain-mid": GAIN, "f-loss-mid": LOSS}
_TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    f'<path d="M0 0L8 4L0 8z" fill="{FLOW}"/></marker></defs>'
)
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NODE_WIDTH, NODE_HEIGHT = 236.0, 56.0
_LETTERS = 30
_MARGIN = 40.0


def histogram_on_paper(drawing: HistogramDrawing, unit: str) -> str:
    """How the value is spread; `unit` stands beneath the axis."""
    parts = [_tag("path", d=f"M44 {tick.at}H806", stroke=LINE) for tick in drawing.up]
    parts += [_text(36, tick.at, tick.label, anchor="end", dy=4) for tick in drawing.up]
    parts.append(_tag("rect", x=drawing.band_from, y=22, width=drawing.band_width, height=174, fill=SUNKEN))
    parts += [
        _tag("rect", x=bar.x, y=bar.y, width=bar.width, height=bar.height, fill=_FILLS[bar.css]) for bar in drawing.bars
    ]
    parts.append(_tag("path", d=f"M{drawing.zero} 10V196", stroke=INK, stroke_width=1.2))
    parts.append(_tag("path", d=f"M{drawing.median} 26V196", stroke=INK, stroke_dasharray="3 2"))
    side = "end" if drawing.median_end else "start"
    nudge = -6 if drawing.median_end else 6
    parts.append(_text(float(drawing.median) + nudge, 36, drawing.median_words, anchor=side, fill=INK))
    parts += [_text(tick.at, 213, tick.label, anchor="middle") for tick in drawing.across]
    parts += [_text(4, 12, "% of draws"), _text(425, 234, unit, anchor="middle")]
    return _picture(820, 240, parts)


def tornado_on_paper(drawing: TornadoDrawing, unit: str) -> str:
    """What drives the value, "" where nothing does."""
    if not drawing.rows:
        return ""
    parts = [_tag("path", d=f"M{tick.at} 22V{drawing.foot}", stroke=LINE) for tick in drawing.across]
    parts += [_text(tick.at, drawing.foot, tick.label, anchor="middle", dy=16) for tick in drawing.across]
    parts.append(_text(drawing.middle, 12, drawing.middle_words, anchor="middle"))
    for row in drawing.rows:
        parts += [_text(0, row.y_text, row.label, fill=INK), _text(0, row.y_below, row.text)]
        for bar, words, place, ends in (
            (row.low, row.low_words, row.low_at, row.low_end),
            (row.high, row.high_words, row.high_at, row.high_end),
        ):
            parts.append(_tag("rect", x=bar.x, y=bar.y, width=bar.width, height=bar.height, fill=_FILLS[bar.css]))
            parts.append(_text(place, row.y_bar, words, anchor="end" if ends else "start"))
    parts.append(_tag("path", d=f"M{drawing.middle} 18V{drawing.foot}", stroke=INK))
    parts.append(_text(386, float(drawing.foot) + 36, unit, anchor="middle"))
    return _picture(560, drawing.height, parts)


def cash_on_paper(drawing: CashDrawing, unit: str) -> str:
    """Benefits, costs and the running sum of each year."""
    parts = [_tag("path", d=f"M42 {tick.at}H416", stroke=LINE) for tick in drawing.up]
    parts += [_text(36, tick.at, tick.label, anchor="end", dy=4) for tick in drawing.up]
    parts += [
        _tag("rect", x=bar.x, y=bar.y, width=bar.width, height=bar.height, fill=_FILLS[bar.css]) for bar in drawing.bars
    ]
    parts.append(_tag("path", d=f"M42 {drawing.zero}H416", stroke=INK))
    parts.append(_tag("path", d=drawing.line, stroke=INK, stroke_width=1.5, fill="none"))
    parts += [_tag("circle", cx=x, cy=y, r=3, fill=INK) for x, y in drawing.points]
    parts += [_text(year.at, 220, year.label, anchor="middle") for year in drawing.years]
    parts.append(_text(42, 12, unit))
    return _picture(420, 230, parts)


def intervals_on_paper(axis: AxisDrawing, names: Sequence[str], unit: str) -> str:
    """Every ranked task's interval on one axis, its name on the left. Rows are 30 high."""
    left, height = 250, 44 + 30 * len(names)
    parts = []
    for tick in axis.ticks:
        x = at(left + float(tick.at))
        parts.append(_tag("path", d=f"M{x} 6V{height - 30}", stroke=INK if tick.is_zero else LINE))
        parts.append(_text(x, height - 14, tick.label, anchor="middle"))
    for place, (name, row) in enumerate(zip(names, axis.rows, strict=True)):
        fill = _FILLS[row.tone]
        shapes = [
            _tag("path", d=row.line, stroke=fill, stroke_width=1.5, fill="none"),
            _tag("rect", x=row.box_from, y=11, width=row.box_width, height=12, fill=fill),
            _tag("path", d=f"M{row.median} 8V26", stroke=INK, stroke_width=1.5),
        ]
        parts.append(_text(0, 22 + 30 * place, _cut(name, 40), fill=INK))
        parts.append(f'<g transform="translate({left} {30 * place})">{"".join(shapes)}</g>')
    parts.append(_text(left + 210, height - 1, unit, anchor="middle"))
    return _picture(left + 420, height, parts)


def process_on_paper(drawing: Mapping[str, Any]) -> str:
    """The task graph as it is drawn on its page, tasks shaded by what they cost; "" where there is nothing to draw."""
    nodes = {node["id"]: node for node in drawing["nodes"]}
    if not nodes:
        return ""
    edges = [edge for edge in drawing["edges"] if edge["source"] in nodes and edge["target"] in nodes]
    parts = [_TIP]
    for edge in edges:
        parts += _flow(edge, nodes)
    for node in nodes.values():
        parts += _node(node)
    points = [(node["x"], node["y"]) for node in nodes.values()]
    points += [(x, y) for edge in edges for x, y in edge["bends"]]
    left = min(x for x, _ in points) - NODE_WIDTH / 2 - _MARGIN
    top = min(y for _, y in points) - NODE_HEIGHT / 2 - _MARGIN
    width = max(x for x, _ in points) + NODE_WIDTH / 2 + _MARGIN - left
    height = max(y for _, y in points) + NODE_HEIGHT / 2 + _MARGIN - top
    return _picture(width, height, parts, origin=(left, top))


def _flow(edge: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]]) -> list[str]:
    source, target = nodes[edge["source"]], nodes[edge["target"]]
    if source is target:
        return []
    points = [(source["x"], source["y"]), *(tuple(bend) for bend in edge["bends"]), (target["x"], target["y"])]
    points[0] = _border(source, points[1])
    points[-1] = _border(target, points[-2])
    line = "M" + "L".join(f"{at(x)} {at(y)}" for x, y in points)
    drawn = [
        _tag("path", d=line, stroke=FLOW, stroke_width=edge.get("width", 1.0), fill="none", marker_end="url(#tip)")
    ]
    if edge["label"]:
        middle = len(points) // 2
        (ax, ay), (bx, by) = points[middle - 1], points[middle]
        drawn.append(_text(at((ax + bx) / 2), at((ay + by) / 2), _cut(edge["label"], 24), anchor="middle", size=11))
    return drawn


def _border(node: Mapping[str, Any], towards: tuple[float, float]) -> tuple[float, float]:
    """Where the straight line from a node's centre leaves its box."""
    half_width, half_height = _half(node)
    dx, dy = towards[0] - node["x"], towards[1] - node["y"]
    reach = max(abs(dx) / half_width, abs(dy) / half_height)
    if reach <= 1:
        return node["x"], node["y"]
    return node["x"] + dx / reach, node["y"] + dy / reach


def _half(node: Mapping[str, Any]) -> tuple[float, float]:
    return (NODE_WIDTH / 2, NODE_HEIGHT / 2) if node["kind"] in ("task", "subprocess") else (22.0, 22.0)


def _node(node: Mapping[str, Any]) -> list[str]:
    x, y = float(node["x"]), float(node["y"])
    if node["kind"] not in ("task", "subprocess"):
        shape = _tag("circle", cx=at(x), cy=at(y), r=14, fill="#ffffff", stroke=INK, stroke_width=1.5)
        if node["kind"] not in ("start", "end"):
            corners = f"M{at(x)} {at(y - 22)}L{at(x + 22)} {at(y)}L{at(x)} {at(y + 22)}L{at(x - 22)} {at(y)}z"
            shape = _tag("path", d=corners, fill="#ffffff", stroke=INK, stroke_width=1.5)
        return [shape, _text(at(x + 26), at(y + 4), _cut(str(node.get("title") or node["name"]), 24), size=12)]
    cost = node.get("cost") or {}
    step = min(int(cost.get("step") or 0), len(HEAT) - 1)
    box = _tag(
        "rect",
        x=at(x - NODE_WIDTH / 2),
        y=at(y - NODE_HEIGHT / 2),
        width=NODE_WIDTH,
        height=NODE_HEIGHT,
        rx=7,
        fill=HEAT[step],
        stroke=SOFT,
        stroke_width=2 if node["kind"] == "subprocess" else 1,
    )
    lines = [_text(at(x), at(y - 5), _cut(node["name"], _LETTERS), anchor="middle", fill=INK, size=14)]
    lines.append(_text(at(x), at(y + 15), _cut(node["sub"], 40), anchor="middle", fill=INK, size=11))
    return [box, *lines]


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1]}…"


def _text(
    x: object, y: object, words: str, *, anchor: str = "start", dy: int = 0, fill: str = SOFT, size: int = 12
) -> str:
    head = _open("text", x=x, y=y, dy=dy, fill=fill, font_size=size, text_anchor=anchor)
    shown = escape(_NOT_IN_XML.sub(" ", words))
    return f"{head}>{shown}</text>"


def _tag(name: str, **attributes: object) -> str:
    return f"{_open(name, **attributes)}/>"


def _open(name: str, **attributes: object) -> str:
    written = "".join(f" {key.replace('_', '-')}={quoteattr(str(value))}" for key, value in attributes.items())
    return f"<{name}{written}"


def _picture(width: float, height: float, parts: Iterable[str], origin: tuple[float, float] = (0.0, 0.0)) -> str:
    box = f"{at(origin[0])} {at(origin[1])} {at(width)} {at(height)}"
    start = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="{at(width)}" height="{at(height)}"'
    return f'{start} font-family="Libertinus Serif">{"".join(parts)}</svg>'
