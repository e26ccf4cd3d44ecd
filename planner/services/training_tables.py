"""Training tables out of stored logs, with people's names replaced by stand-ins of the workspace's own."""

import hashlib
import hmac
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
from planner.models import DecisionTarget, EventLog, Task

PURPOSE = "names of people in training tables of workspace"


@dataclass(frozen=True)
class TableFile:
    """A training table in the file store, and what it is in plain values."""

    blob: Blob
    description: dict[str, Any]


def training_table_build(*, task: Task, target: TargetSpec | None = None) -> TableFile:
    """Build the table of the target (the task's chosen one when None) and store it as Parquet."""
    table = training_table_of(task=task, target=target)
    stream = BytesIO()
    table.frame.to_parquet(stream, index=False, compression="zstd")
    blob = blob_store(workspace=task.workspace, source=stream.getvalue(), media_type=MEDIA_TYPE)
    return TableFile(blob, table_description(table))


def training_table_of(*, task: Task, target: TargetSpec | None = None) -> TrainingTable:
    """The table itself. Refuses a task without a log or target (Conflict) and a target the log lacks (InvalidInput)."""
    log = log_of(task)
    wanted = target or _chosen(task)
    try:
        return table_of(log_read(log), wanted, pseudonym_key=pseudonym_key(task.workspace))
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
