"""A model's measured errors put in the place of the planned ones, the rest of the estimate left as it is."""

from dataclasses import dataclass, replace

from planner.domain.valuation.assumptions import Case, ErrorForm
from planner.domain.valuation.distributions import Beta, Distribution

PRIOR = 0.5
"""Added to each count before it becomes a share (Jeffreys), so that a count of zero is not taken for certain."""


@dataclass(frozen=True)
class ConfusionMatrix:
    """Decisions of a model on cases kept for testing, by what was predicted and what was so; counts, not negative."""

    tp: int
    fp: int
    fn: int
    tn: int

    def __post_init__(self) -> None:
        if min(self.tp, self.fp, self.fn, self.tn) < 0 or self.count == 0:
            raise ValueError("A confusion matrix counts decisions: at least one, none below zero.")

    @property
    def count(self) -> int:
        return self.tp + self.fp + self.fn + self.tn

    @property
    def error_rate(self) -> float:
        """Share of wrong decisions.

        >>> ConfusionMatrix(tp=70, fp=10, fn=30, tn=890).error_rate
        0.04
        """
        return (self.fp + self.fn) / self.count


def measured_inputs(confusion: ConfusionMatrix, form: ErrorForm) -> dict[str, Distribution]:
    """The inputs a confusion matrix measures, as shares that are as uncertain as their counts are small."""
    if form is ErrorForm.RATES:
        return {"error_model": _share(confusion.fp + confusion.fn, confusion.tp + confusion.tn)}
    return {
        "positive": _share(confusion.tp + confusion.fn, confusion.fp + confusion.tn),
        "found_model": _share(confusion.tp, confusion.fn),
        "alarms_model": _share(confusion.fp, confusion.tn),
    }


def measured_case(case: Case, confusion: ConfusionMatrix) -> Case:
    """The same case with what was measured in the place of what was planned.

    >>> from planner.domain.valuation.assumptions import Setting
    >>> case = Case.of(Setting(), {"volume": Beta(1, 1)})
    >>> dict(measured_case(case, ConfusionMatrix(70, 10, 30, 890)).inputs)["error_model"]
    Beta(alpha=40.5, beta=960.5)
    """
    inputs = {**case.by_key, **measured_inputs(confusion, case.setting.error_form)}
    return replace(case, inputs=Case.of(case.setting, inputs).inputs)


def _share(hits: int, misses: int) -> Distribution:
    return Beta(hits + PRIOR, misses + PRIOR)
