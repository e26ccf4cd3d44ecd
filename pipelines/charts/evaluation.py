"""Every plot an evaluation has the figures for, the most telling first."""

from collections.abc import Mapping
from typing import Any

from pipelines.charts.amounts import answers_plot, horizons_plot, residuals_plot, series_plot
from pipelines.charts.classes import calibration_plot, classes_plot, decision_plot, roc_plot
from pipelines.charts.parts import importance_plot, slices_of_auc, slices_plot
from pipelines.charts.plot import Plot

FORMAT = 1
"""Of the points a generated project writes; those of another are not read."""


def has_points(points: Mapping[str, Any]) -> bool:
    """Whether the stage wrote points that can be read; projects generated before there were any did not."""
    return points.get("format") == FORMAT


def evaluation_plots(
    metrics: Mapping[str, Any], points: Mapping[str, Any], titles: Mapping[str, str]
) -> tuple[Plot, ...]:
    """`metrics` and `points` as the stage wrote them, points empty for an old project; `titles` of features."""
    known = points if has_points(points) else {}
    unit = str(metrics.get("unit", ""))
    amounts = metrics.get("task") in ("regression", "forecasting")
    return (
        *(_amounts(metrics, known, unit) if amounts else _classes(metrics, known)),
        *_parts(metrics, known, titles, unit),
    )


def _classes(metrics: Mapping[str, Any], points: Mapping[str, Any]) -> list[Plot]:
    several = metrics.get("task") == "multiclass"
    found = [roc_plot(points["roc"])] if points.get("roc") else []
    bins = points.get("calibration", []) if several else metrics.get("calibration", [])
    if bins:
        found.append(calibration_plot(bins, of_answer=several))
    if metrics.get("confusion"):
        found.append(decision_plot(metrics["confusion"]))
    if metrics.get("confusion_matrix"):
        found.append(classes_plot(metrics["classes"], metrics["confusion_matrix"]))
    return found


def _amounts(metrics: Mapping[str, Any], points: Mapping[str, Any], unit: str) -> list[Plot]:
    found = [series_plot(points["series"], unit)] if points.get("series") else []
    if metrics.get("horizons"):
        found.append(horizons_plot(metrics["horizons"], unit))
    if points:
        found += [residuals_plot(points["residuals"], unit), answers_plot(points["by_answer"], unit)]
    return found


def _parts(metrics: Mapping[str, Any], points: Mapping[str, Any], titles: Mapping[str, str], unit: str) -> list[Plot]:
    found = (
        [importance_plot(points["importance"], titles, unit)] if points.get("importance", {}).get("features") else []
    )
    slices = slices_of_auc(metrics.get("slices", [])) if metrics.get("task") == "binary" else points.get("slices", {})
    if slices.get("groups"):
        found.append(slices_plot(slices, titles, unit))
    return found
