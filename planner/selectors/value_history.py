"""What a task was worth before: every result that was kept, with what made it differ from the one before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from common.formatting import in_hundred, interval, money
from planner.domain.valuation.assumptions import ADOPTION, ERROR_FORM, HORIZON, INPUTS
from planner.domain.valuation.valuation import FORMULA_VERSION
from planner.models import EstimateResult, Task
from planner.selectors.value_tasks import ValuedTask

SHOWN = 20
NAMED = 3
NAMES = {ADOPTION: "Adoption by year", ERROR_FORM: "How errors are counted", HORIZON: "Years counted"}


@dataclass(frozen=True)
class HistoryRow:
    """One result: when it was computed, what had changed, its mean, its interval and its chance of a loss."""

    at: datetime
    basis: str
    changed: str
    mean: str
    interval: str
    loses: str
    formula_version: int
    in_use: bool


@dataclass(frozen=True)
class History:
    """Results, the latest first; `more` were kept before those. `formula` says what an other formula changed."""

    rows: tuple[HistoryRow, ...] = ()
    more: int = 0
    formula: str = ""


def results_of(task: Task) -> list[EstimateResult]:
    """Every result kept of a task, the latest first."""
    return list(EstimateResult.objects.of(task.workspace).filter(task=task).order_by("-computed_at", "-id"))


def value_history(found: ValuedTask) -> History:
    """The history of a task, in one query."""
    kept = results_of(found.task)
    changed = changes_between(kept)
    used = next((each.pk for each in kept if each.fingerprint and each.fingerprint == found.fingerprint), None)
    rows = [
        HistoryRow(
            *(each.computed_at, each.get_basis_display(), words, money(each.npv_mean)),
            interval=interval(each.npv_p5, each.npv_p95),
            loses=in_hundred(each.loss_probability),
            formula_version=each.formula_version,
            in_use=each.pk == used,
        )
        for each, words in zip(kept[:SHOWN], changed, strict=False)
    ]
    return History(tuple(rows), max(0, len(kept) - SHOWN), _formula(found, kept))


def changes_between(kept: Sequence[EstimateResult]) -> list[str]:
    """For each result, the latest first, what had changed since the one before of the same basis."""
    return [
        _changed(each, next((older for older in kept[place + 1 :] if older.basis == each.basis), None))
        for place, each in enumerate(kept)
    ]


def _changed(now: EstimateResult, before: EstimateResult | None) -> str:
    if before is None:
        return "first measured" if now.basis == EstimateResult.Basis.MEASURED else "first valued"
    if now.formula_version != before.formula_version:
        inputs = "" if now.inputs == before.inputs else "; inputs changed as well"
        return f"the formula: version {before.formula_version} became {now.formula_version}{inputs}"
    keys = [key for key in {**before.inputs, **now.inputs} if before.inputs.get(key) != now.inputs.get(key)]
    if not keys:
        return "what is measured, or a cost shared with other tasks"
    words = [
        f"{name_of(key)}: {before.inputs.get(key) or '–'} became {now.inputs.get(key) or '–'}" for key in keys[:NAMED]
    ]
    more = len(keys) - NAMED
    return "; ".join([*words, f"and {more} more"] if more > 0 else words)


def name_of(key: str) -> str:
    """An assumption's name for people."""
    if key in NAMES:
        return NAMES[key]
    return INPUTS[key].label if key in INPUTS else key


def _formula(found: ValuedTask, kept: Sequence[EstimateResult]) -> str:
    """What the formula did, where the last result of another version had the inputs of now."""
    older = next((each for each in kept if each.formula_version != FORMULA_VERSION), None)
    texts = {key: said.text for key, said in found.assumptions.items()}
    if older is None or found.brief is None or older.inputs != texts:
        return ""
    then, now = older.npv_mean, found.brief.summary.mean
    currency = found.workspace.currency
    before = f"{money(then, currency)} ({interval(older.npv_p5, older.npv_p95)})"
    after = f"{money(now, currency)} ({interval(found.brief.summary.p5, found.brief.summary.p95)})"
    return (
        f"Nothing you set has changed: with formula version {older.formula_version} the mean was {before}, "
        f"with version {FORMULA_VERSION} it is {after}."
    )
