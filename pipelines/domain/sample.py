"""A made-up table with the schema of the real one, so a project without real rows runs all the same."""

import csv
import io
from datetime import UTC, datetime, timedelta

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
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*ROW_COLUMNS, *columns])
    for row in range(ROWS):
        decided = START + timedelta(hours=9 * row)
        known = decided + timedelta(hours=5)
        moments = [decided.isoformat(), known.isoformat()]
        writer.writerow([f"sample-{row:04d}", *moments, outcomes[row], *(values[row] for values in columns.values())])
    return stream.getvalue().encode("utf-8")


def _values(feature: FeatureColumn, generator: np.random.Generator) -> list[object]:
    if feature.kind == "number":
        return [round(float(value), 2) for value in generator.gamma(2.0, 10.0, ROWS)]
    if feature.kind == "flag":
        return [int(value) for value in generator.integers(0, 2, ROWS)]
    return [GROUPS[place] for place in generator.integers(0, len(GROUPS), ROWS)]


def _signal(features: list[FeatureColumn], columns: dict[str, list[object]]) -> Floats:
    """Sum of the standardised first three features, one of them through its groups."""
    total = np.zeros(ROWS)
    for feature in features[:3]:
        values = columns[feature.name]
        numbers = [GROUPS.index(str(value)) if feature.kind == "category" else float(str(value)) for value in values]
        spread = float(np.std(numbers)) or 1.0
        total += (np.asarray(numbers) - np.mean(numbers)) / spread
    return total


def _outcomes(label: LabelColumn, signal: Floats, generator: np.random.Generator) -> list[object]:
    noisy = signal + generator.normal(0.0, 0.8, ROWS)
    if label.task == "regression":
        return [round(float(value), 2) for value in np.exp(noisy / 2) * 10]
    if label.task == "binary":
        other = next(name for name in label.classes if name != label.positive)
        return [label.positive if value > np.quantile(noisy, 0.6) else other for value in noisy]
    edges = np.quantile(noisy, np.linspace(0, 1, len(label.classes) + 1)[1:-1])
    return [label.classes[place] for place in np.searchsorted(edges, noisy)]
