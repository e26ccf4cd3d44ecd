"""Plots that every model has: which features tell something, and the groups in which it is better or worse."""

from collections.abc import Mapping, Sequence
from typing import Any

from common.formatting import count, number, share
from pipelines.charts.plot import Plot, cut, distinct, named_layout, whiskers

MOST_FEATURES = 25
SHOWN = 24
"""Characters of a feature, and of a group, on an axis."""
LOSSES = {"log_loss": "the log loss", "mean_absolute_error": "the mean error"}
MEASURES = {"auc": "AUC", "accuracy": "right answers", "mean_absolute_error": "off by, on average"}
OF_SHARES = frozenset({"accuracy"})


def importance_plot(told: Mapping[str, Any], titles: Mapping[str, str], unit: str) -> Plot:
    """By how much the loss grows once a feature is shuffled; what is within twice its spread of zero is drawn pale."""
    features = sorted(told["features"], key=lambda each: -float(each["mean"]))
    shown, loss = features[:MOST_FEATURES], LOSSES.get(told["metric"], "the loss")
    measured = f"{loss}{f', {unit}' if unit and told['metric'] == 'mean_absolute_error' else ''}"
    names = [titles.get(str(each["feature"]), str(each["feature"])) for each in features]
    sure = [each["mean"] > 2 * each["spread"] for each in shown]
    bars = {
        "type": "bar",
        "orientation": "h",
        "name": "importance",
        "x": [each["mean"] for each in shown],
        "y": distinct(names[: len(shown)]),
        "marker": {"color": ["var(--gain-mid)" if one else "var(--line-strong)" for one in sure]},
        "error_x": whiskers([each["spread"] for each in shown], [each["spread"] for each in shown]),
    }
    hidden = len(features) - len(shown)
    rest = f" The {count(hidden)} least important stand in the table." if hidden else ""
    return Plot(
        "importance",
        f"{names[0]} tells most" if any(sure) else "No feature tells the model much",
        f"By how much {loss} grows when one feature is shuffled among {count(told['rows'])} later rows: mean and "
        f"spread of {count(told['repeats'])} shuffles. Pale: no more than chance. Features that say the same share "
        f"what they tell.{rest}",
        {"data": [bars], "layout": named_layout(f"growth of {measured}", len(shown))},
        ("Feature", f"Growth of {measured}", "Spread"),
        tuple((name, number(each["mean"]), number(each["spread"])) for name, each in zip(names, features, strict=True)),
        wide=True,
    )


def slices_of_auc(slices: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Groups of decisions in the shape of the others; those with a single outcome have no AUC and are left out."""
    groups = [
        {
            "feature": each["feature"],
            "group": each["group"],
            "rows": each["rows"],
            "mean": each["auc"],
            "low": each["auc_low"],
            "high": each["auc_high"],
        }
        for each in slices
        if each.get("auc") is not None and each.get("auc_low") is not None
    ]
    return {"metric": "auc", "groups": groups}


def slices_plot(told: Mapping[str, Any], titles: Mapping[str, str], unit: str) -> Plot:
    """One measure in each group with its 95 % interval."""
    groups, metric = told["groups"], str(told["metric"])
    small = metric == "mean_absolute_error"
    names = [f"{titles.get(str(each['feature']), str(each['feature']))}: {each['group']}" for each in groups]
    shown = [": ".join(cut(part, SHOWN) for part in name.split(": ", 1)) for name in names]
    worst = (max if small else min)(range(len(groups)), key=lambda place: float(groups[place]["mean"]))
    measure = MEASURES.get(metric, metric)
    dots = {
        "type": "scatter",
        "mode": "markers",
        "name": measure,
        "x": [each["mean"] for each in groups],
        "y": distinct(shown),
        "marker": {"color": "var(--accent)", "size": 9},
        "error_x": whiskers(
            [each["high"] - each["mean"] for each in groups], [each["mean"] - each["low"] for each in groups]
        ),
    }
    written = share if metric in OF_SHARES else number
    axis = {"tickformat": ".0%"} if metric in OF_SHARES else {}
    return Plot(
        "slices",
        f"Weakest where {names[worst]}: {measure} {written(groups[worst]['mean'])}",
        "The same measure by group, with its 95 % interval; groups whose intervals overlap may not differ",
        {
            "data": [dots],
            "layout": named_layout(f"{measure}{f', {unit}' if unit and small else ''}", len(groups), xaxis=axis),
        },
        ("Group", measure.capitalize() if measure != "AUC" else measure, "95 % interval", "Cases"),
        tuple(
            (
                name,
                written(each["mean"]),
                f"{written(each['low'])} to {written(each['high'])}",
                count(each["rows"]),
            )
            for name, each in zip(names, groups, strict=True)
        ),
        wide=True,
    )
