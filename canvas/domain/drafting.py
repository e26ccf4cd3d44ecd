"""A first draft of the canvas from what is already known: each value with the place it came from.

A draft fills gaps and renews earlier drafts; what a person typed, or emptied, stays. What is not known stays a gap: a
made-up value would be worse than none. Fields marked "suggested" are starting points every project can have.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from canvas.domain.blocks import field_of
from canvas.domain.completeness import Fields
from canvas.domain.facts import Facts, TargetFacts, ValuationFacts
from canvas.domain.rhythm import rhythm_of, rhythm_source
from canvas.domain.values import UnusableValue, value_of
from canvas.domain.wording import count, day, duration, money, percent

TASKS, VALUE, TARGET, SUGGESTED = "drafted from Tasks", "drafted from Value", "drafted from the target", "suggested"
SUITABILITY = "drafted from Suitability"
LOG = "from the log"
TASK_TYPES = {
    "binary": "binary_classification",
    "multiclass": "multiclass_classification",
    "regression": "regression",
    "forecasting": "forecasting",
}
FORECASTING = "forecasting"
FINEST_SHARE = 0.005
LEAST_AUC = 0.6
DAYS_A_YEAR = 365


@dataclass(frozen=True)
class Draft:
    """One drafted value and its source in words."""

    block: str
    key: str
    value: Any
    source: str


Draw = Iterator[tuple[str, Any, str]]


def drafts(facts: Facts) -> tuple[Draft, ...]:
    """Every value the facts support, valid for its field.

    >>> from canvas.domain.facts import TaskFacts
    >>> found = drafts(Facts(task=TaskFacts(name="Detect fraud", process="Claims")))
    >>> next(draft.value for draft in found if draft.key == "entity")
    'a case when it reaches Detect fraud'
    """
    found = []
    for block, write in WRITERS.items():
        for key, value, source in write(facts):
            try:
                found.append(Draft(block, key, value_of(field_of(block, key), value), source))
            except UnusableValue:
                continue
    return tuple(draft for draft in found if draft.value is not None)


def merged(fields: Fields, found: tuple[Draft, ...]) -> dict[str, dict[str, dict[str, Any]]]:
    """Only the entries that a draft changes: gaps and earlier drafts, never what a person typed or emptied."""
    changed: dict[str, dict[str, dict[str, Any]]] = {}
    for draft in found:
        kept: Mapping[str, Any] = fields.get(draft.block, {}).get(draft.key, {})
        if kept.get("by") == "person":
            continue
        entry = {"value": draft.value, "source": draft.source, "by": "draft"}
        if any(kept.get(name) != entry[name] for name in entry):
            changed.setdefault(draft.block, {})[draft.key] = entry
    return changed


def _value_proposition(facts: Facts) -> Draw:
    task = facts.task
    if task.people:
        doers = "the person who does" if task.people == 1 else f"the {count(task.people)} people who do"
        yield "end_user", f"{doers} {task.name} today", "from the log, resources"
    if facts.target is not None and facts.target.problem == FORECASTING:
        yield "objective", f"plan ahead for {task.name}: {facts.target.question}", TARGET
    elif task.prediction:
        yield "objective", f"know early, when a case reaches {task.name}: {task.prediction}", SUITABILITY
    elif facts.target is not None:
        yield "objective", f"know early, when a case reaches {task.name}: {facts.target.question}", TARGET
    if facts.valuation is not None:
        yield "benefit", _benefit(facts.valuation), _revision(facts.valuation)
    if facts.target is not None and facts.target.problem == FORECASTING:
        yield "workflow", f"whoever plans the people at {task.name} reads the next periods", SUGGESTED
    else:
        yield "workflow", f"the answer stands beside the case when it reaches {task.name}", SUGGESTED


def _benefit(value: ValuationFacts) -> str | None:
    parts = []
    if value.minutes_saved is not None:
        parts.append(f"{value.minutes_saved:.2g} minutes a case")
    if value.npv_mean is not None and value.npv_low is not None and value.npv_high is not None:
        span = f"{money(value.npv_low, 2)} to {money(value.npv_high, 2)} {value.currency}"
        parts.append(f"worth {span} over {value.horizon} years, on average {money(value.npv_mean)}")
    if value.once is not None and value.yearly is not None:
        parts.append(f"for {money(value.once)} {value.currency} once and {money(value.yearly)} a year")
    if value.loss_probability is not None:
        parts.append(f"{_in_hundred(value.loss_probability)} that it loses money")
    return "; ".join(parts) or None


def _in_hundred(share: float) -> str:
    return "under 1 in 100" if 0 < share < FINEST_SHARE else f"{round(100 * share)} in 100"


def _revision(value: ValuationFacts) -> str:
    return f"{VALUE}, revision {value.version}" if value.version else VALUE


def _prediction_task(facts: Facts) -> Draw:
    target = facts.target
    periods = target is not None and target.problem == FORECASTING
    yield "entity", f"a period of {facts.task.name}" if periods else f"a case when it reaches {facts.task.name}", TASKS
    if target is None:
        return
    yield "task_type", TASK_TYPES.get(target.problem), TARGET
    yield "outcomes", _outcomes(target), f"{LOG}, {target.label_kind}"
    if target.wait_hours:
        yield "wait_time", duration(target.wait_hours), f"{LOG}, median"
    yield "baseline_heuristic", _baseline(target), "computed on the log"


def _outcomes(target: TargetFacts) -> str:
    if target.positive and target.positive_share is not None:
        return f"{target.question} {percent(target.positive_share)} are “{target.positive}”"
    return target.question


def _baseline(target: TargetFacts) -> str | None:
    if target.baseline:
        return target.baseline
    if target.problem == "binary" and target.positive_share is not None:
        often = max(target.positive_share, 1 - target.positive_share)
        answer = "yes" if target.positive_share >= 0.5 else "no"
        return f"always answer {answer}: right in {percent(often)} of cases"
    if target.problem == FORECASTING:
        return "as many as in the same period one season ago"
    return "always the middle value" if target.problem == "regression" else None


def _decisions(facts: Facts) -> Draw:
    if facts.task.action:
        yield "action", facts.task.action, SUITABILITY
    if facts.target is not None and facts.target.problem == "binary":
        positive = facts.target.positive or "yes"
        rule = f"score at or above the threshold: treated as “{positive}”; below: as today"
        yield "decision_rule", rule, SUGGESTED
        yield from _threshold(facts)
    if facts.valuation is not None and facts.valuation.coverage is not None:
        alone = facts.valuation.coverage
        people = f"a person decides {percent(1 - alone)} of cases, the model {percent(alone)} alone"
        yield "human_in_loop", people, VALUE


def _threshold(facts: Facts) -> Draw:
    if facts.measured is not None and facts.measured.threshold is not None:
        yield "threshold", round(facts.measured.threshold, 3), facts.measured.source
    elif facts.worth is not None and facts.worth.threshold is not None:
        yield "threshold", round(facts.worth.threshold, 2), "where one more alarm costs what it saves"


def _impact_simulation(facts: Facts) -> Draw:
    if facts.target is not None and facts.target.test_cases:
        begin = f", from {day(facts.target.test_from)}" if facts.target.test_from else ""
        rows = "periods" if facts.target.problem == FORECASTING else "cases"
        yield "test_set", f"the latest {count(facts.target.test_cases)} {rows} of the log{begin}", "split by time"
    if facts.worth is not None:
        worth = facts.worth
        for key, amount in zip(
            ("value_tp", "value_fp", "value_fn", "value_tn"),
            (worth.found, worth.false_alarm, worth.missed, worth.cleared),
            strict=True,
        ):
            yield key, amount, VALUE
    yield from _minimum(facts)


def _minimum(facts: Facts) -> Draw:
    value, target = facts.valuation, facts.target
    if target is not None and target.problem == FORECASTING:
        yield "minimum_acceptable", "mean absolute scaled error ≤ 0.95", SUGGESTED
    elif target is not None and target.problem == "regression":
        yield "minimum_acceptable", "mean absolute error against the rule to beat ≤ 0.9", SUGGESTED
    elif value is not None and value.found is not None and value.false_alarms is not None:
        lines = f"recall ≥ {value.found:.2g}\nfalse alarm rate ≤ {value.false_alarms:.2g}"
        yield "minimum_acceptable", lines, f"{VALUE}: what the estimate counts on"
    elif value is not None and value.error_rate is not None:
        yield "minimum_acceptable", f"accuracy ≥ {1 - value.error_rate:.3g}", f"{VALUE}: what the estimate counts on"
    elif target is not None and target.problem == "binary":
        yield "minimum_acceptable", *_least_auc(target)


def _least_auc(target: TargetFacts) -> tuple[str, str]:
    """A little under what a quick check on the log found; without one, hardly better than a coin is refused."""
    if target.auc_low is None:
        return f"ROC AUC ≥ {LEAST_AUC}", SUGGESTED
    return f"ROC AUC ≥ {max(0.55, target.auc_low - 0.03):.2f}", "a little under what the quick check found"


def _making_predictions(facts: Facts) -> Draw:
    if facts.target is not None and facts.target.problem == FORECASTING:
        yield "mode", "real_time", "suggested: whoever plans asks with the recent periods"
    else:
        yield "mode", "real_time", f"suggested: each case as it reaches {facts.task.name}"
    yield "latency_budget_ms", 500, SUGGESTED
    yield "target", "container", SUGGESTED
    if facts.task.volume_a_year:
        a_day = facts.task.volume_a_year / DAYS_A_YEAR
        words = f"{count(facts.task.volume_a_year)} predictions a year, {a_day:.2g} a day on average"
        yield "note", words, LOG if facts.task.volume_source == "log" else TASKS


def _data_collection(facts: Facts) -> Draw:
    target, log, value = facts.target, facts.log, facts.valuation
    if target is not None and target.labelled is not None and log is not None:
        span = f", {day(log.first)} to {day(log.last)}" if log.first and log.last else ""
        rows = "whole periods" if target.problem == FORECASTING else "cases with a known outcome"
        yield "initial_set", f"{count(target.labelled)} {rows}{span}", LOG
    if value is not None and value.new_labels:
        yield "update_rate", f"{count(value.new_labels)} new labels a year", VALUE
    elif facts.task.volume_a_year and target is not None:
        yield "update_rate", f"about {count(facts.task.volume_a_year)} cases a year, as the log grows", TASKS
    yield "holdout_share", 0.02, SUGGESTED
    if value is not None and value.label_cost is not None:
        yield "label_cost", value.label_cost, VALUE
    elif target is not None:
        yield "label_cost", 0, "the log records the outcome"


def _data_sources(facts: Facts) -> Draw:
    if facts.log is not None:
        cases = f"{count(facts.log.cases)} cases" if facts.log.cases is not None else ""
        yield "sources", [{"name": facts.log.name, "type": "event log", "location": cases}], "from the import"


def _features(facts: Facts) -> Draw:
    if facts.features:
        rows = [
            {"name": each.name, "type": each.type, "unit": each.unit, "source": each.source} for each in facts.features
        ]
        periods = facts.target is not None and facts.target.problem == FORECASTING
        moment = "before a period begins" if periods else f"when a case reaches {facts.task.name}"
        yield "features", rows, f"{count(len(rows))} known {moment}"


def _building_models(facts: Facts) -> Draw:
    yield "model_count", 1, SUGGESTED
    value, drift = facts.valuation, facts.target.drift if facts.target is not None else None
    yearly = value.retrainings if value is not None else None
    if drift is not None and not (value is not None and value.retrainings_set):
        yield "retrain_trigger", f"{rhythm_of(drift)}, and when drift (PSI) > 0.2", rhythm_source(drift)
    elif yearly:
        yield "retrain_trigger", f"{yearly:.2g} times a year, and when drift (PSI) > 0.2", VALUE
    else:
        yield "retrain_trigger", "every quarter, and when drift (PSI) > 0.2", SUGGESTED
    yield "training_time_budget", "2 hours", SUGGESTED


def _monitoring(facts: Facts) -> Draw:
    currency = f"{facts.valuation.currency} gained a month" if facts.valuation is not None else "gain a month"
    business = [currency, f"minutes a case in {facts.task.name}", "share of cases decided without a person"]
    yield "business_metrics", business, SUGGESTED
    if facts.target is None:
        return
    if facts.target.problem == FORECASTING:
        yield "model_metrics", ["mean absolute scaled error of the last season", _drift_line(facts)], SUGGESTED
        yield "alert_thresholds", "mean absolute scaled error > 1, owner of the process", SUGGESTED
        return
    if facts.target.problem == "regression":
        yield "model_metrics", ["mean absolute error on held-out cases", _drift_line(facts)], SUGGESTED
        yield "alert_thresholds", "drift (PSI) > 0.2, owner of the process", SUGGESTED
        return
    yield "model_metrics", ["ROC AUC on held-out cases", "recall and false alarms", _drift_line(facts)], SUGGESTED
    yield "alert_thresholds", "ROC AUC < 0.55, owner of the process\ndrift (PSI) > 0.2, owner of the process", SUGGESTED


def _drift_line(facts: Facts) -> str:
    return f"drift of {count(len(facts.features))} features" if facts.features else "drift of the features"


WRITERS: dict[str, Callable[[Facts], Draw]] = {
    "value_proposition": _value_proposition,
    "prediction_task": _prediction_task,
    "decisions": _decisions,
    "impact_simulation": _impact_simulation,
    "making_predictions": _making_predictions,
    "data_collection": _data_collection,
    "data_sources": _data_sources,
    "features": _features,
    "building_models": _building_models,
    "monitoring": _monitoring,
}
