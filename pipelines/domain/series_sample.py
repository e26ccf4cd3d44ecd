"""A made-up series with the shape of the real one: a season, a slow wave, chance; and the rows that follow from it."""

from datetime import date

import numpy as np
import pandas as pd

from pipelines.domain.specification import DECIDED_AT, KNOWN_AT, OUTCOME, ROW_ID, Series, Specification
from planner.domain.foresight.period_features import series_features
from planner.domain.foresight.periods import SeriesShape, day_number, day_of, midnights
from planner.domain.foresight.targets import Period

DAYS, WEEKS = 400, 180
LEVEL = 20.0


def series_sample(specification: Specification, series: Series, generator: np.random.Generator) -> bytes:
    """The rows as CSV; none of the counts is real."""
    shape = shape_read(series)
    first, many = day_number(shape.origin), max(WEEKS, 4 * shape.season) if shape.season != 7 else DAYS
    starts = shape.grid(first, first + (many - 1) * shape.period.days)
    starts = starts[shape.open_in(starts) > 0]
    turn = (starts - first) // shape.period.days
    season = generator.gamma(4.0, 0.25, shape.season)[turn % shape.season]
    wave = 1 + 0.2 * np.sin(turn / (4 * shape.season))
    values = generator.poisson(LEVEL * season * wave).astype(np.float64)
    known = series_features(shape, starts, values)
    frame = pd.DataFrame(
        {
            ROW_ID: [day_of(int(start)).isoformat() for start in starts],
            DECIDED_AT: _written(midnights(starts, shape.zone)),
            KNOWN_AT: _written(midnights(starts + shape.period.days, shape.zone)),
            OUTCOME: values,
            **{feature.name: known[feature.source_column] for feature in specification.features},
        }
    )
    text: str = frame[known.notna().all(axis=1)].to_csv(index=False, lineterminator="\n")
    return text.encode("utf-8")


def shape_read(series: Series) -> SeriesShape:
    """The shape in the planner's terms."""
    closed = tuple(date.fromisoformat(day) for day in series.closed)
    origin = date.fromisoformat(series.origin)
    return SeriesShape(Period(series.period), series.season, series.zone, origin, series.open_weekdays, closed)


def _written(moments: pd.Series) -> pd.Series:
    return moments.map(lambda moment: moment.isoformat()).astype(object)
