"""The page of options: what the canvas of a task asks for, what was chosen, and the picture of what results."""

from dataclasses import dataclass, replace

from django.utils import timezone

from accounts.models import Workspace
from canvas.models import Canvas
from canvas.selectors import canvas_to_build
from pipelines.domain.architecture import Architecture, Problem
from pipelines.domain.architecture_picture import ArchitecturePicture, architecture_picture
from pipelines.domain.canvas_facts import canvas_facts
from pipelines.domain.choices import architecture_proposed
from pipelines.domain.designing import canvas_texts
from pipelines.domain.licences import LONGEST_HOLDER, REASONS, TITLES, Licence, LicenceKind
from pipelines.domain.options import Axis, axes_of
from pipelines.domain.text import text_clean
from pipelines.models import Pipeline


@dataclass(frozen=True)
class LicenceOption:
    value: str
    label: str
    reason: str
    chosen: bool


@dataclass(frozen=True)
class OptionsPage:
    """`chosen` on each axis, and whether a person chose it rather than the canvas."""

    chosen: Architecture
    by_person: bool
    axes: tuple[Axis, ...]
    picture: ArchitecturePicture
    licence: Licence
    """The one of the latest generation, or as chosen on the page."""
    pipeline: Pipeline | None
    """None before the first generation was asked for."""

    @property
    def licences(self) -> tuple[LicenceOption, ...]:
        """Every licence there is, in order."""
        return tuple(
            LicenceOption(str(kind), TITLES[kind], REASONS[kind], kind is self.licence.kind) for kind in LicenceKind
        )

    @property
    def fits(self) -> bool:
        return not any(axis.problem for axis in self.axes)


def pipeline_of(canvas: Canvas) -> Pipeline | None:
    """The pipeline of a canvas, None before the first generation was asked for."""
    return Pipeline.objects.of(canvas.workspace).filter(canvas=canvas).first()


def problem_of(pipeline: Pipeline | None) -> Problem:
    """What its latest generation predicts; yes or no before the first."""
    task = pipeline.specification.get("label", {}).get("task") if pipeline else None
    return Problem(task) if task else Problem.BINARY


def licence_kept(workspace: Workspace, pipeline: Pipeline | None) -> Licence:
    """The licence of the latest generation; before the first, the workspace keeps all rights, from this year on."""
    told = pipeline.specification.get("licence") if pipeline else None
    kept = Licence.from_json(told or {})
    return kept if kept.holder else replace(kept, holder=_holder(workspace), year=timezone.now().year)


def _holder(workspace: Workspace) -> str:
    return text_clean(workspace.name, longest=LONGEST_HOLDER)


def options_page(canvas: Canvas, *, chosen: Architecture | None = None, kind: str = "") -> OptionsPage:
    """With `chosen` (and the `kind` of licence) as on the page; without, those kept, else those the canvas asks for."""
    texts = canvas_texts(canvas_facts(canvas_to_build(canvas)))
    pipeline = pipeline_of(canvas)
    proposed = architecture_proposed(texts)
    kept = Architecture.from_json(pipeline.architecture) if pipeline and pipeline.architecture else proposed
    shown = chosen or kept
    granted = licence_kept(canvas.workspace, pipeline)
    granted = replace(granted, kind=LicenceKind(kind)) if kind else granted
    axes = axes_of(shown, texts, problem=problem_of(pipeline))
    return OptionsPage(shown, shown != proposed, axes, architecture_picture(shown), granted, pipeline)
