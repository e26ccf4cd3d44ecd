"""From a task's canvas, log and plan to a specification and the files it renders to."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accounts.models import Workspace
from canvas.models import Canvas
from canvas.selectors import canvas_document
from pipelines.domain.canvas_facts import canvas_facts
from pipelines.domain.designing import specification_make
from pipelines.domain.fingerprint import file_digests
from pipelines.domain.generation import GeneratedProject, TableData, generate
from pipelines.domain.specification import PlannedValue, Specification
from pipelines.domain.table_data import table_facts, table_rows
from pipelines.services.skeletons import TABULAR, lock_read, templates_read
from planner.domain.foresight.training_table import TrainingTable
from planner.domain.valuation.distributions import median
from planner.selectors import ValuedTask, valued_task

SAMPLE_SEED = 20240229
DIGITS = 3


@dataclass(frozen=True)
class Design:
    """A specification, the project without real rows, and the real rows."""

    specification: Specification
    bare: GeneratedProject
    data: TableData

    def project(self, *, with_rows: bool) -> GeneratedProject:
        """The project people download."""
        return render(self.specification, self.data) if with_rows else self.bare


def design_make(*, canvas: Canvas, table: TrainingTable) -> Design:
    """Refuses with SpecificationError what cannot become a project."""
    lock, valued = lock_read(TABULAR), valued_task(canvas.task)
    specification = specification_make(
        canvas_facts(canvas_document(canvas), decided_alone=_decided_alone(valued)),
        table_facts(table),
        planned=planned_value(valued, canvas.workspace),
        lock_name=TABULAR,
        lock_digest=file_digests({"lock": lock})["lock"],
    )
    return Design(specification, render(specification), table_rows(table, specification))


def render(specification: Specification, data: TableData | None = None) -> GeneratedProject:
    """The files of a specification; the made-up sample is drawn from a seed of its own."""
    generator = np.random.default_rng(SAMPLE_SEED)
    lock = lock_read(specification.lock_name)
    return generate(specification, templates_read(specification.lock_name), lock, generator, data)


def _decided_alone(found: ValuedTask) -> float:
    """The share the estimate counts on, in the middle; all of them where the task is not valued."""
    share = found.planned_case.by_key.get("coverage") if found.planned_case else None
    return 1.0 if share is None else round(float(median(share)), 3)


def planned_value(found: ValuedTask, workspace: Workspace) -> PlannedValue | None:
    """What the plan says, to three digits; None where the task cannot be valued yet."""
    outcome = found.planned or found.outcome
    if outcome is None:
        return None
    summary = outcome.summary
    return PlannedValue(
        npv_mean=_rounded(summary.mean),
        npv_low=_rounded(summary.p5),
        npv_high=_rounded(summary.p95),
        roi=None if summary.roi is None else _rounded(summary.roi),
        payback_months=None if outcome.payback_months is None else _rounded(outcome.payback_months),
        loss_probability=_rounded(summary.loss_probability),
        currency=workspace.currency,
        horizon_years=workspace.horizon_years,
    )


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def tree_of(files: Mapping[str, bytes]) -> list[dict[str, object]]:
    """{path, size, digest} of every file, sorted by path."""
    digests = file_digests(files)
    return [{"path": path, "size": len(files[path]), "digest": digest} for path, digest in digests.items()]
