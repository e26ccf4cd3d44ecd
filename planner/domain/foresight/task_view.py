"""What is known at a task, computed once for all its targets."""

from dataclasses import dataclass, replace

import pandas as pd

from planner.domain.foresight.arranged_log import ArrangedLog, MomentKind, Moments, task_moments
from planner.domain.foresight.features import KnownThen, features_at, order_state
from planner.domain.foresight.targets import TargetSpec
from planner.domain.foresight.training_table import TEST_SHARE, TrainingTable, table_join


@dataclass(frozen=True)
class TaskView:
    """What is known in every case that reached a task, shared by all targets of it."""

    log: ArrangedLog
    moments: Moments
    known: KnownThen
    order: pd.DataFrame

    def table(self, target: TargetSpec, *, test_share: float = TEST_SHARE) -> TrainingTable:
        """The training table of one target."""
        return table_join(self.log, self.moments, self.known, target, test_share=test_share)


def order_at_completion(log: ArrangedLog, moments: Moments) -> pd.DataFrame:
    """What had happened when the task was complete, by case name: how often each activity, and the last one."""
    done = task_moments(log, moments.task, kind=MomentKind.COMPLETION)
    done = replace(moments, kind=MomentKind.COMPLETION, time=log.end[moments.row], repeats=done.repeats)
    return order_state(log, done).set_index(pd.Index(log.cases[moments.case]))


def view_of(log: ArrangedLog, task: str, *, pseudonym_key: bytes) -> TaskView:
    """What is known at a task, computed once for all its targets."""
    moments = task_moments(log, task)
    return TaskView(log, moments, features_at(log, moments, key=pseudonym_key), order_at_completion(log, moments))
