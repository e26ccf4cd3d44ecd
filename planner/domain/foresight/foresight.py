"""Screens a target before anything is built: trivial, a rule, no foresight, too little data, or worth a model.

Everything is measured on later cases than it was learnt on. The screen is quick (a sample of the
rows, small models) and says so; the pipeline measures again.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.tree import DecisionTreeClassifier

from planner.domain.foresight.arranged_log import ArrangedLog, Ints, MomentKind
from planner.domain.foresight.auc import Auc, auc_interval
from planner.domain.foresight.context_judging import context_judged
from planner.domain.foresight.feature_kinds import Dropped, Feature
from planner.domain.foresight.outcome_rates import outcome_rates
from planner.domain.foresight.quick_models import Matrix, classes_foretell, mean_auc, number_foretell
from planner.domain.foresight.rule_search import Rule, rule_search
from planner.domain.foresight.targets import Problem, TargetKind, TargetSpec
from planner.domain.foresight.task_view import TaskView
from planner.domain.foresight.training_table import LABEL, Exclusion, TrainingTable
from planner.domain.suitability.stability import Stability
from planner.domain.suitability.verdicts import (
    FEWEST_LABELLED,
    FEWEST_OF_EACH,
    RULE_SHARE,
    TRIVIAL_AUC,
    Finding,
    Verdict,
)

MOST_ROWS = 8000
LEAST_AUC = 0.52
ORDER_DEPTH = 12
FEWEST_FOR_ORDER = 60
FEWEST_FOR_ORDER_EACH = 8
RULE_ERRORS_LEFT = 0.5
BOOTSTRAPS = 200
LEAST_GAIN = 0.02
ANYWAY_SHARE = 0.97
AGAIN_SHARE = 0.5
ANSWERS = ("yes", "no")


@dataclass(frozen=True)
class Screen:
    """What a quick look at a target found. Shares and AUC lie between 0 and 1, errors are in hours
    or in the attribute's unit; None means it was not measured because something earlier settled it."""

    target: TargetSpec
    problem: Problem
    moment_kind: MomentKind
    finding: Finding
    labelled: int
    train: int
    test: int
    purged: int
    smaller_class: int | None
    positive_share: float | None
    excluded: tuple[Exclusion, ...]
    features: int = 0
    dropped: tuple[Dropped, ...] = ()
    inputs: tuple[Feature, ...] = ()
    split_at: pd.Timestamp | None = None
    wait_hours: float | None = None
    """Median time from the moment to the outcome."""

    rates: Stability | None = None
    """The rate of the outcome over time."""

    order_auc: float | None = None
    order_share: float | None = None
    anyway_share: float | None = None
    rule: Rule | None = None
    auc: Auc | None = None
    error: float | None = None
    baseline_error: float | None = None
    model: str = ""
    sampled_rows: int | None = None

    @property
    def beats_baseline(self) -> bool | None:
        """Whether it is better than the simple rule on later cases, None where that was not asked."""
        if self.auc is None and self.error is None:
            return None
        return self.finding.verdict is not Verdict.NOT_PREDICTABLE


def screen(view: TaskView, target: TargetSpec, *, rng: np.random.Generator, automatic: bool = False) -> Screen:
    """Screen one target at a task. `automatic` says that a machine does the task already."""
    table = context_judged(view.table(target))
    blank = _blank(table)
    if automatic:
        return replace(blank, finding=Finding(Verdict.ALREADY_AUTOMATIC, "One resource does it in almost no time."))
    if table.problem is Problem.REGRESSION:
        return _screen_number(blank, table, rng)
    return _screen_classes(blank, view, table, rng)


def _blank(table: TrainingTable) -> Screen:
    classes = table.frame[LABEL].value_counts() if table.problem is not Problem.REGRESSION else None
    smaller = None if classes is None else (int(classes.min()) if len(classes) > 1 else 0)
    share = (
        float((table.frame[LABEL] == "yes").mean()) if table.problem is Problem.BINARY and len(table.frame) else None
    )
    return Screen(
        target=table.target,
        problem=table.problem,
        moment_kind=table.moment_kind,
        finding=Finding(Verdict.GATHER_DATA_FIRST, ""),
        labelled=len(table.frame),
        train=len(table.train),
        test=len(table.test),
        purged=table.purged,
        smaller_class=smaller,
        positive_share=share,
        excluded=table.excluded,
        features=len(table.features),
        dropped=table.dropped,
        inputs=table.features,
        split_at=table.split_at,
        wait_hours=_wait_hours(table),
        rates=outcome_rates(table.frame["moment"], table.frame[LABEL], positive="yes"),
    )


