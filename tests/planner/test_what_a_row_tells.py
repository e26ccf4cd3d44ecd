"""What a row of a training table tells of its case, of the cases around it and of earlier outcomes, by hand."""

import numpy as np
import pandas as pd
import pytest

from planner.domain.foresight.arranged_log import log_arrange, task_moments
from planner.domain.foresight.features import features_at
from planner.domain.foresight.outcome_history import outcome_history
from planner.domain.foresight.prefix_features import MOST_COUNTED
from planner.domain.foresight.targets import Problem, TargetSpec
from planner.domain.foresight.training_table import TrainingTable, training_table

DAY_ONE = pd.Timestamp("2024-01-01", tz="UTC")


def log_of(*cases: tuple[str, list[tuple[str, float, str | None]]]) -> pd.DataFrame:
    """Cases as (name, [(activity, day, who)])."""
    rows = [(name, activity, day, who) for name, steps in cases for activity, day, who in steps]
    frame = pd.DataFrame(rows, columns=["case", "activity", "day", "resource"])
    when = DAY_ONE + pd.to_timedelta(frame.pop("day"), unit="D")
    return frame.assign(start=when, end=when)


def table_at(frame: pd.DataFrame, target: TargetSpec) -> TrainingTable:
    return training_table(frame, target, pseudonym_key=b"tests")


def row(frame: pd.DataFrame, target: TargetSpec, case: str) -> pd.Series:
    rows = table_at(frame, target).frame
    return rows[rows["case"] == case].iloc[0]


SAME_PERSON = "earlier_rate_same_last_resource"


def history(frame: pd.DataFrame, target: TargetSpec) -> pd.Series:
    """The rate of earlier cases of the same last person, whether the outcome of a case itself is known or not."""
    log = log_arrange(frame)
    moments = task_moments(log, target.task)
    known = features_at(log, moments, key=b"tests")
    found = outcome_history(log, moments, target, Problem.BINARY, known=known.frame, inputs=known.features)
    return found.data[SAME_PERSON].set_axis(log.cases[moments.case])


def above(own: tuple[float, int], every: tuple[float, int]) -> float:
    """A kind's sum and count, mixed as if by ten cases of all, above the mean of all."""
    mean = every[0] / every[1]
    return (own[0] + 10 * mean) / (own[1] + 10) - mean


NEXT = TargetSpec.next_activity(task="decide", positive="pay")
PLAIN = log_of(
    ("c0", [("file", 0, "ann"), ("decide", 1, "bob"), ("pay", 2, "ann")]),
    (
        "c1",
        [("file", 10, "ann"), ("call", 11, "ann"), ("call", 14, "bob"), ("read", 15, None), ("call", 15.5, "ann"),
         ("decide", 16, "bob"), ("close", 17, "bob")],
    ),
)  # fmt: skip


def test_the_last_three_activities_are_told_in_their_order() -> None:
    found = row(PLAIN, NEXT, "c1")
    assert list(found[["last_activity", "second_last_activity", "third_last_activity"]]) == ["call", "read", "call"]
    short = row(PLAIN, NEXT, "c0")
    assert short["last_activity"] == "file"
    assert pd.isna(short["second_last_activity"])


def test_rework_handovers_and_people_before_are_counted() -> None:
    found = row(PLAIN, NEXT, "c1")
    assert found["repeats_before"] == 2
    assert found["handovers_before"] == 1
    assert found["people_before"] == 2
    assert (found["done_call"], found["events_before"]) == (3, 5)


def test_times_between_the_events_before_are_told_in_hours() -> None:
    found = row(PLAIN, NEXT, "c1")
    assert found["elapsed_hours"] == 6 * 24
    assert found["hours_since_last_event"] == 12
    assert found["hours_between_last_events"] == 12
    assert found["longest_hours_between_events"] == 3 * 24


def test_the_state_of_the_process_is_told_beside_the_four_weeks_before() -> None:
    quiet = [day for week in range(4) for day in (7 * week + 1, 7 * week + 3)]
    days = [*quiet, 29, 30, 31, 32, 33, 34]
    cases = [
        (f"c{day}", [("file", day, "ann"), ("decide", day + 0.1, "bob"), ("pay", day + 0.2, "ann")]) for day in days
    ]
    asked = ("z", [("file", 34.5, "ann"), ("decide", 34.9, "bob"), ("pay", 35, "ann")])
    later = ("later", [("file", 34.95, "ann"), ("decide", 34.96, "bob"), ("pay", 35, "ann")])
    found = row(log_of(*cases, asked, later), NEXT, "z")
    assert (found["cases_begun_7d"], found["cases_under_way"], found["cases_here_7d"]) == (3.5, 3.5, 3.0)
    assert found["usual_wait_here_hours"] == pytest.approx(2.4)
    assert found["last_resource_events_7d"] == 13
    assert found["last_resource_usual_hours"] == pytest.approx(2.4)
    assert np.isnan(row(log_of(*cases, asked), NEXT, "c1")["cases_begun_7d"])


