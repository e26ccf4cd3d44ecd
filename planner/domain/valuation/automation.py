"""What a model does to the visits of its task, at the means of the estimate: what its whole process is moved by."""

from collections.abc import Mapping
from dataclasses import dataclass

from planner.domain.valuation.assumptions import Case, ErrorForm
from planner.domain.valuation.valuation import minutes_after


@dataclass(frozen=True)
class ModelledWork:
    """Human minutes a visit that goes through the model, hours of waiting it takes off such a visit (what it decides
    alone), and the share of visits that go through it in the last year."""

    minutes: float
    waiting: float
    adoption: float


def modelled_work(case: Case) -> ModelledWork:
    """The work that is left at a task.

    >>> from planner.domain.valuation.assumptions import Setting
    >>> from planner.domain.valuation.distributions import Constant
    >>> amounts = {"coverage": 0.8, "minutes_exception": 0.5, "minutes_review": 12.0, "waiting_hours": 5.0}
    >>> found = modelled_work(Case.of(Setting(2, (0.5, 0.9)), {key: Constant(each) for key, each in amounts.items()}))
    >>> round(found.minutes, 2), found.waiting, found.adoption
    (2.8, 4.0, 0.9)
    """
    means = case.means
    waiting = means.get("coverage", 0.0) * means.get("waiting_hours", 0.0)
    return ModelledWork(float(minutes_after(means)), waiting, case.setting.profile[-1])


def repeats_removed(case: Case) -> float | None:
    """Share of the repeats that disappears if they follow the errors of the task: adoption · coverage ·
    (1 − e_model ÷ e_today), not below zero. None where the estimate has no errors of today to compare with.
    """
    means = case.means
    if case.setting.error_form is ErrorForm.RATES:
        today, model = means.get("error_today", 0.0), means.get("error_model", 0.0)
    elif case.setting.error_form is ErrorForm.OUTCOME:
        today, model = (_wrong(means, "found_today", "alarms_today"), _wrong(means, "found_model", "alarms_model"))
    else:
        return None
    if today <= 0:
        return None
    return max(0.0, case.setting.profile[-1] * means.get("coverage", 0.0) * (1 - model / today))


def _wrong(means: Mapping[str, float], found: str, alarms: str) -> float:
    positive = means.get("positive", 0.0)
    return positive * (1 - means.get(found, 0.0)) + (1 - positive) * means.get(alarms, 0.0)
