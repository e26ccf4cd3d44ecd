"""What other cases and earlier outcomes tell stays in a training table only where it helps on later rows."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from planner.domain.foresight.arranged_log import MomentKind
from planner.domain.foresight.context_judging import REASON, context_judged
from planner.domain.foresight.feature_kinds import Feature, FeatureGroup, FeatureType
from planner.domain.foresight.targets import Problem, TargetSpec
from planner.domain.foresight.training_table import LABEL, TEST, TRAIN, TrainingTable

AMOUNT = Feature("amount", "amount", FeatureType.NUMBER, "", "the log", FeatureGroup.ATTRIBUTE)
OPEN = Feature("open_cases", "open cases", FeatureType.NUMBER, "", "the log", FeatureGroup.OTHER_CASES)
RATE = Feature("rate_before", "rate before", FeatureType.NUMBER, "", "the log", FeatureGroup.OUTCOMES)


def table(said_by: str, *, count: int = 1200, seed: int = 3) -> TrainingTable:
    """Rows whose answer follows from one of the features."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({name: rng.random(count) for name in ("amount", "open_cases", "rate_before")})
    sure = np.where(frame[said_by] > 0.5, 0.9, 0.1)
    moments = pd.date_range("2026-01-01", periods=count, freq="h", tz="UTC")
    frame = frame.assign(
        case=[str(place) for place in range(count)],
        moment=moments,
        known_at=moments,
        part=np.where(np.arange(count) < count * 3 // 4, TRAIN, TEST),
        **{LABEL: np.where(rng.random(count) < sure, "yes", "no")},
    )
    return TrainingTable(
        target=TargetSpec.next_activity(task="a", positive="b"),
        frame=frame,
        features=(AMOUNT, OPEN, RATE),
        dropped=(),
        excluded=(),
        problem=Problem.BINARY,
        moment_kind=MomentKind.START,
        split_at=None,
    )


@pytest.mark.parametrize("said_by", ["open_cases", "rate_before"])
def test_context_that_helps_stays(said_by: str) -> None:
    judged = context_judged(table(said_by))
    assert judged.names == ["amount", "open_cases", "rate_before"]
    assert judged.dropped == ()


def test_context_that_tells_nothing_is_left_out_and_said() -> None:
    judged = context_judged(table("amount"))
    assert judged.names == ["amount"]
    assert {"open_cases", "rate_before"} & set(judged.frame.columns) == set()
    assert [(one.column, one.reason) for one in judged.dropped] == [("open_cases", REASON), ("rate_before", REASON)]


def test_the_test_period_decides_nothing() -> None:
    """A context that helps in the test period alone is left out: it was not looked at."""
    known = table("amount")
    later = known.frame["part"] == TEST
    ahead = np.where(known.frame["open_cases"] > 0.5, "yes", "no")
    told = known.frame.assign(**{LABEL: known.frame[LABEL].where(~later, ahead)})
    assert context_judged(replace(known, frame=told)).names == ["amount"]


def test_too_few_rows_to_tell_leave_it_out() -> None:
    assert context_judged(table("open_cases", count=120)).names == ["amount"]
