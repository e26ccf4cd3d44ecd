"""The work of a look at what a model predicted lately: what is past a limit makes its pipeline stale."""

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from canvas.domain.document import CanvasDocument
from canvas.selectors import canvas_document_at, canvas_to_build
from jobs.models import Stage
from jobs.services import blob_open
from pipelines.domain.archive import archive_read
from pipelines.domain.lifecycle import IN_USE, Cause, PipelineState
from pipelines.domain.monitoring.breaches import alerts_read, breaches_of
from pipelines.domain.monitoring.drift import FeatureDrift, drift_of
from pipelines.domain.monitoring.performance import FIGURES_OF, Estimate, Known, counts_of
from pipelines.domain.realised import Answers, class_text
from pipelines.models import (
    AliasName,
    ModelAlias,
    ModelVersion,
    MonitoringReport,
    OutcomeRecord,
    Pipeline,
    PredictionRecord,
)
from pipelines.services.contexts import Context
from pipelines.services.living import pipeline_state_change
from pipelines.services.monitoring import FEWEST

WINDOW = timedelta(days=30)
MOST_LOOKED_AT = 1_000_000


def monitoring_compute(context: Context) -> dict[str, Any]:
    """What the predictions of the champion in the window say."""
    found = Pipeline.objects.with_task().select_related("workspace", "canvas")
    pipeline = found.get(pk=context.params["pipeline"], workspace=context.workspace_id)
    version = _champion(pipeline)
    ends = timezone.now()
    context.progress(0.1, "reading predictions")
    frame = _predictions(pipeline, version, ends - WINDOW)
    context.progress(0.5, "comparing with the rows learnt from")
    drift = _drift(frame, version)
    known = _known(pipeline, frame, version)
    figures = _figures(known, version)
    service = _service(frame)
    alerts, unread = alerts_read(_agreed(pipeline, version).rows("monitoring", "alert_thresholds"))
    breaches = breaches_of(alerts, drift=drift, figures=figures, latency_ms=service["p95_ms"])
    context.log(f"{len(frame)} predictions, {len(known.frame)} outcomes, {len(breaches)} past their limit")
    return {
        "pipeline": pipeline.pk,
        "version": version.pk if version else None,
        "begins": (ends - WINDOW).isoformat(),
        "ends": ends.isoformat(),
        "predictions": len(frame),
        "outcomes": len(known.frame),
        "drift": {one.name: _plain(one) for one in drift},
        "performance": _performance(known, figures, version),
        "service": service | {"unread": unread, "limits": [asdict(alert) for alert in alerts]},
        "breaches": [breach.as_json() for breach in breaches],
    }


def monitoring_publish(stage: Stage, output: dict[str, Any]) -> None:
    """The report, and what it changes in the life of the pipeline: once, with the end of the job."""
    pipeline = (
        Pipeline.objects.select_for_update(of=("self",)).select_related("task", "workspace").get(pk=output["pipeline"])
    )
    fields = ("begins", "ends", "predictions", "outcomes", "drift", "performance", "service", "breaches")
    version = ModelVersion.objects.filter(pk=output["version"]).first()
    MonitoringReport.objects.create(
        workspace=pipeline.workspace,
        pipeline=pipeline,
        version=version,
        job=stage.run,
        **{name: output[name] for name in fields},
    )
    wanted = PipelineState.STALE if output["breaches"] else PipelineState.MONITORED
    if pipeline.state_of not in IN_USE or pipeline.state_of in (wanted, PipelineState.RETRAINING):
        return
    access = Access(user=stage.run.created_by, workspace=pipeline.workspace, role=Role.EDITOR)
    words = _said(output["breaches"])
    pipeline_state_change(access=access, pipeline=pipeline, after=wanted, cause=Cause.MONITORING, note=words)


def _said(breaches: list[dict[str, Any]]) -> str:
    """The worst two in their words, and how many more."""
    more = f" And {len(breaches) - 2} more." if len(breaches) > 2 else ""
    return " ".join(str(breach["words"]) for breach in breaches[:2]) + more or "nothing is past its limit"


def _champion(pipeline: Pipeline) -> ModelVersion | None:
    found = ModelAlias.objects.named(pipeline.pk, AliasName.CHAMPION)
    return found.version if found else None


