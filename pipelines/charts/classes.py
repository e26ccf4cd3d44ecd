"""Plots of a model that tells outcomes apart: ROC curves, calibration, confusion."""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

from common.formatting import count, number, share
from pipelines.charts.plot import Plot, cut, distinct, layout, line, whiskers

COLOURS = ("accent", "gain-mid", "loss-mid", "seq-4", "ink-3", "gain", "loss", "seq-5")
SHARES = {"range": [-0.02, 1.02], "tickformat": ".0%"}
DIAGONAL = [(0.0, 0.0), (1.0, 1.0)]
TOLD_POINTS = (0.01, 0.05, 0.1, 0.2, 0.3, 0.5)
MOST_OUTCOMES = 12
OTHERS = "all others"
INK = {"color": "var(--ink)", "size": 12}
SURE = 1.96


def roc_plot(curves: Sequence[Mapping[str, Any]]) -> Plot:
    """ROC curves of each outcome; of a single one beside that of the rule to beat."""
    single = len(curves) == 1
    names = distinct([str(curve["outcome"]) for curve in curves])
    drawn = [
        line("model" if single else name, curve["model"], COLOURS[place % len(COLOURS)])
        for place, (name, curve) in enumerate(zip(names, curves, strict=True))
    ]
    if single:
        drawn.append(line("rule to beat", curves[0]["rule"], "seq-4", dash="dash"))
    drawn.append(line("chance", DIAGONAL, "ink-3", dash="dot"))
    return Plot(
        "roc",
        _roc_title(curves),
        "For every threshold: which share is found, at which share of needless alarms. The higher a line, the better",
        {
            "data": drawn,
            "layout": layout("needless alarms", "found", xaxis=SHARES, yaxis=SHARES, showlegend=True, height=360),
        },
        ("Outcome", "AUC", "95 % interval", *(f"Found at {share(at)} alarms" for at in TOLD_POINTS)),
        tuple(
            row
            for curve in curves
            for row in (
                (
                    str(curve["outcome"]),
                    number(curve["auc"]),
                    f"{number(curve['auc_low'])} to {number(curve['auc_high'])}",
                    *(share(found_at(curve["model"], at)) for at in TOLD_POINTS),
                ),
                *(
                    [("Rule to beat", "–", "–", *(share(found_at(curve["rule"], at)) for at in TOLD_POINTS))]
                    if single
                    else []
                ),
            )
        ),
    )


def _roc_title(curves: Sequence[Mapping[str, Any]]) -> str:
    if len(curves) == 1:
        found = found_at(curves[0]["model"], 0.2)
        return f"It finds {share(found)} of what it looks for at 20 % needless alarms"
    best, worst = (pick(curves, key=lambda curve: float(curve["auc"])) for pick in (max, min))
    return f"Told apart best: {best['outcome']}; least: {worst['outcome']}"


def found_at(points: Sequence[Sequence[float]], alarms: float) -> float:
    """The share found at a share of alarms, between two points of a curve on the straight line.

    >>> found_at([[0, 0], [0.5, 1], [1, 1]], 0.25)
    0.5
    """
    before = max((point for point in points if point[0] <= alarms), key=lambda point: (point[0], point[1]))
    after = next((point for point in points if point[0] > alarms), None)
    if after is None:
        return float(before[1])
    part = (alarms - before[0]) / (after[0] - before[0])
    return float(before[1] + part * (after[1] - before[1]))


def calibration_plot(bins: Sequence[Mapping[str, Any]], *, of_answer: bool) -> Plot:
    """How often it came against how sure the model was. `of_answer`: of the likeliest of several outcomes."""
    rows = sum(int(each["rows"]) for each in bins)
    off = sum(abs(each["happened"] - each["predicted"]) * int(each["rows"]) for each in bins) / max(1, rows)
    ends = [wilson(float(each["happened"]), int(each["rows"])) for each in bins]
    happened = [float(each["happened"]) for each in bins]
    marks = line("model", [(each["predicted"], each["happened"]) for each in bins], "accent") | {
        "mode": "lines+markers",
        "error_y": whiskers(
            [high - each for (_, high), each in zip(ends, happened, strict=True)],
            [each - low for (low, _), each in zip(ends, happened, strict=True)],
        ),
    }
    what = "its answer was right" if of_answer else "it came"
    return Plot(
        "calibration",
        f"Its probabilities are off by {share(off)} on average",
        f"Cases in equally large groups by how sure it was; on the dotted line {what} as often as it said",
        {
            "data": [marks, line("as said", DIAGONAL, "ink-3", dash="dot")],
            "layout": layout("how sure it was", what, xaxis=SHARES, yaxis=SHARES, showlegend=True, height=360),
        },
        ("How sure it was", what.capitalize(), "95 % interval", "Cases"),
        tuple(
            (
                share(each["predicted"], 1),
                share(each["happened"], 1),
                f"{share(low)} to {share(high)}",
                count(each["rows"]),
            )
            for each, (low, high) in zip(bins, ends, strict=True)
        ),
    )


