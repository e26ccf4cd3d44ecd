"""Tags of the pipeline pages: states as tags, figures in their form, the times and the architecture as drawings."""

from dataclasses import dataclass

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import Workspace
from canvas.domain.blocks import BLOCKS
from common.formatting import clock, number, share
from common.icons import icon_svg
from jobs.domain.states import RunState
from pipelines.domain.architecture_picture import ArchitecturePicture, architecture_picture
from pipelines.domain.comparison import Cell, Row
from pipelines.domain.figures import Figure, leading_figure
from pipelines.domain.gantt import Doing, GanttRow, Segment
from pipelines.domain.lifecycle import PipelineState
from pipelines.domain.specification import Specification
from pipelines.models import Deployment, Pipeline, PipelineRun
from pipelines.selectors import Board, Comparison, TimelineEntry

register = template.Library()
LOOKS = {
    PipelineState.PACKAGED: ("ok", "check"),
    PipelineState.ACCEPTED: ("ok", "check"),
    PipelineState.TRAINED: ("warn", "part"),
    PipelineState.SERVING: ("ok", "live"),
    PipelineState.MONITORED: ("ok", "live"),
    PipelineState.STALE: ("warn", "part"),
    PipelineState.RETRAINING: ("run", "run"),
    PipelineState.RETIRED: ("", "dash"),
}
LEFT, RIGHT, ROW = 120.0, 420.0, 24
SHORT_WAIT = 1.0
"""Seconds that are not told."""


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
def page_of_entry(workspace: Workspace, entry: TimelineEntry) -> str:
    """The address of the page that shows what happened."""
    return reverse(f"pipelines:{entry.page}", args=[workspace.slug, entry.subject])


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


SERVING = {"running": ("ok", "live"), "starting": ("run", "run"), "failing": ("bad", "stop")}


@register.simple_tag
def deployment_tag(deployment: Deployment) -> SafeString:
    """The state of a service as sign and word; one nobody wants is stopped, or about to be."""
    if not deployment.wanted:
        return tag("", "dash", "stopped")
    kind, sign = SERVING.get(deployment.state, ("run", "run"))
    return tag(kind, sign, deployment.get_state_display())


@register.simple_tag
def figure(shape: Figure, value: float | None) -> str:
    """A figure in its form: shares in percent, others to three digits."""
    return share(value) if shape.form == "share" else number(value)


@register.simple_tag
def leading(found: PipelineRun) -> SafeString:
    """The figure a run is known by, with what it is: AUC, MASE or an error, by the kind of its task."""
    told = leading_figure(found.metrics)
    if told is None:
        return SafeString("–")
    shape, value = told
    return format_html("{}<small>{}</small>", figure(shape, value), shape.label)


@register.filter
def beside(row: Row, comparison: Comparison) -> list[tuple[PipelineRun, Cell, bool]]:
    """Each run with what it says in this row, and whether that is the best."""
    pairs = zip(comparison.runs, row.cells, strict=True)
    return [(found, cell, place in row.best) for place, (found, cell) in enumerate(pairs)]


@dataclass(frozen=True)
class DrawnPart:
    css: str
    x: str
    width: str


@dataclass(frozen=True)
class DrawnBar:
    """One stage: its parts on the axis, and words behind the last of them."""

    label: str
    words: str
    parts: tuple[DrawnPart, ...]
    y: int
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


PARTS = {Doing.WAITED: "f-waited", Doing.ASKED: "f-asked", Doing.RAN: "f-gain-mid"}


def _part(each: Segment, scale: float, *, running: bool) -> DrawnPart:
    css = "f-accent" if running and each.doing is Doing.RAN else PARTS[each.doing]
    least = 2.0 if each.doing is Doing.RAN else 0.0
    return DrawnPart(css, f"{LEFT + each.start * scale:.1f}", f"{max(least, each.length * scale):.1f}")


@register.filter
def time_words(row: GanttRow) -> str:
    """How long a stage ran, and how long it waited where that is worth saying."""
    ran = f"{row.ran:.1f} s" if row.attempts else "not begun"
    waited = row.waited + row.asked
    return f"{ran}, waited {waited:.1f} s" if waited >= SHORT_WAIT else ran


@register.simple_tag
def timeline(board: Board) -> Timeline:
    """When the stages waited and ran, on one axis."""
    scale = (RIGHT - LEFT) / board.axis.span
    bars = []
    for place, row in enumerate(board.times):
        y = 28 + place * ROW
        parts = tuple(_part(each, scale, running=row.under_way and each is row.segments[-1]) for each in row.segments)
        end = f"{LEFT + row.ends * scale + 8:.1f}"
        bars.append(DrawnBar(row.label, time_words(row), parts, y, end, y + 11))
    ticks = tuple(Tick(f"{LEFT + at * scale:.1f}", clock(at)) for at in board.axis.ticks)
    return Timeline(tuple(bars), ticks, 34 + max(1, len(bars)) * ROW)


@register.simple_tag
def architecture(specification: Specification) -> ArchitecturePicture:
    """The picture of a specification, left to right, learning above answering."""
    return architecture_picture(specification.architecture, features=len(specification.features))
