"""What is known of a task, as the plain values a draft is written from."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from canvas.domain.facts import (
    Advice,
    DecisionWorth,
    DriftFacts,
    Facts,
    FeatureFact,
    LogFacts,
    MeasuredFacts,
    TargetFacts,
    TaskFacts,
    ValuationFacts,
)
from planner.domain.suitability.stability import Stability
from planner.domain.valuation.assumptions import Case, ErrorForm
from planner.domain.valuation.distributions import median
from planner.domain.valuation.estimate import UNCHECKED
from planner.domain.valuation.valuation import minutes_after
from planner.models import DecisionTarget, EventLog, MeasuredValue, Task
from planner.selectors.foresight import chosen_target
from planner.selectors.task_decision import task_decision
from planner.selectors.value_evidence import rates_read
from planner.selectors.value_tasks import ValuedTask, valued_task


def task_facts(task: Task) -> Facts:
    """Everything planner knows of the task; what it does not know is left out."""
    valued = valued_task(task)
    target = chosen_target(task)
    return Facts(
        task=_task(task),
        log=_log(task),
        target=_target(target) if target is not None else None,
        features=_features(target.evidence) if target is not None else (),
        valuation=_valuation(valued),
        worth=_worth(valued.case) if valued.case is not None else None,
        measured=_measured(valued.measured) if valued.measured is not None else None,
        advice=_advice(valued),
    )


def _task(task: Task) -> TaskFacts:
    decision = task_decision(task)
    return TaskFacts(
        name=task.name,
        process=task.process.name,
        volume_a_year=task.volume_a_year,
        volume_source=task.volume_source,
        handling_minutes=task.handling_minutes,
        people=len(task.resources) or None,
        prediction=decision.given("prediction"),
        action=decision.text("action"),
    )


def _log(task: Task) -> LogFacts | None:
    log = EventLog.objects.of(task.workspace).in_use().filter(process=task.process).first()
    if log is None:
        return None
    cases = log.statistics.get("cases")
    return LogFacts(
        name=log.name,
        cases=cases if isinstance(cases, int) else None,
        first=log.first_start.date(),
        last=log.last_start.date(),
    )


def _target(target: DecisionTarget) -> TargetFacts:
    """The chosen target and what the quick check measured; unchecked, only the question."""
    found: Mapping[str, Any] = target.evidence
    spec = target.target
    split = found.get("split_at")
    return TargetFacts(
        question=spec.question,
        problem=found.get("problem", ""),
        label_kind=spec.label_kind.value,
        positive=spec.positive,
        positive_share=found.get("positive_share"),
        labelled=found.get("labelled"),
        wait_hours=found.get("wait_hours"),
        baseline=_rule(found.get("rule") or {}),
        test_cases=found.get("test"),
        test_from=datetime.fromisoformat(split).date() if split else None,
        auc_low=(found.get("auc") or {}).get("low"),
        drift=_drift(rates_read(found.get("rates"))),
    )


def _drift(rates: Stability | None) -> DriftFacts | None:
    """What the halves of the log say of the outcome's rate, and how far apart they begin."""
    if rates is None:
        return None
    apart = datetime.fromisoformat(rates.later.start) - datetime.fromisoformat(rates.earlier.start)
    return DriftFacts(
        outcome=rates.outcome,
        earlier=rates.earlier.share,
        later=rates.later.share,
        days=apart.total_seconds() / 86_400,
        moved=rates.moved,
    )


def _rule(rule: Mapping[str, Any]) -> str:
    return f"{rule['words']}: right in {100 * rule['share']:.3g} % of later cases" if rule.get("words") else ""


def _features(evidence: Mapping[str, Any]) -> tuple[FeatureFact, ...]:
    return tuple(
        FeatureFact(name=each["name"], type=str(each["type"]), unit=each["unit"], source=each["source"])
        for each in evidence.get("inputs", ())
    )


def _valuation(valued: ValuedTask) -> ValuationFacts | None:
    if valued.case is None or valued.outcome is None:
        return None
    medians = {key: median(distribution) for key, distribution in valued.case.inputs}
    summary, by_hand = valued.outcome.summary, valued.outcome.at_medians
    # What a model must reach stays what was planned: taken from its measured errors, the demand would follow the model.
    planned = {key: median(distribution) for key, distribution in (valued.planned_case or valued.case).inputs}
    saved = medians.get("minutes_before", 0.0) - float(minutes_after(medians))
    return ValuationFacts(
        currency=valued.workspace.currency,
        horizon=valued.case.setting.horizon,
        version=valued.version or None,
        npv_mean=summary.mean,
        npv_low=summary.p5,
        npv_high=summary.p95,
        loss_probability=summary.loss_probability,
        once=float(by_hand.once),
        yearly=float(by_hand.yearly),
        minutes_saved=saved if saved > 0 else None,
        coverage=medians.get("coverage"),
        labels=medians.get("labels"),
        label_cost=round(medians.get("label_cost", 0.0), 2),
        new_labels=medians.get("new_labels"),
        retrainings=medians.get("retrainings"),
        retrainings_set=_set(valued, "retrainings"),
        found=planned.get("found_model") if _set(valued, "found_model") else None,
        false_alarms=planned.get("alarms_model") if _set(valued, "alarms_model") else None,
        error_rate=planned.get("error_model") if _set(valued, "error_model") else None,
    )


def _set(valued: ValuedTask, key: str) -> bool:
    """Whether somebody set the assumption: a default is no promise that a model must keep."""
    return key in valued.assumptions and valued.assumptions[key].origin not in UNCHECKED


def _worth(case: Case) -> DecisionWorth:
    """Worth of the four decisions; where only the cost of an error is known, a right decision is worth nothing."""
    medians = {key: median(distribution) for key, distribution in case.inputs}
    if case.setting.error_form is ErrorForm.RATES:
        cost = round(-medians.get("error_cost", 0.0), 2) or 0.0
        return DecisionWorth(found=0.0, false_alarm=cost, missed=cost, cleared=0.0)
    found, alarm, missed, cleared = (
        round(medians.get(key, 0.0), 2) for key in ("value_tp", "value_fp", "value_fn", "value_tn")
    )
    return DecisionWorth(found=found, false_alarm=alarm, missed=missed, cleared=cleared)


def _measured(value: MeasuredValue) -> MeasuredFacts:
    positives, negatives = value.tp + value.fn, value.fp + value.tn
    return MeasuredFacts(
        source=value.source,
        test_cases=positives + negatives,
        threshold=value.threshold,
        recall=value.tp / positives if positives else None,
        false_alarm_rate=value.fp / negatives if negatives else None,
    )


def _advice(valued: ValuedTask) -> Advice | None:
    if valued.finding is None:
        return None
    verdict = valued.finding.verdict
    return Advice(label=verdict.label, sentence=valued.finding.reason, wants_a_model=verdict.wants_a_model)
