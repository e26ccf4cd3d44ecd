"""Drawings of an evaluation: each a Plotly figure beside the same figures as a table."""

from pipelines.charts.evaluation import evaluation_plots, has_points
from pipelines.charts.plot import Plot

__all__ = ["Plot", "evaluation_plots", "has_points"]