def test_a_person_s_own_load_counts_their_events_only() -> None:
    frame = log_of(
        ("one", [("file", 0, "ann"), ("decide", 1, "bob"), ("pay", 2, "ann")]),
        ("two", [("file", 3, "bob"), ("decide", 4, "bob"), ("close", 5, "cleo")]),
        ("three", [("file", 6, "ann"), ("decide", 6.5, "bob"), ("pay", 7, "bob")]),
    )
    assert row(frame, NEXT, "three")["last_resource_events_7d"] == 3
    assert row(frame, NEXT, "two")["last_resource_events_7d"] == 2


def test_the_rate_of_earlier_cases_counts_what_was_known_then() -> None:
    frame = log_of(
        ("a", [("file", 0, "ann"), ("decide", 1, "bob"), ("pay", 2, "ann")]),
        ("b", [("file", 0, "eve"), ("decide", 3, "bob"), ("close", 9, "ann")]),
        ("c", [("file", 0, "ann"), ("decide", 5, "bob"), ("pay", 6, "ann")]),
        ("d", [("file", 0, "eve"), ("decide", 10, "bob"), ("pay", 11, "ann")]),
    )
    rates = table_at(frame, NEXT).frame.set_index("case")[SAME_PERSON]
    assert np.isnan(rates["a"])
    assert (rates["b"], rates["c"]) == (0, 0)
    assert rates["d"] == pytest.approx(above((0, 1), (2, 3)))


def test_a_kind_of_case_with_its_own_rate_stands_out() -> None:
    yes = [(f"y{n}", [("file", n, "ann"), ("decide", n + 0.1, "bob"), ("pay", n + 0.2, "ann")]) for n in range(20)]
    no = [(f"n{n}", [("file", n, "eve"), ("decide", n + 0.1, "bob"), ("close", n + 0.2, "ann")]) for n in range(20)]
    last = ("z", [("file", 30, "eve"), ("decide", 30.1, "bob"), ("pay", 30.2, "ann")])
    assert row(log_of(*yes, *no, last), NEXT, "z")[SAME_PERSON] == pytest.approx(5 / 30 - 0.5)


def test_a_case_counts_as_over_while_it_is_silent_and_no_longer_once_it_goes_on() -> None:
    frame = log_of(
        ("a", [("file", 0, "ann"), ("decide", 1, "bob"), ("call", 60, "ann"), ("pay", 61, "ann")]),
        ("b", [("file", 0, "eve"), ("decide", 20, "bob"), ("close", 21, "ann")]),
        ("c", [("file", 0, "ann"), ("decide", 40, "bob"), ("close", 41, "ann")]),
        ("d", [("file", 0, "eve"), ("decide", 60.5, "bob"), ("pay", 62, "ann")]),
        ("e", [("file", 0, "ann"), ("decide", 62, "bob"), ("pay", 63, "ann")]),
        ("f", [("file", 0, "eve"), ("decide", 200, "bob")]),
    )
    rates = history(frame, TargetSpec.later(task="decide", activity="pay"))
    assert np.isnan(rates["b"])
    assert (rates["c"], rates["d"]) == (0, 0)
    assert rates["e"] == pytest.approx(above((1, 1), (1, 2)))
    assert rates["f"] == pytest.approx(above((1, 2), (3, 5)))


def test_the_mean_of_remaining_hours_is_that_of_cases_silent_by_then() -> None:
    frame = log_of(
        ("a", [("file", 0, "ann"), ("decide", 1, "bob"), ("pay", 3, "ann")]),
        ("b", [("file", 0, "eve"), ("decide", 20, "bob"), ("pay", 24, "ann")]),
        ("c", [("file", 0, "ann"), ("decide", 34, "bob"), ("pay", 35, "ann")]),
        ("d", [("file", 0, "ann"), ("decide", 60, "bob"), ("pay", 61, "ann")]),
        ("e", [("file", 0, "ann"), ("decide", 300, "bob"), ("pay", 301, "ann")]),
    )
    table = table_at(frame, TargetSpec.remaining_time(task="decide"))
    means = table.frame.set_index("case")["earlier_mean_same_last_resource"]
    assert means["c"] == pytest.approx(0)
    assert means["d"] == pytest.approx(above((48, 1), (48 + 96, 2)))


def test_the_number_of_features_is_bounded_whatever_the_log_holds() -> None:
    rng = np.random.default_rng(1)
    cases = [
        (
            f"c{n}",
            [(f"step {rng.integers(200)}", n + 0.01 * k, "ann") for k in range(20)] + [("decide", n + 0.5, "bob")],
        )
        for n in range(100)
    ]
    names = table_at(log_of(*cases), TargetSpec.remaining_time(task="decide")).names
    assert sum(name.startswith("done_") for name in names) == MOST_COUNTED
    assert len(names) < MOST_COUNTED + 30


def test_every_feature_says_what_it_is_and_where_it_comes_from() -> None:
    for feature in table_at(PLAIN, NEXT).features:
        assert feature.label
        assert feature.source
