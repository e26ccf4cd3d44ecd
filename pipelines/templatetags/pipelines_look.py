"""Tags of the pipeline pages: states as tags, figures in their form, the times and the architecture as drawings."""

from dataclasses import dataclass

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from canvas.domain.blocks import BLOCKS
from common.formatting import clock, number, share
from common.icons import icon_svg
from jobs.domain.states import RunState
from pipelines.domain.figures import Figure
from pipelines.domain.lifecycle import PipelineState
from pipelines.domain.specification import Specification
from pipelines.models import Pipeline, PipelineRun
from pipelines.selectors import Board

register = template.Library()
LOOKS = {
    PipelineState.PACKAGED: ("ok", "live"),
    PipelineState.ACCEPTED: ("ok", "check"),
    PipelineState.TRAINED: ("warn", "part"),
    PipelineState.RETIRED: ("", "dash"),
}
LEFT, RIGHT, ROW = 120.0, 500.0, 24


def tag(kind: str, sign: str, word: str) -> SafeString:
    css = f"tag tag-{kind}" if kind else "tag"
    return format_html('<span class="{}">{}{}</span>', css, SafeString(icon_svg(sign, 14, "", "")), word)


@register.filter
def field_words(place: str) -> str:
    """A field of the canvas as the sheet names it, from its "block.field"."""
    block, _, key = place.partition(".")
    if block not in BLOCKS:
        return place
    found = next((field.label for field in BLOCKS[block].fields if field.key == key), key)
    return f"{BLOCKS[block].title}: {found}"


@register.simple_tag
def pipeline_tag(pipeline: Pipeline) -> SafeString:
    """The state of a pipeline as sign and word."""
    kind, sign = LOOKS.get(pipeline.state_of, ("", "open"))
    return tag(kind, sign, pipeline.get_state_display())


@register.simple_tag
def run_tag(found: PipelineRun) -> SafeString:
    """The state of a run, its verdict once there is one."""
    if found.accepted is not None:
        return tag("ok", "check", "accepted") if found.accepted else tag("warn", "stop", "not accepted")
    state = found.run.state_of
    signs = {RunState.RUNNING: "run", RunState.FAILED: "stop", RunState.CANCELLED: "dash"}
    return tag(state.kind, signs.get(state, "open"), state.word)


@register.simple_tag
def figure(shape: Figure, value: float | None) -> str:
    """A figure in its form: shares in percent, others to three digits."""
    return share(value) if shape.form == "share" else number(value)


@dataclass(frozen=True)
class DrawnBar:
    label: str
    words: str
    running: bool
    x: str
    y: int
    width: str
    end: str
    text_y: int


@dataclass(frozen=True)
class Tick:
    x: str
    words: str


@dataclass(frozen=True)
class Timeline:
    """Bars and ticks in the coordinates of the drawing."""

    bars: tuple[DrawnBar, ...]
    ticks: tuple[Tick, ...]
    height: int


@register.simple_tag
def timeline(board: Board) -> Timeline:
    """The times of the stages that ran."""
    scale = (RIGHT - LEFT) / board.axis.span
    bars = []
    for place, bar in enumerate(board.bars):
        x, width = LEFT + bar.start * scale, max(2.0, bar.length * scale)
        y = 28 + place * ROW
        words = f"{bar.length:.1f} s"
        bars.append(
            DrawnBar(bar.label, words, bar.running, f"{x:.1f}", y, f"{width:.1f}", f"{x + width + 6:.1f}", y + 11)
        )
    ticks = tuple(Tick(f"{LEFT + at * scale:.1f}", clock(at)) for at in board.axis.ticks)
    return Timeline(tuple(bars), ticks, 34 + max(1, len(bars)) * ROW)


@dataclass(frozen=True)
class Part:
    """One box of the architecture: its corner, what it is, what is behind it."""

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


@register.simple_tag
def architecture(specification: Specification) -> tuple[Part, ...]:
    """The parts of the picture, left to right, learning above answering."""
    features = len(specification.features)
    return (
        Part(28, 38, "Event log", "of the process"),
        Part(206, 38, "Training table", f"{features} features, 1 row a case"),
        Part(384, 38, "10 stages", "data, model, code"),
        Part(561, 38, "Packaged model", "skops, card, checksums"),
        Part(28, 168, "Your application", "where the task is done"),
        Part(382, 168, "Web service", "FastAPI in a container"),
        Part(561, 168, "Prediction log", "a line for each answer"),
    )
