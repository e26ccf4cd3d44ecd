"""What became of cases that were foretold, read from the log a process rests on now."""

from collections.abc import Collection
from dataclasses import replace

from planner.domain.foresight.arranged_log import ArrangedLog
from planner.domain.foresight.later_outcomes import CaseOutcomes, outcomes_of_cases
from planner.domain.foresight.targets import TargetError, TargetSpec
from planner.models import EventLog, Task


def case_outcomes(
    *,
    log: EventLog,
    arranged: ArrangedLog,
    task: Task,
    target: TargetSpec,
    cases: Collection[str],
    classes: Collection[str],
) -> CaseOutcomes:
    """What became of `cases` by `target`, in `arranged`, the events of `log`. Refuses in words with TargetError.

    A task that the log calls otherwise than the one before is looked for under its name of now.
    """
    if target.needs_real_times and not log.tells_durations:
        raise TargetError("The times of this log are planned ones: it does not say how long anything took.")
    if arranged.number(target.task) is None and task.activity:
        target = replace(target, task=task.activity)
    return outcomes_of_cases(arranged, target, cases, classes=classes)
