"""What a page or the API shows of a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from django.db.models import QuerySet
from django.utils.http import url_has_allowed_host_and_scheme

from jobs.domain.log_text import LONGEST_QUERY
from jobs.domain.states import STAGE_DONE, STAGE_OVER, RunState, StageState
from jobs.models import LogEntry, Run, Stage

NEXT_KEY = "next"


@dataclass(frozen=True)
class RunPicture:
    """A run at one moment. `share`: how much is done, 0 to 1, None while nothing can be said."""

    run: Run
    stages: tuple[Stage, ...]
    share: float | None
    note: str
    headline: str
    seconds: float | None

    @property
    def failed(self) -> list[Stage]:
        return [stage for stage in self.stages if stage.state_of is StageState.FAILED]

    @property
    def can_cancel(self) -> bool:
        return not self.run.is_over and not self.run.cancel_requested

    @property
    def can_retry(self) -> bool:
        return self.run.state_of in {RunState.FAILED, RunState.CANCELLED}


def run_picture(run: Run, *, now: datetime) -> RunPicture:
    """The run and its stages, in two queries."""
    stages = tuple(run.stages.all())
    running = next((stage for stage in stages if stage.state_of is StageState.RUNNING), None)
    begun = min((stage.started_at for stage in stages if stage.started_at), default=None)
    return RunPicture(
        run=run,
        stages=stages,
        share=_share(stages),
        note=_note(stages, running),
        headline=_headline(run, stages, running),
        seconds=((run.finished_at or now) - begun).total_seconds() if begun else None,
    )


def _share(stages: tuple[Stage, ...]) -> float | None:
    done = sum(1.0 for stage in stages if stage.state_of in STAGE_OVER)
    partly = sum(stage.progress or 0.0 for stage in stages if stage.state_of is StageState.RUNNING)
    return None if not done and not partly else (done + partly) / len(stages)


def _note(stages: tuple[Stage, ...], running: Stage | None) -> str:
    said = running.progress_note if running else ""
    if len(stages) == 1:
        return said
    done = sum(stage.state_of in STAGE_DONE for stage in stages)
    counted = f"{done} of {len(stages)} stages done"
    return f"{counted}; {said}" if said else counted


def _headline(run: Run, stages: tuple[Stage, ...], running: Stage | None) -> str:
    if run.cancel_requested and not run.is_over:
        return "Being cancelled"
    if running is not None:
        share = "" if running.percent is None else f": {running.percent} %"
        what = "Running" if len(stages) == 1 else f"Running {words_of(running.name)}"
        return f"{what}{share}"
    failed = next((stage for stage in stages if stage.state_of is StageState.FAILED), None)
    if failed is not None and run.is_over:
        return "Failed" if len(stages) == 1 else f"Failed at {words_of(failed.name)}"
    return {RunState.QUEUED: "Queued", RunState.RUNNING: "Queued"}.get(run.state_of, run.state_of.word.capitalize())


def words_of(name: str) -> str:
    """A stage's name for people: `smoke_test` reads "smoke test"."""
    return name.replace("_", " ").replace("-", " ")


def log_after(run: Run, after: int, *, query: str = "", stage: str = "", limit: int = 500) -> list[LogEntry]:
    """Entries of the run's log after entry number `after`, oldest first, at most `limit` of them: those that hold the
    query in any case, of that stage.
    """
    found = run.log.filter(pk__gt=after)
    if query:
        found = found.filter(text__icontains=query.replace("\x00", ""))
    if stage:
        found = found.filter(stage__name=stage)
    return list(found.select_related("stage").order_by("pk")[:limit])


def log_latest(run: Run, *, limit: int = 300) -> list[LogEntry]:
    """The last entries of the run's log, oldest first."""
    return list(reversed(run.log.select_related("stage").order_by("-pk")[:limit]))


@dataclass(frozen=True)
class LogLine:
    """One line with its number in what was searched, from 1."""

    number: int
    entry: LogEntry


@dataclass(frozen=True)
class LogPage:
    """A page of a log. `found` lines of `lines` hold the query; without one, all do. `page` is one of `pages`."""

    query: str
    stage: str
    lines: int
    found: int
    page: int
    pages: int
    shown: tuple[LogLine, ...]
    stages: tuple[str, ...]


def log_search(run: Run, *, query: str = "", stage: str = "", page: int = 1, size: int = 200) -> LogPage:
    """Lines of a run, or of one of its stages, that hold the query in any case; of a stage that was linked from an
    earlier run those of then. A page beyond the last is the last. At most six queries.
    """
    stages = {each.name: each for each in run.stages.defer("output")}
    known = stages.get(stage)
    entries = LogEntry.objects.filter(workspace=run.workspace_id)
    entries = entries.filter(run=run) if known is None else entries.filter(stage=known.cached_from_id or known.pk)
    query = query.replace("\x00", "")[:LONGEST_QUERY]
    matching = entries.filter(text__icontains=query) if query else entries
    lines, found = entries.count(), matching.count() if query else None
    total = lines if found is None else found
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    rows = list(matching.select_related("stage").order_by("pk")[(page - 1) * size : page * size])
    numbers = _numbers(entries, rows) if query else range((page - 1) * size + 1, page * size + 1)
    return LogPage(
        query=query,
        stage=stage if known is not None else "",
        lines=lines,
        found=total,
        page=page,
        pages=pages,
        shown=tuple(LogLine(number, entry) for number, entry in zip(numbers, rows, strict=False)),
        stages=tuple(stages),
    )


class LogAsked(TypedDict):
    query: str
    stage: str
    page: int


def log_asked(given: Mapping[str, str]) -> LogAsked:
    """What an address asks of a log; a page that is no number is the first."""
    page = given.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 10 else 1
    return {"query": given.get("q", "").strip(), "stage": given.get("stage", ""), "page": number}


def _numbers(entries: QuerySet[LogEntry], rows: list[LogEntry]) -> list[int]:
    """The place of each row among all entries, from 1."""
    if not rows:
        return []
    before = entries.filter(pk__lt=rows[0].pk).count()
    between = entries.filter(pk__gte=rows[0].pk, pk__lte=rows[-1].pk).order_by("pk").values_list("pk", flat=True)
    places = {pk: place for place, pk in enumerate(between.iterator(), start=before + 1)}
    return [places[row.pk] for row in rows]


def runs_of(queryset: QuerySet[Run], *, kind: str = "", state: str = "", subject: str = "") -> QuerySet[Run]:
    """Runs narrowed to what was asked for; an empty word asks for nothing."""
    asked = {"kind": kind, "state": state, "subject": subject}
    return queryset.filter(**{name: word for name, word in asked.items() if word})


def next_address(run: Run) -> str:
    """Where to go when the run has succeeded; empty when nowhere, or when it is not an address of ours."""
    address = run.params.get(NEXT_KEY)
    ours = isinstance(address, str) and address.startswith("/") and url_has_allowed_host_and_scheme(address, None)
    return address if ours and isinstance(address, str) else ""
