"""What the pages of one process show: overview, tasks, one task."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from common.formatting import count, hours, listed, share, things
from common.onward import TaskLink, task_links
from common.paged_rows import PagedRows, paged_rows
from planner.domain.process_graph.case_flow import CaseFlow
from planner.domain.process_graph.node import NodeKind
from planner.domain.process_graph.rollup import RollUp, rolled_up_by_lane, rolled_up_by_subprocess
from planner.domain.process_graph.splits import branch_weights
from planner.models import EventLog, Flow, Process, Source, Task
from planner.selectors.graph import graph_from, process_graph, rows_drawn
from planner.selectors.log_pages import LogLine, process_logs
from planner.selectors.observed_links import LogLink, task_in_log
from planner.selectors.process import cases_words, latest_log, plans_words
from planner.selectors.process_drawing import FULL, USUAL, drawing_from
from planner.selectors.process_model import Findings, Place, case_of, findings_on, place_of
from planner.selectors.process_tasks import Factor, TaskRow, TaskSheet, cost_factors, done_by, sheet_of, task_sheet
from planner.selectors.value_tasks import ValuedTask, valued_task, valued_tasks
from planner.selectors.verdict_tags import VerdictTag, tag_of, tag_without
from planner.selectors.working_hours import HoursInForce, hours_in_force

ENDS = 2
TASKS_A_PAGE = 40
"""Of the table: totals, headline and drawing are of all tasks."""


@dataclass(frozen=True)
class Next:
    """What is missing, and where to mend it."""

    title: str
    words: str
    url: str
    action: str


@dataclass(frozen=True)
class TasksPage:
    """The Tasks screen."""

    sheet: TaskSheet
    rows: PagedRows[TaskRow]
    drawing: dict[str, Any]
    verdicts: dict[int, VerdictTag]
    picked: TaskRow | None
    factors: Sequence[Factor]
    next: Next | None
    lede: str
    waiting_words: str
    detail: str
    near_key: str
    measured: bool
    place: Place
    lanes: Sequence[RollUp]
    parts: Sequence[RollUp]
    case: CaseFlow | None
    findings: Findings
    nodes: PagedRows[Task]
    subprocesses: Sequence[Task]

    @property
    def near(self) -> str:
        """The node a large drawing is around, "" where it is around the start."""
        return next((str(node["title"]) for node in self.drawing["nodes"] if node["id"] == self.near_key), "")

    @property
    def findings_words(self) -> str:
        """How much there is to put right."""
        return f"{things(len(self.findings.shown) + self.findings.more, 'thing')} in the graph to look at."

    @property
    def path_words(self) -> str:
        """The longest path of a whole case in one sentence, "" where it is not known."""
        if self.case is None or not self.case.hours or self.place.key:
            return ""
        return (
            f"The longest path of a case takes {hours(self.case.hours)}: expected waiting and handling, repeats "
            "included; of branches at the same time the longest counts."
        )

    @property
    def picked_reach(self) -> float | None:
        """The probability that a case comes to the picked task at all."""
        return self.case.reach.get(str(self.picked.task.pk)) if self.case and self.picked else None

    @property
    def picked_rework(self) -> float | None:
        """The share of visits to the picked task that repeat it, by the branches."""
        return self.case.rework(str(self.picked.task.pk)) if self.case and self.picked else None

    @property
    def picked_critical(self) -> bool:
        """It lies on the longest path."""
        return bool(self.case and self.picked and str(self.picked.task.pk) in self.case.critical)

    @property
    def is_empty(self) -> bool:
        """Nothing is drawn but where cases begin and end."""
        return not self.sheet.rows and not self.place.crumbs and len(self.drawing["nodes"]) <= ENDS


@dataclass(frozen=True)
class ProcessPage:
    """The overview of a process."""

    sheet: TaskSheet
    log: EventLog | None
    cases: str
    next: Next | None
    findings: Findings
    waiting_logs: Sequence[LogLine]
    hours: HoursInForce


@dataclass(frozen=True)
class TaskPage:
    """Everything about one task."""

    task: Task
    row: TaskRow
    factors: Sequence[Factor]
    done_by: str
    valued: ValuedTask
    verdict: VerdictTag | None
    comes_from: Sequence[tuple[Task, float | None]]
    goes_to: Sequence[tuple[Task, float | None]]
    in_log: Sequence[LogLink]
    plans: str
    made_of: Sequence[TaskLink]


@dataclass(frozen=True)
class NodePage:
    """A node that is no task, and the ways to and from it."""

    task: Task
    kind: str
    comes_from: Sequence[tuple[Task, float | None]]
    goes_to: Sequence[tuple[Task, float | None]]


def tasks_page(
    process: Process, *, picked: str = "", detail: str = "", inside: str = "", words: str = "", page: str = ""
) -> TasksPage:
    """The Tasks screen with `picked` (the id of a task) opened; `detail` `all` draws every flow.

    `inside` is the id of the sub-process it shows; one that is none shows the process. Of many tasks the table holds
    one `page`, of those whose names hold all `words`; a large drawing is that around the picked one.
    """
    tasks, graph, ids = rows_drawn(process)
    here = place_of(process, tasks, inside)
    work = [task for task in tasks if task.kind == NodeKind.TASK.value and here.holds(task.pk)]
    sheet = sheet_of(work, process)
    wage = float(process.workspace.hourly_wage)
    nodes = [node for node in graph.nodes if here.holds(int(node.key))]
    row = next((row for row in sheet.rows if str(row.task.pk) == picked), sheet.dearest)
    row = row or next(iter(sheet.rows), None)
    place = sheet.rows.index(row) if row is not None and picked == str(row.task.pk) else None
    rows = paged_rows(sheet.rows, text=_row_text, words=words, page=page, picked=place, size=TASKS_A_PAGE)
    level = [task for task in tasks if task.parent_id == (int(here.key) if here.key else None)]
    drawn = FULL if detail == "all" else USUAL
    only = {one.task.pk for one in rows.shown}
    return TasksPage(
        sheet=sheet,
        rows=rows,
        drawing=drawing_from(process, tasks, graph, ids, detail=drawn, inside=here.key, near=picked),
        verdicts={
            found.task.pk: tag for found in valued_tasks(process, only=only, most=None) if (tag := verdict_tag(found))
        },
        picked=row,
        factors=cost_factors(row.task, process) if row else (),
        next=_next(process, sheet),
        lede=_lede(process, sheet),
        waiting_words=plans_words(latest_log(process)) or waiting_words(sheet, hours_in_force(process)),
        detail=detail,
        near_key=picked if picked.isdecimal() else "",
        measured=any(row.task.activity for row in sheet.rows),
        place=here,
        lanes=rolled_up_by_lane(nodes, wage),
        parts=[line for line in rolled_up_by_subprocess(graph.nodes, wage) if here.holds(int(line.key))],
        case=case_of(graph, tasks),
        findings=findings_on(process, graph),
        nodes=paged_rows(level, text=_task_text, words=words, page=page, size=TASKS_A_PAGE),
        subprocesses=[task for task in tasks if task.kind == NodeKind.SUBPROCESS.value],
    )


def _row_text(row: TaskRow) -> str:
    return _task_text(row.task)


def _task_text(task: Task) -> str:
    return f"{task.title} {task.lane}"


def process_page(process: Process) -> ProcessPage:
    """The overview of a process."""
    sheet, log = task_sheet(process), latest_log(process)
    return ProcessPage(
        sheet=sheet,
        log=log,
        cases=cases_words(process, log),
        next=_next(process, sheet),
        waiting_logs=[line for line in process_logs(process) if line.log.applied_at is None],
        findings=findings_on(process, process_graph(process)),
        hours=hours_in_force(process),
    )


def task_page(task: Task) -> TaskPage:
    """Everything about one task."""
    process = task.process
    valued = valued_task(task)
    sheet = task_sheet(process)
    row = next((row for row in sheet.rows if row.task.pk == task.pk), None) or sheet_of([task], process).rows[0]
    incoming, outgoing = _around(task)
    return TaskPage(
        task=task,
        row=row,
        factors=cost_factors(task, process),
        done_by=done_by(task),
        valued=valued,
        verdict=verdict_tag(valued),
        comes_from=incoming,
        goes_to=outgoing,
        in_log=task_in_log(task, sheet),
        plans=plans_words(latest_log(process)) if task.activity else "",
        made_of=task_links(task),
    )


def node_page(task: Task) -> NodePage:
    """A gateway, a sub-process, a start or an end."""
    return NodePage(task, NodeKind(task.kind).words, *_around(task))


def verdict_tag(valued: ValuedTask) -> VerdictTag | None:
    """The verdict on a task as a tag, None while too little is known."""
    if valued.finding is None:
        return tag_without(valued.unchecked) if valued.checking else None
    return tag_of(valued.finding.verdict)


def _around(task: Task) -> tuple[list[tuple[Task, float | None]], list[tuple[Task, float | None]]]:
    found = Flow.objects.of(task.workspace).select_related("source", "target")
    shares = _shares(task)
    incoming = [(flow.source, flow.probability) for flow in found.filter(target=task).order_by("-count")[:12]]
    outgoing = [(flow.target, shares.get(flow.pk)) for flow in found.filter(source=task).order_by("-count")[:12]]
    return incoming, outgoing


def _shares(task: Task) -> dict[int, float]:
    flows = list(Flow.objects.of(task.workspace).filter(source=task))
    drawn = graph_from(task.process, [], flows).flows
    return dict(zip((flow.pk for flow in flows), branch_weights(NodeKind(task.kind), drawn), strict=True))


def _next(process: Process, sheet: TaskSheet) -> Next | None:
    here = reverse("planner:tasks", args=[process.workspace.slug, process.pk])
    if not sheet.rows:
        return Next("There is no task yet.", "Draw the first one, or import a log.", f"{here}?edit=graph", "Draw")
    if process.cases_a_year is None:
        page = reverse("planner:process", args=[process.workspace.slug, process.pk])
        return Next("Nobody has said how many cases a year there are.", "Volumes follow from it.", page, "Say how many")
    missing = sheet.without_volume
    if missing:
        names = missing[0].task.name if len(missing) == 1 else things(len(missing), "task")
        verb = "has" if len(missing) == 1 else "have"
        words = "No branch leads to them: draw one, or write how often they are done."
        return Next(f"{names} {verb} no volume.", words, f"{here}?edit=figures", "Fill in")
    missing = sheet.without_handling
    if missing:
        names = missing[0].task.name if len(missing) == 1 else things(len(missing), "task")
        verb = "has" if len(missing) == 1 else "have"
        words = "No start times are known for them: ask those who do the work, and their cost can be told."
        return Next(f"{names} {verb} no handling time.", words, f"{here}?edit=figures", "Fill in")
    page = reverse("planner:ranking", args=[process.workspace.slug, process.pk])
    return Next(
        "Every task has volume and handling time.", "See which a prediction could take over.", page, "Rank them"
    )


def _lede(process: Process, sheet: TaskSheet) -> str:
    if process.cases_a_year is None:
        return f"Costs follow once {listed(sheet.missing or ['the cases a year'])} are known."
    source = "the branches in the log" if process.cases_source == Source.LOG else "the branches drawn here"
    words = f"Volumes follow from {count(process.cases_a_year)} cases a year and {source}."
    again = max(sheet.rows, key=lambda row: row.task.rework_share or 0.0, default=None)
    if again is not None and (again.task.rework_share or 0.0) >= 0.05:
        words += f" {share(again.task.rework_share)} of visits to {again.task.name} repeat it within a case."
    return words


def waiting_words(sheet: TaskSheet, hours: HoursInForce) -> str:
    """What times mean on this screen."""
    mixed = any(row.task.figures.get("waiting_has_handling") for row in sheet.rows if row.task.figures)
    words = f"Times are medians, counted {hours.words}." if not hours.choice else f"Times are medians, {hours.words}."
    if mixed:
        words += " Where no start is recorded, waiting runs from completion to completion and contains the handling."
    return words
