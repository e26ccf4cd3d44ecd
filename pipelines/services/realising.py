"""What a model in use really brought: counted by a job month by month, valued by the estimate, costs by hand."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import Conflict, FieldProblem, InvalidInput, StaleEdit
from jobs.models import Run, Stage
from pipelines.domain.lifecycle import IN_USE
from pipelines.domain.realised import (
    Answers,
    MonthCount,
    facts_of,
    month_ends,
    month_of,
    months_apart,
    months_until,
    share_in_use,
)
from pipelines.models import ModelVersion, OutcomeRecord, Pipeline, PredictionRecord, RealisedMonth
from pipelines.selectors.realised import KIND, gone_words, in_use_since, plan_of, standing_of
from pipelines.services.contexts import Context
from pipelines.services.pipeline_jobs import pipeline_job
from planner.domain.valuation.assumptions import Case
from planner.domain.valuation.realised import COST_KINDS, RealisedValue, Span, planned_month, realised_month

EVERY = timedelta(days=1)
AFTER_OUTCOMES = timedelta(minutes=5)
"""New outcomes wait at most this long: those that arrive one by one are counted together."""
CHUNK = 10_000
REPORT_EVERY = 50_000
LARGEST_COST = 1e12
MOST_CASES = 2_000_000_000


def months_start(*, access: Access, pipeline: Pipeline) -> Run:
    """Count its months, as a job; one under way is given back. Refuses with Conflict before it was in use."""
    access.require(Role.EDITOR)
    if in_use_since(pipeline) is None:
        raise Conflict("Nothing was in use yet.", detail="Put a model into use, or tell what it predicted.")
    title = f"Count what {pipeline.task.name} brought"
    return pipeline_job(access=access, pipeline=pipeline, kind=KIND, title=title, stage="months", timeout_s=1800)


def months_tick() -> None:
    """Pipelines in use are counted once a day, any soon after outcomes arrived, without anybody asking."""
    now = timezone.now()
    jobs = Run.objects.filter(kind=KIND, created_at__gt=now - EVERY).order_by().values_list("subject")
    counted: dict[str, datetime] = dict(jobs.annotate(Max("created_at")))
    # Asked for each pipeline, where an index has it: every turn of the dispatcher would read all outcomes of a day.
    told = OutcomeRecord.objects.filter(pipeline=OuterRef("pk")).order_by("-told_at").values("told_at")[:1]
    is_used = Q(
        Exists(PredictionRecord.objects.filter(pipeline=OuterRef("pk"))), state__in=[state.value for state in IN_USE]
    )
    found = Pipeline.objects.filter(task__removed_at=None).annotate(arrived=Subquery(told))
    counting = found.filter(is_used | Q(arrived__gt=now - EVERY)).values_list("pk", "arrived")
    due = [pk for pk, arrived in counting if _is_due(counted.get(f"pipeline:{pk}"), arrived, now)]
    for pipeline in Pipeline.objects.filter(pk__in=due).select_related("task", "workspace"):
        if in_use_since(pipeline) is not None:
            months_start(access=Access.system(pipeline.workspace), pipeline=pipeline)


def _is_due(counted: datetime | None, arrived: datetime | None, now: datetime) -> bool:
    if counted is None:
        return True
    return arrived is not None and arrived > counted and now - counted > AFTER_OUTCOMES


def months_compute(context: Context) -> dict[str, Any]:
    """Count predictions and what became of them: {pipeline, at, since, months: {YYYY-MM-01: counts}}."""
    pipeline = Pipeline.objects.get(pk=context.params["pipeline"], workspace=context.workspace_id)
    now = timezone.now()
    since = in_use_since(pipeline) or now
    counted = {month: MonthCount() for month in months_until(month_of(since), month_of(now))}
    for place, (at, decision, version, cell) in enumerate(_decisions(pipeline)):
        counted.setdefault(month_of(at), MonthCount()).add(decision, cell, version)
        if place % REPORT_EVERY == 0:
            context.progress(0.1, f"{place} predictions counted")
    known = sum(sum(each.cells.values()) for each in counted.values())
    context.log(f"{sum(each.predictions for each in counted.values())} predictions, {known} with a known outcome")
    months = {
        month.isoformat(): {
            "volume": each.predictions,
            "alone": each.alone,
            "known": sum(each.cells.values()),
            "counts": each.counts,
            "version": each.version,
        }
        for month, each in sorted(counted.items())
    }
    return {"pipeline": pipeline.pk, "at": now.isoformat(), "since": since.isoformat(), "months": months}


def _decisions(pipeline: Pipeline) -> Any:
    """When, what was decided ("" where a person was to), by which version, and the cell once the outcome is known."""
    answers = {
        pk: Answers.of(signature)
        for pk, signature in pipeline.versions.order_by("number").values_list("pk", "signature")
    }
    usual = next(reversed(answers.values()), Answers(""))
    told = OutcomeRecord.objects.filter(pipeline=OuterRef("pipeline"), key=OuterRef("key")).values("value")[:1]
    rows = PredictionRecord.objects.filter(pipeline=pipeline).order_by("at", "id").annotate(outcome=Subquery(told))
    for at, decision, version, outcome in rows.values_list("at", "decision", "version", "outcome").iterator(CHUNK):
        known = decision and outcome is not None
        yield at, decision, version, answers.get(version, usual).cell(decision, outcome) if known else None


def months_publish(stage: Stage, output: dict[str, Any]) -> None:
    """The rows of the months and what they are worth, in the transaction that completes the job."""
    pipeline = _held(output["pipeline"])
    since, now = datetime.fromisoformat(output["since"]), datetime.fromisoformat(output["at"])
    versions = set(ModelVersion.objects.filter(pipeline=pipeline).values_list("pk", flat=True))
    for text, counted in output["months"].items():
        month = date.fromisoformat(text)
        version = counted["version"] if counted["version"] in versions else None
        fields = {name: counted[name] for name in ("volume", "alone", "known", "counts")}
        RealisedMonth.objects.update_or_create(
            pipeline=pipeline,
            month=month,
            defaults={
                **fields,
                "workspace": pipeline.workspace,
                "version_id": version,
                "share": share_in_use(month, since, now),
                "computed_at": now,
            },
        )
    _value(pipeline)


def month_costs_set(
    *, access: Access, month: RealisedMonth, costs: Mapping[str, float], cases: int | None, revision: int | None
) -> RealisedMonth:
    """What running the model cost in a month, by kind (kinds left out stand as planned), and how many cases there were.

    `revision` is the one that was read, None: whatever it is now. Refuses with InvalidInput what is no amount, with
    StaleEdit when somebody else changed it meanwhile.
    """
    access.require(Role.EDITOR)
    _check_costs(costs, cases)
    with transaction.atomic():
        pipeline = _held(month.pipeline_id)
        found = RealisedMonth.objects.select_for_update(of=("self",)).get(pk=month.pk)
        if revision is not None and found.revision != revision:
            raise StaleEdit(
                "Somebody changed the costs of this month since.",
                detail="Look at what holds now and save again.",
                changed=["costs", "cases"],
            )
        detail = {"task": pipeline.task.name, "month": f"{found.month:%Y-%m}", "costs": dict(costs), "cases": cases}
        found.costs, found.cases, found.revision = dict(costs), cases, found.revision + 1
        found.save(update_fields=["costs", "cases", "revision"])
        _value(pipeline)
        audit_record(access=access, verb="value.month-costs", subject=pipeline.subject, detail=detail)
    return RealisedMonth.objects.get(pk=month.pk)


def _check_costs(costs: Mapping[str, float], cases: int | None) -> None:
    problems = [
        FieldProblem(f"costs.{kind}", "There is no cost of this name." if kind not in COST_KINDS else AMOUNT)
        for kind, amount in costs.items()
        if kind not in COST_KINDS or not 0 <= amount <= LARGEST_COST
    ]
    if cases is not None and not 0 < cases <= MOST_CASES:
        problems.append(FieldProblem("cases", "Write how many cases there were, at least one, or leave it empty."))
    if problems:
        raise InvalidInput("Not saved.", detail="Mend the fields named.", errors=problems)


AMOUNT = "An amount is a number from 0 to a million millions."


def _held(pipeline_id: int) -> Pipeline:
    """The pipeline, locked: counting and entering costs at once would each value the other's month from old figures."""
    found = Pipeline.objects.select_for_update(of=("self",)).select_related("task__process", "workspace")
    return found.get(pk=pipeline_id)


