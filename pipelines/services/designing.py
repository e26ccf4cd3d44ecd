"""From a task's canvas, log and plan to a specification and the files it renders to."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accounts.models import Workspace
from canvas.models import Canvas
from canvas.selectors import canvas_to_build
from pipelines.domain.architecture import Architecture, Problem
from pipelines.domain.canvas_facts import canvas_facts
from pipelines.domain.choices import architecture_proposed
from pipelines.domain.designing import canvas_texts, specification_make
from pipelines.domain.fingerprint import file_digests
from pipelines.domain.generation import GeneratedProject, Packages, TableData, generate
from pipelines.domain.licences import Licence
from pipelines.domain.specification import PlannedValue, Specification
from pipelines.services.skeletons import licence_read, lock_read, requirements_read, serving_lock_read, templates_read
from pipelines.services.tables import SAMPLE_SEED, Learnt
from planner.domain.valuation.distributions import median
from planner.selectors import ValuedTask, valued_task

DIGITS = 3


@dataclass(frozen=True)
class Design:
    """A specification and the real rows."""

    specification: Specification
    data: TableData

    def project(self, *, with_rows: bool) -> GeneratedProject:
        """The project people download."""
        return render(self.specification, self.data if with_rows else None)


def design_make(
    *, canvas: Canvas, learnt: Learnt, architecture: Architecture | None = None, licence: Licence | None = None
) -> Design:
    """Without `architecture` the one the canvas asks for, without `licence` all rights reserved.

    Refuses with SpecificationError what cannot be built.
    """
    valued = valued_task(canvas.task)
    facts = canvas_facts(canvas_to_build(canvas), decided_alone=_decided_alone(valued))
    chosen = architecture or architecture_proposed(canvas_texts(facts))
    specification = specification_make(
        facts,
        learnt.facts,
        planned=planned_value(valued, canvas.workspace),
        architecture=chosen,
        lock_digest=file_digests({"lock": lock_read(chosen)})["lock"],
        licence=licence,
    )
    return Design(specification, learnt.rows(specification))


def render(specification: Specification, data: TableData | None = None) -> GeneratedProject:
    """The files of a specification; the made-up sample is drawn from a seed of its own."""
    generator = np.random.default_rng(SAMPLE_SEED)
    chosen = specification.architecture
    packages = Packages(lock_read(chosen), serving_lock_read(chosen), requirements_read(chosen))
    templates = (
        templates_read(chosen, Problem(specification.label.task)),
        licence_read(specification.licence.kind),
    )
    return generate(specification, templates, packages, generator, data)


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
