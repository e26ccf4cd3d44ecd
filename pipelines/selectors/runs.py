"""What the page of a run shows: stages in their picture, times, figures, the verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.formatting import money, things
from jobs.domain.states import STAGE_OVER, RunState, StageState
from jobs.models import Blob, LogEntry, Stage
from jobs.services import Foretold
from pipelines.domain.figures import FigureRow, figure_rows, naive_beaten
from pipelines.domain.gantt import EVENTS, GanttRow, segments_of, span
from pipelines.domain.run_picture import DRAWN, Axis, Bar, Picture, axis_of, longest, picture, shares
from pipelines.domain.stage_graph import StageDefinition
from pipelines.models import Pipeline, PipelineRun

SIGNS = {
    StageState.SUCCEEDED: ("is-ok", "check"),
    StageState.CACHED: ("is-cached", "same"),
    StageState.RUNNING: ("is-run", "run"),
    StageState.FAILED: ("is-bad", "stop"),
    StageState.UPSTREAM_FAILED: ("is-todo", "dash"),
    StageState.CANCELLED: ("is-todo", "dash"),
    StageState.WAITING: ("is-wait", "wait"),
}


@dataclass(frozen=True)
class StageView:
    """One stage as it is drawn and listed."""

    definition: StageDefinition
    stage: Stage
    css: str
    sign: str
    words: str
    seconds: float | None
    x: float
    y: float

    @property
    def text_x(self) -> float:
        return self.x + 33

    @property
    def share_width(self) -> float:
        """Pixels of the bar that shows how much is done."""
        return 130 * (self.stage.progress or 0.0)


@dataclass(frozen=True)
class Board:
    """Everything on the page of a run but the log."""

    found: PipelineRun
    stages: tuple[StageView, ...]
    picture: Picture
    bars: tuple[Bar, ...]
    times: tuple[GanttRow, ...]
    axis: Axis
    slowest: Bar | None
    slowest_share: float
    figures: list[FigureRow]
    earlier: PipelineRun | None
    metrics: Mapping[str, Any]
    acceptance: Mapping[str, Any]
    seconds: float | None

    @property
    def rule_looks_at(self) -> str:
        """What people call the feature of the rule to beat; empty where it looks at nothing."""
        titles = {each["name"]: each["title"] for each in self.found.generation.specification["features"]}
        return str(titles.get(self.metrics.get("rule_feature", ""), ""))

    @property
    def against_naive(self) -> str:
        """How a forecast fares against the same period one season ago, in words."""
        return naive_beaten(self.metrics)

    @property
    def counts(self) -> dict[str, int]:
        """How many stages are done, unchanged, failed."""
        states = [view.stage.state_of for view in self.stages]
        wanted = {"done": StageState.SUCCEEDED, "same": StageState.CACHED, "failed": StageState.FAILED}
        return {name: states.count(state) for name, state in wanted.items()}

    @property
    def running(self) -> tuple[StageView, ...]:
        return tuple(view for view in self.stages if view.stage.state_of is StageState.RUNNING)

    @property
    def failed(self) -> tuple[StageView, ...]:
        return tuple(view for view in self.stages if view.stage.state_of is StageState.FAILED)

    def named(self, name: str) -> StageView:
        """The stage of that name, else the one that runs, else the one that failed, else the last that is done."""
        asked = [view for view in self.stages if view.stage.name == name]
        done = [view for view in self.stages if view.stage.started_at]
        return next(iter([*asked, *self.running, *self.failed, *reversed(done), self.stages[0]]))


def run_board(found: PipelineRun, *, now: datetime) -> Board:
    """The board of a run, in a handful of queries."""
    by_name = _stages(found)
    drawn = picture()
    places = {box.stage.name: (box.x, box.y) for box in drawn.boxes}
    stages = tuple(_view(definition, by_name[definition.name], places, now) for definition in DRAWN)
    bars, times = _bars(stages, now), _times(found, stages, now)
    results = {name: stage.output.get("results", {}) for name, stage in by_name.items()}
    metrics = results["evaluate"].get("metrics", {})
    acceptance = results["test"].get("acceptance", {})
    earlier = _earlier(found)
    checks = found.generation.specification.get("checks", [])
    slowest = longest(bars)
    return Board(
        found=found,
        stages=stages,
        picture=drawn,
        bars=bars,
        times=times,
        axis=axis_of(span(times)),
        slowest=slowest,
        slowest_share=shares(bars).get(slowest.label, 0.0) if slowest else 0.0,
        figures=figure_rows(metrics, checks, earlier.metrics if earlier else None),
        earlier=earlier,
        metrics=metrics,
        acceptance=acceptance,
        seconds=_seconds_of(stages, now),
    )


def _view(
    definition: StageDefinition, stage: Stage, places: Mapping[str, tuple[float, float]], now: datetime
) -> StageView:
    css, sign = SIGNS.get(stage.state_of, ("is-todo", "open"))
    seconds = _seconds(stage, now)
    x, y = places[definition.name]
    return StageView(definition, stage, css, sign, _words(stage, seconds), seconds, x, y)


def _seconds(stage: Stage, now: datetime) -> float | None:
    if stage.started_at is None or stage.state_of is StageState.CACHED:
        return None
    return max(0.0, ((stage.finished_at or now) - stage.started_at).total_seconds())


def _words(stage: Stage, seconds: float | None) -> str:
    state = stage.state_of
    if state is StageState.RUNNING and stage.percent is not None:
        return f"{stage.percent} %, {seconds or 0:.0f} s"
    tried = f", attempt {stage.attempt}" if stage.attempt > 1 else ""
    if seconds is None or state in (StageState.FAILED, StageState.CANCELLED):
        return state.word + tried
    return f"{seconds:.1f} s{tried}"


def _bars(stages: tuple[StageView, ...], now: datetime) -> tuple[Bar, ...]:
    begun = [view for view in stages if view.stage.started_at and view.seconds is not None]
    start = min((view.stage.started_at for view in begun if view.stage.started_at), default=now)
    return tuple(
        Bar(
            view.definition.label,
            (view.stage.started_at - start).total_seconds() if view.stage.started_at else 0.0,
            view.seconds or 0.0,
            running=view.stage.state_of is StageState.RUNNING,
            cached=False,
        )
        for view in begun
    )


def _times(found: PipelineRun, stages: tuple[StageView, ...], now: datetime) -> tuple[GanttRow, ...]:
    """What each stage that was ever ready did when, from the events of the log."""
    entries = LogEntry.objects.of(found.workspace).filter(run=found.run_id, event__in=sorted(EVENTS)).order_by("pk")
    events: dict[int, list[tuple[str, datetime]]] = {}
    for stage, event, at in entries.exclude(stage=None).values_list("stage", "event", "at"):
        events.setdefault(stage, []).append((event, at))
    first = min((known[0][1] for known in events.values()), default=now)
    rows = []
    for view in stages:
        known = [(event, (at - first).total_seconds()) for event, at in events.get(view.stage.pk, [])]
        over = view.stage.state_of in STAGE_OVER
        told = segments_of(known, now=(now - first).total_seconds(), over=over)
        if told:
            rows.append(GanttRow(view.stage.name, view.definition.label, told, under_way=not over))
    return tuple(rows)


def _stages(found: PipelineRun) -> dict[str, Stage]:
    """Every stage that is drawn, by name; one that the run does not have stands as not begun."""
    known = {stage.name: stage for stage in found.run.stages.select_related("cached_from").all()}
    drawn = {definition.name: Stage(run=found.run, name=definition.name) for definition in DRAWN}
    return drawn | known


def _seconds_of(stages: tuple[StageView, ...], now: datetime) -> float | None:
    starts = [view.stage.started_at for view in stages if view.stage.started_at]
    ends = [view.stage.finished_at or now for view in stages if view.stage.started_at]
    return (max(ends) - min(starts)).total_seconds() if starts else None


def _earlier(found: PipelineRun) -> PipelineRun | None:
    runs = PipelineRun.objects.of(found.workspace).filter(pipeline=found.pipeline_id, number__lt=found.number)
    return runs.finished().first()


def run_headline(board: Board) -> str:
    """What the run is doing, or how it ended, in a few words."""
    found = board.found
    if found.accepted is not None:
        return _ended(found)
    if board.failed:
        return f"{board.failed[0].definition.label} failed"
    if found.run.is_over and found.run.state_of is RunState.SUCCEEDED:
        return f"Done until {board.named(found.until).definition.label}"
    if found.run.is_over:
        return "Cancelled"
    if board.running:
        named = " and ".join(view.definition.label for view in board.running)
        return f"{named}: {board.counts['done'] + board.counts['same']} of {len(board.stages)} stages done"
    return "Waits for a worker"


def _ended(found: PipelineRun) -> str:
    value = found.measured
    if value is None or value.measured is None or value.planned is None:
        return "Accepted" if found.accepted else "Not accepted"
    currency, word = found.workspace.currency, value.get_verdict_display().capitalize()
    measured, planned = value.measured.npv_mean, value.planned.npv_mean
    return f"{word}: {money(measured, currency)} as measured, {money(planned, currency)} as planned"


def foretold_headline(foretold: Sequence[Foretold]) -> str:
    """How many stages would run, in a sentence; the last, which holds the result against the plan, is not counted."""
    stages = [one for one in foretold if one.name != "record"]
    if not stages:
        return "Mend the form: then it can be said"
    sure, perhaps = sum(one.runs is True for one in stages), sum(one.runs is None for one in stages)
    if not sure and not perhaps:
        return "Nothing would run: all of it is unchanged"
    if not perhaps:
        return f"{things(sure, 'stage')} of {len(stages)} would run"
    return f"{things(sure, 'stage')} of {len(stages)} would run, {perhaps} more if what they are given changes"


def stage_log(found: PipelineRun, *, stage: Stage, after: int = 0, most: int = 500) -> list[LogEntry]:
    """The last lines of a stage, in order; of an unchanged one those of the run it was linked from."""
    source = stage.cached_from if stage.cached_from is not None else stage
    if source.pk is None:
        return []
    entries = LogEntry.objects.of(found.workspace).filter(stage=source, pk__gt=after).order_by("-pk")[:most]
    return list(reversed(entries))


def stage_archive(found: PipelineRun, stage: Stage) -> Blob | None:
    """The files a stage wrote, in one archive; None while there are none."""
    blob = stage.output.get("blob")
    return None if blob is None else Blob.objects.of(found.workspace).get(pk=blob)


def runs_of(pipeline: Pipeline) -> list[PipelineRun]:
    """Every run, newest first."""
    return list(PipelineRun.objects.of(pipeline.workspace).filter(pipeline=pipeline).with_run())
