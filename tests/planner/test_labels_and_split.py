"""Who has a label, when it was known, and which rows train."""

import pandas as pd
import pytest

from planner.domain.foresight.arranged_log import ArrangedLog, MomentKind, log_arrange
from planner.domain.foresight.labels import CASE_ENDS
from planner.domain.foresight.targets import Problem, TargetSpec
from planner.domain.foresight.training_table import FILLED_LATER, OUTCOME_NOT_KNOWN, REPEATED, TrainingTable, table_of

DAY = pd.Timestamp("2024-01-01", tz="UTC")


def log(rows: list[tuple[str, str, int]], **columns: list[object]) -> pd.DataFrame:
    """Events as (case, activity, hour), complete at once."""
    frame = pd.DataFrame(rows, columns=["case", "activity", "hour"])
    frame["end"] = DAY + pd.to_timedelta(frame["hour"], unit="h")
    frame["start"] = frame["end"]
    frame["resource"] = "kim"
    return frame.drop(columns="hour").assign(**columns)


def many(cases: int, *, gap: int = 10) -> list[tuple[str, str, int]]:
    """Cases one after the other: ask, decide, then yes or no; the last one stays open after deciding."""
    rows: list[tuple[str, str, int]] = []
    for number in range(cases):
        begin = number * gap
        rows += [(f"c{number:03d}", "ask", begin), (f"c{number:03d}", "decide", begin + 2)]
        if number < cases - 1:
            rows.append((f"c{number:03d}", "yes" if number % 3 else "no", begin + 5))
    return rows


def table(frame: pd.DataFrame, target: TargetSpec) -> TrainingTable:
    return table_of(arranged(frame), target, pseudonym_key=b"k")


def arranged(frame: pd.DataFrame) -> ArrangedLog:
    return log_arrange(frame)


def counted(found: TrainingTable) -> dict[str, int]:
    return {item.reason: item.count for item in found.excluded}


def test_an_open_case_has_no_row_and_is_counted() -> None:
    found = table(log(many(40)), TargetSpec.next_activity(task="decide", positive="yes"))
    assert len(found.frame) == 39
    assert counted(found)["the case is still open: what follows is not known yet"] == 1
    assert "c039" not in set(found.frame["case"])


def test_a_log_without_start_times_predicts_at_completion() -> None:
    found = table(log(many(10)), TargetSpec.next_activity(task="decide"))
    assert found.moment_kind is MomentKind.COMPLETION
    assert found.frame["moment"].iloc[0] == DAY + pd.Timedelta(hours=2)


def test_a_row_whose_outcome_came_after_the_split_does_not_train() -> None:
    rows = many(40)
    slow = next(place for place, row in enumerate(rows) if row[0] == "c020" and row[1] in {"yes", "no"})
    rows[slow] = ("c020", "yes", 40 * 10 + 3)
    found = table(log(rows), TargetSpec.next_activity(task="decide", positive="yes"))
    assert found.purged == 1
    assert counted(found)[OUTCOME_NOT_KNOWN] == 1
    assert "c020" not in set(found.train["case"]) | set(found.test["case"])


def test_only_the_first_visit_of_a_case_is_a_row() -> None:
    rows = [*many(10), ("c001", "decide", 16), ("c001", "yes", 17)]
    found = table(log(rows), TargetSpec.next_activity(task="decide"))
    assert counted(found)[REPEATED] == 1
    assert found.frame["case"].is_unique


def test_a_case_that_came_to_no_ending_has_no_label_for_an_ending() -> None:
    target = TargetSpec.later(task="ask", activity="yes", alternatives=("no",))
    found = table(log(many(40)), target)
    assert counted(found)["the case reached none of the endings"] == 1
    assert (found.frame.set_index("case")["label"] == "yes").sum() == 26


def test_a_no_is_known_when_the_other_ending_came() -> None:
    target = TargetSpec.later(task="ask", activity="yes", alternatives=("no",))
    first = table(log(many(40)), target).frame.set_index("case").loc["c000"]
    assert first["label"] == "no"
    assert first["known_at"] == DAY + pd.Timedelta(hours=5)


def test_the_end_of_a_case_is_a_way_on() -> None:
    found = table(log(many(40)), TargetSpec.next_activity(task="yes", positive=CASE_ENDS))
    assert set(found.frame["label"]) == {"yes"}


def test_remaining_time_runs_from_the_moment_to_the_last_event() -> None:
    found = table(log(many(40)), TargetSpec.remaining_time(task="decide"))
    assert found.problem is Problem.REGRESSION
    assert found.frame["label"].astype(float).tolist() == pytest.approx([3.0] * 39)


def test_a_field_filled_in_at_the_end_is_left_out_and_listed() -> None:
    rows = many(120)
    open_cases = {f"c{number:03d}" for number in range(90, 120)}
    kept = [row for row in rows if not (row[0] in open_cases and row[1] in {"yes", "no"})]
    frame = log([(case, name, hour if case not in open_cases else 1190) for case, name, hour in kept])
    score = pd.Series([None if case in open_cases else str(len(case) + int(case[1:]) % 7) for case in frame["case"]])
    frame["case:score"] = score
    frame["case:kind"] = [("a", "b")[int(case[1:]) % 2] for case in frame["case"]]
    target = TargetSpec.later(task="ask", activity="yes")
    found = table(frame, target)
    assert "score" not in found.names
    assert "kind" in found.names
    assert [item.reason for item in found.dropped if item.column == "case:score"] == [FILLED_LATER]


def test_columns_that_say_nothing_are_left_out_with_the_reason() -> None:
    frame = log(many(40))
    frame["case:same"] = "x"
    frame["case:number"] = [str(5000 + int(case[1:])) for case in frame["case"]]
    frame["case:code"] = [f"code {case}" for case in frame["case"]]
    frame["case:closed_on"] = [(DAY + pd.Timedelta(days=30 + int(case[1:]))).isoformat() for case in frame["case"]]
    frame["case:asked_on"] = [(DAY - pd.Timedelta(days=int(case[1:]))).isoformat() for case in frame["case"]]
    found = table(frame, TargetSpec.next_activity(task="decide"))
    reasons = {item.column: item.reason for item in found.dropped}
    assert reasons["case:same"].startswith("the same")
    assert reasons["case:number"] == "a running number"
    assert reasons["case:code"].startswith("nearly every case")
    assert "after the moment" in reasons["case:closed_on"]
    assert "days_since_asked_on" in found.names


def test_an_attribute_that_names_people_is_pseudonymised() -> None:
    frame = log(many(40))
    frame["resource"] = [("kim", "lee")[int(case[1:]) % 2] for case in frame["case"]]
    frame["case:owner"] = frame["resource"]
    found = table(frame, TargetSpec.next_activity(task="decide"))
    assert "owner" in found.names
    assert not set(found.frame["owner"]) & {"kim", "lee"}
