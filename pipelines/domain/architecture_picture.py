"""The architecture a choice of options results in, as boxes and arrows in the coordinates of a drawing."""

from dataclasses import dataclass

from pipelines.domain.architecture import LABELS, Architecture, Deployment, Form, Orchestration, Serving

WIDTH, HEIGHT = 760, 250
BOX_WIDTH, BOX_HEIGHT = 148, 56
SLOTS = (28, 206, 384, 561)
LEARNING, ANSWERING = 38, 168
RUN_BY = {Orchestration.MAKE: "make", Orchestration.DVC: "DVC"}
HEAD = 7
"""Length of an arrow's head."""


@dataclass(frozen=True)
class Part:
    """One box: its corner, what it is, what is behind it."""

    x: int
    y: int
    title: str
    note: str

    @property
    def text_x(self) -> int:
        return self.x + 12

    @property
    def title_y(self) -> int:
        return self.y + 24

    @property
    def note_y(self) -> int:
        return self.y + 42


@dataclass(frozen=True)
class Arrow:
    """A line and its head as SVG paths; `label` stands above its middle."""

    line: str
    head: str
    label: str = ""
    label_x: int = 0
    label_y: int = 0


@dataclass(frozen=True)
class ArchitecturePicture:
    """Boxes, arrows, the name of the lower lane, and the same in a sentence."""

    parts: tuple[Part, ...]
    arrows: tuple[Arrow, ...]
    lane: str
    sentence: str


def architecture_picture(architecture: Architecture, *, features: int | None = None) -> ArchitecturePicture:
    """Learning above, answering below; `features` is how many the training table holds, where it is known."""
    of = "1 row a case" if features is None else f"{features} features a case"
    learning = (
        Part(SLOTS[0], LEARNING, "Event log", "of the process"),
        Part(SLOTS[1], LEARNING, "Training table", of),
        Part(SLOTS[2], LEARNING, "10 stages", f"run by {RUN_BY[architecture.orchestration]}"),
        Part(SLOTS[3], LEARNING, "Packaged model", f"{LABELS[architecture.serialization]}, with its card"),
    )
    arrows = [_between(slot, slot + 1, LEARNING) for slot in range(3)]
    parts, more, taker = _answering(architecture)
    arrows += [*more, _down(taker)]
    lane = "Answering, in batches" if architecture.form == Form.FORECAST else "Answering, in real time"
    return ArchitecturePicture((*learning, *parts), tuple(arrows), lane, _sentence(architecture))


def _answering(architecture: Architecture) -> tuple[list[Part], list[Arrow], int]:
    """The lower lane, and the slot of the part that takes the model."""
    application = Part(SLOTS[0], ANSWERING, "Your application", "where the task is done")
    if architecture.serving == Serving.DEPENDENCY:
        parts = [
            application,
            Part(SLOTS[2], ANSWERING, "Library", "a wheel with the model inside"),
            Part(SLOTS[3], ANSWERING, "Prediction record", "kept by the application"),
        ]
        return parts, [_between(0, 2, ANSWERING, "predict()"), _between(2, 3, ANSWERING)], 2
    if architecture.serving == Serving.PRECOMPUTE:
        parts = [
            application,
            Part(SLOTS[1], ANSWERING, "Query service", "GET /predictions"),
            Part(SLOTS[2], ANSWERING, "Database", "SQLite or PostgreSQL"),
            Part(SLOTS[3], ANSWERING, "Batch job", "predicts the open cases"),
        ]
        return parts, [_between(0, 1, ANSWERING), _between(1, 2, ANSWERING), _back(3, 2, ANSWERING)], 3
    if architecture.serving == Serving.ON_DEMAND:
        parts = [
            application,
            Part(SLOTS[1], ANSWERING, "Prediction service", "POST /predict"),
            Part(SLOTS[2], ANSWERING, "Queues", "Redis streams, in and out"),
            Part(SLOTS[3], ANSWERING, "Event processor", "answers in batches"),
        ]
        arrows = [_between(0, 1, ANSWERING)]
        arrows += [_between(1, 2, ANSWERING - 10), _back(2, 1, ANSWERING + 10)]
        arrows += [_between(2, 3, ANSWERING - 10), _back(3, 2, ANSWERING + 10)]
        return parts, arrows, 3
    function = architecture.deployment == Deployment.SERVERLESS
    parts = [
        application,
        Part(
            SLOTS[2],
            ANSWERING,
            *(("Function", "starts when asked") if function else ("Web service", "in a container")),
        ),
        Part(SLOTS[3], ANSWERING, "Prediction log", "a line for each answer"),
    ]
    return parts, [_between(0, 2, ANSWERING, "POST /predict"), _between(2, 3, ANSWERING)], 2


def _between(left: int, right: int, y: int, label: str = "") -> Arrow:
    """From the right side of one slot's box to the left side of another's."""
    start, end, middle = SLOTS[left] + BOX_WIDTH, SLOTS[right], y + BOX_HEIGHT // 2
    head = f"M{end - HEAD} {middle - 4}v8l{HEAD}-4z"
    return Arrow(f"M{start} {middle}H{end - HEAD}", head, label, (start + end) // 2, middle - 8)


def _back(right: int, left: int, y: int) -> Arrow:
    """From the left side of one slot's box back to the right side of another's."""
    start, end, middle = SLOTS[right], SLOTS[left] + BOX_WIDTH, y + BOX_HEIGHT // 2
    return Arrow(f"M{start} {middle}H{end + HEAD}", f"M{end + HEAD} {middle - 4}v8l-{HEAD}-4z")


def _down(slot: int) -> Arrow:
    """From the packaged model to what takes it."""
    start, end = SLOTS[3] + BOX_WIDTH // 2, SLOTS[slot] + BOX_WIDTH // 2
    turn, arrive = (LEARNING + BOX_HEIGHT + ANSWERING) // 2 - 11, ANSWERING - HEAD
    way = (
        f"M{start} {LEARNING + BOX_HEIGHT}V{arrive}"
        if start == end
        else f"M{start} {LEARNING + BOX_HEIGHT}V{turn}H{end}V{arrive}"
    )
    return Arrow(way, f"M{end - 4} {arrive}h8l-4 {HEAD}z")


def _sentence(architecture: Architecture) -> str:
    answered = {
        Serving.SERVICE: "a web service in a container answers other systems and records every prediction",
        Serving.DEPENDENCY: "a library with the model inside is called by the application in process",
        Serving.PRECOMPUTE: "a batch job writes predictions to a database, which a small service queries",
        Serving.ON_DEMAND: "requests wait in a queue, an event processor answers in batches, each asker gets a result",
    }
    what = answered[architecture.serving]
    if architecture.deployment == Deployment.SERVERLESS:
        what = "a serverless function answers other systems and records every prediction"
    return f"The log becomes a training table; data, model and code stages make a packaged model; {what}."