def _wait_hours(table: TrainingTable) -> float | None:
    hours = (table.frame["known_at"] - table.frame["moment"]).dropna().dt.total_seconds() / 3600
    return None if hours.empty else float(hours.median())


def _screen_classes(blank: Screen, view: TaskView, table: TrainingTable, rng: np.random.Generator) -> Screen:
    found = _measure_order(blank, view, table)
    trivial = _trivial(found)
    if trivial:
        return replace(found, finding=Finding(Verdict.TRIVIAL, trivial))
    lacking = _lacking(found)
    if lacking:
        return replace(found, finding=Finding(Verdict.GATHER_DATA_FIRST, lacking))
    rule = rule_search(table.train, table.test, table.features, LABEL)
    found = replace(found, rule=rule)
    if rule is not None and _is_rule(rule):
        return replace(found, finding=Finding(Verdict.WRITE_A_RULE, _rule_words(rule)))
    return _foretell(found, table, rng)


def _measure_order(blank: Screen, view: TaskView, table: TrainingTable) -> Screen:
    """How far what had happened by the task's completion decides it, and whether it happens anyway."""
    train, test = table.train, table.test
    counts = table.frame[LABEL].value_counts()
    if len(table.frame) < FEWEST_FOR_ORDER or len(counts) < 2 or counts.min() < FEWEST_FOR_ORDER_EACH:
        return blank
    found = replace(blank, anyway_share=_anyway_share(view, table))
    if train[LABEL].nunique() < 2 or test[LABEL].nunique() < 2 or not len(view.order.columns):
        return found
    tree = DecisionTreeClassifier(max_depth=ORDER_DEPTH, min_samples_leaf=2, random_state=0)
    tree.fit(view.order.loc[train["case"]].to_numpy(), train[LABEL].astype(object).to_numpy())
    later = view.order.loc[test["case"]].to_numpy()
    auc = mean_auc(tree.predict_proba(later), tuple(str(name) for name in tree.classes_), test[LABEL])
    return replace(found, order_auc=auc, order_share=float((tree.predict(later) == test[LABEL].to_numpy()).mean()))


def _anyway_share(view: TaskView, table: TrainingTable) -> float | None:
    """How far which activity is next is a matter of order alone: of two shares the smaller.

    Of the cases in which the activity is not next, the share that have it at another time all the same; and of those
    in which it is, the share that have what is next in the others. A step that is left out in some cases, after which
    all go the same way, is done in none of these: whether it is done is a decision.
    """
    target, log = table.target, view.log
    number = log.number(target.positive)
    if target.kind is not TargetKind.NEXT_ACTIVITY or number is None:
        return None
    yes, no = (log.cases.get_indexer(pd.Index(table.frame.loc[table.frame[LABEL] == side, "case"])) for side in ANSWERS)
    if not len(no) or not len(yes):
        return None
    own = np.full(len(log.cases), -1)
    own[view.moments.case] = view.moments.row
    after = own[no] + 1
    follows = log.activity[after[after <= log.last_row[no]]]
    instead, times = np.unique(follows, return_counts=True)
    shares = [_elsewhere(log, own, int(other), among=yes, beside=no) for other in instead]
    back = float(np.average(shares, weights=times)) if len(times) else 0.0
    return min(_elsewhere(log, own, number, among=no, beside=yes), back)


def _elsewhere(log: ArrangedLog, own: Ints, number: int, *, among: Ints, beside: Ints) -> float:
    """The share of the cases `among` that have an activity later than their own row, or before it.

    Before counts only where it is a matter of order, not of doing it again: not where most cases `beside`, in which
    it can be next, had it before as well.
    """
    rows = np.flatnonzero(log.activity == number)
    before, later = (np.zeros(len(log.cases), dtype=bool) for _ in range(2))
    before[log.case[rows[rows < own[log.case[rows]]]]] = True
    later[log.case[rows[rows > own[log.case[rows]]]]] = True
    return float(np.mean(later[among] | (before[among] if before[beside].mean() < AGAIN_SHARE else False)))


def _trivial(found: Screen) -> str:
    """Why what already happened decides it, "" where it does not."""
    if found.anyway_share is not None and found.anyway_share >= ANYWAY_SHARE:
        share = (
            f"at least {100 * found.anyway_share:.3g} % of cases have it, and what else can be next, before or later"
        )
        return f"“{found.target.positive}” is done anyway, {share}: only the order is left to foretell."
    if found.order_auc is None or found.order_share is None:
        return ""
    usual = max(found.positive_share or 0.0, 1 - (found.positive_share or 0.0))
    decided = found.order_share >= RULE_SHARE and (1 - found.order_share) <= RULE_ERRORS_LEFT * (1 - usual)
    if found.order_auc < TRIVIAL_AUC and not (decided and found.problem is Problem.BINARY):
        return ""
    return (
        "What had already happened when the task was done decides it: the order of events alone is right in "
        f"{100 * found.order_share:.3g} % of later cases (AUC {found.order_auc:.3f})."
    )


