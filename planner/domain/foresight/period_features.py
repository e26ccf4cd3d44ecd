"""What is known of a series of counts before each of its periods begins."""

import numpy as np
import pandas as pd

from planner.domain.foresight.arranged_log import Ints
from planner.domain.foresight.feature_kinds import Feature, FeatureGroup, FeatureType
from planner.domain.foresight.periods import SeriesShape, day_number
from planner.domain.foresight.targets import Period

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]

LAGS = 3
SEASONS_BACK = 4
"""How many seasons back an open period is looked for where the same one was closed."""

WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SEASON = "season_1"
"""The feature that is the seasonal naive forecast."""

YEARLY = frozenset({"month", "week_of_year"})
"""Features of the year: until two years were seen they cannot be told from chance, or from a rise."""

COUNTS, CALENDAR = "earlier periods", "calendar"


def series_features(shape: SeriesShape, starts: Ints, values: Floats) -> pd.DataFrame:
    """One row a period, in their order; `starts` are its open periods as days since 1970, `values` what came in each.

    A row reads values of earlier periods and the calendar alone. It is NaN in what is not known yet: `season_1` until
    a season has passed, the lags in the first periods.
    """
    grid = shape.grid(int(starts[0]), int(starts[-1]))
    place = (starts - starts[0]) // shape.period.days
    known = np.full(len(grid), np.nan)
    known[place] = values
    short, long = shape.period.windows
    columns: dict[str, object] = {f"lag_{lag}": _before(values, lag) for lag in range(1, LAGS + 1)}
    columns |= dict(zip((SEASON, "season_2"), _seasons(known, place, shape.season), strict=True))
    columns[f"mean_{short}"] = _mean(known, place, short, values)
    columns[f"mean_{long}"] = _mean(known, place, long, values)
    return pd.DataFrame(columns | _calendar(shape, starts))


def features_described(shape: SeriesShape) -> tuple[Feature, ...]:
    """The columns of `series_features`, in their order."""
    name, (short, long) = shape.period.value, shape.period.windows
    ago = "one week before" if shape.season == 7 else "one year before" if shape.season == 52 else "four weeks before"
    words = {f"lag_{lag}": f"cases {lag} {name}{'s' if lag > 1 else ''} before" for lag in range(1, LAGS + 1)}
    same = f"cases {'on' if shape.period is Period.DAY else 'in'} the same {name}"
    words |= {SEASON: f"{same} {ago}", "season_2": f"{same} a season earlier"}
    words |= {f"mean_{size}": f"mean of the {size} {name}s before" for size in (short, long)}
    numbers = [_feature(key, text, "cases", COUNTS) for key, text in words.items()]
    names = {"weekday": "weekday", "month": "month"} if shape.period is Period.DAY else {"month": "month"}
    groups = [_feature(key, text, "", CALENDAR, FeatureType.CATEGORY) for key, text in names.items()]
    rest = {"day_of_month": ("day of the month", ""), "closed_before": ("closed days just before", "days")}
    if shape.period is Period.WEEK:
        rest = {"week_of_year": ("week of the year", ""), "open_days": ("days worked on in the week", "days")}
    rest["trend"] = (f"{name}s since the series began", f"{name}s")
    return (*numbers, *groups, *(_feature(key, text, unit, CALENDAR) for key, (text, unit) in rest.items()))


def long_mean(period: Period) -> str:
    """The feature that says what is usual lately."""
    return f"mean_{period.windows[1]}"


def _feature(name: str, label: str, unit: str, source: str, kind: FeatureType = FeatureType.NUMBER) -> Feature:
    return Feature(name, label, kind, unit, source, FeatureGroup.TIME)


def _before(values: Floats, lag: int) -> Floats:
    """What came `lag` open periods before."""
    return np.concatenate([np.full(min(lag, len(values)), np.nan), values[:-lag]])


def _seasons(known: Floats, place: Ints, season: int) -> tuple[Floats, Floats]:
    """The same period one season before, and the one before that; where it was closed, the next earlier open one.

    The second is the first again where there is none.
    """
    backs = place[:, None] - season * np.arange(1, SEASONS_BACK + 2)
    found = np.where(backs >= 0, known[np.maximum(backs, 0)], np.nan)
    first, order = np.full(len(place), np.nan), np.full(len(place), SEASONS_BACK)
    for back in reversed(range(SEASONS_BACK)):
        there = ~np.isnan(found[:, back])
        first, order = np.where(there, found[:, back], first), np.where(there, back, order)
    second = first.copy()
    for back in reversed(range(1, SEASONS_BACK + 1)):
        there = ~np.isnan(found[:, back]) & (back > order)
        second = np.where(there, found[:, back], second)
    return first, second


def _mean(known: Floats, place: Ints, size: int, values: Floats) -> Floats:
    """Mean of the open periods among the `size` before; where all were closed, the last open one."""
    total = np.concatenate([[0.0], np.cumsum(np.nan_to_num(known))])
    count = np.concatenate([[0], np.cumsum(~np.isnan(known))])
    since = np.maximum(place - size, 0)
    many = count[place] - count[since]
    mean = (total[place] - total[since]) / np.maximum(many, 1)
    return np.where(many > 0, mean, _before(values, 1))


def _calendar(shape: SeriesShape, starts: Ints) -> dict[str, object]:
    """What the calendar says of each period beforehand."""
    dates = pd.DatetimeIndex(starts.astype("datetime64[D]"))
    trend = ((starts - day_number(shape.origin)) // shape.period.days).astype(np.float64)
    month = pd.array([MONTH_NAMES[number - 1] for number in dates.month], dtype="string")
    if shape.period is Period.WEEK:
        week = dates.isocalendar().week.to_numpy(np.float64)
        return {"month": month, "week_of_year": week, "open_days": shape.open_in(starts).astype(float), "trend": trend}
    weekday = pd.array([WEEKDAY_NAMES[number] for number in dates.day_of_week], dtype="string")
    gaps = _closed_before(shape, starts)
    day = dates.day.to_numpy(np.float64)
    return {"weekday": weekday, "month": month, "day_of_month": day, "closed_before": gaps, "trend": trend}


def _closed_before(shape: SeriesShape, starts: Ints) -> Floats:
    """How many days just before each are closed, at most a week."""
    closed = ~shape.open_days((starts[:, None] - np.arange(1, 8)).ravel()).reshape(len(starts), 7)
    return np.asarray(np.cumprod(closed, axis=1).sum(axis=1), dtype=np.float64)
