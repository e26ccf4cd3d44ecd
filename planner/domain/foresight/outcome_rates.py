"""The rate of an outcome by period of a log, read off the moments at which the task was done."""

from typing import Any

import pandas as pd

from planner.domain.suitability.stability import RatePeriod, Stability

MOST_PERIODS = 12
FEWEST_A_HALF = 30
_UNITS = (("day", "D"), ("week", "W-SUN"), ("month", "M"), ("quarter", "Q"), ("year", "Y"))


def outcome_rates(moments: pd.Series, labels: pd.Series, *, positive: str = "") -> Stability | None:
    """How often the outcome was seen over time; None with fewer than `FEWEST_A_HALF` cases in a half of the time.

    `moments` are UTC times, `labels` the outcomes of the same cases. Counted is `positive` where it is one of the
    labels, else the most frequent label; of numbers, how many lie above the middle one. Periods are the finest
    calendar unit that gives at most `MOST_PERIODS`, years where none does; those without a case are left out.
    """
    known = labels.notna() & moments.notna()
    when = moments[known].dt.tz_localize(None)
    if when.empty:
        return None
    having, outcome = _having(labels[known], positive)
    first, last = when.min(), when.max()
    middle = first + (last - first) / 2
    later = when >= middle
    if min(int(later.sum()), int((~later).sum())) < FEWEST_A_HALF:
        return None
    unit, code = next(((unit, code) for unit, code in _UNITS if _spans(first, last, code) <= MOST_PERIODS), _UNITS[-1])
    counted = having.groupby(when.dt.to_period(code)).agg(["size", "sum"])
    periods = tuple(
        RatePeriod(str(start.date()), int(cases), int(with_it))
        for start, cases, with_it in zip(
            pd.PeriodIndex(counted.index).start_time, counted["size"], counted["sum"], strict=True
        )
    )
    halves = (_half(first, having[~later]), _half(middle, having[later]))
    return Stability(outcome, unit, periods, *halves)


def _spans(first: pd.Timestamp, last: pd.Timestamp, code: str) -> int:
    return int(last.to_period(code).ordinal - first.to_period(code).ordinal) + 1


def _half(start: pd.Timestamp, having: pd.Series) -> RatePeriod:
    return RatePeriod(str(start.date()), len(having), int(having.sum()))


def _having(labels: pd.Series, positive: str) -> tuple[pd.Series, str]:
    if pd.api.types.is_numeric_dtype(labels) and not pd.api.types.is_bool_dtype(labels):
        middle = float(labels.astype("float64").median())
        return labels.astype("float64") > middle, f"above {middle:.4g}"
    texts = labels.astype(str)
    name = positive if positive and (texts == positive).any() else str(texts.value_counts().index[0])
    return texts == name, name


def rates_plain(found: Stability | None) -> dict[str, Any] | None:
    """JSON-ready: what is stored with the evidence of a check."""
    if found is None:
        return None
    return {
        "outcome": found.outcome,
        "unit": found.unit,
        "periods": [[one.start, one.cases, one.having] for one in found.periods],
        "halves": [[one.start, one.cases, one.having] for one in (found.earlier, found.later)],
    }
