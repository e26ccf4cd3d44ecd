"""What is known of a case at its moment does not depend on anything that happens in it after the moment."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.foresight.arranged_log import ArrangedLog, MomentKind, log_arrange, task_moments
from planner.domain.foresight.feature_kinds import FeatureGroup
from planner.domain.foresight.features import features_at, order_state
from planner.domain.foresight.targets import TargetSpec
from planner.domain.foresight.training_table import PURGED, table_of, training_table

KEY = b"a key of tests"
ACTIVITIES = ["a", "b", "c", "d"]
MINUTE = 60_000_000


@st.composite
def logs(draw: st.DrawFn) -> pd.DataFrame:
    """A small log: overlapping instances, equal times, missing values, file order of its own."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = draw(st.integers(2, 60))
    with_start = draw(st.booleans())
    minutes = rng.integers(0, 30, size)
    length = rng.integers(0, 12, size) if with_start else np.zeros(size, int)
    frame = pd.DataFrame(
        {
            "case": rng.choice(["c1", "c2", "c3", "c4"], size),
            "activity": rng.choice(ACTIVITIES, size),
            "start": minutes,
            "end": minutes + length,
            "resource": rng.choice(np.array(["kim", "lee", None], dtype=object), size),
            "event:note": rng.choice(np.array(["x", "y", None], dtype=object), size),
            "event:cost": np.where(rng.random(size) < 0.3, np.nan, rng.integers(0, 5, size)),
        }
    )
    level = {"c1": 1.5, "c2": 2.5, "c3": 4.0, "c4": np.nan}
    frame["case:level"] = frame["case"].map(level)
    frame["row"] = np.arange(size)
    for name in ("start", "end"):
        frame[name] = pd.to_datetime(frame[name] * MINUTE, unit="us", utc=True)
    frame.attrs["kind"] = MomentKind.START if with_start else MomentKind.COMPLETION
    return frame


def tampered(frame: pd.DataFrame, task: str, kind: MomentKind, seed: int) -> pd.DataFrame:
    """The same log with everything after each case's moment rewritten, and rows added there."""
    rng = np.random.default_rng(seed)
    log = log_arrange(frame)
    moments = task_moments(log, task, kind=kind)
    at = pd.Series(pd.to_datetime(moments.time, unit="us", utc=True), index=log.cases[moments.case])
    moment = frame["case"].map(at)
    out = frame.copy()
    future = (out["end"] > moment).to_numpy()
    begins_later = (out["start"] > moment).to_numpy()
    out.loc[future, ["resource", "event:note"]] = "zed"
    out.loc[future, "event:cost"] = 99.0
    out.loc[future, "end"] += pd.Timedelta(minutes=int(rng.integers(1, 500)))
    out.loc[begins_later, "activity"] = rng.choice([*ACTIVITIES, "new"], int(begins_later.sum()))
    out = out[~(begins_later & (rng.random(len(out)) < 0.3))]
    added = out[out["case"].isin(at.index)].drop_duplicates("case").copy()
    late = added["case"].map(at) + pd.Timedelta(minutes=7)
    added = added.assign(activity="added", start=late, end=late, resource="new", row=10_000 + np.arange(len(added)))
    return pd.concat([out, added], ignore_index=True)


def known(frame: pd.DataFrame, task: str, kind: MomentKind) -> pd.DataFrame:
    log: ArrangedLog = log_arrange(frame)
    moments = task_moments(log, task, kind=kind)
    known = features_at(log, moments, key=KEY)
    own = [one.name for one in known.features if one.group is not FeatureGroup.OTHER_CASES]
    table = known.frame[own]
    counts = order_state(log, moments).add_prefix("order:")
    return pd.concat([table, counts], axis=1).set_index(pd.Index(log.cases[moments.case]))


@settings(max_examples=80, deadline=None)
@given(frame=logs(), seed=st.integers(0, 1000))
def test_changing_everything_after_the_moment_changes_no_feature(frame: pd.DataFrame, seed: int) -> None:
    task = str(frame["activity"].iloc[0])
    kind = frame.attrs["kind"]
    before = known(frame, task, kind)
    after = known(tampered(frame, task, kind, seed), task, kind)
    pd.testing.assert_frame_equal(before, after)


@settings(max_examples=30, deadline=None)
@given(frame=logs())
def test_the_order_of_the_file_matters_only_between_equal_times(frame: pd.DataFrame) -> None:
    task = str(frame["activity"].iloc[0])
    shuffled = frame.sample(frac=1.0, random_state=3)
    pd.testing.assert_frame_equal(known(frame, task, frame.attrs["kind"]), known(shuffled, task, frame.attrs["kind"]))


@settings(max_examples=30, deadline=None)
@given(frame=logs(), kind=st.sampled_from(["next", "later", "remaining"]))
def test_every_case_that_reached_the_task_is_a_row_or_is_counted_as_excluded(frame: pd.DataFrame, kind: str) -> None:
    task = str(frame["activity"].iloc[0])
    target = {
        "next": TargetSpec.next_activity(task=task),
        "later": TargetSpec.later(task=task, activity=task),
        "remaining": TargetSpec.remaining_time(task=task),
    }[kind]
    table = table_of(log_arrange(frame), target, pseudonym_key=KEY)
    without_label = sum(item.count for item in table.excluded if "case is still open" in item.reason)
    reached = frame.loc[frame["activity"] == task, "case"].nunique()
    assert len(table.frame) + without_label == reached
    train, purged = table.train, table.frame[table.frame["part"] == PURGED]
    if table.split_at is not None:
        assert (train["known_at"] < table.split_at).all()
        assert (purged["known_at"] >= table.split_at).all()
        assert (table.test["moment"] >= table.split_at).all()


def example() -> pd.DataFrame:
    rows = [
        ("c1", "register", 0, 10, "kim", None),
        ("c1", "check", 60, 90, "lee", "high"),
        ("c1", "pay", 120, 130, "kim", None),
        ("c1", "check", 180, 190, "kim", "low"),
        ("c2", "register", 30, 40, "lee", "low"),
        ("c2", "check", 70, 100, "kim", None),
        ("c2", "refuse", 150, 160, "lee", None),
    ]
    frame = pd.DataFrame(rows, columns=["case", "activity", "start", "end", "resource", "event:risk"])
    for name in ("start", "end"):
        frame[name] = pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(frame[name], unit="min")
    frame["case:amount"] = frame["case"].map({"c1": 10.0, "c2": 20.0})
    return frame


def test_a_row_holds_the_state_when_the_task_first_starts() -> None:
    table = training_table(example(), TargetSpec.next_activity(task="check", positive="pay"), pseudonym_key=KEY)
    first = table.frame.set_index("case").loc["c1"]
    assert table.moment_kind is MomentKind.START
    assert first["moment"] == pd.Timestamp("2024-01-01 01:00", tz="UTC")
    assert (first["amount"], first["done_register"], first["events_before"]) == (10.0, 1, 1)
    assert first["elapsed_hours"] == 1.0
    assert first["hours_since_last_event"] == pytest.approx(50 / 60)
    assert first["label"] == "yes"
    assert "done_check" not in table.names


def test_names_of_people_are_replaced_and_the_same_person_stays_the_same() -> None:
    table = training_table(example(), TargetSpec.next_activity(task="check"), pseudonym_key=KEY)
    other = training_table(example(), TargetSpec.next_activity(task="check"), pseudonym_key=b"another")
    text = table.frame.to_csv()
    assert "kim" not in text
    assert "lee" not in text
    assert table.frame["last_resource"].nunique() == 2
    assert set(table.frame["last_resource"]).isdisjoint(other.frame["last_resource"])
