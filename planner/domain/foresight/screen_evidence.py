"""A screen as plain values: what is stored, shown and answered by the API."""

from dataclasses import asdict
from typing import Any

from planner.domain.foresight.evidence_version import EVIDENCE_VERSION
from planner.domain.foresight.foresight import Screen
from planner.domain.foresight.outcome_rates import rates_plain
from planner.domain.suitability.verdicts import Verdict


def evidence_of(screen: Screen) -> dict[str, Any]:
    """The measures of a screen, JSON-ready. Shares and AUC between 0 and 1, counts in cases.

    The keys `trivial_auc`, `rule_share` and `beats_baseline` are set only where they settle the verdict.
    """
    verdict = screen.finding.verdict
    return {
        "version": EVIDENCE_VERSION,
        "problem": screen.problem.value,
        "label_kind": screen.target.label_kind.value,
        "moment": screen.moment_kind.value,
        "labelled": screen.labelled,
        "train": screen.train,
        "test": screen.test,
        "purged": screen.purged,
        "smaller_class": screen.smaller_class,
        "positive_share": screen.positive_share,
        "excluded": [asdict(item) for item in screen.excluded],
        "features": screen.features,
        "dropped": [asdict(item) for item in screen.dropped],
        "inputs": [asdict(item) for item in screen.inputs],
        "split_at": None if screen.split_at is None else screen.split_at.isoformat(),
        "wait_hours": screen.wait_hours,
        "rates": rates_plain(screen.rates),
        "order_auc": screen.order_auc,
        "order_share": screen.order_share,
        "anyway_share": screen.anyway_share,
        "rule": None if screen.rule is None else asdict(screen.rule),
        "auc": None if screen.auc is None else asdict(screen.auc),
        "error": screen.error,
        "baseline_error": screen.baseline_error,
        "model": screen.model,
        "sampled_rows": screen.sampled_rows,
        "trivial_auc": 1.0 if verdict is Verdict.TRIVIAL else None,
        "rule_share": screen.rule.share if screen.rule is not None and verdict is Verdict.WRITE_A_RULE else None,
        "beats_baseline": screen.beats_baseline,
    }
