"""What is measured of a log equals a naive count of the same log, and the flow equations give it back."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.discovery.discovered_graph import graph_of
from planner.domain.discovery.discovery import Discovery, discover
from planner.domain.event_log.column_guess import guess_mapping
from planner.domain.event_log.csv_log import read_csv
from planner.domain.event_log.csv_shape import sample_csv
from planner.domain.event_log.eventlog import RawLog, log_statistics, pair_instances
from planner.domain.event_log.mapping import LogMapping
from planner.domain.event_log.streams import LogLimits, Unpacked
from planner.domain.event_log.text_reader import HEAD_BYTES
from planner.domain.event_log.working_calendar import WorkingCalendar
from planner.domain.event_log.xes import read_xes
from tests.planner.logs import at, csv_log, naive_counts, stream, xes_event, xes_log

MAPPING = LogMapping(case="case", activity="activity", end="time")
Rows = list[tuple[str, str, int]]
rows_of_a_log = st.lists(
    st.tuples(st.sampled_from("xyz"), st.sampled_from("ABCD"), st.integers(0, 600)), min_size=4, max_size=40
).filter(lambda rows: len({case for case, _, _ in rows}) < len(rows))


def raw_of(rows: Rows) -> RawLog:
    return read_csv(stream(csv_log([(case, name, at(minute)) for case, name, minute in rows])), MAPPING)


@given(rows_of_a_log)
def test_pairs_and_variants_equal_a_naive_count(rows: Rows) -> None:
    pairs, variants = naive_counts(rows)
    statistics = log_statistics(raw_of(rows))
    assert statistics.directly_follows_pairs == len(pairs)
    assert statistics.variants == len(variants)
    assert (statistics.events, statistics.activities) == (len(rows), len({name for _, name, _ in rows}))
    found = discover(pair_instances(raw_of(rows)))
    inner = {(flow.source, flow.target): flow.count for flow in found.flows if flow.source and flow.target}
    assert inner == dict(pairs)


@given(rows_of_a_log)
def test_the_flow_equations_give_back_the_measured_visits(rows: Rows) -> None:
    graph = graph_of(discover(pair_instances(raw_of(rows))))
    visits = graph.expected_visits()
    assert all(visits[node.key] == pytest.approx(node.visits_a_case) for node in graph.nodes)
    graph.check()
    assert graph.findings() == []


def timed(rows: list[tuple[str, str, int, int, str]]) -> Discovery:
    header = "case,activity,start,time,who"
    mapping = LogMapping(case="case", activity="activity", start="start", end="time", resource="who")
    data = csv_log([(case, name, at(begin), at(end), who) for case, name, begin, end, who in rows], header)
    return discover(pair_instances(read_csv(stream(data), mapping)))


def test_handling_waiting_rework_and_resources() -> None:
    found = timed(
        [
            ("1", "A", 0, 10, "u"),
            ("1", "B", 70, 90, "v"),
            ("1", "B", 95, 125, "w"),
            ("1", "C", 100, 110, "u"),
            ("2", "A", 0, 30, "u"),
            ("2", "B", 150, 160, "v"),
        ]
    )
    by_name = {facts.name: facts for facts in found.activities}
    assert by_name["A"].handling_median_minutes == 20
    assert by_name["A"].waiting_median_hours is None
    assert by_name["B"].waiting_mean_hours == pytest.approx((60 + 5 + 120) / 3 / 60)
    assert by_name["C"].waiting_median_hours == 0, "overlapping work does not wait less than nothing"
    assert by_name["B"].rework_share == pytest.approx(1 / 3)
    assert by_name["B"].resources == (("v", 2), ("w", 1))
    assert not by_name["B"].waiting_has_handling


def test_times_count_only_as_far_as_they_are_working_time() -> None:
    friday_evening, monday_noon = 17 * 60, 3 * 1440 + 12 * 60
    rows = [("1", "A", 9 * 60, friday_evening + 60, "u"), ("1", "B", monday_noon, monday_noon + 30, "v")]
    header = "case,activity,start,time,who"
    mapping = LogMapping(case="case", activity="activity", start="start", end="time", resource="who")
    data = csv_log([(case, name, at(begin), at(end), who) for case, name, begin, end, who in rows], header)
    calendar = WorkingCalendar.weekly(range(5), 9 * 60, 17 * 60)
    found = discover(pair_instances(read_csv(stream(data), mapping)), calendar)
    by_name = {facts.name: facts for facts in found.activities}
    assert by_name["A"].handling_median_minutes == 8 * 60, "1 March 2024 is a Friday; the hour after 17 is not worked"
    assert by_name["B"].waiting_median_hours == 3, "Monday from 9 to 12; the weekend does not count"


def test_without_start_times_handling_is_not_known_and_waiting_says_so() -> None:
    found = discover(pair_instances(raw_of([("1", "A", 0), ("1", "B", 30), ("2", "A", 0), ("2", "B", 90)])))
    facts = {one.name: one for one in found.activities}["B"]
    assert facts.handling_median_minutes is None
    assert facts.waiting_median_hours == 1
    assert facts.waiting_has_handling


def test_one_resource_in_no_time_looks_automatic() -> None:
    rows = [(f"{n}", "Register", 10 * n, 10 * n, "system") for n in range(30)]
    rows += [(f"{n}", "Decide", 10 * n + 3, 10 * n + 9, f"u{n % 3}") for n in range(30)]
    automatic = {facts.name: facts.automatic for facts in timed(rows).activities}
    assert automatic == {"Register": True, "Decide": False}


def test_the_first_step_of_a_log_without_starts_is_not_called_automatic() -> None:
    rows = [
        (f"{n}", name, 90 * n + 30 * place, "desk") for n in range(30) for place, name in enumerate(("Ring", "Sort"))
    ]
    rows += [(f"{n}", "Pay", 90 * n + 70, f"u{n % 3}") for n in range(30)]
    mapping = LogMapping(case="case", activity="activity", end="time", resource="who")
    lines = [(case, name, at(minute), who) for case, name, minute, who in rows]
    found = discover(pair_instances(read_csv(stream(csv_log(lines, "case,activity,time,who")), mapping)))
    assert not any(facts.automatic for facts in found.activities)


def test_cases_a_year_follow_from_the_span_of_starts() -> None:
    found = timed([(f"{n}", "A", 1440 * n, 1440 * n + 5, "u") for n in range(11)] + [("0", "B", 9, 12, "v")])
    assert found.cases_a_year == pytest.approx(11 / 10 * 365.25)
    assert timed([("1", "A", 0, 1, "u"), ("1", "B", 2, 3, "u")]).cases_a_year is None


def test_the_same_log_as_csv_and_as_xes_agrees() -> None:
    rows = [("1", "A", 0), ("1", "B", 5), ("1", "B", 9), ("2", "A", 3), ("2", "C", 4)]
    events: dict[str, list[str]] = {}
    for case, name, minute in rows:
        events.setdefault(case, []).append(xes_event(name, at(minute)))
    assert log_statistics(read_xes(stream(xes_log(events.items())))) == log_statistics(raw_of(rows))


PUBLISHED = {
    "PurchasingExample.csv.gz": (9119, 608, 21, 28, 70),
    "LoanApp_simplified.csv.gz": (7544, 1000, 12, 20, 45),
    "bpic2012.xes.gz": (262200, 13087, 24, 125, 4366),
    "08_receipt.xes.gz": (8577, 1434, 27, 99, 116),
    "receipt.csv.gz": (8577, 1434, 27, 99, 116),
}


def test_published_logs_are_counted_as_published() -> None:
    """The shipped examples always; real logs that may not be shipped where TASKWORTH_LOGS names their folder."""
    folders = [Path(__file__).parents[2] / "examples", Path(os.environ.get("TASKWORTH_LOGS", "/nonexistent"))]
    found = {path.name: path for folder in folders for path in folder.glob("*.gz") if path.name in PUBLISHED}
    assert {"PurchasingExample.csv.gz", "LoanApp_simplified.csv.gz"} <= set(found)
    for name, path in found.items():
        statistics = log_statistics(read_any(path))
        counted = (statistics.events, statistics.cases, statistics.activities)
        assert (*counted, statistics.directly_follows_pairs, statistics.variants) == PUBLISHED[name]


def read_any(path: Path) -> RawLog:
    with path.open("rb") as source:
        if ".xes" in path.name:
            return read_xes(source)
        head = Unpacked(source, limits=LogLimits()).read(HEAD_BYTES)
        source.seek(0)
        return read_csv(source, guess_mapping(sample_csv(head, whole=False).rows).mapping())
