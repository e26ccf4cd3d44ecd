"""Everything that happened to one pipeline in one list by time: a page of it at once, however long it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import CharField, F, Max, QuerySet, Value

from pipelines.models import OutsideRun, Pipeline, PipelineRun
from pipelines.selectors.timeline_sources import SOURCES, Happening, TimelineEntry

PAGE = 50


@dataclass(frozen=True)
class Timeline:
    """A page of what happened, newest first. `moved` changes when there is more, or a run ended."""

    entries: tuple[TimelineEntry, ...]
    page: Page[Any]
    kind: Happening | None
    moved: str

    @property
    def kinds(self) -> list[Happening]:
        return list(Happening)


def timeline_of(pipeline: Pipeline, *, kind: str = "", number: str = "") -> Timeline:
    """A page of what happened; a `kind` that is none: everything. At most 14 queries, however much happened."""
    chosen = Happening(kind) if kind in set(Happening) else None
    page = Paginator(timeline_rows(pipeline, chosen), PAGE).get_page(number or 1)
    return Timeline(timeline_entries(page.object_list), page, chosen, timeline_moved(pipeline))


def timeline_rows(pipeline: Pipeline, kind: Happening | None = None) -> QuerySet[Any]:
    """(source, moment, id) of everything, newest first: one query, to be cut into pages."""
    first, *others = [
        source.of(pipeline)
        .order_by()
        .annotate(source=Value(name, CharField()), moment=source.moment, row=F("pk"))
        .values_list("source", "moment", "row")
        for name, source in SOURCES.items()
        if kind is None or source.kind is kind
    ]
    found: QuerySet[Any] = first.union(*others, all=True) if others else first
    return found.order_by("-moment", "source", "-row")


def timeline_entries(rows: Iterable[tuple[str, datetime, int]]) -> tuple[TimelineEntry, ...]:
    """The lines of a page of `timeline_rows`: a query for each source that is on it."""
    told = list(rows)
    found: dict[tuple[str, int], Any] = {}
    for name in sorted({name for name, _, _ in told}):
        asked = SOURCES[name].found().select_related(*SOURCES[name].related)
        keys = [row for source, _, row in told if source == name]
        found |= {(name, one.pk): one for one in asked.filter(pk__in=keys)}
    return tuple(SOURCES[name].entry(found[name, row], at) for name, at, row in told if (name, row) in found)


def timeline_moved(pipeline: Pipeline) -> str:
    """What differs once something happened or a run ended. Four queries."""
    rows = timeline_rows(pipeline)
    latest = rows.first()
    ended = PipelineRun.objects.filter(pipeline=pipeline).aggregate(last=Max("run__finished_at"))["last"]
    outside = OutsideRun.objects.filter(pipeline=pipeline).aggregate(last=Max("finished_at"))["last"]
    moments = (latest[1] if latest else None, ended, outside)
    return ".".join([str(rows.count()), *(f"{at.timestamp():.3f}" if at else "0" for at in moments)])
