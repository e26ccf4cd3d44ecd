"""What the pages of runs show of those elsewhere: a row among the others, and one run with stages, log and models."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Any

from django.db.models import Max

from pipelines.domain.outside import EventKind
from pipelines.domain.run_picture import DRAWN
from pipelines.models import AliasName, ModelVersion, OutsideEvent, OutsideRun, OutsideState, Pipeline, PipelineRun
from pipelines.selectors.registry import VersionRow, version_row

LABELS = {stage.name: stage.label for stage in DRAWN}
SHOWN_LINES = 500
SHOWN_ARTIFACTS = 200
MOST_ROWS = 100
STATES = {"succeeded": ("ok", "done"), "failed": ("bad", "failed"), "running": ("run", "running")}
UNHEARD = ("warn", "end not told")


@dataclass(frozen=True)
class RunRow:
    """A run in a list: one of here, or one elsewhere."""

    created_at: datetime
    inside: PipelineRun | None = None
    outside: OutsideRun | None = None

    @property
    def kind(self) -> str:
        return STATES[self.outside.state][0] if self.outside else ""

    @property
    def word(self) -> str:
        return STATES[self.outside.state][1] if self.outside else ""


@dataclass(frozen=True)
class OutsideStage:
    """One stage as it was told; `kind` and `word` are its tag, `seconds` None where it is not known."""

    name: str
    label: str
    kind: str
    word: str
    begun: datetime | None
    seconds: float | None
    fingerprint: str
    reason: str
    metrics: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class OutsideLine:
    """One line of the log."""

    at: datetime
    stage: str
    text: str


@dataclass(frozen=True)
class OutsidePage:
    """A run elsewhere. `asked` is the stage whose log is shown, empty: of all. `moved` changes with every event."""

    found: OutsideRun
    stages: tuple[OutsideStage, ...]
    lines: tuple[OutsideLine, ...]
    metrics: tuple[tuple[str, float], ...]
    artifacts: tuple[Mapping[str, Any], ...]
    versions: tuple[VersionRow, ...]
    asked: str
    moved: str

    @property
    def is_over(self) -> bool:
        return self.found.state != OutsideState.RUNNING

    @property
    def kind(self) -> str:
        return STATES[self.found.state][0]

    @property
    def word(self) -> str:
        return STATES[self.found.state][1]

    @property
    def headline(self) -> str:
        """What it is doing, or how it ended."""
        failed = next((stage.label for stage in self.stages if stage.word == "failed"), "")
        done = sum(stage.word == "done" for stage in self.stages)
        if self.found.state == OutsideState.SUCCEEDED:
            return f"Done: {done} of {len(self.stages)} stages"
        if failed:
            return f"{failed} failed"
        if self.is_over:
            return f"It failed after {done} of {len(self.stages)} stages"
        running = next((stage.label for stage in self.stages if stage.word == "running"), "")
        return f"{running} runs, {done} stages done" if running else f"{done} stages done, nothing runs at the moment"


def run_rows(pipeline: Pipeline, *, most: int = MOST_ROWS) -> list[RunRow]:
    """The newest runs, here and elsewhere together. Two queries."""
    inside = PipelineRun.objects.of(pipeline.workspace).filter(pipeline=pipeline).with_run()[:most]
    outside = OutsideRun.objects.of(pipeline.workspace).filter(pipeline=pipeline)[:most]
    rows = chain(
        (RunRow(one.created_at, inside=one) for one in inside), (RunRow(one.created_at, outside=one) for one in outside)
    )
    return list(islice(sorted(rows, key=lambda row: row.created_at, reverse=True), most))


def outside_moved(found: OutsideRun) -> str:
    """What differs once something more was told."""
    return str(found.events.aggregate(last=Max("pk"))["last"] or 0)


def outside_page(found: OutsideRun, *, stage: str = "") -> OutsidePage:
    """The page of a run elsewhere. Five queries, however much it told."""
    asked = stage if stage in found.stages else ""
    stages = sorted(found.stages.items(), key=lambda one: (str(one[1].get("begun") or "9"), one[0]))
    over = found.state != OutsideState.RUNNING
    artifacts = found.events.filter(kind=EventKind.ARTIFACT).order_by("-sequence")[:SHOWN_ARTIFACTS]
    versions = ModelVersion.objects.of(found.workspace).filter(outside=found).prefetch_related("aliases").defer("card")
    return OutsidePage(
        found=found,
        stages=tuple(_stage(name, told, over=over) for name, told in stages),
        lines=_lines(found, asked),
        metrics=tuple(sorted(found.metrics.items())),
        artifacts=tuple(reversed([one.body for one in artifacts])),
        versions=tuple(version_row(one, [AliasName(alias.name) for alias in one.aliases.all()]) for one in versions),
        asked=asked,
        moved=outside_moved(found),
    )


def _stage(name: str, told: Mapping[str, Any], *, over: bool) -> OutsideStage:
    kind, word = UNHEARD if told["state"] == "running" and over else STATES[told["state"]]
    begun, ended = (datetime.fromisoformat(told[when]) if told.get(when) else None for when in ("begun", "ended"))
    seconds = told.get("seconds")
    if seconds is None and begun and ended:
        seconds = max(0.0, (ended - begun).total_seconds())
    return OutsideStage(
        name=name,
        label=LABELS.get(name, name),
        kind=kind,
        word=word,
        begun=begun,
        seconds=seconds,
        fingerprint=str(told.get("fingerprint", "")),
        reason=str(told.get("reason", "")),
        metrics=tuple(sorted(told["metrics"].items())),
    )


def _lines(found: OutsideRun, asked: str) -> tuple[OutsideLine, ...]:
    """The last lines, in order; an event without a stage belongs to none."""
    told = OutsideEvent.objects.filter(run=found, kind=EventKind.LOG)
    told = told.filter(body__stage=asked) if asked else told
    lines: list[OutsideLine] = []
    for event in told.order_by("-sequence")[:SHOWN_LINES]:
        stage = str(event.body.get("stage", ""))
        lines += [OutsideLine(event.at, LABELS.get(stage, stage), text) for text in reversed(event.body["lines"])]
        if len(lines) >= SHOWN_LINES:
            break
    return tuple(reversed(lines[:SHOWN_LINES]))
