"""Specifications and projects for the tests, from made-up tables and any text."""

from collections.abc import Mapping

from pipelines.domain.architecture import Architecture
from pipelines.domain.designing import CanvasFacts, CanvasField, specification_make
from pipelines.domain.generation import GeneratedProject, TableData
from pipelines.domain.specification import PlannedValue, Specification
from pipelines.domain.table_data import table_facts, table_rows
from pipelines.services.designing import render
from planner.domain.foresight.targets import Problem
from tests.pipelines.tables import MadeTable, made_table

VALUES = {"value_tp": 40.0, "value_fp": -25.0, "value_fn": -40.0, "value_tn": 10.0}
PLAN = PlannedValue(148000.0, 21000.0, 290000.0, 1.9, 14.0, 0.08, "EUR", 5)


def specification_of(
    made: MadeTable,
    *,
    title: str = "Triage claim",
    texts: Mapping[str, str] | None = None,
    numbers: Mapping[str, float] | None = None,
    architecture: Architecture | None = None,
) -> Specification:
    """A specification with a cost matrix; `texts` and `numbers` are values of the canvas by "block.field"."""
    given = {"value_proposition.end_user": "Claims handlers", **(texts or {})}
    fields = [_field(place, text, (numbers or {}).get(place)) for place, text in given.items()]
    fields += [
        CanvasField("impact_simulation", key, "Impact Simulation", key, f"{value} EUR", value)
        for key, value in VALUES.items()
    ]
    canvas = CanvasFacts(title, "Motor claims", fields, 3, "EUR")
    return specification_make(
        canvas,
        table_facts(made.table),
        planned=PLAN,
        architecture=architecture or Architecture(),
        lock_digest="0" * 64,
    )


def _field(place: str, text: str, number: float | None = None) -> CanvasField:
    block, key = place.split(".")
    return CanvasField(block, key, block.replace("_", " ").title(), key, text, number)


def project_of(specification: Specification, data: TableData | None = None) -> GeneratedProject:
    return render(specification, data)


def small_table(problem: Problem = Problem.BINARY, rows: int = 400) -> MadeTable:
    return made_table(rows=rows, seed=5, problem=problem)


def with_rows(made: MadeTable, specification: Specification) -> GeneratedProject:
    return project_of(specification, table_rows(made.table, specification))
