"""Plotly figures of planned against realised value: by month, and added up to the end of the plan."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from pipelines.selectors.realised import MonthView, Standing


def months_figure(months: Sequence[MonthView], currency: str) -> dict[str, Any]:
    """Planned and realised value of each month; months whose value is not known have their plan alone."""
    known = [(month, month.net) for month in months if month.net is not None]
    planned = [month for month in months if month.row.planned]
    return {
        "data": [
            {
                "type": "bar",
                "name": "planned",
                "x": [f"{month.row.month:%Y-%m-%d}" for month in planned],
                "y": [_short(month.row.planned["net"]) for month in planned],
                "marker": {"color": "var(--seq-2)"},
            },
            {
                "type": "bar",
                "name": "realised",
                "x": [f"{month.row.month:%Y-%m-%d}" for month, _ in known],
                "y": [_short(net.value) for _, net in known],
                "marker": {"color": "var(--accent)", "pattern": {"shape": [_shape(month) for month, _ in known]}},
                "error_y": {
                    "type": "data",
                    "symmetric": False,
                    "array": [_short(net.high - net.value) for _, net in known],
                    "arrayminus": [_short(net.value - net.low) for _, net in known],
                    "color": "var(--ink-2)",
                },
            },
        ],
        "layout": _layout(currency) | {"barmode": "group", "bargap": 0.3},
    }


def cumulated_figure(standing: Standing, currency: str) -> dict[str, Any]:
    """Planned and realised value added up from what was spent before the first month, and what is expected to come."""
    over = [month for month in standing.months if month.is_over]
    first = [each.row.planned.get("net", 0.0) for each in over]
    dates = [each.row.month for each in over] + list(standing.ahead)
    plan = list(accumulate([*first, *(each.net for each in standing.planned_ahead)], initial=-standing.once))[1:]
    data = [_line("planned", dates, plan, "seq-4", "dot")]
    known = standing.known
    sums = list(accumulate((each.net.value for each in known if each.net), initial=-standing.once))
    if known:
        data.append(_line("realised", [each.row.month for each in known], sums[1:], "accent", "solid"))
    if standing.forecast is not None:
        ahead = standing.forecast.months
        dates_ahead = [known[-1].row.month, *standing.ahead]
        for name, part, dash in (("expected", "value", "dash"), ("at least", "low", "dot"), ("at most", "high", "dot")):
            line = list(accumulate((getattr(each, part) for each in ahead), initial=sums[-1]))
            data.append(_line(name, dates_ahead, line, "accent" if part == "value" else "ink-3", dash))
    return {"data": data, "layout": _layout(currency)}


def _shape(month: MonthView) -> str:
    """Hatched where the month, or an outcome of it, is still to come."""
    return "" if month.is_over and month.row.known == month.row.alone else "/"


def _line(name: str, dates: Sequence[Any], values: Sequence[float], token: str, dash: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [f"{date:%Y-%m-%d}" for date in dates],
        "y": [_short(each) for each in values],
        "line": {"color": f"var(--{token})", "dash": dash, "width": 2},
    }


def _layout(currency: str) -> dict[str, Any]:
    return {
        "height": 320,
        "xaxis": {"title": {"text": "month"}, "type": "date", "tickformat": "%b %Y"},
        "yaxis": {"title": {"text": f"value, {currency}"}},
        "showlegend": True,
        "margin": {"l": 70, "r": 20, "t": 30, "b": 52},
    }


def _short(value: float) -> float:
    return float(f"{value:.4g}")