def _value(pipeline: Pipeline) -> None:
    """Value every stored month by the estimate of now, and say whether the value of the pipeline is gone.

    The plan of a month that was over when it was valued stays what it was.
    """
    case, gap = plan_of(pipeline)
    rows = list(RealisedMonth.objects.filter(pipeline=pipeline).order_by("month"))
    for row in rows:
        _value_month(row, case, months_apart(rows[0].month, row.month))
    RealisedMonth.objects.bulk_update(rows, ["planned", "realised"], batch_size=200)
    standing = standing_of(pipeline, rows, case, gap)
    words = gone_words(standing.gone, standing.ends, pipeline.workspace.currency) if pipeline.is_in_use else ""
    if words != pipeline.value_gone:
        pipeline.value_gone = words
        pipeline.save(update_fields=["value_gone"])


def _value_month(row: RealisedMonth, case: Case | None, number: int) -> None:
    if case is None:
        row.realised = {}
        return
    if not row.planned or not row.planned.get("final"):
        planned = planned_month(case, number, share=row.share)
        final = row.computed_at >= month_ends(row.month)
        row.planned = {**asdict(planned), "net": planned.net, "final": final}
    facts = facts_of(row.volume, row.alone, row.counts)
    row.realised = _as_json(realised_month(case, facts, row.costs, share=row.share))


def _as_json(found: RealisedValue) -> dict[str, Any]:
    return {
        "labour": found.labour,
        "other": found.other,
        "errors": _span(found.errors),
        "benefit": _span(found.benefit),
        "net": _span(found.net),
        "cost": found.cost,
        "planned_costs": list(found.planned_costs),
    }


def _span(found: Span | None) -> dict[str, float] | None:
    return None if found is None else asdict(found)
