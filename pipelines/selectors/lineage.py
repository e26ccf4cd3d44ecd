"""Where a model comes from and what it did: what made it, which versions share that, which predictions it made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min

from pipelines.models import ModelVersion, PipelineRun, PredictionRecord

LINEAGE = {
    "data": "Rows learnt from",
    "code": "Generated code",
    "parameters": "Changed parameters",
    "environment": "Packages",
    "model": "Model file",
}


@dataclass(frozen=True)
class Source:
    """One thing that made a model, by its digest (SHA-256); `shared` are other versions made from the same."""

    kind: str
    label: str
    digest: str
    shared: tuple[ModelVersion, ...]


@dataclass(frozen=True)
class Lineage:
    """Of one version: what made it, and the predictions it made, with the times of the first and the last."""

    version: ModelVersion
    run: PipelineRun | None
    sources: tuple[Source, ...]
    changes: Mapping[str, float]
    predictions: int
    first_at: datetime | None
    last_at: datetime | None


def version_lineage(version: ModelVersion) -> Lineage:
    """The lineage of a version, in two queries. What is not known of it is left out."""
    others = ModelVersion.objects.of(version.workspace).filter(pipeline=version.pipeline_id).exclude(pk=version.pk)
    siblings = list(others.only("id", "number", "lineage", "pipeline", "workspace"))
    made = PredictionRecord.objects.of(version.workspace).filter(version=version)
    told = made.aggregate(predictions=Count("pk"), first_at=Min("at"), last_at=Max("at"))
    sources = [
        Source(kind, label, digest, tuple(one for one in siblings if one.lineage.get(kind) == digest))
        for kind, label in LINEAGE.items()
        if (digest := str(version.lineage.get(kind, "")))
    ]
    return Lineage(
        version=version,
        run=version.run,
        sources=tuple(sources),
        changes=dict(version.run.changes) if version.run else {},
        predictions=told["predictions"],
        first_at=told["first_at"],
        last_at=told["last_at"],
    )
