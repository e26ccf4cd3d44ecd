"""What happened to a pipeline: changes of state, and which model was put into use or back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from pipelines.models import (
    AliasName,
    ModelAlias,
    ModelVersion,
    Pipeline,
    PipelineEvent,
    PipelineRun,
    Promotion,
    PromotionState,
)


@dataclass(frozen=True)
class Happened:
    """One change: of the state, or of the model in use."""

    at: datetime
    before: str
    after: str
    actor: User | None
    run: PipelineRun | None
    why: str
    version: ModelVersion | None = None


def history_of(pipeline: Pipeline) -> list[Happened]:
    """Everything, newest first. Two queries."""
    events = PipelineEvent.objects.of(pipeline.workspace).filter(pipeline=pipeline).select_related("actor", "run")
    done = Promotion.objects.of(pipeline.workspace).filter(pipeline=pipeline, state=PromotionState.DONE)
    promotions = done.select_related("version", "before", "asked_by", "decided_by")
    changes = [
        Happened(event.at, event.get_before_display(), event.get_after_display(), event.actor, event.run, event.note)
        for event in events
    ]
    return sorted([*changes, *map(_promoted, promotions)], key=lambda each: each.at, reverse=True)


def run_in_use(pipeline: Pipeline, runs: Sequence[PipelineRun]) -> PipelineRun | None:
    """The run that made the model in use; None where none is, or it was made elsewhere."""
    champion = ModelAlias.objects.named(pipeline.pk, AliasName.CHAMPION) if pipeline.is_in_use else None
    return next((run for run in runs if champion and run.pk == champion.version.run_id), None)


def _promoted(promotion: Promotion) -> Happened:
    before = f"version {promotion.before.number}" if promotion.before else "no model"
    why = " ".join(
        word for word in (promotion.get_kind_display().capitalize() + ".", promotion.reason, promotion.comment) if word
    )
    actor = promotion.decided_by or promotion.asked_by
    at = promotion.decided_at or promotion.asked_at
    return Happened(at, before, f"version {promotion.version.number}", actor, None, why, promotion.version)
