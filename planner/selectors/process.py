"""Processes of a workspace as lists and pages show them, and how far their first two steps are."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q
from django.urls import reverse

from accounts.models import Workspace
from common.formatting import count, things
from common.steps import Sign, StepState
from jobs.models import Run
from planner.domain.process_graph.node import NodeKind
from planner.domain.suitability.verdicts import Verdict
from planner.models import EstimateResult, EventLog, LogUpload, Process, Source, Task
from planner.selectors.process_tasks import TaskSheet, sheet_of
from planner.selectors.working_hours import log_zone

WORK = NodeKind.TASK.value
NOT_RANKED = "not ranked yet"
NONE_WORTH = "none worth a model"
CHECKING = "being checked"


@dataclass(frozen=True)
class ProcessCard:
    """A process in a list: what its tasks cost a year, the task worth most so far, and what to do next."""

    process: Process
    tasks: int
    sheet: TaskSheet
    best: EstimateResult | None
    without_best: str
    next_words: str
    next_url: str


def process_cards(workspace: Workspace) -> list[ProcessCard]:
    """Every process of a workspace, newest first. Five queries, however many there are."""
    work = Task.objects.of(workspace).work()
    newest = Process.objects.of(workspace).newest_first().select_related("owner").defer("places")
    found = newest.prefetch_related(Prefetch("tasks", work, to_attr="work"))
    processes = list(found)
    best = _best_results(workspace)
    states = _states(workspace)
    for process in processes:
        process.workspace = workspace
    return [
        _card(process, process.work, best.get(process.pk), states.get(process.pk, NOT_RANKED))  # type: ignore[attr-defined]
        for process in processes
    ]


def _states(workspace: Workspace) -> dict[int, str]:
    """Why a process has no best task yet, where it is more than that nobody has looked at its ranking."""
    valued = EstimateResult.objects.of(workspace).values_list("task__process_id", flat=True).distinct()
    checks = Run.objects.of(workspace).under_way().filter(kind="planner.screen", subject__startswith="process:")
    checked = {int(subject.removeprefix("process:")): CHECKING for subject in checks.values_list("subject", flat=True)}
    return dict.fromkeys(valued, NONE_WORTH) | checked


def _best_results(workspace: Workspace) -> dict[int, EstimateResult]:
    """The latest value of every task a model may do, and of these the largest of each process."""
    latest: dict[int, EstimateResult] = {}
    results = EstimateResult.objects.of(workspace).filter(_open_to_a_model()).distinct()
    shown = ("task", "npv_mean", "npv_p5", "npv_p95", "computed_at", "task__process", "task__name")
    for result in results.select_related("task").only(*shown).order_by("computed_at", "id"):
        latest[result.task_id] = result
    best: dict[int, EstimateResult] = {}
    for result in latest.values():
        process = result.task.process_id
        if process not in best or result.npv_mean > best[process].npv_mean:
            best[process] = result
    return best


def _open_to_a_model() -> Q:
    """Results of tasks that were not checked, or of which something can be foreseen."""
    foreseen = Q(task__targets__isnull=True) | Q(task__targets__verdict=Verdict.PREDICT)
    return foreseen & ~Q(task__automatic=True) & ~Q(task__automatic=None, task__automatic_proposed=True)


def _card(process: Process, tasks: Sequence[Task], best: EstimateResult | None, state: str) -> ProcessCard:
    sheet = sheet_of(tasks, process)
    slug, pk = process.workspace.slug, process.pk
    words, page = _next(sheet, best, state)
    return ProcessCard(process, len(tasks), sheet, best, state, words, reverse(f"planner:{page}", args=[slug, pk]))


def _next(sheet: TaskSheet, best: EstimateResult | None, state: str) -> tuple[str, str]:
    if not sheet.rows:
        return "Tasks: draw the first", "tasks"
    if sheet.without_volume:
        return f"Tasks: {things(len(sheet.without_volume), 'volume')} missing", "tasks"
    if sheet.without_handling:
        return f"Tasks: {things(len(sheet.without_handling), 'handling time')} missing", "tasks"
    if best or state == CHECKING:
        return "Ranking", "ranking"
    return ("Ranking: see why, and what to do" if state == NONE_WORTH else "Ranking: what first"), "ranking"


def process_steps(process: Process) -> list[StepState]:
    """How far the steps Process and Tasks are. One query."""
    tasks = Task.objects.of(process.workspace).filter(process=process, kind=WORK)
    gap = Q(volume_a_year=None) | Q(handling_minutes=None, automatic=False) | _unknown_handling()
    counts = tasks.aggregate(all=Count("pk"), open=Count("pk", filter=gap))
    slug = process.workspace.slug
    here, sheet = (reverse(f"planner:{page}", args=[slug, process.pk]) for page in ("process", "tasks"))
    known: Sign = "done" if counts["all"] else "open"
    words = f"{things(counts['all'], 'task')}, version {process.version}"
    return [
        StepState("process", "Process", here, known, words),
        StepState("tasks", "Tasks", sheet, *_tasks_state(counts["all"], counts["open"])),
    ]


def _unknown_handling() -> Q:
    return Q(handling_minutes=None, automatic=None, automatic_proposed=False)


def _tasks_state(tasks: int, incomplete: int) -> tuple[Sign, str]:
    if not tasks:
        return "open", "none drawn yet"
    if incomplete:
        return "part", f"{incomplete} of {tasks} incomplete"
    return "done", f"all {tasks} measured" if tasks > 1 else "measured"


def process_words(process: Process) -> str:
    """What stands beneath the name of a process in the bar of steps."""
    if process.cases_a_year is None:
        return "process, cases a year not known"
    return f"process, {count(process.cases_a_year)} a year"


def latest_log(process: Process) -> EventLog | None:
    """The log a process was measured from last."""
    return (
        EventLog.objects.of(process.workspace)
        .in_use()
        .filter(process=process)
        .select_related("events", "observed", "rejected", "upload")
        .first()
    )


OF_PLANS = "The times of its log are plans: they say in which order, not how long anything takes or waits."


def plans_words(log: EventLog | None) -> str:
    """Why no duration is told of a process that rests on this log, empty where the log tells them."""
    return "" if log is None or log.tells_durations else OF_PLANS


def uploads_open(workspace: Workspace) -> list[LogUpload]:
    """Files that were brought and have not become a process yet, newest first."""
    found = LogUpload.objects.of(workspace).exclude(state=LogUpload.State.IMPORTED).select_related("run", "blob")
    return list(found[:10])


def cases_words(process: Process, log: EventLog | None) -> str:
    """Where the cases a year come from, in one sentence."""
    if process.cases_source == Source.LOG and log is not None:
        cases = count(log.statistics.get("cases"))
        first, last = (moment.astimezone(log_zone(log)) for moment in (log.first_start, log.last_start))
        return (
            f"{cases} cases began between {first:%-d %B %Y} and {last:%-d %B %Y}; "
            f"at that pace {count(process.cases_a_year)} a year."
        )
    if process.cases_a_year is None:
        return "How many cases a year is not known yet: set it, or import a log."
    return f"{count(process.cases_a_year)} cases a year, {Source(process.cases_source).label}."
