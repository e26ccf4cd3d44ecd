"""What became of cases somebody foretold: read from a later log by the target a training table was built for."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd

from planner.domain.foresight.arranged_log import ArrangedLog, task_moments, timestamps
from planner.domain.foresight.labels import OTHER, Labels, labels_of
from planner.domain.foresight.targets import Problem, TargetError, TargetKind, TargetSpec

NOT_IN_LOG = "no case of the log has this name"
NOT_AT_TASK = "the case has not come to the task"
NO_CLASS = "what happened is none of the outcomes the model knows"


@dataclass(frozen=True)
class CaseOutcome:
    """The outcome of one case, a class as text or an amount, and when it was known (UTC)."""

    case: str
    value: str | float
    known_at: datetime


@dataclass(frozen=True)
class CaseOutcomes:
    """Outcomes of the cases asked for, and why the others have none: reason → cases."""

    known: tuple[CaseOutcome, ...]
    unknown: dict[str, int]


def outcomes_of_cases(
    log: ArrangedLog, target: TargetSpec, cases: Collection[str], *, classes: Collection[str] = ()
) -> CaseOutcomes:
    """What became of `cases`, each at its first visit of the task, as in a training table.

    `classes` are the outcomes a model knows, empty for amounts: rare ones that were learnt together count together.
    Refuses with TargetError a volume, whose rows are no cases, and what the log does not have.
    """
    if target.is_volume:
        raise TargetError("A volume counts cases by period: no case has an outcome of its own.")
    if log.number(target.task) is None:
        raise TargetError(f"The log has no activity “{target.task}”.", where="task")
    moments = task_moments(log, target.task)
    labels = labels_of(log, moments, _met(log, target))
    names = pd.Series(log.cases[moments.case]).astype(str)
    value = labels.value if labels.plain is None else labels.plain
    frame = pd.DataFrame({"value": value, "known_at": timestamps(labels.known_at), "reason": labels.reason})
    frame = frame.set_index(pd.Index(names)).loc[lambda rows: rows.index.isin(set(cases))]
    frame = _named(frame, labels, classes)
    known = frame[frame["reason"] == ""]
    unknown = {str(reason): int(count) for reason, count in frame["reason"].value_counts().items() if reason}
    elsewhere = set(cases) - set(frame.index)
    away = len(elsewhere & set(log.cases.astype(str)))
    unknown |= {NOT_AT_TASK: away, NOT_IN_LOG: len(elsewhere) - away}
    rows = zip(known.index, known["value"], known["known_at"], strict=True)
    found = tuple(CaseOutcome(str(case), value, at.to_pydatetime()) for case, value, at in rows)
    return CaseOutcomes(found, {reason: count for reason, count in unknown.items() if count})


def _met(log: ArrangedLog, target: TargetSpec) -> TargetSpec:
    """The target without endings that no case of this log came to."""
    if target.kind is not TargetKind.LATER_OCCURRENCE:
        return target
    return replace(target, alternatives=tuple(name for name in target.alternatives if log.number(name) is not None))


def _named(frame: pd.DataFrame, labels: Labels, classes: Collection[str]) -> pd.DataFrame:
    """Each outcome as the model names it; one that it does not know has none."""
    if not classes:
        amounts = pd.to_numeric(frame["value"], errors="coerce")
        return frame.assign(
            value=amounts, reason=frame["reason"].mask(amounts.isna() & (frame["reason"] == ""), NO_CLASS)
        )
    texts = frame["value"].map(lambda value: value if isinstance(value, str) else f"{value:g}", na_action="ignore")
    if labels.problem is not Problem.BINARY and OTHER in classes:
        texts = texts.where(texts.isin(classes) | texts.isna(), OTHER)
    strange = ~texts.isin(classes) & (frame["reason"] == "")
    return frame.assign(value=texts, reason=frame["reason"].mask(strange, NO_CLASS))
