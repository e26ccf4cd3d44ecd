"""What is known at a task, computed once for all its targets."""

from dataclasses import dataclass, replace

import pandas as pd

from planner.domain.event_log.working_calendar import WorkingCalendar
from planner.domain.foresight.arranged_log import ArrangedLog, MomentKind, Moments, task_moments
from planner.domain.foresight.features import KnownThen, features_at, order_state
from planner.domain.foresight.targets import TargetSpec
from planner.domain.foresight.training_table import TEST_SHARE, TrainingTable, table_join
from planner.domain.foresight.volume_table import volume_table


@dataclass(frozen=True)
class TaskView:
    """What is known in every case that reached a task, shared by all targets of it.

    `log` may hold a sample of the cases; volumes are counted in all of them, in `whole`, by `calendar` (None: around
    the clock).
    """

    log: ArrangedLog
    moments: Moments
    known: KnownThen
    order: pd.DataFrame
    whole: ArrangedLog
    calendar: WorkingCalendar | None = None

    def table(self, target: TargetSpec, *, test_share: float = TEST_SHARE) -> TrainingTable:
        """The training table of one target."""
        if target.is_volume:
            return volume_table(self.whole, target, calendar=self.calendar, test_share=test_share)
        return table_join(self.log, self.moments, self.known, target, test_share=test_share)


def order_at_completion(log: ArrangedLog, moments: Moments) -> pd.DataFrame:
    """What had happened when the task was complete, by case name: how often each activity, and the last one."""
    done = task_moments(log, moments.task, kind=MomentKind.COMPLETION)
    done = replace(moments, kind=MomentKind.COMPLETION, time=log.end[moments.row], repeats=done.repeats)
    return order_state(log, done).set_index(pd.Index(log.cases[moments.case]))


def view_of(
    log: ArrangedLog,
    task: str,
    *,
    pseudonym_key: bytes,
    whole: ArrangedLog | None = None,
    calendar: WorkingCalendar | None = None,
) -> TaskView:
    """What is known at a task, computed once for all its targets; `whole` where `log` holds a sample of its cases."""
    moments = task_moments(log, task)
    known = features_at(log, moments, key=pseudonym_key, whole=whole)
    return TaskView(log, moments, known, order_at_completion(log, moments), whole or log, calendar)
