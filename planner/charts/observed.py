"""Plotly figures of how a process really ran. Names of activities are users' text: tags go before they are drawn."""

from collections.abc import Sequence
from typing import Any

from planner.charts.ranking import plain
from planner.domain.discovery.bottlenecks import WaitFacts
from planner.domain.discovery.case_durations import CaseDurations
from planner.domain.discovery.rework import RepeatFacts
from planner.domain.discovery.variants import VariantFacts
from planner.domain.discovery.work_in_progress import WorkInProgress

BARS_AT_MOST = 12
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
TOKENS = ("accent", "seq-4", "gain-mid", "loss-mid", "ink-3")


def over_time_figure(found: WorkInProgress) -> dict[str, Any]:
    """Cases begun in each period as bars, cases under way at its end as a line."""
    begins = [each.begins for each in found.periods]
    return {
        "data": [
            _bars("begun", begins, [each.arrived for each in found.periods], "seq-3"),
            _line("under way at its end", begins, [each.under_way for each in found.periods], 0),
        ],
        "layout": _layout(f"{found.unit.value} from", "cases", height=320) | {"showlegend": True},
    }


def queues_figure(found: WorkInProgress) -> dict[str, Any]:
    """Cases waiting before each of the worst activities at the end of each period."""
    begins = [each.begins for each in found.periods]
    lines = [_line(plain(each.activity), begins, list(each.waiting), n) for n, each in enumerate(found.queues)]
    return {
        "data": lines,
        "layout": _layout(f"{found.unit.value} from", "cases waiting at its end", height=340) | {"showlegend": True},
    }


def coverage_figure(variants: Sequence[VariantFacts]) -> dict[str, Any]:
    """How many of all cases the most frequent variants cover together."""
    line = _line(
        "cases covered", [each.rank for each in variants], [_percent(each.cumulative_share) for each in variants], 0
    )
    layout = _layout("the most frequent variants", "cases covered, %", height=280)
    layout["yaxis"]["range"] = [0, 103]
    return {"data": [line], "layout": layout}


def repeats_figure(found: Sequence[RepeatFacts]) -> dict[str, Any]:
    """Repeats of each activity, at once and later, the most repeated on top."""
    shown = list(reversed(found[:BARS_AT_MOST]))
    names = [plain(each.activity) for each in shown]
    return {
        "data": [
            _across("at once, straight after itself", names, [each.self_loops for each in shown], "seq-3", ""),
            _across("later, after other steps", names, [each.returns for each in shown], "loss-mid", "/"),
        ],
        "layout": _layout("repeats in the log", "activity", height=90 + 30 * len(shown))
        | {"barmode": "stack", "showlegend": True},
    }


def waiting_figure(found: Sequence[WaitFacts]) -> dict[str, Any]:
    """The share of all waiting that lies before each activity, the worst on top."""
    shown = [each for each in reversed(found[:BARS_AT_MOST]) if each.total_hours]
    names = [plain(each.activity) for each in shown]
    return {
        "data": [_across("waiting before it", names, [_percent(each.share) for each in shown], "seq-4", "")],
        "layout": _layout("of all waiting, %", "activity", height=70 + 30 * len(shown)),
    }


def durations_figure(found: CaseDurations) -> dict[str, Any]:
    """Cases by duration; the last bar holds all longer ones. Days once most cases take more than three."""
    median, most = found.median_hours or 0.0, found.p90_hours or 0.0
    unit, hours = ("days", 24.0) if most >= 72 else ("hours", 1.0) if most >= 3 else ("minutes", 1 / 60)
    bars = [each for each in found.bars if each.high is not None]
    middles = [round((each.low + (each.high or each.low)) / 2 / hours, 3) for each in bars]
    cases = [each.cases for each in bars]
    return {
        "data": [_bars("cases", middles, cases, "seq-3")],
        "layout": _layout(f"duration, {unit}", "cases", height=300)
        | {"shapes": [_mark(median / hours), _mark(most / hours)]}
        | {"annotations": [_said("median", median / hours), _said("90 %", most / hours)]},
    }


def _mark(x: float) -> dict[str, Any]:
    return {"type": "line", "x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1, "line": {"width": 1.5, "dash": "dot"}}


def _said(words: str, x: float) -> dict[str, Any]:
    return {"text": words, "x": x, "yref": "paper", "y": 1, "yanchor": "bottom", "showarrow": False}


def _percent(share: float) -> float:
    return round(100 * share, 2)


def _bars(name: str, x: Sequence[Any], y: Sequence[float], token: str) -> dict[str, Any]:
    return {"type": "bar", "name": name, "x": list(x), "y": list(y), "marker": {"color": f"var(--{token})"}}


def _line(name: str, x: Sequence[Any], y: Sequence[float], place: int) -> dict[str, Any]:
    line = {"color": f"var(--{TOKENS[place % 5]})", "width": 2, "dash": DASHES[place % 5]}
    return {"type": "scatter", "mode": "lines", "name": name, "x": list(x), "y": list(y), "line": line}


def _across(name: str, names: Sequence[str], x: Sequence[float], token: str, pattern: str) -> dict[str, Any]:
    hatch = {"shape": pattern, "fillmode": "overlay", "fgcolor": "var(--surface)", "size": 6}
    marker = {"color": f"var(--{token})", "pattern": hatch}
    return {"type": "bar", "orientation": "h", "name": name, "x": list(x), "y": list(names), "marker": marker}


def _layout(across: str, up: str, *, height: int) -> dict[str, Any]:
    return {
        "height": height,
        "xaxis": {"title": {"text": across}},
        "yaxis": {"title": {"text": up}, "rangemode": "tozero", "ticklabelstandoff": 4},
        "showlegend": False,
        "margin": {"l": 56, "r": 16, "t": 24, "b": 48},
    }
