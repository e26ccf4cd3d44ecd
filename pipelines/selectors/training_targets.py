"""What a pipeline that learns from the log could foretell, with what the quick check measured of each target."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from canvas.models import Canvas
from common.formatting import DASH, count, number, share
from planner.domain.foresight.targets import Problem
from planner.models import DecisionTarget
from planner.selectors import targets_of
from planner.selectors.foresight_pages import TargetLine, target_line


@dataclass(frozen=True)
class TargetOption:
    """One target in words: cases with a known answer, how often it is yes, how well model and heuristic tell it.

    What was not measured is a dash.
    """

    line: TargetLine
    cases: str
    base_rate: str
    model: str
    heuristic: str


def training_targets(canvas: Canvas) -> list[TargetOption]:
    """The targets of the canvas's task, the most useful first."""
    return [_option(row) for row in targets_of(canvas.task)]


def _option(row: DecisionTarget) -> TargetOption:
    found: Mapping[str, Any] = row.evidence
    model, heuristic = _errors(found) if found.get("error") is not None else _areas(found)
    return TargetOption(
        line=target_line(row),
        cases=count(found.get("labelled")),
        base_rate=_base_rate(found),
        model=model,
        heuristic=heuristic,
    )


def _base_rate(found: Mapping[str, Any]) -> str:
    return share(found["positive_share"]) if found.get("positive_share") is not None else DASH


def _areas(found: Mapping[str, Any]) -> tuple[str, str]:
    auc, rule = found.get("auc"), found.get("rule") or {}
    model = f"AUC {number(auc['value'])} ({number(auc['low'])} to {number(auc['high'])})" if auc else DASH
    return model, f"AUC {number(rule['auc'])}" if rule.get("auc") is not None else DASH


def _errors(found: Mapping[str, Any]) -> tuple[str, str]:
    unit = " cases" if found["problem"] == Problem.FORECASTING else ""
    return f"off by {number(found['error'])}{unit}", f"off by {number(found['baseline_error'])}{unit}"
