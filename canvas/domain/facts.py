"""What is known of a task when its canvas is drafted, as plain values. What is not known is None, and stays a gap."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class TaskFacts:
    """The task in its process. Times in minutes and hours a visit, shares 0 to 1.

    `prediction` is what a person says would settle its decision, `action` what is done on the answer ("": not known).
    """

    name: str
    process: str
    volume_a_year: float | None = None
    volume_source: str = "log"
    handling_minutes: float | None = None
    people: int | None = None
    prediction: str = ""
    action: str = ""


@dataclass(frozen=True, kw_only=True)
class LogFacts:
    """The event log the process was read from."""

    name: str
    cases: int | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, kw_only=True)
class DriftFacts:
    """How the rate of the outcome moved between the halves of the log, `days` apart; shares 0 to 1.

    `moved`: chance alone does not explain it.
    """

    outcome: str
    earlier: float
    later: float
    days: float
    moved: bool


@dataclass(frozen=True, kw_only=True)
class TargetFacts:
    """What is to be foretold. `problem` is binary, multiclass, regression, or empty where it was not checked.

    Shares are 0 to 1; `auc_low` is the low end of the AUC of a quick check.
    """

    question: str
    problem: str
    label_kind: str = "outcome"
    positive: str = ""
    positive_share: float | None = None
    labelled: int | None = None
    wait_hours: float | None = None
    baseline: str = ""
    test_cases: int | None = None
    test_from: date | None = None
    auc_low: float | None = None
    drift: DriftFacts | None = None


@dataclass(frozen=True, kw_only=True)
class FeatureFact:
    """One input known at the moment of prediction."""

    name: str
    type: str
    unit: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class ValuationFacts:
    """The estimate: money in the workspace's currency, negative for a loss; shares 0 to 1."""

    currency: str
    horizon: int
    version: int | None = None
    npv_mean: float | None = None
    npv_low: float | None = None
    npv_high: float | None = None
    loss_probability: float | None = None
    once: float | None = None
    yearly: float | None = None
    minutes_saved: float | None = None
    coverage: float | None = None
    labels: float | None = None
    label_cost: float | None = None
    new_labels: float | None = None
    retrainings: float | None = None
    retrainings_set: bool = False
    found: float | None = None
    false_alarms: float | None = None
    error_rate: float | None = None


@dataclass(frozen=True, kw_only=True)
class DecisionWorth:
    """What a right and a wrong decision are worth; signed, costs negative."""

    found: float
    false_alarm: float
    missed: float
    cleared: float

    @property
    def threshold(self) -> float | None:
        """The score from which on a yes is worth more than a no; None where one answer always is.

        (v_tn − v_fp) / ((v_tn − v_fp) + (v_tp − v_fn)), after Elkan, The Foundations of Cost-Sensitive Learning (2001).

        >>> round(DecisionWorth(found=-240, false_alarm=-300, missed=-1200, cleared=0).threshold, 2)
        0.24
        """
        alarm, miss = self.cleared - self.false_alarm, self.found - self.missed
        return alarm / (alarm + miss) if alarm > 0 and miss > 0 else None


@dataclass(frozen=True, kw_only=True)
class MeasuredFacts:
    """What a run measured on its test cases."""

    source: str
    test_cases: int
    threshold: float | None = None
    recall: float | None = None
    false_alarm_rate: float | None = None


@dataclass(frozen=True, kw_only=True)
class Advice:
    """The verdict on the task so far, in its own words."""

    label: str
    sentence: str
    wants_a_model: bool


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything a draft may rest on."""

    task: TaskFacts
    log: LogFacts | None = None
    target: TargetFacts | None = None
    features: tuple[FeatureFact, ...] = ()
    valuation: ValuationFacts | None = None
    worth: DecisionWorth | None = None
    measured: MeasuredFacts | None = None
    advice: Advice | None = None
