"""A training table as the generator and a generated project see it: facts about it, and its rows as CSV."""

import io
from typing import Any

import pandas as pd

from pipelines.domain.designing import TableFacts, TableFeature, class_text
from pipelines.domain.generation import TableData
from pipelines.domain.specification import (
    AMOUNTS,
    DECIDED_AT,
    KNOWN_AT,
    OUTCOME,
    ROW_ID,
    FeatureColumn,
    Series,
    Specification,
)
from planner.domain.foresight.feature_kinds import FeatureType
from planner.domain.foresight.periods import SeriesShape
from planner.domain.foresight.targets import Problem
from planner.domain.foresight.training_table import LABEL, TrainingTable

YES = "yes"
KINDS = {FeatureType.NUMBER: "number", FeatureType.BOOLEAN: "flag", FeatureType.CATEGORY: "category"}
TRUE = frozenset({"true", "1", "1.0", "yes"})


def table_facts(table: TrainingTable) -> TableFacts:
    """Columns, question, outcomes and counts of a training table."""
    amount = table.problem.value in AMOUNTS
    unit = f"cases a {table.series.period}" if table.series else "hours" if amount else ""
    return TableFacts(
        features=[
            TableFeature(
                feature.name,
                feature.label,
                KINDS[feature.type],
                feature.unit,
                feature.source,
                required=table.series is not None,
            )
            for feature in table.features
        ],
        question=f"{table.target.task}: {table.target.question}",
        task=table.problem.value,
        classes=[] if amount else [str(name) for name in table.frame[LABEL].dropna().unique()],
        positive=YES if table.problem is Problem.BINARY else "",
        label_kind=table.target.label_kind.value,
        rows=len(table.frame),
        unit=unit,
        excluded=[(item.reason, item.count) for item in table.excluded],
        series=None if table.series is None else series_facts(table.series),
    )


def series_facts(shape: SeriesShape) -> Series:
    """The shape of a series in plain values."""
    closed = tuple(day.isoformat() for day in shape.closed)
    return Series(shape.period.value, shape.season, shape.zone, shape.origin.isoformat(), shape.open_weekdays, closed)


def table_rows(table: TrainingTable, specification: Specification) -> TableData:
    """The rows as CSV under the derived column names; cases become row numbers, so no case id leaves. A period keeps
    its name: the day it begins on.
    """
    frame = table.frame
    numbered = pd.Series([f"row-{place:07d}" for place in range(len(frame))], index=frame.index)
    columns: dict[str, pd.Series] = {
        ROW_ID: numbered if table.series is None else frame["case"].astype(object),
        DECIDED_AT: _moments(frame["moment"]),
        KNOWN_AT: _moments(frame["known_at"]),
        OUTCOME: _outcome(frame[LABEL], specification.label.task),
    }
    for feature in specification.features:
        columns[feature.name] = _column(frame[feature.source_column], feature)
    stream = io.BytesIO()
    pd.DataFrame(columns).to_csv(stream, index=False, lineterminator="\n", encoding="utf-8")
    moment = "" if table.split_at is None else table.split_at.isoformat()
    return TableData(stream.getvalue(), moment)


def _moments(values: pd.Series) -> pd.Series:
    return values.map(lambda moment: "" if pd.isna(moment) else moment.isoformat()).astype(object)


def _outcome(values: pd.Series, task: str) -> pd.Series:
    return values.astype("float64") if task in AMOUNTS else values.astype(object).map(class_text)


def _column(values: pd.Series, feature: FeatureColumn) -> pd.Series:
    if feature.kind == "number":
        return pd.to_numeric(values).astype("float64")
    if feature.kind == "flag":
        return values.map(_flag)
    return values.map(lambda value: None if pd.isna(value) else class_text(value)).astype(object)


def _flag(value: Any) -> int | None:
    return None if pd.isna(value) else int(str(value).lower() in TRUE)
