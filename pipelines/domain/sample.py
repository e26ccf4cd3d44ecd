"""A made-up table with the schema of the real one, so a project without real rows runs all the same."""

import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from pipelines.domain.specification import ROW_COLUMNS, FeatureColumn, LabelColumn, Specification

ROWS = 480
START = datetime(2024, 1, 1, 8, tzinfo=UTC)
GROUPS = ("alpha", "beta", "gamma", "delta")
Floats = NDArray[np.float64]


def sample_rows(specification: Specification, generator: np.random.Generator) -> bytes:
    """480 rows as CSV. The outcome follows from the first features and chance, so a model has something to find."""
    columns = {feature.name: _values(feature, generator) for feature in specification.features}
    signal = _signal(list(specification.features), columns)
    outcomes = _outcomes(specification.label, signal, generator)
    cells = {name: _cell(name) for name in specification.label.classes}
    told = [*_frame(), _texts(outcomes, cells), *(_texts(values) for values in columns.values())]
    lines = [",".join(map(_cell, [*ROW_COLUMNS, *columns])), *map(",".join, zip(*told, strict=True))]
    return ("\n".join(lines) + "\n").encode("utf-8")


NO_CELLS: Mapping[str, str] = {}


def _texts(values: list[object], cells: Mapping[str, str] = NO_CELLS) -> list[str]:
    """Numbers and names as they stand in CSV; `cells` holds those names that may need quotes."""
    first = values[0]
    if isinstance(first, int):
        return ["1" if value else "0" for value in values]
    if not isinstance(first, str):
        return list(map(repr, values))
    names = cast("list[str]", values)
    return [cells.get(name, name) for name in names] if cells else names


def _cell(value: str) -> str:
    """A value as it stands in CSV, beside others."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="").writerow([value, ""])
    return stream.getvalue()[:-1]


@cache
def _frame() -> tuple[list[str], list[str], list[str]]:
    """Names of the rows, the moments of their decisions and those at which the outcomes were known."""
    decided = [START + timedelta(hours=9 * row) for row in range(ROWS)]
    known = [moment + timedelta(hours=5) for moment in decided]
    names = [f"sample-{row:04d}" for row in range(ROWS)]
    return names, [moment.isoformat() for moment in decided], [moment.isoformat() for moment in known]


def _values(feature: FeatureColumn, generator: np.random.Generator) -> list[object]:
    if feature.kind == "number":
        return [*generator.gamma(2.0, 10.0, ROWS).round(2).tolist()]
    if feature.kind == "flag":
        return [*generator.integers(0, 2, ROWS).tolist()]
    return [GROUPS[place] for place in generator.integers(0, len(GROUPS), ROWS).tolist()]


def _signal(features: list[FeatureColumn], columns: dict[str, list[object]]) -> Floats:
    """Sum of the standardised first three features, one of them through its groups."""
    total = np.zeros(ROWS)
    for feature in features[:3]:
        values = columns[feature.name]
        numbers = np.asarray([GROUPS.index(str(value)) for value in values] if feature.kind == "category" else values)
        spread = float(numbers.std()) or 1.0
        total += (numbers - numbers.mean()) / spread
    return total


def _outcomes(label: LabelColumn, signal: Floats, generator: np.random.Generator) -> list[object]:
    noisy = signal + generator.normal(0.0, 0.8, ROWS)
    if label.task == "regression":
        return [*(np.exp(noisy / 2) * 10).round(2).tolist()]
    if label.task == "binary":
        other = next(name for name in label.classes if name != label.positive)
        edge = np.quantile(noisy, 0.6)
        return [label.positive if value > edge else other for value in noisy]
    edges = np.quantile(noisy, np.linspace(0, 1, len(label.classes) + 1)[1:-1])
    return [label.classes[place] for place in np.searchsorted(edges, noisy)]
