"""What the page of monitoring shows: the latest report in words and tables, and the reports before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from common.formatting import things
from jobs.models import Run
from pipelines.domain.figures import FIGURES
from pipelines.models import MonitoringReport, OutcomeReading, OutcomeRecord, Pipeline, PredictionRecord

KIND = "pipelines.monitor"
SHOWN_REPORTS = 30
SHOWN_READINGS = 10
SMALL, LARGE = 0.1, 0.2


@dataclass(frozen=True)
class DriftRow:
    """One feature: how far it moved, and whether that is past its limit."""

    name: str
    kind: str
    psi: float
    test: str
    p_value: float | None
    missing: float
    missing_then: float
    past: bool

    @property
    def words(self) -> str:
        if self.past:
            return "moved"
        return "as before" if self.psi < SMALL else "a little"


@dataclass(frozen=True)
class FigureLine:
    """One figure with its interval in all, and month by month; the label people know it by."""

    label: str
    form: str
    value: Mapping[str, float]
    months: Sequence[tuple[str, Mapping[str, float]]]


@dataclass(frozen=True)
class MonitoringPage:
    """The latest report of a pipeline, None before the first; the job that makes the next."""

    report: MonitoringReport | None
    reports: tuple[MonitoringReport, ...]
    drift: tuple[DriftRow, ...]
    figures: tuple[FigureLine, ...]
    predictions: int
    outcomes: int
    job: Run | None
    classes: tuple[str, ...] = ()
    readings: tuple[OutcomeReading, ...] = ()

    @property
    def headline(self) -> str:
        if self.report is None:
            return (
                f"{things(self.predictions, 'prediction')}, not looked at yet"
                if self.predictions
                else "Nothing to look at yet"
            )
        if self.report.breaches:
            return f"{things(len(self.report.breaches), 'figure')} past the limit"
        return "Nothing is past its limit"

    @property
    def days(self) -> dict[str, int]:
        """Predictions by day."""
        return self.report.service.get("days", {}) if self.report else {}


def monitoring_page(pipeline: Pipeline) -> MonitoringPage:
    """Six queries, whatever was predicted."""
    reports = tuple(MonitoringReport.objects.of(pipeline.workspace).filter(pipeline=pipeline)[:SHOWN_REPORTS])
    latest = reports[0] if reports else None
    jobs = Run.objects.of(pipeline.workspace).about(pipeline.subject).filter(kind=KIND).under_way()
    return MonitoringPage(
        report=latest,
        reports=reports,
        drift=tuple(_drift_rows(latest)) if latest else (),
        figures=tuple(_figure_lines(latest)) if latest else (),
        predictions=PredictionRecord.objects.of(pipeline.workspace).filter(pipeline=pipeline).count(),
        outcomes=OutcomeRecord.objects.of(pipeline.workspace).filter(pipeline=pipeline).count(),
        job=jobs.first(),
        classes=outcome_classes(pipeline),
        readings=tuple(OutcomeReading.objects.of(pipeline.workspace).filter(pipeline=pipeline)[:SHOWN_READINGS]),
    )


def outcome_classes(pipeline: Pipeline) -> tuple[str, ...]:
    """What an outcome can be, by the latest version's signature; empty for amounts, and where there is no model."""
    signature = pipeline.versions.values_list("signature", flat=True).first() or {}
    return tuple(str(one) for one in signature.get("output", {}).get("classes") or ())


def _drift_rows(report: MonitoringReport) -> list[DriftRow]:
    past = {breach["what"] for breach in report.breaches}
    rows = [
        DriftRow(
            name=name,
            kind=one["kind"],
            psi=one["psi"],
            test=one["test"],
            p_value=one["p_value"],
            missing=one["missing"],
            missing_then=one["missing_then"],
            past=f"psi:{name}" in past,
        )
        for name, one in report.drift.items()
    ]
    return sorted(rows, key=lambda row: -row.psi)


def _figure_lines(report: MonitoringReport) -> list[FigureLine]:
    performance: Mapping[str, Any] = report.performance
    known = {figure.key: figure for figure in FIGURES.get(str(performance.get("task", "")), ())}
    lines = []
    for name, value in performance.get("figures", {}).items():
        months = [(month, found[name]) for month, found in performance.get("months", {}).items() if name in found]
        figure = known.get(name)
        label = figure.label if figure else name.replace("_", " ").capitalize()
        lines.append(FigureLine(label, figure.form if figure else "plain", value, months))
    return lines
