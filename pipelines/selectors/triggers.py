"""What the page of triggers shows: each with what it did last, and the history of all."""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from pipelines.models import Firing, FiringState, Pipeline, PushHook, Trigger

SHOWN_FIRINGS = 100


@dataclass(frozen=True)
class TriggersPage:
    """The triggers of a pipeline, its hook, and what fired, newest first."""

    triggers: tuple[Trigger, ...]
    hook: PushHook | None
    firings: tuple[Firing, ...]

    @property
    def enabled(self) -> int:
        return sum(trigger.enabled for trigger in self.triggers)


def triggers_page(pipeline: Pipeline) -> TriggersPage:
    """Three queries. What was so when a trigger was made is no firing, and not shown."""
    started = Firing.objects.filter(trigger=OuterRef("pk"), state=FiringState.STARTED).order_by("-pk")
    triggers = Trigger.objects.of(pipeline.workspace).filter(pipeline=pipeline)
    firings = (
        Firing.objects.of(pipeline.workspace).filter(pipeline=pipeline).exclude(state=FiringState.NOTHING, plan={})
    )
    return TriggersPage(
        tuple(triggers.annotate(last_at=Subquery(started.values("at")[:1])).select_related("created_by")),
        PushHook.objects.of(pipeline.workspace).filter(pipeline=pipeline).first(),
        tuple(firings.select_related("trigger", "run")[:SHOWN_FIRINGS]),
    )
