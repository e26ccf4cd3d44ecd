"""Plots of a model that foretells amounts: residuals, by answer, over time, by horizon."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from common.formatting import count, number, share
from pipelines.charts.plot import Plot, layout, line, whiskers


def _of(unit: str) -> str:
    """The unit behind the title of an axis."""
    return f", {unit}" if unit else ""


def _worded(value: float, unit: str) -> str:
    return f"{number(value)} {unit}".strip()


def residuals_plot(told: Mapping[str, Any], unit: str) -> Plot:
    """A histogram of truth less answer."""
    edges, counts, quantiles = told["edges"], told["counts"], told["quantiles"]
    middles = [(low + high) / 2 for low, high in pairwise(edges)]
    beyond = int(told["below"]) + int(told["above"])
    bars = {
        "type": "bar",
        "name": "cases",
        "x": middles,
        "y": counts,
        "width": [high - low for low, high in pairwise(edges)],
        "marker": {"color": "var(--gain-mid)"},
    }
    zero = {"type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1, "line": {"color": "var(--ink)"}}
    note = "Truth less answer; right of zero it answered too little"
    return Plot(
        "residuals",
        f"Half of the answers are {_worded(quantiles['p25'], unit)} to {_worded(quantiles['p75'], unit)} off",
        f"{note}. {count(beyond)} cases lie beyond the axis" if beyond else note,
        {"data": [bars], "layout": layout(f"truth less answer{_of(unit)}", "cases", shapes=[zero], bargap=0)},
        (f"Truth less answer{_of(unit)}", "Cases"),
        (
            (f"below {number(edges[0])}", count(told["below"])),
            *(
                (f"{number(low)} to {number(high)}", count(cases))
                for low, high, cases in zip(edges, edges[1:], counts, strict=False)
            ),
            (f"above {number(edges[-1])}", count(told["above"])),
        ),
    )


def answers_plot(bins: Sequence[Mapping[str, Any]], unit: str) -> Plot:
    """Mean truth against mean answer in groups by answer, with the middle 90 % of what came."""
    widest = max(bins, key=lambda each: float(each["quantiles"]["p95"] - each["quantiles"]["p5"]))
    answers = [float(each["answer"]) for each in bins]
    marks = line("what came", [(each["answer"], each["actual"]) for each in bins], "accent") | {
        "mode": "lines+markers",
        "error_y": whiskers(
            [max(0.0, each["answer"] + each["quantiles"]["p95"] - each["actual"]) for each in bins],
            [max(0.0, each["actual"] - each["answer"] - each["quantiles"]["p5"]) for each in bins],
        ),
    }
    ends = [(min(answers), min(answers)), (max(answers), max(answers))]
    return Plot(
        "by-answer",
        f"What comes spreads most where it answers about {_worded(float(widest['answer']), unit)}",
        "Cases in equally large groups by the answer: mean of what came, and where 90 % of it lay. Dotted: as answered",
        {
            "data": [marks, line("as answered", ends, "ink-3", dash="dot")],
            "layout": layout(f"answer{_of(unit)}", f"what came{_of(unit)}", showlegend=True, height=360),
        },
        (f"Answer{_of(unit)}", "What came, on average", "90 % of it", "Cases"),
        tuple(
            (
                number(each["answer"]),
                number(each["actual"]),
                f"{number(each['answer'] + each['quantiles']['p5'])} to "
                f"{number(each['answer'] + each['quantiles']['p95'])}",
                count(each["rows"]),
            )
            for each in bins
        ),
    )


def series_plot(told: Mapping[str, Any], unit: str) -> Plot:
    """What came beside the forecast one period ahead, and the seasonal naive."""
    periods = [str(period) for period in told["periods"]]
    lines = (("what came", "actual", "ink", "solid"), ("model", "model", "accent", "solid"),
             ("seasonal naive", "rule", "seq-4", "dot"))  # fmt: skip
    drawn = [
        line(name, list(zip(periods, told[key], strict=True)), colour, dash=dash)  # type: ignore[arg-type]  # dates
        for name, key, colour, dash in lines
    ]
    nearer = sum(
        abs(actual - model) < abs(actual - rule)
        for actual, model, rule in zip(told["actual"], told["model"], told["rule"], strict=True)
    )
    return Plot(
        "series",
        f"It was nearer than the seasonal naive in {count(nearer)} of {count(len(periods))} periods",
        "Each period foretold one ahead, in the last periods of the test",
        {
            "data": drawn,
            "layout": layout("", unit or "amount", xaxis={"type": "date"}, showlegend=True, height=360),
        },
        ("Period", "What came", "Model", "Seasonal naive"),
        tuple(
            (period, number(actual), number(model), number(rule))
            for period, actual, model, rule in zip(periods, told["actual"], told["model"], told["rule"], strict=True)
        ),
        wide=True,
    )


def horizons_plot(horizons: Sequence[Mapping[str, Any]], unit: str) -> Plot:
    """Mean absolute error by how far ahead, of model and seasonal naive."""
    first, last = horizons[0], horizons[-1]
    drawn = [
        line(name, [(each["horizon"], each[key]) for each in horizons], colour, dash=dash) | {"mode": "lines+markers"}
        for name, key, colour, dash in (
            ("model", "model", "accent", "solid"),
            ("seasonal naive", "rule", "seq-4", "dash"),
        )
    ]
    title = f"Off by {_worded(float(first['model']), unit)} one period ahead"
    if last is not first:
        title += f", by {_worded(float(last['model']), unit)} {count(last['horizon'])} ahead"
    return Plot(
        "horizons",
        title,
        "Mean absolute error by how many periods ahead it looks",
        {
            "data": drawn,
            "layout": layout("periods ahead", f"off by{_of(unit)}", yaxis={"rangemode": "tozero"}, showlegend=True),
        },
        ("Periods ahead", "Model, off by", "Seasonal naive, off by", "Came within the interval"),
        tuple(
            (count(each["horizon"]), number(each["model"]), number(each["rule"]), share(each["covered"]))
            for each in horizons
        ),
    )
