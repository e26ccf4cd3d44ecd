"""What a pipeline learns from: the log of its task, a table somebody brought, or rows made up from the canvas."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from accounts.access import Access
from canvas.models import Canvas
from canvas.selectors import canvas_to_build
from common.errors import ProblemError
from jobs.services import blob_open
from pipelines.domain.canvas_facts import canvas_facts
from pipelines.domain.designing import SpecificationError, TableFacts
from pipelines.domain.generation import TableData
from pipelines.domain.made_up import made_up_facts
from pipelines.domain.sample import sample_rows
from pipelines.domain.specification import Specification
from pipelines.domain.table_data import table_facts, table_rows
from pipelines.domain.uploaded.profile import TableProfile
from pipelines.domain.uploaded.reading import TableRefused, TableShape, batches
from pipelines.domain.uploaded.roles import Roles
from pipelines.domain.uploaded.table import facts_of, rows_of, table_make
from pipelines.models import RowsFrom, TrainingUpload
from pipelines.selectors.training import rows_from_of, upload_in_use
from planner.domain.foresight.targets import TargetSpec
from planner.domain.foresight.training_table import TrainingTable
from planner.models import DecisionTarget, Task
from planner.services import log_of, targets_propose, training_table_of
from planner.services.training_tables import pseudonym_key

SAMPLE_SEED = 20240229
DRAW_SEED = 20240301


class NotGenerable(Exception):
    """No project can be generated from what there is; the message says what to do."""


@dataclass(frozen=True)
class Learnt:
    """Facts of a training table and its rows; `target` is what is learnt, as JSON, `log` or `upload` where it is from.

    `rows` gives them under the names of a specification; made-up rows are those of the project's own sample.
    """

    facts: TableFacts
    rows: Callable[[Specification], TableData]
    target: dict[str, Any] = field(default_factory=dict)
    log: int | None = None
    upload: int | None = None

    @property
    def is_made_up(self) -> bool:
        return self.facts.rows_from == RowsFrom.MADE_UP


def learnt_of(*, canvas: Canvas, target: TargetSpec | None) -> Learnt:
    """What the pipeline of a canvas learns from; a `target` is one of the log. Raises NotGenerable in words."""
    rows_from = RowsFrom.LOG if target is not None else rows_from_of(canvas)
    if rows_from == RowsFrom.MADE_UP:
        return _made_up(canvas)
    upload = upload_in_use(canvas) if rows_from == RowsFrom.UPLOAD else None
    if upload is not None:
        return _from_upload(upload)
    table = table_of(task=canvas.task, target=target)
    return Learnt(
        table_facts(table), lambda spec: table_rows(table, spec), table.target.as_json(), log=log_of(canvas.task).pk
    )


def table_of(*, task: Task, target: TargetSpec | None) -> TrainingTable:
    """The table of the target, else of the chosen one, else of the most useful one. Raises NotGenerable in words."""
    try:
        return training_table_of(task=task, target=target or _chosen(task))
    except ProblemError as problem:
        told = " ".join(error.message for error in problem.errors)
        raise NotGenerable(" ".join(part for part in (str(problem), told) if part)) from problem


def _chosen(task: Task) -> TargetSpec:
    found = DecisionTarget.objects.of(task.workspace).filter(task=task)
    chosen = found.chosen().first()
    if chosen is None:
        proposed = targets_propose(access=Access.system(task.workspace), task=task)
        chosen = next((target for target in proposed if target.chosen), next(iter(proposed), None))
    return TargetSpec.next_activity(task=task.activity) if chosen is None else chosen.target


def _from_upload(upload: TrainingUpload) -> Learnt:
    if not upload.confirmed:
        raise NotGenerable(f"Say first what the columns of {upload.filename} are: which is foretold, which are known.")
    shape, profile = TableShape.from_json(upload.shape), TableProfile.from_json(upload.profile)
    roles = Roles.from_json(upload.roles)
    try:
        with blob_open(upload.blob) as source:
            pieces = batches(source, shape, columns=roles.columns)
            generator, key = np.random.default_rng(DRAW_SEED), pseudonym_key(upload.workspace)
            table = table_make(pieces, profile, roles, generator, key=key)
    except TableRefused as refused:
        raise NotGenerable(f"{upload.filename}: {refused}") from refused
    facts = facts_of(table, profile, roles, source=upload.filename)
    target = {"file": upload.filename, "column": roles.target, "positive": roles.positive}
    return Learnt(facts, lambda spec: rows_of(table, spec), target, upload=upload.pk)


def _made_up(canvas: Canvas) -> Learnt:
    document = canvas_to_build(canvas)
    try:
        facts = made_up_facts(
            canvas_facts(document),
            document.rows("features", "features"),
            task_type=str(document.value("prediction_task", "task_type") or ""),
        )
    except SpecificationError as error:
        raise NotGenerable(str(error)) from error
    return Learnt(facts, lambda spec: TableData(sample_rows(spec, np.random.default_rng(SAMPLE_SEED)), ""))
