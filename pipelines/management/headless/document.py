"""Everything a walk found as one JSON document. Its fields are described in docs/plan.md; `format` counts changes."""

from typing import Any

from canvas.domain.rendering import json_of
from canvas.selectors import canvas_document
from pipelines.management.headless.findings import Findings, Plan
from planner.models import DecisionTarget, Flow, Task
from planner.selectors import Outcome, ValuedTask

FORMAT = "taskworth-plan-1"
LOG_KEYS = ("events", "cases", "activities", "directly_follows_pairs", "variants", "has_start_times")


def document_of(findings: Findings) -> dict[str, Any]:
    """Plain values. Money in `currency`, times in the unit their name ends with, shares and chances from 0 to 1."""
    process = findings.process
    workspace = process.workspace
    tasks = list(Task.objects.of(workspace).filter(process=process).order_by("position"))
    return {
        "format": FORMAT,
        "currency": workspace.currency,
        "process": {"name": process.name, "cases_a_year": process.cases_a_year, "cases_source": process.cases_source},
        "notes": findings.notes,
        "log": _log(findings),
        "tasks": [_task(task) for task in tasks],
        "flows": [_flow(flow) for flow in _flows(findings)],
        "ranking": [
            {"rank": row.rank, "chance_first": row.first} | _valued(row.valued) for row in findings.ranking.rows
        ],
        "not_ranked": [_valued(found) for found in (*findings.ranking.aside, *findings.ranking.gaps)],
        "plans": [_plan(plan) for plan in findings.plans],
    }


def _log(findings: Findings) -> dict[str, Any]:
    statistics = findings.log.statistics
    return {key: statistics.get(key) for key in LOG_KEYS} | {
        "name": findings.log.name,
        "first_start": findings.log.first_start.isoformat(),
        "last_start": findings.log.last_start.isoformat(),
        "dropped": statistics.get("dropped", []),
    }


def _task(task: Task) -> dict[str, Any]:
    return {
        "name": task.name,
        "kind": task.kind,
        "volume_a_year": task.volume_a_year,
        "visits_a_case": task.visits_a_case,
        "handling_minutes": task.handling_minutes,
        "handling_source": task.handling_source,
        "waiting_hours": task.waiting_hours,
        "rework_share": task.rework_share,
        "looks_automatic": task.automatic_proposed,
    }


def _flows(findings: Findings) -> list[Flow]:
    process = findings.process
    return list(Flow.objects.of(process.workspace).filter(process=process).select_related("source", "target"))


def _flow(flow: Flow) -> dict[str, Any]:
    return {
        "source": flow.source.name,
        "target": flow.target.name,
        "count": flow.count,
        "probability": flow.probability,
    }


def _valued(found: ValuedTask) -> dict[str, Any]:
    return {
        "task": found.task.name,
        "verdict": found.finding.verdict.value if found.finding else None,
        "reason": found.finding.reason if found.finding else found.gap,
        "assumptions_on_defaults": found.resting_on_defaults,
        "value": _outcome(found.outcome),
    }


def _outcome(outcome: Outcome | None) -> dict[str, Any] | None:
    if outcome is None:
        return None
    summary = outcome.summary
    return {
        "npv": summary.mean,
        "npv_interval_90": [summary.p5, summary.p95],
        "npv_median": summary.p50,
        "roi": summary.roi,
        "irr": outcome.irr.only,
        "payback_months": outcome.payback_months,
        "loss_probability": summary.loss_probability,
        "pv_costs": summary.mean_pv_costs,
        "formula_version": outcome.formula_version,
    }


def _plan(plan: Plan) -> dict[str, Any]:
    found = plan.valued
    return {
        "task": found.task.name,
        "target": _target(plan.target),
        "verdict": found.finding.verdict.value if found.finding else None,
        "reason": found.finding.reason if found.finding else found.gap,
        "canvas": json_of(canvas_document(plan.canvas)) if plan.canvas else None,
        "project": _project(plan),
        "run": _run(plan),
        "value_planned": _outcome(found.planned or found.outcome),
        "value_measured": _outcome(found.outcome) if found.planned else None,
        "stopped": plan.stopped,
    }


def _target(target: DecisionTarget | None) -> dict[str, Any] | None:
    if target is None:
        return None
    spec = target.target
    return {
        "text": target.text,
        "question": spec.question,
        "label_kind": spec.label_kind.value,
        "verdict": target.verdict,
        "reason": target.reason,
        "evidence": target.evidence,
    }


def _project(plan: Plan) -> dict[str, Any] | None:
    if plan.generation is None or plan.archive is None:
        return None
    generation = plan.generation
    return {
        "archive": plan.archive.name,
        "digest": generation.digest,
        "files": [entry["path"] for entry in generation.tree],
        "rows": generation.rows,
        "split_moment": generation.split_moment,
    }


def _run(plan: Plan) -> dict[str, Any] | None:
    if plan.run is None:
        return None
    stages = plan.run.run.stages.order_by("position")
    return {
        "state": plan.run.run.state,
        "accepted": plan.run.accepted,
        "sentence": plan.run.sentence,
        "stages": [
            {
                "name": stage.name,
                "state": stage.state,
                "attempts": stage.attempt,
                "reason": stage.reason,
                "seconds": (stage.finished_at - stage.started_at).total_seconds()
                if stage.finished_at and stage.started_at
                else None,
            }
            for stage in stages
        ],
        "metrics": plan.run.metrics,
        "acceptance": plan.run.acceptance,
    }
