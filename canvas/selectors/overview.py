"""The canvases of a process beside the ranking they are chosen from."""

from dataclasses import dataclass

from accounts.models import Workspace
from canvas.domain.completeness import Completeness
from canvas.models import Canvas
from canvas.selectors.documents import process_canvases
from jobs.domain.states import RunState
from jobs.models import Run
from planner.models import PortfolioPlan, Process, Task
from planner.selectors.rated_task import RatedTask
from planner.selectors.value_tasks import valued_task
from planner.services import ranking_or_job

DRAFT_CANVASES = "canvas.draft"
"""The kind of job that drafts many canvases."""


@dataclass(frozen=True, eq=False)
class OverviewRow:
    """One task: its place in the ranking (None when it is not ranked), its mean value, its canvas if it has one."""

    pk: int
    name: str
    rank: int | None
    npv: float | None
    verdict: str
    canvas: Canvas | None

    @property
    def complete(self) -> Completeness | None:
        return self.canvas.completeness if self.canvas is not None else None


@dataclass(frozen=True, eq=False)
class Overview:
    """Ranked tasks first, then others that have a canvas; while the ranking waits for values, only the latter."""

    rows: tuple[OverviewRow, ...]
    run: Run | None
    """The job that works out the ranking, where it is not there yet."""

    @property
    def drafted(self) -> int:
        return sum(row.canvas is not None for row in self.rows)

    @property
    def complete(self) -> int:
        return sum(row.complete is not None and row.complete.is_complete for row in self.rows)

    @property
    def without_canvas(self) -> int:
        """Ranked tasks that could still be drafted."""
        return sum(row.canvas is None and row.rank is not None for row in self.rows)


def process_overview(process: Process) -> Overview:
    """Every ranked task and every task with a canvas."""
    canvases = {canvas.task_id: canvas for canvas in process_canvases(process)}
    ranking, run = ranking_or_job(workspace=process.workspace, process=process, chances=False)
    rows = [_row(row.valued, row.rank, canvases.pop(row.valued.pk, None)) for row in ranking.rows]
    others = (*ranking.aside, *ranking.gaps)
    rows += [_row(each, None, canvases.pop(each.pk)) for each in others if each.pk in canvases]
    left = canvases.values() if ranking.waiting else ()
    rows += [OverviewRow(canvas.task_id, canvas.task.name, None, None, "", canvas) for canvas in left]
    return Overview(tuple(rows), run)


def _row(valued: RatedTask, rank: int | None, canvas: Canvas | None) -> OverviewRow:
    npv = valued.brief.summary.mean if valued.brief is not None else None
    verdict = valued.finding.verdict.label if valued.finding is not None else ""
    return OverviewRow(valued.pk, valued.name, rank, npv, verdict, canvas)


@dataclass(frozen=True, eq=False)
class PortfolioRow:
    """A task a portfolio chose, its value there without shared costs, its canvas if it has one."""

    task: Task
    npv: float
    canvas: Canvas | None


def drafting_under_way(workspace: Workspace, subject: str, kind: str = DRAFT_CANVASES) -> Run | None:
    """The job that drafts canvases of a process or portfolio, or the last one where that came to nothing.

    One of another `kind` does more with them.
    """
    last = Run.objects.of(workspace).filter(kind=kind).about(subject).first()
    return last if last is not None and last.state_of is not RunState.SUCCEEDED else None


def portfolio_overview(plan: PortfolioPlan) -> list[PortfolioRow]:
    """The tasks chosen last, the most valuable first. Two queries."""
    worth = {line["id"]: line["npv"] for line in plan.result.get("chosen", ())}
    canvases = {found.task_id: found for found in Canvas.objects.of(plan.workspace).filter(task__in=worth)}
    tasks = Task.objects.of(plan.workspace).filter(pk__in=worth).with_process()
    rows = [PortfolioRow(task, worth[task.pk], canvases.get(task.pk)) for task in tasks]
    return sorted(rows, key=lambda row: -row.npv)


@dataclass(frozen=True)
class TaskAdvice:
    """What is known of a task before its canvas is drafted."""

    label: str
    sentence: str
    wants_a_model: bool


def task_advice(task: Task) -> TaskAdvice | None:
    """The verdict on a task so far, None while too little is known."""
    found = valued_task(task).finding
    return TaskAdvice(found.verdict.label, found.reason, found.verdict.wants_a_model) if found is not None else None
