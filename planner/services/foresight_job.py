"""The check of what can be foretold, computed beside the database and published in one short transaction.

Imported by the task alone: it loads the learning library, which pages and services do not need.
"""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from accounts.access import Access
from jobs.models import Stage
from planner.domain.event_log.working_calendar import WorkingCalendar
from planner.domain.foresight.arranged_log import ArrangedLog, log_sample
from planner.domain.foresight.foresight import screen
from planner.domain.foresight.proposals import Proposal, endings_of, proposals_for, target_complete
from planner.domain.foresight.screen_evidence import evidence_of
from planner.domain.foresight.screening import OutOfTime, Proposed, Weight, best_of, proposals_screen, screening_order
from planner.domain.foresight.targets import Role
from planner.domain.foresight.task_view import TaskView, view_of
from planner.domain.foresight.volume_screen import screen_volume
from planner.models import DecisionTarget, EventLog, Task
from planner.selectors.working_hours import log_calendar
from planner.services.estimates import estimate_prefill
from planner.services.foresight import BUDGET_S
from planner.services.training_tables import log_read, pseudonym_key

Progress = Callable[[float, str], None]


def foresight_compute(
    *, params: Mapping[str, Any], progress: Progress, clock: Callable[[], float] = time.monotonic
) -> dict[str, Any]:
    """Propose and check targets in the log: of all tasks, of the one `params` names, or the one target it names.

    All tasks are checked within `params["seconds"]` of `clock`, the dearest first; those not reached are named in
    `unreached`. A task that was begun when the time was up is not reached either; the first one is always finished.
    """
    log = EventLog.objects.select_related("events", "workspace").get(pk=params["log"])
    if "target" in params:
        return _one_target(log, int(params["target"]))
    began, seconds = clock(), float(params.get("seconds", BUDGET_S))
    tasks = _tasks(log, params.get("task"))
    arranged = log_read(log)
    look = _look(log, arranged)
    found: dict[str, Any] = {}

    def time_left() -> bool:
        return not found or "task" in params or clock() - began <= seconds

    for place, task in enumerate(tasks):
        if not time_left():
            break
        progress(place / len(tasks), f"checking {task.name} ({place + 1} of {len(tasks)})")
        with suppress(OutOfTime):
            found[str(task.pk)] = look.at(task, time_left)
    unreached = [task.pk for task in tasks if str(task.pk) not in found]
    progress(1.0, f"{len(found)} of {len(tasks)} tasks checked")
    return {"log": log.pk, "endings": list(look.endings), "tasks": found, "unreached": unreached}


def _tasks(log: EventLog, only: int | None) -> list[Task]:
    """The tasks to check, in their order."""
    every = Task.objects.of(log.workspace).work().filter(process=log.process_id).exclude(activity="")
    if only is not None:
        return list(every.filter(pk=only))
    checked = set(DecisionTarget.objects.of(log.workspace).screened().filter(log=log).values_list("task_id", flat=True))
    by_key = {task.pk: task for task in every}
    wage = float(log.workspace.hourly_wage)
    weights = (Weight(task.pk, task.pk in checked, _cost(task, wage), task.volume_a_year) for task in by_key.values())
    return [by_key[key] for key in screening_order(weights)]


def _cost(task: Task, wage: float) -> float | None:
    volume, minutes = task.volume_a_year, task.handling_minutes
    return None if volume is None or minutes is None else volume * minutes / 60 * wage


def foresight_publish(stage: Stage, output: Mapping[str, Any]) -> None:
    """Store what was found, inside the transaction that completes the stage; nothing of a log no longer in use."""
    log = EventLog.objects.filter(pk=output["log"]).first()
    if log is None or log != EventLog.objects.of(log.workspace).in_use().filter(process=log.process_id).first():
        return
    if "target" in output:
        DecisionTarget.objects.of(log.workspace).filter(pk=output["target"]).update(
            **output["found"], log=log, screened_at=timezone.now()
        )
        return
    _forget(log, output["unreached"])
    tasks = Task.objects.of(log.workspace).filter(pk__in=[int(key) for key in output["tasks"]])
    for task in tasks:
        _store(task, log, output["tasks"][str(task.pk)])
    access = Access.system(log.workspace)
    transaction.on_commit(partial(estimate_prefill, access=access, process=log.process))


