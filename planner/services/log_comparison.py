"""A newer (or an older) log of a process laid beside what the process rests on now. Reads only."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from common.errors import Conflict
from planner.domain.discovery.activity_matching import Matching, NamedTask, match_activities
from planner.domain.discovery.filtering import FilteredGraph, GraphFilter, filtered, kept_only
from planner.domain.discovery.remeasuring import (
    Difference,
    Kind,
    MeasuredTask,
    branch_difference,
    default_taken,
    figure_differences,
    same,
)
from planner.domain.discovery.sequences import Sequences
from planner.models import EventLog, Process, Source, Task
from planner.services.stored_logs import log_sequences, measures_of

Counts = Mapping[str, Mapping[str, int]]
START, END = "start", "end"


@dataclass(frozen=True)
class LogComparison:
    """What differs between a process and a log, and which activity is which task.

    `tasks` are those in sight by id, `struck` the removed ones by activity, `new` the activities that are no task yet.
    """

    process: Process
    log: EventLog
    older: EventLog | None
    sequences: Sequences
    tasks: Mapping[int, Task]
    struck: Mapping[str, Task]
    matching: Matching
    new: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def taken(self) -> frozenset[str]:
        """What is taken when nobody chooses."""
        return default_taken(self.differences)

    def graph(self, taken: Collection[str]) -> FilteredGraph:
        """The flows of the log between the tasks that are there once `taken` is taken."""
        chosen = {activity for activity in self.new if new_key(activity) in taken}
        flows = GraphFilter.from_dict(self.process.shown).flows
        return kept_only(self.sequences, chosen | set(self.matching.tasks), flows=flows)


def log_compare(*, process: Process, log: EventLog) -> LogComparison:
    """Lay a log beside the process it belongs to. Conflict for the log the process rests on already."""
    older = EventLog.objects.of(process.workspace).in_use().filter(process=process).select_related("events").first()
    if older is not None and older.pk == log.pk:
        raise Conflict(f"{process.name} rests on this log already.", detail="Import a newer one to compare it.")
    tasks, struck, filtered_out = _standing(process)
    sequences, measures = log_sequences(log), measures_of(log)
    said = {activity: pk for activity, pk in log.matching.items() if activity in measures}
    elsewhere = {name for name in (*struck, *filtered_out) if name not in said}
    named = [NamedTask(task.pk, task.name, task.activity) for task in tasks.values()]
    matching = match_activities([name for name in measures if name not in elsewhere], named, said)
    known_before = set(measures_of(older)) if older is not None else set()
    back = [name for name in struck if name in measures and name not in said and name not in known_before]
    draft = LogComparison(
        process, log, older, sequences, tasks, struck, matching, (*matching.activities_left, *back), ()
    )
    return _with_differences(draft, measures)


def new_key(activity: str) -> str:
    """The key of an activity that is no task yet."""
    return f"new:{activity}"


def node_key(pk: int) -> str:
    """The key of a task as an end of flows."""
    return f"t{pk}"


def measured_task(task: Task) -> MeasuredTask:
    """A task as the comparison sees it."""
    held = {
        "visits": task.volume_source == Source.USER,
        "handling": task.handling_source == Source.USER,
        "waiting": task.waiting_hours is not None
        and not same(task.waiting_hours, task.figures.get("waiting_median_hours")),
    }
    values = {
        "visits": task.visits_a_case,
        "handling": task.handling_minutes,
        "waiting": task.waiting_hours,
        "rework": task.rework_share,
    }
    return MeasuredTask(task.pk, task.name, task.figures, values, frozenset(name for name in held if held[name]))


def _standing(process: Process) -> tuple[dict[int, Task], dict[str, Task], set[str]]:
    """The tasks in sight, those a person removed by activity, and the activities the filter keeps out of sight."""
    every = list(Task.everything.of(process.workspace).work().filter(process=process))
    tasks = {task.pk: task for task in every if task.removed_at is None}
    there = {task.activity for task in tasks.values()} | {""}
    hidden = [task for task in every if task.removed_at is not None and task.activity not in there]
    struck = {task.activity: task for task in hidden if not task.filtered}
    return tasks, struck, {task.activity for task in hidden if task.filtered} - set(struck)


def _with_differences(draft: LogComparison, measures: Mapping[str, Mapping[str, Any]]) -> LogComparison:
    found = [*_cases(draft), *_new(draft, measures), *_gone(draft)]
    for activity, pk in draft.matching.tasks.items():
        found += figure_differences(measured_task(draft.tasks[pk]), measures[activity])
    found += _branches(draft, draft.graph(default_taken(found)))
    values = {name: getattr(draft, name) for name in draft.__dataclass_fields__}
    return LogComparison(**values | {"differences": tuple(found)})


def _cases(draft: LogComparison) -> list[Difference]:
    process = draft.process
    before = draft.older.measured.get("cases_a_year") if draft.older is not None else None
    after = draft.log.measured.get("cases_a_year")
    if same(before, after) or after is None:
        return []
    held = process.cases_source == Source.USER
    shown = process.cases_a_year if held else before
    return [Difference("cases", Kind.CASES, process.name, "cases", shown, after, held)]


def _new(draft: LogComparison, measures: Mapping[str, Mapping[str, Any]]) -> list[Difference]:
    """Activities that are no task; beyond the filter in use they are left unless somebody takes them."""
    chosen = GraphFilter.from_dict(draft.process.shown)
    within = (
        set(filtered(draft.sequences, chosen).activities) if draft.new and chosen.activities < 1 else set(draft.new)
    )
    return [
        Difference(
            new_key(name),
            Kind.NEW_TASK,
            name,
            "visits",
            None,
            measures[name]["visits_a_case"],
            taken=name in within and name not in draft.struck,
            struck=name in draft.struck,
        )
        for name in draft.new
    ]


def _gone(draft: LogComparison) -> list[Difference]:
    return [
        Difference(
            f"gone:{task.pk}", Kind.GONE_TASK, draft.tasks[task.pk].name, "visits",
            draft.tasks[task.pk].visits_a_case, None, taken=False,
        )
        for task in draft.matching.tasks_left
        if task.activity
    ]  # fmt: skip


def _branches(draft: LogComparison, graph: FilteredGraph) -> list[Difference]:
    older: Counts = {}
    if draft.older is not None:
        by_activity = {task.activity: task.pk for task in draft.tasks.values() if task.activity}
        flows = GraphFilter.from_dict(draft.process.shown).flows
        older = _counts(kept_only(log_sequences(draft.older), by_activity, flows=flows), by_activity)
    newer = _counts(graph, draft.matching.tasks)
    names = {START: "Start", END: "End"} | {node_key(pk): task.name for pk, task in draft.tasks.items()}
    sources = [START, *(node_key(pk) for pk in draft.matching.tasks.values())]
    found = [branch_difference(key, names[key], older.get(key, {}), newer.get(key, {}), names) for key in sources]
    return sorted((one for one in found if one is not None), key=lambda one: -one.size)


def _counts(graph: FilteredGraph, tasks: Mapping[str, int]) -> Counts:
    """Counts of flows by the keys of their ends; activities that are no task yet go by their name."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for flow in graph.flows:
        source = START if flow.source is None else _key(flow.source, tasks)
        target = END if flow.target is None else _key(flow.target, tasks)
        found[source][target] = found[source].get(target, 0) + flow.count
    return found


def _key(activity: str, tasks: Mapping[str, int]) -> str:
    return node_key(tasks[activity]) if activity in tasks else activity
