"""What the page of a run's plots shows: what its evaluation wrote, drawn and as tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jobs.models import Stage
from pipelines.charts import Plot, evaluation_plots, has_points
from pipelines.models import PipelineRun

EVALUATE = "evaluate"


@dataclass(frozen=True)
class Evaluation:
    """`metrics` and `points` as the stage wrote them; both empty while it has not ended."""

    found: PipelineRun
    metrics: Mapping[str, Any]
    points: Mapping[str, Any]
    plots: tuple[Plot, ...]

    @property
    def task(self) -> str:
        return str(self.metrics.get("task", ""))

    @property
    def narrow(self) -> tuple[Plot, ...]:
        """Plots that stand two beside each other."""
        return tuple(plot for plot in self.plots if not plot.wide)

    @property
    def wide(self) -> tuple[Plot, ...]:
        return tuple(plot for plot in self.plots if plot.wide)

    @property
    def is_done(self) -> bool:
        return bool(self.metrics)

    @property
    def is_complete(self) -> bool:
        """Whether the project wrote the points of its plots; those generated earlier wrote figures alone."""
        return has_points(self.points)


def run_evaluation(found: PipelineRun) -> Evaluation:
    """The evaluation of a run, in one query."""
    stage = Stage.objects.of(found.workspace).filter(run=found.run_id, name=EVALUATE).first()
    results = stage.output.get("results", {}) if stage else {}
    metrics, points = results.get("metrics", {}), results.get("points", {})
    titles = feature_titles(found)
    return Evaluation(found, metrics, points, evaluation_plots(metrics, points, titles) if metrics else ())


def feature_titles(found: PipelineRun) -> dict[str, str]:
    """What people call each feature of the run's generation."""
    features = found.generation.specification.get("features", [])
    return {str(each["name"]): str(each["title"]) for each in features}