def _agreed(pipeline: Pipeline, version: ModelVersion | None) -> CanvasDocument:
    """The canvas the model was generated from, so that a change nobody agreed to moves no alarm.

    Of a model whose generation is not known, and without one, what would be generated now.
    """
    made = (version.run or version.outside) if version is not None else None
    if made is None or made.generation is None:
        return canvas_to_build(pipeline.canvas)
    return canvas_document_at(pipeline.canvas, made.generation.canvas_version)


def _predictions(pipeline: Pipeline, version: ModelVersion | None, since: Any) -> pd.DataFrame:
    """Predictions of the window, of the champion where there is one: key, at, score, decision, latency_ms, inputs."""
    asked = PredictionRecord.objects.filter(pipeline=pipeline, at__gte=since)
    if version is not None:
        asked = asked.filter(version=version)
    columns = ("key", "at", "score", "decision", "latency_ms", "inputs")
    rows = asked.order_by("-at").values_list(*columns)[:MOST_LOOKED_AT]
    frame = pd.DataFrame.from_records(list(rows.iterator(chunk_size=10_000)), columns=list(columns))
    return frame.assign(at=pd.to_datetime(frame["at"], utc=True))


def _drift(frame: pd.DataFrame, version: ModelVersion | None) -> list[FeatureDrift]:
    """Against the reference of the package; nothing where inputs are not kept, or too few were predicted."""
    kept = frame["inputs"].dropna()
    if version is None or version.package is None or len(kept) < FEWEST:
        return []
    with blob_open(version.package) as stream:
        content = archive_read(stream).get("reference.json")
    if content is None:
        return []
    return drift_of(pd.DataFrame.from_records(kept.tolist()), json.loads(content))


def _known(pipeline: Pipeline, frame: pd.DataFrame, version: ModelVersion | None) -> Known:
    """The predictions whose outcome is known, joined by key."""
    rows = OutcomeRecord.objects.filter(pipeline=pipeline).values_list("key", "value")
    outcomes = pd.DataFrame.from_records(list(rows.iterator(chunk_size=10_000)), columns=["key", "outcome"])
    joined = frame[["key", "at", "score", "decision"]].merge(outcomes, on="key", how="inner")
    if _task(version) in ("binary", "multiclass"):
        joined = joined.assign(outcome=joined["outcome"].map(class_text))
    return Known(joined, Answers.of(version.signature if version else {}).positive)


def _task(version: ModelVersion | None) -> str:
    return str(version.signature.get("output", {}).get("task", "")) if version else ""


def _figures(known: Known, version: ModelVersion | None) -> dict[str, Estimate]:
    figures = FIGURES_OF.get(_task(version))
    return figures(known) if figures and len(known.frame) else {}


def _performance(known: Known, figures: dict[str, Estimate], version: ModelVersion | None) -> dict[str, Any]:
    """Figures in all and by month, with their intervals; {tp, fp, fn, tn} where answers are yes or no."""
    by_month = {month: _figures(part, version) for month, part in known.months} if figures else {}
    return {
        "task": _task(version),
        "figures": {name: estimate.as_json() for name, estimate in figures.items()},
        "months": {
            month: {name: estimate.as_json() for name, estimate in found.items()} for month, found in by_month.items()
        },
        "counts": counts_of(known) if _task(version) == "binary" and figures else {},
    }


def _service(frame: pd.DataFrame) -> dict[str, Any]:
    """Latency, volume by day, and how many were left to a person."""
    known = frame["latency_ms"].dropna().to_numpy(dtype=np.float64)
    days = frame["at"].dt.strftime("%Y-%m-%d").value_counts().sort_index()
    return {
        "p50_ms": round(float(np.quantile(known, 0.5)), 3) if len(known) else None,
        "p95_ms": round(float(np.quantile(known, 0.95)), 3) if len(known) else None,
        "days": {str(day): int(count) for day, count in days.items()},
        "alone": int((frame["decision"] != "").sum()),
    }


def _plain(one: FeatureDrift) -> dict[str, Any]:
    return {name: value for name, value in asdict(one).items() if name != "name"}
