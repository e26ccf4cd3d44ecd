"""What a page or the API shows of a run."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.http import url_has_allowed_host_and_scheme

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


def log_after(run: Run, after: int, *, limit: int = 500) -> list[LogEntry]:
    """Entries of the run's log after entry number `after`, oldest first, at most `limit` of them."""
    return list(run.log.filter(pk__gt=after).select_related("stage").order_by("pk")[:limit])


def log_latest(run: Run, *, limit: int = 300) -> list[LogEntry]:
    """The last entries of the run's log, oldest first."""
    return list(reversed(run.log.select_related("stage").order_by("-pk")[:limit]))


def runs_of(queryset: QuerySet[Run], *, kind: str = "", state: str = "", subject: str = "") -> QuerySet[Run]:
    """Runs narrowed to what was asked for; an empty word asks for nothing."""
    asked = {"kind": kind, "state": state, "subject": subject}
    return queryset.filter(**{name: word for name, word in asked.items() if word})


def next_address(run: Run) -> str:
    """Where to go when the run has succeeded; empty when nowhere, or when it is not an address of ours."""
    address = run.params.get(NEXT_KEY)
    ours = isinstance(address, str) and address.startswith("/") and url_has_allowed_host_and_scheme(address, None)
    return address if ours and isinstance(address, str) else ""
