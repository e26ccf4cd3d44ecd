"""The stages of a run as a picture: three lanes, boxes, edges, and bars of time. Numbers only; the page draws them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.domain.stage_graph import CODE, DATA, MODEL, STAGES, StageDefinition, drawn_edges

BOX_WIDTH, BOX_HEIGHT, GAP = 150, 58, 20
LANE_HEIGHT, LANE_STEP, LEFT = 104, 116, 92
WIDTH, HEIGHT = 1100, 344
LANES = (DATA, MODEL, CODE)
RECORD = StageDefinition(
    "record", "Against plan", CODE, ("serve_smoke",), (), asks="What is it worth with the errors measured?"
)
DRAWN = (*STAGES, RECORD)
BESIDE = {"baseline": 0, "train": 1, "evaluate": 2, "test": 3, "package": 4, "serve_smoke": 0, "record": 1}


@dataclass(frozen=True)
class Box:
    """One stage: its upper left corner in the picture."""

    stage: StageDefinition
    x: float
    y: float

    @property
    def middle(self) -> float:
        return self.y + BOX_HEIGHT / 2


@dataclass(frozen=True)
class Lane:
    label: str
    y: float


@dataclass(frozen=True)
class Picture:
    """Lanes, boxes by name, and edges as SVG paths with arrow heads at (x, y) pointing right or down."""

    lanes: tuple[Lane, ...]
    boxes: tuple[Box, ...]
    edges: tuple[str, ...]
    heads: tuple[str, ...]


def picture() -> Picture:
    """The picture of every run: stages of a workflow in a row, what runs side by side one beside the other.

    >>> [box.stage.name for box in picture().boxes if box.stage.workflow == "Code"]
    ['serve_smoke', 'record']
    """
    lanes = tuple(Lane(label, 10 + place * LANE_STEP) for place, label in enumerate(LANES))
    boxes = {stage.name: _box(stage) for stage in DRAWN}
    drawn = [_edge(boxes[parent], boxes[child]) for parent, child in drawn_edges(DRAWN)]
    return Picture(lanes, tuple(boxes.values()), tuple(path for path, _ in drawn), tuple(head for _, head in drawn))


def _box(stage: StageDefinition) -> Box:
    column = BESIDE.get(stage.name, [data.name for data in STAGES].index(stage.name) if stage.workflow == DATA else 0)
    lane = LANES.index(stage.workflow)
    return Box(stage, LEFT + column * (BOX_WIDTH + GAP), 33 + lane * LANE_STEP)


def _edge(start: Box, end: Box) -> tuple[str, str]:
    """Beside each other a straight line; over a neighbour an arc below; into another lane down, along, down."""
    if start.y == end.y:
        return _along(start, end)
    x1, y1 = start.x + BOX_WIDTH / 2, start.y + BOX_HEIGHT
    x2, y2 = end.x + BOX_WIDTH / 2, end.y
    turn = end.y - (LANE_STEP - BOX_HEIGHT) / 2
    return f"M{x1} {y1}V{turn}H{x2}V{y2 - 7}", f"M{x2 - 4} {y2 - 8}h8l-4 7z"


def _along(start: Box, end: Box) -> tuple[str, str]:
    x1, x2 = start.x + BOX_WIDTH, end.x
    if x2 - x1 <= GAP:
        return f"M{x1} {start.middle}H{x2 - 7}", f"M{x2 - 8} {start.middle - 4}v8l7-4z"
    low = start.y + BOX_HEIGHT + 11
    x1, x2 = start.x + BOX_WIDTH / 2, end.x + BOX_WIDTH / 3
    return f"M{x1} {start.y + BOX_HEIGHT}V{low}H{x2}V{end.y + BOX_HEIGHT + 7}", (
        f"M{x2 - 4} {end.y + BOX_HEIGHT + 8}h8l-4-7z"
    )


@dataclass(frozen=True)
class Bar:
    """A stage on the time axis, in seconds from the start of the run; `end` None where it has not begun."""

    label: str
    start: float
    length: float
    running: bool
    cached: bool


@dataclass(frozen=True)
class Axis:
    """Ticks of a time axis in seconds, and how many seconds it spans."""

    ticks: tuple[float, ...]
    span: float


def axis_of(seconds: float) -> Axis:
    """Four to eight round ticks that cover `seconds`.

    >>> axis_of(23).ticks
    (0, 5, 10, 15, 20, 25)
    """
    step = next((step for step in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600) if seconds / step <= 6), 1800)
    count = int(max(seconds, step) // step) + 1
    return Axis(tuple(step * place for place in range(count + 1)), float(step * count))


def longest(bars: Sequence[Bar]) -> Bar | None:
    return max(bars, key=lambda bar: bar.length, default=None)


def shares(bars: Sequence[Bar]) -> Mapping[str, float]:
    """Share of the working time each stage took.

    >>> shares([Bar("a", 0, 3, False, False), Bar("b", 3, 1, False, False)])
    {'a': 0.75, 'b': 0.25}
    """
    total = sum(bar.length for bar in bars)
    return {bar.label: bar.length / total for bar in bars} if total else {}
