"""What the timeline of a pipeline is told from: rows of many kinds, each put as one line."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import DateTimeField, F, Func, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from common.formatting import count, things
from pipelines.models import (
    Firing,
    FiringState,
    Generation,
    MonitoringReport,
    OutcomeReading,
    OutsideRun,
    Pipeline,
    PipelineEvent,
    PipelineRun,
    Promotion,
    PromotionState,
    RealisedMonth,
)


class Happening(StrEnum):
    """What a timeline can be narrowed to."""

    STATE = "state"
    GENERATION = "generation"
    RUN = "run"
    MODEL = "model"
    FIRING = "firing"
    ALERT = "alert"
    OUTCOMES = "outcomes"
    MONTH = "month"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Happening.STATE: "states",
    Happening.GENERATION: "generations",
    Happening.RUN: "runs",
    Happening.MODEL: "models and approvals",
    Happening.FIRING: "triggers",
    Happening.ALERT: "alerts",
    Happening.OUTCOMES: "outcomes",
    Happening.MONTH: "months",
}


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened. `page` names the page that shows it, `subject` is the id that page is asked for."""

    at: datetime
    kind: Happening
    words: str
    why: str = ""
    who: str = ""
    page: str = ""
    subject: int = 0


@dataclass(frozen=True)
class Source:
    """Rows of one model: which belong to a pipeline, when each happened, and how one is put."""

    kind: Happening
    found: Callable[[], QuerySet[Any]]
    moment: Any
    entry: Callable[[Any, datetime], TimelineEntry]
    related: tuple[str, ...] = ()

    def of(self, pipeline: Pipeline) -> QuerySet[Any]:
        return self.found().filter(pipeline=pipeline)


class _MonthEnd(Func):
    """The first moment (UTC) after the month that begins on a day."""

    output_field = DateTimeField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="datetime(%(expressions)s, '+1 month')", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "((%(expressions)s + interval '1 month') AT TIME ZONE 'UTC')"
        return self.as_sql(compiler, connection, template=template, **extra)


def _who(user: User | None) -> str:
    return str(user) if user else "Taskworth"


def _state(one: PipelineEvent, at: datetime) -> TimelineEntry:
    words = f"{one.get_before_display()} → {one.get_after_display()}"
    return TimelineEntry(at, Happening.STATE, words, one.note, _who(one.actor), "life", one.pipeline_id)


def _generation(one: Generation, at: datetime) -> TimelineEntry:
    why = f"canvas version {one.canvas_version}, {things(one.rows, 'row')}"
    words = f"Generation {one.number}"
    return TimelineEntry(at, Happening.GENERATION, words, why, _who(one.created_by), "difference", one.pk)


def _run(one: PipelineRun, at: datetime) -> TimelineEntry:
    why = one.sentence or one.run.get_state_display()
    who = "a trigger" if one.started_by == "trigger" else _who(one.run.created_by)
    return TimelineEntry(at, Happening.RUN, f"Run {one.number}", why, who, "run", one.pk)


def _outside(one: OutsideRun, at: datetime) -> TimelineEntry:
    words = f"Run elsewhere{f', {one.place}' if one.place else ''}"
    return TimelineEntry(at, Happening.RUN, words, one.get_state_display(), _who(one.told_by), "outside_run", one.pk)


def _asked(one: Promotion, at: datetime) -> TimelineEntry:
    words = f"Version {one.version.number}: asked to be put into use"
    return TimelineEntry(at, Happening.MODEL, words, one.reason, _who(one.asked_by), "version", one.version_id)


def _decided(one: Promotion, at: datetime) -> TimelineEntry:
    words = f"Version {one.version.number} {one.get_kind_display()}"
    if one.state == PromotionState.DECLINED:
        words = f"Version {one.version.number}: its promotion was declined"
    elif one.decided_at:
        words = f"{words}, approved"
    why = one.comment if one.decided_at else one.reason
    who = _who(one.decided_by if one.decided_at else one.asked_by)
    return TimelineEntry(at, Happening.MODEL, words, why, who, "version", one.version_id)


def _fired(one: Firing, at: datetime) -> TimelineEntry:
    words = f"Trigger, {one.trigger.get_kind_display()}: {one.get_state_display()}"
    if one.run:
        return TimelineEntry(at, Happening.FIRING, words, one.words, "a trigger", "run", one.run.pk)
    return TimelineEntry(at, Happening.FIRING, words, one.words, "a trigger", "triggers", one.pipeline_id)


def _alert(one: MonitoringReport, at: datetime) -> TimelineEntry:
    words = f"{things(len(one.breaches), 'figure')} past the limit"
    why = " ".join(str(breach.get("words", "")) for breach in one.breaches)
    return TimelineEntry(at, Happening.ALERT, words, why, "monitoring", "monitoring", one.pipeline_id)


def _reading(one: OutcomeReading, at: datetime) -> TimelineEntry:
    words = f"{things(one.kept, 'outcome')} came from log {one.log_name}"
    why = f"{count(one.waiting)} predictions waited for theirs"
    return TimelineEntry(at, Happening.OUTCOMES, words, why, "Taskworth", "monitoring", one.pipeline_id)


def _month(one: RealisedMonth, at: datetime) -> TimelineEntry:
    words = f"{one.month:%B %Y} ended: {things(one.volume, 'prediction')}"
    net = (one.realised or {}).get("net")
    value = f"{count(round(net['value']))} {one.workspace.currency} as counted" if net else "not valued yet"
    return TimelineEntry(at, Happening.MONTH, words, value, "Taskworth", "value", one.pipeline_id)


def _months_over() -> QuerySet[RealisedMonth]:
    return RealisedMonth.objects.filter(month__lt=timezone.now().date().replace(day=1))


SOURCES: dict[str, Source] = {
    "a-state": Source(Happening.STATE, PipelineEvent.objects.all, F("at"), _state, ("actor",)),
    "b-generation": Source(
        Happening.GENERATION,
        lambda: Generation.objects.defer("tree", "specification"),
        F("created_at"),
        _generation,
        ("created_by",),
    ),
    "c-run": Source(Happening.RUN, PipelineRun.objects.all, F("created_at"), _run, ("run__created_by",)),
    "d-outside": Source(Happening.RUN, OutsideRun.objects.all, F("created_at"), _outside, ("told_by",)),
    "e-asked": Source(
        Happening.MODEL,
        lambda: Promotion.objects.filter(Q(state=PromotionState.WAITING) | Q(decided_at__isnull=False)),
        F("asked_at"),
        _asked,
        ("version", "asked_by"),
    ),
    "f-decided": Source(
        Happening.MODEL,
        lambda: Promotion.objects.exclude(state=PromotionState.WAITING),
        Coalesce("decided_at", "asked_at"),
        _decided,
        ("version", "asked_by", "decided_by"),
    ),
    "g-fired": Source(
        Happening.FIRING,
        lambda: Firing.objects.exclude(state=FiringState.NOTHING, plan={}),
        F("at"),
        _fired,
        ("trigger", "run"),
    ),
    "h-alert": Source(
        Happening.ALERT,
        lambda: MonitoringReport.objects.exclude(breaches=[]).defer("drift", "performance", "service"),
        F("created_at"),
        _alert,
    ),
    "i-outcomes": Source(
        Happening.OUTCOMES, lambda: OutcomeReading.objects.filter(kept__gt=0), F("created_at"), _reading
    ),
    "j-month": Source(Happening.MONTH, _months_over, _MonthEnd(F("month")), _month, ("workspace",)),
}
"""By a name that also orders what happened at the same moment."""
