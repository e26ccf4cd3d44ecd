"""Training tables out of stored logs, with people's names replaced by stand-ins of the workspace's own."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Any

from django.conf import settings

from accounts.models import Workspace
from common.errors import Conflict, FieldProblem, InvalidInput
from jobs.models import Blob
from jobs.services import blob_open, blob_store
from planner.domain.event_log.columnar import MEDIA_TYPE, read_events
from planner.domain.foresight.arranged_log import ArrangedLog, log_arrange
from planner.domain.foresight.targets import TargetError, TargetSpec
from planner.domain.foresight.training_table import TrainingTable, table_of
from planner.domain.foresight.volume_table import volume_table
from planner.models import DecisionTarget, EventLog, Task
from planner.selectors.working_hours import log_calendar

YEARS_AHEAD = 5
"""Years after the log whose holidays are known to a forecast."""

PURPOSE = "names of people in training tables of workspace"


@dataclass(frozen=True)
class TableFile:
    """A training table in the file store, and what it is in plain values."""

    blob: Blob
    description: dict[str, Any]


def training_table_build(
    *, task: Task, target: TargetSpec | None = None, beside: Sequence[TargetSpec] = ()
) -> TableFile:
    """Build the table of the target (the task's chosen one when None) and store it as Parquet.

    The answers to the targets `beside` it are columns of their own: outcomes like the one learnt, never features.
    """
    table = training_table_of(task=task, target=target, beside=beside)
    stream = BytesIO()
    table.frame.to_parquet(stream, index=False, compression="zstd")
    blob = blob_store(workspace=task.workspace, source=stream.getvalue(), media_type=MEDIA_TYPE)
    return TableFile(blob, table_description(table))


def training_table_of(
    *, task: Task, target: TargetSpec | None = None, beside: Sequence[TargetSpec] = ()
) -> TrainingTable:
    """The table itself. Refuses a task without a log or target (Conflict) and a target the log lacks (InvalidInput).

    A volume stands alone, as learnt target and beside one: its rows are periods, not cases.
    """
    log = log_of(task)
    wanted = target or _chosen(task)
    try:
        if beside and any(one.is_volume for one in (wanted, *beside)):
            raise TargetError("A volume counts cases by period: its table has no other target beside it.")
        if wanted.is_volume:
            return volume_table(log_read(log), wanted, calendar=log_calendar(log, years=YEARS_AHEAD))
        # Loads scikit-learn, which no page needs: web processes stay light without it.
        from planner.domain.foresight.context_judging import context_judged  # noqa: PLC0415  see above

        known = table_of(log_read(log), wanted, pseudonym_key=pseudonym_key(task.workspace), beside=beside)
        return context_judged(known)
    except TargetError as error:
        raise InvalidInput("This target cannot be used.", errors=[FieldProblem(error.where, str(error))]) from error


def table_description(table: TrainingTable) -> dict[str, Any]:
    """What the table holds: target, features with type, unit and source, counts, split, and what was left out."""
    return {
        "target": table.target.as_json(),
        "question": table.target.question,
        "problem": table.problem.value,
        "label_kind": table.target.label_kind.value,
        "moment": table.moment_kind.value,
        "beside": [
            {
                "column": one.name,
                "known_at": one.known_at,
                "target": one.target.as_json(),
                "question": one.target.question,
                "problem": one.problem.value,
                "known": one.known,
            }
            for one in table.beside
        ],
        "rows": len(table.frame),
        "train": len(table.train),
        "test": len(table.test),
        "purged": table.purged,
        "split_at": None if table.split_at is None else table.split_at.isoformat(),
        "features": [asdict(feature) for feature in table.features],
        "dropped": [asdict(item) for item in table.dropped],
        "excluded": [asdict(item) for item in table.excluded],
    }


def log_of(task: Task) -> EventLog:
    """The log the task's process rests on; Conflict where there is none or the task is not in it."""
    log = EventLog.objects.of(task.workspace).in_use().filter(process=task.process_id).select_related("events").first()
    if log is None:
        raise Conflict(
            "There is no event log to learn from.", detail="Import a log of this process; its cases become the rows."
        )
    if not task.activity:
        raise Conflict(
            f"“{task.name}” is not in the log.", detail="Only tasks that the log knows have cases to learn from."
        )
    return log


def log_read(log: EventLog) -> ArrangedLog:
    """The stored events, arranged for questions of what was known when."""
    with blob_open(log.events) as source:
        return log_arrange(read_events(source))


def pseudonym_key(workspace: Workspace) -> bytes:
    """The key of the workspace's stand-ins: the same person stays the same within it, and differs elsewhere."""
    text = f"{PURPOSE} {workspace.pk}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).digest()


def _chosen(task: Task) -> TargetSpec:
    chosen = DecisionTarget.objects.of(task.workspace).chosen().filter(task=task).first()
    if chosen is None:
        raise Conflict(f"No target is chosen for “{task.name}”.", detail="Choose what is to be foretold there.")
    return chosen.target