def _forget(log: EventLog, unreached: Sequence[int]) -> None:
    """What an earlier log said of tasks that this check did not come to no longer holds."""
    stale = DecisionTarget.objects.of(log.workspace).filter(task__in=unreached).exclude(log=log)
    stale.filter(picked=False).delete()
    stale.update(log=log, verdict="", reason="", evidence={})


def _one_target(log: EventLog, pk: int) -> dict[str, Any]:
    row = DecisionTarget.objects.of(log.workspace).select_related("task").get(pk=pk)
    arranged = log_read(log)
    look = _look(log, arranged)
    view, reached = look.view(row.task)
    target = target_complete(row.target, endings=look.endings)
    dice = _dice(row.task.activity)
    if target.is_volume:
        found, reached = screen_volume(view, target, rng=dice), None
    else:
        found = screen(view, target, rng=dice, automatic=row.task.is_automatic)
    measured = look.row(Proposed(Proposal(target, Role.ASKED, ""), found), reached)
    return {
        "log": log.pk,
        "target": pk,
        "found": {name: measured[name] for name in ("spec", "verdict", "reason", "evidence")},
    }


def _dice(name: str) -> np.random.Generator:
    """The same dice for the same name, so that a check can be repeated."""
    digest = hashlib.sha256(name.encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


@dataclass(frozen=True)
class _Look:
    """What the checks of all tasks share. Of a log of plans (`timed` false) no duration is asked for or told."""

    log: ArrangedLog
    endings: tuple[str, ...]
    key: bytes
    timed: bool
    calendar: WorkingCalendar | None

    def view(self, task: Task) -> tuple[TaskView, int | None]:
        """What is known at the task, and in how many cases it was reached where only a sample of them is looked at."""
        some, reached = log_sample(self.log, _dice(f"cases of {task.activity}"), task=task.activity)
        view = view_of(some, task.activity, pseudonym_key=self.key, whole=self.log, calendar=self.calendar)
        return view, reached if reached > len(view.moments.case) else None

    def at(self, task: Task, time_left: Callable[[], bool]) -> list[dict[str, Any]]:
        """Every target of the task as a row to store."""
        if self.log.number(task.activity) is None:
            return []
        view, reached = self.view(task)
        proposals = [
            one for one in proposals_for(view, endings=self.endings) if self.timed or not one.target.needs_real_times
        ]
        dice, automatic = _dice(task.activity), task.is_automatic
        proposed = proposals_screen(view, proposals, rng=dice, automatic=automatic, time_left=time_left)
        best = best_of(proposed)
        return [self.row(one, reached) | {"best": one is best} for one in proposed]

    def row(self, proposed: Proposed, reached: int | None) -> dict[str, Any]:
        """A target and what was found of it, as it is stored."""
        proposal, found = proposed.proposal, proposed.screen
        untimed = {} if self.timed else {"wait_hours": None}
        return {
            "text": proposal.target.text,
            "spec": proposal.target.as_json(),
            "role": proposal.role.value,
            "note": proposal.note,
            "verdict": found.finding.verdict.value if found else "",
            "reason": found.finding.reason if found else "",
            "evidence": evidence_of(found) | {"sampled_from": reached} | untimed if found else {},
        }


def _look(log: EventLog, arranged: ArrangedLog) -> _Look:
    endings = endings_of(log_sample(arranged, _dice("endings"))[0])
    return _Look(arranged, endings, pseudonym_key(log.workspace), log.tells_durations, log_calendar(log))


def _store(task: Task, log: EventLog, rows: Sequence[Mapping[str, Any]]) -> None:
    """Replace what was proposed before. What a person picked stays chosen, with what it was found to be now."""
    picked = task.targets.filter(picked=True).first()
    task.targets.filter(picked=False).delete()
    texts = {row["text"] for row in rows}
    for place, row in enumerate(rows):
        values = {name: value for name, value in row.items() if name != "best"}
        if picked is not None and row["text"] == picked.text:
            kept = {name: values[name] for name in ("verdict", "reason", "evidence")} if row["verdict"] else {}
            DecisionTarget.objects.filter(pk=picked.pk).update(log=log, position=place, **kept)
            continue
        chosen = bool(row["best"]) and picked is None
        DecisionTarget.objects.create(
            workspace=task.workspace, task=task, log=log, position=place, chosen=chosen, **values
        )
    if picked is not None and picked.text not in texts:
        DecisionTarget.objects.filter(pk=picked.pk).update(position=len(rows))