def wilson(part: float, rows: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927).

    >>> tuple(round(end, 2) for end in wilson(0.5, 100))
    (0.4, 0.6)
    >>> wilson(0.0, 0)
    (0.0, 1.0)
    """
    if not rows:
        return 0.0, 1.0
    square = SURE**2 / rows
    middle, margin = part + square / 2, SURE * sqrt(part * (1 - part) / rows + square / (4 * rows))
    return max(0.0, (middle - margin) / (1 + square)), min(1.0, (middle + margin) / (1 + square))


def decision_plot(counts: Mapping[str, int]) -> Plot:
    """The confusion matrix of acting or not."""
    matrix = [[counts["tp"], counts["fn"]], [counts["fp"], counts["tn"]]]
    found = counts["tp"] / max(1, counts["tp"] + counts["fn"])
    needless = counts["fp"] / max(1, counts["fp"] + counts["tn"])
    title = f"It acts on {share(found)} of the cases that need it, and on {share(needless)} of the others"
    return _matrix("confusion", title, ["it was so", "it was not so"], ["acted", "left"], matrix)


def classes_plot(names: Sequence[str], matrix: Sequence[Sequence[int]]) -> Plot:
    """The confusion matrix of several outcomes; beyond twelve the rarest stand together."""
    names, matrix = _commonest(names, matrix)
    rows = sum(sum(row) for row in matrix)
    right = sum(row[place] for place, row in enumerate(matrix)) / max(1, rows)
    wrong = {
        (actual, answer): cases
        for actual, row in enumerate(matrix)
        for answer, cases in enumerate(row)
        if actual != answer
    }
    title = f"It is right in {share(right)} of the cases"
    if any(wrong.values()):
        actual, answer = max(wrong, key=wrong.__getitem__)
        title += f"; most often it takes {names[actual]} for {names[answer]}"
    return _matrix("confusion", title, names, names, matrix)


def _commonest(names: Sequence[str], matrix: Sequence[Sequence[int]]) -> tuple[list[str], list[list[int]]]:
    if len(names) <= MOST_OUTCOMES:
        return list(names), [list(row) for row in matrix]
    order = sorted(range(len(names)), key=lambda place: (-sum(matrix[place]), place))
    kept, rest = order[: MOST_OUTCOMES - 1], order[MOST_OUTCOMES - 1 :]
    groups = [*([place] for place in kept), rest]
    folded = [[sum(matrix[a][b] for a in row for b in column) for column in groups] for row in groups]
    return [*(names[place] for place in kept), OTHERS], folded


def _matrix(name: str, title: str, down: Sequence[str], across: Sequence[str], matrix: Sequence[Sequence[int]]) -> Plot:
    """Counts as a heat map, coloured by their share of the row."""
    parts = [[cases / max(1, sum(row)) for cases in row] for row in matrix]
    columns, rows = distinct(across), distinct(down)
    words = [
        {"x": column, "y": row, "text": f"{count(matrix[at][beside])}<br>{share(parts[at][beside])}", "font": INK}
        for at, row in enumerate(rows)
        for beside, column in enumerate(columns)
    ]
    heat = {
        "type": "heatmap",
        "x": columns,
        "y": rows,
        "z": parts,
        "hovertemplate": "%{y}, %{x}: %{z:.0%}<extra></extra>",
        "zmin": 0,
        "zmax": 1,
        "colorscale": [[0, "var(--surface)"], [1, "var(--gain-mid)"]],
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
    }  # fmt: skip
    axes = {
        "xaxis": {"type": "category", "side": "top"},
        "yaxis": {"type": "category", "autorange": "reversed"},
    }
    height = max(300, 120 + 52 * len(down))
    return Plot(
        name,
        title,
        "Rows: what it was; columns: what the model did. Number of later cases, and their share of the row",
        {"data": [heat], "layout": layout("", "", height=height, annotations=words, **axes)},
        ("It was", *(cut(each, 60) for each in across)),
        tuple((down[place], *(count(cases) for cases in row)) for place, row in enumerate(matrix)),
        wide=len(across) > 4,
    )
