"""The verdicts on a task: one list for suitability, ranking, canvas and pipeline.

Each verdict says whether a model should decide the task, and if not, what to do instead.
Evidence comes as plain numbers; a finding carries the reason in words with those numbers in it.
"""

from dataclasses import dataclass
from enum import StrEnum

RULE_SHARE = 0.97
TRIVIAL_AUC = 0.999
FEWEST_LABELLED = 200
FEWEST_OF_EACH = 30


class Verdict(StrEnum):
    """What to do with a task. The value is what is stored and what the API shows."""

    PREDICT = "predict"
    WRITE_A_RULE = "write_a_rule"
    TRIVIAL = "trivial"
    NOT_PREDICTABLE = "not_predictable"
    NOT_WORTH_IT = "not_worth_it"
    GATHER_DATA_FIRST = "gather_data_first"
    KEEP_HUMAN = "keep_human"
    ALREADY_AUTOMATIC = "already_automatic"

    @property
    def label(self) -> str:
        """Two or three words for a tag or a table cell."""
        return _WORDS[self][0]

    @property
    def sentence(self) -> str:
        """One sentence that says why and what to do, without numbers of a particular task."""
        return _WORDS[self][1]

    @property
    def wants_a_model(self) -> bool:
        """True only where building a model is the advice."""
        return self is Verdict.PREDICT


_WORDS: dict[Verdict, tuple[str, str]] = {
    Verdict.PREDICT: (
        "predict",
        "The outcome can be foreseen from what is known at the moment, and foreseeing it pays.",
    ),
    Verdict.WRITE_A_RULE: (
        "write a rule",
        "A short rule over the data decides nearly every case: write the rule, not a model.",
    ),
    Verdict.TRIVIAL: (
        "trivial",
        "What already happened in the case decides it: there is nothing left to predict.",
    ),
    Verdict.NOT_PREDICTABLE: (
        "not predictable",
        "On later cases a model is no better than the simple rule to beat.",
    ),
    Verdict.NOT_WORTH_IT: (
        "not worth it",
        "It can be predicted, but what it brings does not justify what it costs.",
    ),
    Verdict.GATHER_DATA_FIRST: (
        "gather data first",
        "Too few cases carry the outcome to learn from: record it first.",
    ),
    Verdict.KEEP_HUMAN: (
        "keep human",
        "Judgment, liability or contact is the task itself: leave it with people.",
    ),
    Verdict.ALREADY_AUTOMATIC: (
        "already automatic",
        "A machine does it already, in almost no time: there is no work to save.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What is known of a task when the verdict is asked. None means not known.

    Shares and AUC lie between 0 and 1; money is in the workspace's currency, negative for a loss.
    """

    automatic: bool = False
    trivial_auc: float | None = None
    rule_share: float | None = None
    labelled: int | None = None
    smaller_class: int | None = None
    beats_baseline: bool | None = None
    judgment_is_the_task: bool = False
    rule_is_written: bool = False
    no_outcome_is_recorded: bool = False
    npv_mean: float | None = None
    loss_probability: float | None = None


@dataclass(frozen=True)
class Finding:
    """A verdict and the reason for it, with the numbers it rests on."""

    verdict: Verdict
    reason: str


def judge(evidence: Evidence) -> Finding | None:
    """The first verdict whose condition the evidence meets, None while too little is known to say.

    Order matters: what makes a model pointless is asked before what makes it unprofitable.

    >>> judge(Evidence(rule_share=0.992)).verdict.label
    'write a rule'
    >>> judge(Evidence(beats_baseline=True, npv_mean=-4000.0, loss_probability=0.71)).reason
    'Predictable, but the mean value is below zero and 71 in 100 futures lose money.'
    >>> judge(Evidence()) is None
    True
    """
    checks = (_automatic, _trivial, _rule, _data, _human, _predictable, _worth)
    return next((finding for check in checks if (finding := check(evidence))), None)


def worth(evidence: Evidence) -> bool:
    """True where the mean value is above zero and more than half of the futures gain."""
    if evidence.npv_mean is None:
        return False
    return evidence.npv_mean > 0 and (evidence.loss_probability or 0.0) <= 0.5


def _automatic(evidence: Evidence) -> Finding | None:
    if not evidence.automatic:
        return None
    return Finding(Verdict.ALREADY_AUTOMATIC, "Done almost only by one resource in almost no time.")


def _trivial(evidence: Evidence) -> Finding | None:
    if evidence.trivial_auc is None or evidence.trivial_auc < TRIVIAL_AUC:
        return None
    return Finding(Verdict.TRIVIAL, f"The order of earlier steps alone decides it (AUC {evidence.trivial_auc:.3f}).")


def _rule(evidence: Evidence) -> Finding | None:
    if evidence.rule_is_written:
        return Finding(Verdict.WRITE_A_RULE, "Answered so: today's rule is written down already.")
    if evidence.rule_share is None or evidence.rule_share < RULE_SHARE:
        return None
    share = f"{100 * evidence.rule_share:.3g} %"
    return Finding(Verdict.WRITE_A_RULE, f"A rule of at most two fields decides {share} of cases.")


def _data(evidence: Evidence) -> Finding | None:
    if evidence.labelled is None:
        missing = f"Answered so: no outcome is recorded. Missing: how at least {FEWEST_LABELLED} past cases came out."
        return Finding(Verdict.GATHER_DATA_FIRST, missing) if evidence.no_outcome_is_recorded else None
    if evidence.labelled < FEWEST_LABELLED:
        reason = f"{evidence.labelled} cases with an observed outcome; at least {FEWEST_LABELLED} are needed."
        return Finding(Verdict.GATHER_DATA_FIRST, reason)
    if evidence.smaller_class is not None and evidence.smaller_class < FEWEST_OF_EACH:
        reason = f"The rarer outcome was seen {evidence.smaller_class} times; at least {FEWEST_OF_EACH} are needed."
        return Finding(Verdict.GATHER_DATA_FIRST, reason)
    return None


def _human(evidence: Evidence) -> Finding | None:
    if not evidence.judgment_is_the_task:
        return None
    return Finding(Verdict.KEEP_HUMAN, "Answered so: no prediction at its core, and no error can be borne.")


def _predictable(evidence: Evidence) -> Finding | None:
    if evidence.beats_baseline is not False:
        return None
    return Finding(Verdict.NOT_PREDICTABLE, "On later cases no better than the simple rule to beat.")


def _worth(evidence: Evidence) -> Finding | None:
    if evidence.npv_mean is None:
        return None
    lost = round(100 * (evidence.loss_probability or 0.0))
    if not worth(evidence):
        mean = "below zero" if evidence.npv_mean <= 0 else "above zero"
        joint = "and" if evidence.npv_mean <= 0 else "but"
        start = "Predictable, but" if evidence.beats_baseline else "Even if it can be predicted,"
        reason = f"{start} the mean value is {mean} {joint} {lost} in 100 futures lose money."
        return Finding(Verdict.NOT_WORTH_IT, reason)
    if evidence.beats_baseline is None:
        return None
    return Finding(
        Verdict.PREDICT, f"Better than the simple rule on later cases, and {lost} in 100 futures lose money."
    )
