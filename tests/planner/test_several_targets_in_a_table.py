"""A training table can carry the answers to several targets; one is learnt, none is a feature."""

import numpy as np
import pandas as pd
import pytest

from planner.domain.foresight.targets import TargetError, TargetSpec
from planner.domain.foresight.training_table import TrainingTable, training_table

LEARNT = TargetSpec.next_activity(task="decide", positive="pay")
BESIDE = (
    TargetSpec.remaining_time(task="decide"),
    TargetSpec.next_activity(task="decide"),
    TargetSpec.later(task="decide", activity="complain"),
    TargetSpec.attribute(task="decide", column="case:mood", positive="happy"),
)


def log() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    rows = []
    for number in range(80):
        steps = ["file", "decide", "pay" if rng.random() < 0.6 else "close", *(["complain"] * (number % 3 == 0))]
        times = number + np.cumsum(rng.random(len(steps)))
        mood = "happy" if rng.random() < 0.5 else "sad"
        rows += [(f"c{number}", step, at, mood) for step, at in zip(steps, times, strict=True)]
    frame = pd.DataFrame(rows, columns=["case", "activity", "at", "case:mood"])
    when = pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(frame.pop("at"), unit="D")
    return frame.assign(start=when, end=when)


@pytest.fixture(scope="module")
def table() -> TrainingTable:
    return training_table(log(), LEARNT, pseudonym_key=b"tests", beside=BESIDE)


def test_each_target_beside_is_a_column_of_the_same_rows(table: TrainingTable) -> None:
    assert [column.target for column in table.beside] == list(BESIDE)
    for column in table.beside:
        own = training_table(log(), column.target, pseudonym_key=b"tests").frame.set_index("case")["label"]
        shown = table.frame[table.frame["part"] == "test"].set_index("case")[column.name].dropna()
        assert len(shown) > 5
        assert shown.tolist() == own[shown.index].tolist()
        assert column.known == table.frame[column.name].notna().sum()


def test_what_is_learnt_and_how_it_is_split_does_not_change(table: TrainingTable) -> None:
    alone = training_table(log(), LEARNT, pseudonym_key=b"tests")
    pd.testing.assert_frame_equal(alone.frame[["case", "part", "label"]], table.frame[["case", "part", "label"]])


def test_no_target_is_a_feature(table: TrainingTable) -> None:
    assert "mood" in training_table(log(), LEARNT, pseudonym_key=b"tests").names
    assert not set(table.names) & {"mood", *(column.name for column in table.beside)}
    assert not any(name.startswith(("label", "target_")) for name in table.names)
    assert {dropped.column for dropped in table.dropped} == {"case:mood", "resource"}


def test_an_answer_that_came_after_the_split_is_missing_before_it(table: TrainingTable) -> None:
    before = table.frame[table.frame["part"] != "test"]
    for column in table.beside:
        known = before[before[column.name].notna()]
        assert (known[column.known_at] < table.split_at).all()


def test_a_target_beside_that_the_log_lacks_is_refused() -> None:
    with pytest.raises(TargetError, match="no case attribute"):
        training_table(
            log(), LEARNT, pseudonym_key=b"tests", beside=[TargetSpec.attribute(task="decide", column="case:no")]
        )
