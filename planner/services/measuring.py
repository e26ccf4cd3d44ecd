"""What is measured of a log, and measuring a stored one again when working hours change: no file is brought anew."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from accounts.access import Access
from accounts.models import Role, Workspace
from accounts.services import audit_record
from common.errors import Conflict
from jobs.models import Blob, Run, Stage
from jobs.services import StageSpec, blob_open, blob_store, run_submit
from planner.domain.discovery.discovery import Discovery, discover
from planner.domain.discovery.observed import Observed, observe
from planner.domain.event_log.attribute_profile import attribute_profiles
from planner.domain.event_log.columnar import read_events
from planner.domain.event_log.eventlog import Instances, LogError, TimeMeaning
from planner.domain.event_log.rejected import none_rejected
from planner.domain.event_log.working_calendar import MISSING, WorkingCalendar, micros
from planner.models import EventLog, Process, Source, Task
from planner.selectors.process import latest_log
from planner.selectors.working_hours import calendar_of, choice_words, hours_in_force
from planner.services.editing import process_edit
from planner.services.values import values_start

TASK = "planner.measure_log"
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Measured:
    """A log measured in some working hours: its graph, how it really ran, and what its statistics say of both."""

    found: Discovery
    observed: Observed
    statistics: dict[str, Any]


def hours_measured(instances: Instances, choice: Mapping[str, Any]) -> Measured:
    """A log with its durations in these working hours (a `CalendarChoice` in plain values)."""
    ends = instances.frame["end"]
    calendar = calendar_of(choice, first=ends.min(), last=ends.max())
    observed = observe(instances, calendar)
    statistics = {
        "calendar": {
            "choice": dict(choice),
            "words": choice_words(choice),
            "outside_share": _outside_share(instances, calendar),
        },
        "profiles": [asdict(one) for one in attribute_profiles(instances.frame)],
        "observed": observed.summary(),
    }
    return Measured(discover(instances, calendar), observed, statistics)


def _outside_share(instances: Instances, calendar: WorkingCalendar | None) -> float | None:
    """The share of recorded starts and ends that lie outside the hours; None around the clock, and of plans."""
    if calendar is None or instances.meaning is TimeMeaning.SCHEDULED:
        return None
    times = np.concatenate([micros(instances.frame[name]) for name in ("start", "end")])
    known = int((times != MISSING).sum())
    return float(calendar.outside(times).sum() / known) if known else None


def observed_store(workspace: Workspace, observed: Observed) -> Blob:
    """How the process really ran, kept beside its events: too much for a row, read by its pages."""
    text = json.dumps(observed.as_json(), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return blob_store(workspace=workspace, source=text.encode(), media_type="application/json")


def log_measure_start(*, access: Access, process: Process) -> Run:
    """Measure the logs of a process again, by the working hours in force, as a job."""
    access.require(Role.EDITOR)
    logs = list(
        EventLog.objects.of(access.workspace).filter(process=process).order_by("pk").values_list("pk", flat=True)
    )
    if not logs:
        raise Conflict("There is no event log to measure.", detail="Import a log of this process first.")
    earlier = Run.objects.of(access.workspace).filter(kind=TASK, subject=f"process:{process.pk}").count()
    return run_submit(
        access=access,
        kind=TASK,
        title=f"Measure {process.name} again"[:200],
        stages=[
            StageSpec(
                name="measure",
                task_name=TASK,
                params={"logs": logs, "choice": dict(hours_in_force(process).choice)},
            )
        ],
        subject=f"process:{process.pk}",
        idempotency_key=f"{TASK}:{process.pk}:{earlier + 1}",
    )


def log_measure_compute(*, params: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Durations of the stored logs in these working hours. LogError when all of them are gone."""
    logs = list(EventLog.objects.select_related("events", "workspace").filter(pk__in=params["logs"]).order_by("pk"))
    if not logs:
        raise LogError("The log was deleted meanwhile.", advice="Import it again if you need it.")
    measured = []
    for place, log in enumerate(logs):
        progress(place / len(logs), f"measuring {log.name}")
        measured.append(_measured_again(log, params["choice"]))
    return {"choice": dict(params["choice"]), "logs": measured}


def _measured_again(log: EventLog, choice: Mapping[str, Any]) -> dict[str, Any]:
    with blob_open(log.events) as source:
        frame = read_events(source)
    meaning = TimeMeaning(log.statistics.get("meaning") or TimeMeaning.COMPLETION.value)
    instances = Instances(frame, none_rejected(), int(frame["case"].nunique()), meaning)
    measured = hours_measured(instances, choice)
    return {
        "log": log.pk,
        "statistics": measured.statistics,
        "observed": observed_store(log.workspace, measured.observed).pk,
        "activities": [asdict(facts) for facts in measured.found.activities],
    }


def log_measure_publish(stage: Stage, output: Mapping[str, Any]) -> None:
    """Times and statistics of the process, unless its working hours were changed once more meanwhile.

    Its tasks take the times of the log it rests on; the others keep theirs until they are compared or returned to.
    """
    found = {one["log"]: one for one in output["logs"]}
    logs = list(EventLog.objects.select_related("process__workspace").filter(pk__in=found))
    if not logs or dict(hours_in_force(logs[0].process).choice) != output["choice"]:
        return
    for log in logs:
        _keep(log, found[log.pk])
    process = logs[0].process
    access = Access.system(process.workspace)
    rests_on = latest_log(process)
    if rests_on is not None and rests_on.pk in found:
        _tasks_timed(access, process, {one["name"]: one for one in found[rests_on.pk]["activities"]})
    words = found[logs[0].pk]["statistics"]["calendar"]["words"]
    values_start(access=access, process=process)
    audit_record(access=access, verb="log.measured-again", subject=f"process:{process.pk}", detail={"hours": words})


def _keep(log: EventLog, measured: Mapping[str, Any]) -> None:
    log.statistics = log.statistics | measured["statistics"]
    log.measured = log.measured | {"activities": measured["activities"]}
    log.observed_id = measured["observed"]
    log.save(update_fields=["statistics", "measured", "observed"])


def _tasks_timed(access: Access, process: Process, facts: Mapping[str, Mapping[str, Any]]) -> None:
    with process_edit(access=access, process=process):
        tasks = list(Task.everything.of(process.workspace).filter(process=process, activity__in=facts))
        for task in tasks:
            task_times_update(task, facts[task.activity])
        Task.everything.bulk_update(tasks, ["figures", "handling_minutes", "handling_source", "waiting_hours"])


def task_times_update(task: Task, facts: Mapping[str, Any]) -> None:
    """Handling and waiting as measured; a figure that a person set stays, and what the log says is kept beside it."""
    minutes, waiting = facts["handling_median_minutes"], facts["waiting_median_hours"]
    if task.handling_source != Source.USER:
        task.handling_minutes = minutes
        task.handling_source = Source.NONE if minutes is None else Source.LOG
    if task.waiting_hours == task.figures.get("waiting_median_hours"):
        task.waiting_hours = waiting
    times = {name: value for name, value in facts.items() if name.startswith(("handling_", "waiting_"))}
    task.figures = task.figures | times | {"handling_minutes": minutes}
