"""How many cases reach a task in a day or week: the series, what is known before each period, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.event_log.working_calendar import WorkingCalendar
from planner.domain.foresight.arranged_log import log_arrange
from planner.domain.foresight.proposals import proposals_for
from planner.domain.foresight.targets import Period, Problem, TargetError, TargetSpec, target_parse
from planner.domain.foresight.task_view import view_of
from planner.domain.foresight.training_table import TrainingTable
from planner.domain.foresight.volume_screen import screen_volume
from planner.domain.foresight.volume_table import volume_table
from planner.domain.suitability.verdicts import Verdict
from tests.pipelines.tables import arrivals_log

DAILY = TargetSpec.volume(task="Triage", period=Period.DAY)
WEEKLY = TargetSpec.volume(task="Triage", period=Period.WEEK)
OFFICE = WorkingCalendar.weekly(range(5), 9 * 60, 17 * 60, zone="Europe/Berlin")


def series(days: int = 200, *, target: TargetSpec = DAILY, calendar: WorkingCalendar | None = None) -> TrainingTable:
    log = arrivals_log(days, np.random.default_rng(3))
    return volume_table(log_arrange(log), target, calendar=calendar)


def known(table: TrainingTable) -> pd.DataFrame:
    return table.frame.set_index("case")[table.names]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), weekly=st.booleans(), office=st.booleans())
def test_what_comes_from_a_period_on_changes_none_of_its_features(seed: int, weekly: bool, office: bool) -> None:
    rng = np.random.default_rng(seed)
    log = arrivals_log(700 if weekly else 140, rng)
    target, calendar = (WEEKLY if weekly else DAILY), (OFFICE if office else None)
    before = volume_table(log_arrange(log), target, calendar=calendar)
    place = int(rng.integers(1, len(before.frame)))
    moment, end = before.frame["moment"].iloc[place], log["start"].max()
    later = (log["start"] >= moment) & (log["start"] < end)
    tampered = log[~later | (rng.random(len(log)) < 0.5)].copy()
    moved = (tampered["start"] >= moment) & (tampered["start"] < end)
    shift = pd.to_timedelta(rng.random(int(moved.sum())) * (end - moment).total_seconds(), unit="s")
    tampered.loc[moved, "start"] = (moment + shift).as_unit("us")
    tampered["end"] = tampered["start"]
    after = volume_table(log_arrange(tampered), target, calendar=calendar)
    until = before.frame["case"].iloc[place]
    pd.testing.assert_frame_equal(known(before).loc[:until], known(after).loc[:until])


def test_a_row_counts_the_cases_of_its_day_and_is_known_when_the_day_ends() -> None:
    log = arrivals_log(200, np.random.default_rng(3))
    table = volume_table(log_arrange(log), DAILY)
    row = table.frame.iloc[50]
    came = ((log["start"] >= row["moment"]) & (log["start"] < row["known_at"])).sum()
    assert (row["label"], row["known_at"] - row["moment"]) == (came, pd.Timedelta(days=1))
    assert table.problem is Problem.FORECASTING


def test_the_period_a_log_ends_in_is_left_out_and_counted() -> None:
    table, log = series(), arrivals_log(200, np.random.default_rng(3))
    assert table.frame["known_at"].max() <= log["end"].max().normalize()
    counts = {item.reason: item.count for item in table.excluded}
    assert counts["the day in which the log ends is not complete"] == 1
    assert counts["the day in which the first case came is not complete"] == 1


def test_days_without_a_case_are_zeros_around_the_clock() -> None:
    log = arrivals_log(200, np.random.default_rng(3))
    gone = log[(log["start"] < "2023-05-01") | (log["start"] >= "2023-05-04")]
    found = volume_table(log_arrange(gone), DAILY).frame.set_index("case")["label"]
    assert found["2023-05-01":"2023-05-03"].tolist() == [0.0, 0.0, 0.0]


def test_what_comes_on_a_closed_day_counts_on_the_next_open_one() -> None:
    log = arrivals_log(200, np.random.default_rng(3))
    frame = volume_table(log_arrange(log), DAILY, calendar=OFFICE).frame.set_index("case")
    local = log["start"].dt.tz_convert("Europe/Berlin").dt.strftime("%Y-%m-%d")
    weekend = local.isin(["2023-05-06", "2023-05-07", "2023-05-08"]).sum()
    assert "2023-05-06" not in frame.index
    assert frame.loc["2023-05-08", "label"] == weekend
    assert frame.loc["2023-05-08", "closed_before"] == 2.0
    assert frame.loc["2023-05-08", "lag_1"] == frame.loc["2023-05-05", "label"]


def test_weeks_begin_on_monday_and_their_season_is_four_weeks_until_three_years_are_seen() -> None:
    table = series(700, target=WEEKLY)
    assert set(pd.DatetimeIndex(table.frame["case"].astype(str)).day_of_week) == {0}
    assert table.series is not None
    assert table.series.season == 4
    assert series(7 * 170, target=WEEKLY).series.season == 52


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "tells 0 whole days"), (30, "tells 28 whole days of this task; at least 87 are needed")],
)
def test_too_short_a_series_is_a_sentence(days: int, words: str) -> None:
    with pytest.raises(TargetError, match=words):
        series(days)


def test_a_series_that_never_changes_is_a_sentence() -> None:
    days = pd.Series(pd.date_range("2023-01-01", periods=200, tz="UTC")) + pd.Timedelta(hours=9)
    case = [f"C-{place}" for place in range(200)]
    log = pd.DataFrame({"case": case, "activity": "Triage", "start": days, "end": days, "resource": None})
    with pytest.raises(TargetError, match="Every day 1 cases came here: there is nothing to foretell"):
        volume_table(log_arrange(log), DAILY)


def test_later_visits_of_a_case_are_left_out_and_counted() -> None:
    log = arrivals_log(200, np.random.default_rng(3))
    again = log.head(40).assign(start=log["start"].head(40) + pd.Timedelta(days=30))
    both = pd.concat([log, again.assign(end=again["start"])], ignore_index=True)
    table = volume_table(log_arrange(both), DAILY)
    assert table.frame["label"].tolist() == volume_table(log_arrange(log), DAILY).frame["label"].tolist()
    assert {item.count for item in table.excluded if "later visits" in item.reason} == {40}


def test_a_planted_week_is_foreseen_better_than_by_the_week_before() -> None:
    view = view_of(log_arrange(arrivals_log(400, np.random.default_rng(3))), "Triage", pseudonym_key=b"k")
    found = screen_volume(view, DAILY, rng=np.random.default_rng(1))
    assert found.finding.verdict is Verdict.PREDICT
    assert found.error is not None
    assert found.baseline_error is not None
    assert found.error < 0.9 * found.baseline_error
    assert "cases on the same day one week before" in found.finding.reason


def test_too_little_to_screen_says_to_gather_data() -> None:
    view = view_of(log_arrange(arrivals_log(20, np.random.default_rng(3))), "Triage", pseudonym_key=b"k")
    found = screen_volume(view, DAILY, rng=np.random.default_rng(1))
    assert found.finding.verdict is Verdict.GATHER_DATA_FIRST
    assert "at least 87 are needed" in found.finding.reason


def test_days_are_proposed_and_weeks_where_days_are_sparse() -> None:
    log = arrivals_log(900, np.random.default_rng(3))
    for kept, period in ((1.0, "volume:day"), (0.1, "volume:week")):
        some = log[np.random.default_rng(1).random(len(log)) < kept]
        found = proposals_for(view_of(log_arrange(some), "Triage", pseudonym_key=b"k"), endings=())
        assert [each.target.text for each in found if each.target.is_volume] == [period]


def test_a_log_too_short_to_learn_from_proposes_no_volume() -> None:
    view = view_of(log_arrange(arrivals_log(40, np.random.default_rng(3))), "Triage", pseudonym_key=b"k")
    assert not [each for each in proposals_for(view, endings=()) if each.target.is_volume]


@pytest.mark.parametrize("text", ["volume:day", "volume:week"])
def test_a_volume_is_written_and_read(text: str) -> None:
    target = target_parse(text, task="Triage")
    assert target.text == text
    assert TargetSpec.from_json(target.as_json()) == target


@pytest.mark.parametrize("text", ["volume", "volume:", "volume:month"])
def test_another_period_is_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(TargetError, match="volume:day or volume:week"):
        target_parse(text, task="Triage")
