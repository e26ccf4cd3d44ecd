"""Looks at what models predicted lately: asked for by people, and once a day by themselves."""

from datetime import timedelta

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from common.errors import Conflict
from jobs.models import Run
from pipelines.domain.lifecycle import IN_USE
from pipelines.models import MonitoringReport, Pipeline, PredictionRecord
from pipelines.selectors.monitoring import KIND
from pipelines.services.pipeline_jobs import pipeline_job

FEWEST = 50
"""Predictions below which nothing is said of drift."""

EVERY = timedelta(days=1)
AFTER_FAILURE = timedelta(hours=1)


def monitoring_start(*, access: Access, pipeline: Pipeline) -> Run:
    """Look at the predictions of the last 30 days, as a job; one under way is given back. Refuses without any."""
    access.require(Role.EDITOR)
    if not PredictionRecord.objects.filter(pipeline=pipeline).exists():
        raise Conflict("Nothing was predicted yet.", detail="Ask the model first, or tell what it predicted.")
    title = f"Look at the predictions of {pipeline.task.name}"
    return pipeline_job(access=access, pipeline=pipeline, kind=KIND, title=title, stage="monitor", timeout_s=900)


def monitoring_tick() -> None:
    """Once a day each pipeline in use that predicted something new is looked at, without anybody asking."""
    now = timezone.now()
    reports = MonitoringReport.objects.filter(pipeline=OuterRef("pk")).order_by("-id")
    found = Pipeline.objects.filter(state__in=[state.value for state in IN_USE], task__removed_at=None)
    last = found.annotate(looked_at=Subquery(reports.values("created_at")[:1]))
    due = last.filter(Q(looked_at=None) | Q(looked_at__lte=now - EVERY))
    looked = dict(due.values_list("pk", "looked_at"))
    for pipeline in Pipeline.objects.filter(pk__in=looked).select_related("task", "workspace"):
        tried = Run.objects.filter(subject=pipeline.subject, kind=KIND, created_at__gt=now - AFTER_FAILURE)
        if tried.exists():  # one that fails is not started again at every turn
            continue
        fresh = PredictionRecord.objects.filter(pipeline=pipeline)
        since = looked[pipeline.pk]
        if (fresh.filter(at__gt=since) if since else fresh)[:FEWEST].count() >= FEWEST:
            monitoring_start(access=Access.system(pipeline.workspace), pipeline=pipeline)