def _lacking(found: Screen) -> str:
    """What is missing to learn from, "" where nothing is."""
    if found.labelled < FEWEST_LABELLED:
        return f"{found.labelled} cases have an observed outcome; at least {FEWEST_LABELLED} are needed."
    if found.smaller_class is not None and found.smaller_class == 0:
        return "Every case goes the same way here: no decision is recorded. Record what the task decides."
    if found.smaller_class is not None and found.smaller_class < FEWEST_OF_EACH:
        return f"The rarest outcome was seen {found.smaller_class} times; at least {FEWEST_OF_EACH} are needed."
    if found.train < FEWEST_LABELLED / 2 or found.test < FEWEST_OF_EACH:
        return f"{found.train} cases were decided before the split and {found.test} after it: a longer log is needed."
    return ""


def _is_rule(rule: Rule) -> bool:
    """At least 97 of 100 later cases, and at most half the errors of always saying the usual."""
    return rule.share >= RULE_SHARE and (1 - rule.share) <= RULE_ERRORS_LEFT * (1 - rule.usual_share)


def _rule_words(rule: Rule) -> str:
    fields = " and ".join(rule.fields)
    return f"A rule over {fields} decides {100 * rule.share:.3g} % of later cases: {rule.words}."


def _sampled(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """At most `MOST_ROWS` of the rows, in their order."""
    if len(rows) <= MOST_ROWS:
        return rows
    return rows.iloc[np.sort(rng.choice(len(rows), MOST_ROWS, replace=False))]


def _foretell(found: Screen, table: TrainingTable, rng: np.random.Generator) -> Screen:
    train, test = _sampled(table.train, rng), table.test
    if train[LABEL].nunique() < 2 or test[LABEL].nunique() < 2:
        reason = "Before or after the split only one outcome was seen: a longer log is needed."
        return replace(found, finding=Finding(Verdict.GATHER_DATA_FIRST, reason))
    told = classes_foretell(train, test, table.features, LABEL, rng=rng)
    auc = _auc(told.scores, told.classes, test[LABEL], rng)
    sampled = len(train) if len(train) < len(table.train) else None
    return replace(found, auc=auc, model=told.model, sampled_rows=sampled, finding=_foreseen(auc))


def _auc(scores: Matrix, classes: tuple[str, ...], label: pd.Series, rng: np.random.Generator) -> Auc:
    if len(classes) == 2:
        return auc_interval(scores[:, 1], (label == classes[1]).to_numpy(bool))
    draws = rng.integers(0, len(label), (BOOTSTRAPS, len(label)))
    means = [mean_auc(scores[draw], classes, label.iloc[draw]) for draw in draws]
    low, high = np.quantile(means, [0.025, 0.975])
    return Auc(mean_auc(scores, classes, label), float(low), float(high))


def _foreseen(auc: Auc) -> Finding:
    interval = f"AUC {auc.value:.2f} on later cases (95 % interval {auc.low:.2f} to {auc.high:.2f})"
    if auc.low <= LEAST_AUC:
        return Finding(Verdict.NOT_PREDICTABLE, f"{interval}: no better than always saying the usual.")
    return Finding(Verdict.PREDICT, f"It can be foreseen: {interval}.")


def _screen_number(blank: Screen, table: TrainingTable, rng: np.random.Generator) -> Screen:
    lacking = _lacking(blank)
    if lacking:
        return replace(blank, finding=Finding(Verdict.GATHER_DATA_FIRST, lacking))
    train, test = _sampled(table.train, rng), table.test
    truth = test[LABEL].to_numpy(np.float64)
    usual = np.abs(truth - float(train[LABEL].astype("float64").median()))
    off = np.abs(truth - number_foretell(train, test, table.features, LABEL, rng=rng))
    gain = usual - off
    low = float(gain.mean() - stats.norm.ppf(0.975) * gain.std(ddof=1) / np.sqrt(len(gain)))
    finding = _nearer(float(off.mean()), float(usual.mean()), low)
    sampled = len(train) if len(train) < len(table.train) else None
    return replace(
        blank, error=float(off.mean()), baseline_error=float(usual.mean()), sampled_rows=sampled, finding=finding
    )


def _nearer(off: float, usual: float, low: float) -> Finding:
    words = f"Off by {off:.3g} on later cases in the mean, against {usual:.3g} when always saying the median"
    if low <= LEAST_GAIN * usual:
        return Finding(Verdict.NOT_PREDICTABLE, f"{words}: no better, within the uncertainty.")
    return Finding(Verdict.PREDICT, f"{words}.")
