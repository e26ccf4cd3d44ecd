"""Values as plain dictionaries, for the API and files."""

from typing import Any

from common.formatting import known
from planner.domain.suitability.suitability import BY_KEY, propose
from planner.domain.suitability.verdicts import Finding
from planner.domain.valuation.explanation import explain_npv
from planner.domain.valuation.outcome import Brief
from planner.domain.valuation.results import figures_plain
from planner.models import EstimateResult, MeasuredValue
from planner.selectors.ranking_filter import RankingFilter
from planner.selectors.rated_task import RatedTask
from planner.selectors.value_form import Row, form_sections
from planner.selectors.value_ranking import RankedTask, Ranking
from planner.selectors.value_tasks import ValuedTask


def value_plain(outcome: Brief | None) -> dict[str, Any] | None:
    """The figures of an outcome; what is undefined or never comes is None."""
    if outcome is None:
        return None
    summary = outcome.summary
    return {
        "npv_mean": summary.mean,
        "npv_p5": summary.p5,
        "npv_p50": summary.p50,
        "npv_p95": summary.p95,
        "loss_probability": summary.loss_probability,
        "failing": summary.failing,
        "roi": summary.roi,
        "irr": outcome.irr.only,
        "payback_months": known(outcome.payback_months),
        "pv_costs": summary.mean_pv_costs,
        "once": summary.mean_once,
        "information": summary.information,
        "formula_version": outcome.formula_version,
    }


def verdict_plain(finding: Finding | None) -> dict[str, str] | None:
    if finding is None:
        return None
    return {"verdict": finding.verdict.value, "label": finding.verdict.label, "reason": finding.reason}


def suitability_plain(found: ValuedTask) -> dict[str, Any]:
    """The eight answers with the words of their questions."""
    answers = []
    for answer, log in zip(found.answers, propose(found.foreseen.facts), strict=True):
        question = BY_KEY[answer.question]
        words = {"text": question.text, "lowest": question.lowest, "highest": question.highest}
        said = {"score": answer.score, "evidence": answer.evidence, "source": answer.source.value}
        proposed = {"proposed": {"score": log.score, "evidence": log.evidence}}
        answers.append({"question": question.key, **words, **said, **proposed})
    return {
        "task": found.task.pk,
        "name": found.task.name,
        "answers": answers,
        "points": found.standing.points,
        "answered": found.standing.answered,
        "verdict": verdict_plain(found.finding),
    }


def estimate_plain(found: ValuedTask) -> dict[str, Any]:
    """Assumptions, value, drivers, what is worth knowing, and the formulas with their numbers."""
    return {
        "task": found.task.pk,
        "version": found.version,
        "currency": found.workspace.currency,
        "gap": found.gap,
        "assumptions": _assumptions(found),
        "on_defaults": found.resting_on_defaults,
        "value": value_plain(found.outcome),
        "planned": value_plain(found.planned),
        "measured": _measured(found.measured),
        "verdict": verdict_plain(found.finding),
        **_details(found),
    }


def _assumptions(found: ValuedTask) -> list[dict[str, Any]]:
    rows = (row for section in form_sections(found, None, {}, {}) for row in (*section.rows, *section.more))
    names = ("key", "label", "text", "unit", "source", "origin")
    return [
        {name: getattr(row, name) for name in names} | {"note": row.note, "instead_of": _instead(row)} for row in rows
    ]


def _instead(row: Row) -> list[dict[str, str]]:
    return [{"text": each.text, "source": each.source, "origin": each.origin.value} for each in row.instead_of]


def _measured(measured: MeasuredValue | None) -> dict[str, Any] | None:
    names = ("tp", "fp", "fn", "tn", "threshold", "source", "recorded_at")
    return None if measured is None else {name: getattr(measured, name) for name in names}


def result_plain(result: EstimateResult, changed: str) -> dict[str, Any]:
    """A kept result, its figures as they were then."""
    names = ("id", "computed_at", "basis", "formula_version", "revision", "fingerprint", "inputs", "npv_mean", "npv_p5")
    more = ("npv_p50", "npv_p95", "loss_probability", "roi", "irr", "payback_months", "pv_costs", "figures")
    return {name: getattr(result, name) for name in (*names, *more)} | {"changed": changed}


def _details(found: ValuedTask) -> dict[str, Any]:
    if found.case is None or found.outcome is None:
        return {"drivers": [], "worth_knowing": [], "break_even": [], "figures": None, "formulas": []}
    swings, known_first = found.outcome.tornado, found.outcome.information
    rows = explain_npv(found.case).rows()
    formula = ("label", "value", "unit", "expression", "source")
    figures = figures_plain(found.outcome)
    return {
        "drivers": [{name: getattr(each, name) for name in ("key", "label", "npv_low", "npv_high")} for each in swings],
        "worth_knowing": [{"key": each.key, "label": each.label, "worth": each.worth} for each in known_first],
        "break_even": figures["break_even"],
        "figures": {name: figures[name] for name in ("pv_benefits", "pv_costs", "borne_whole")}
        | {"npv_at_medians": float(found.outcome.at_medians.npv)}
        | figures["at_medians"],
        "formulas": [{**{name: getattr(row, name) for name in formula}, "depth": depth} for depth, row in rows],
    }


def ranking_plain(ranking: Ranking[RatedTask], narrowed: RankingFilter, job: int | None) -> dict[str, Any]:
    """A ranking, of its tasks those that `narrowed` lets through; `job` computes what it waits for."""
    others = (*ranking.aside, *ranking.gaps)
    return {
        "process": ranking.process.pk if ranking.process is not None else None,
        "waiting": ranking.waiting,
        "job": job,
        "by": ranking.by.value,
        "k": ranking.k,
        "currency": ranking.workspace.currency,
        "ranked": [_ranked(row) for row in ranking.rows if narrowed.lets(row.valued)],
        "not_ranked": [_not_ranked(found) for found in others if narrowed.lets(found)],
    }


def _named(found: RatedTask) -> dict[str, Any]:
    task = found.task
    return {"task": task.pk, "name": task.name, "process": task.process_id, "process_name": task.process.name}


def _ranked(row: RankedTask[RatedTask]) -> dict[str, Any]:
    return {
        "rank": row.rank,
        **_named(row.valued),
        "value": value_plain(row.valued.brief),
        "npv_per_once": row.figures.npv_per_once,
        "first": row.first,
        "first_k": row.first_k,
        "on_defaults": row.valued.resting_on_defaults,
        "verdict": verdict_plain(row.valued.finding),
    }


def _not_ranked(found: RatedTask) -> dict[str, Any]:
    return {
        **_named(found),
        "gap": found.gap,
        "verdict": verdict_plain(found.finding),
    }
