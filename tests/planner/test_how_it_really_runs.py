"""What is discovered of a log equals a count of the same log done case by case in plain Python."""

import json
import statistics
from collections import Counter, defaultdict
from itertools import groupby, pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.discovery.elapsed import Hours, Micros
from planner.domain.discovery.grouped import group_quantiles
from planner.domain.discovery.observed import Observed, observe, observed_from
from planner.domain.discovery.traces import traces_of
from planner.domain.discovery.variants import variants
from planner.domain.discovery.work_in_progress import periods
from planner.domain.event_log.eventlog import Instances, RawLog, pair_instances

Row = tuple[str, str, int, int, str]
UNSTARTED = -1


def log_of(rows: list[Row]) -> Instances:
    """Rows of case, activity, begin and end in minutes (begin UNSTARTED: not recorded) and resource ("" for nobody)."""
    case, activity, begin, end, who = zip(*rows, strict=True)
    minutes = [pd.NA if minute == UNSTARTED else minute for minute in begin]
    columns = {
        "case": pd.Categorical(case, pd.unique(np.array(case))),
        "activity": pd.Categorical(activity),
        "start": pd.to_datetime(pd.Series(minutes, dtype="Int64"), unit="m", utc=True).dt.as_unit("us"),
        "end": pd.to_datetime(pd.Series(end), unit="m", utc=True).dt.as_unit("us"),
        "resource": pd.Categorical([name or None for name in who]),
        "row": range(1, len(rows) + 1),
    }
    return pair_instances(RawLog(pd.DataFrame(columns)))


def observed(rows: list[Row]) -> Observed:
    return observe(log_of(rows))


def row(case: str, name: str, begin: int, length: int, who: str) -> Row:
    """A row that began at `begin`, or at no recorded time when that is below zero."""
    return case, name, begin if begin >= 0 else UNSTARTED, abs(begin) + length, who


rows_of_a_log = st.lists(
    st.builds(
        row,
        st.sampled_from("xyzw"),
        st.sampled_from("ABC"),
        st.integers(-3000, 3000),
        st.integers(0, 90),
        st.sampled_from(["u", "v", ""]),
    ),
    min_size=6,
    max_size=40,
).filter(lambda rows: len({each[0] for each in rows}) < len(rows) and any(each[2] != UNSTARTED for each in rows))


def cases_in(rows: list[Row]) -> dict[str, list[Row]]:
    """The rows of each case as the product orders them: by begin, then end, then place in the file."""
    found: dict[str, list[Row]] = defaultdict(list)
    for each in rows:
        found[each[0]].append(each)
    return {case: sorted(inner, key=lambda each: (begin_of(each), each[3])) for case, inner in found.items()}


def begin_of(each: Row) -> int:
    return each[3] if each[2] == UNSTARTED else each[2]


def waits_of(inner: list[Row]) -> list[tuple[Row, Row, float]]:
    """Each step with the one before it, and the hours in between."""
    return [(before, after, max(0, begin_of(after) - before[3]) / 60) for before, after in pairwise(inner)]


@given(rows_of_a_log)
def test_flows_and_ends_equal_a_naive_count(rows: list[Row]) -> None:
    found = observed(rows)
    gaps: dict[tuple[str, str], list[float]] = defaultdict(list)
    in_cases: dict[tuple[str, str], set[str]] = defaultdict(set)
    begins, ends = Counter[str](), Counter[str]()
    for case, inner in cases_in(rows).items():
        begins[inner[0][1]] += 1
        ends[inner[-1][1]] += 1
        for before, after, hours in waits_of(inner):
            gaps[before[1], after[1]].append(hours)
            in_cases[before[1], after[1]].add(case)
    flows = {(each.source, each.target): each for each in found.follows}
    assert set(flows) == set(gaps)
    for pair, all_hours in gaps.items():
        assert (flows[pair].count, flows[pair].cases) == (len(all_hours), len(in_cases[pair]))
        assert flows[pair].gap_median_hours == pytest.approx(statistics.median(all_hours), abs=1e-5)
        assert flows[pair].gap_p90_hours == pytest.approx(np.quantile(all_hours, 0.9), abs=1e-5)
        assert flows[pair].gap_p10_hours == pytest.approx(np.quantile(all_hours, 0.1), abs=1e-5)
    assert {each.activity: each.begins for each in found.ends if each.begins} == dict(begins)
    assert {each.activity: each.ends for each in found.ends if each.ends} == dict(ends)


@given(rows_of_a_log)
def test_variants_equal_a_naive_count(rows: list[Row]) -> None:
    found = observed(rows)
    naive = Counter(tuple(each[1] for each in inner) for inner in cases_in(rows).values())
    told = {tuple(found.activities[place] for place in each.sequence): each.cases for each in found.variants.kept}
    assert told == dict(naive)
    assert found.variants.kept[-1].cumulative_share == pytest.approx(1)
    for each in found.variants.kept:
        sequence = tuple(found.activities[place] for place in each.sequence)
        alike = {case: inner for case, inner in cases_in(rows).items() if tuple(one[1] for one in inner) == sequence}
        lengths = {case: duration_of(inner) for case, inner in alike.items()}
        assert each.duration_median_hours == pytest.approx(statistics.median(lengths.values()), abs=1e-5)
        assert lengths[each.example] == statistics.median_low(lengths.values())


def duration_of(inner: list[Row]) -> float:
    return (max(each[3] for each in inner) - min(begin_of(each) for each in inner)) / 60


@given(rows_of_a_log)
def test_rework_equals_a_naive_count(rows: list[Row]) -> None:
    found = observed(rows).rework
    loops, returns, cases, turns = Counter[str](), Counter[str](), defaultdict(set), Counter[tuple[str, str]]()
    for case, inner in cases_in(rows).items():
        names = [each[1] for each in inner]
        for place, name in enumerate(names):
            if name in names[:place]:
                (loops if names[place - 1] == name else returns)[name] += 1
                cases[name].add(case)
        turns.update((a, b) for a, b, c in zip(names, names[1:], names[2:], strict=False) if a == c != b)
    assert {each.activity: each.self_loops for each in found.activities if each.self_loops} == dict(loops)
    assert {each.activity: each.returns for each in found.activities if each.returns} == dict(returns)
    assert {each.activity: each.cases_repeating for each in found.activities} == {k: len(v) for k, v in cases.items()}
    assert found.cases_repeating == len(set().union(*cases.values()))
    assert {(each.first, each.second): each.count for each in found.ping_pong} == dict(turns)


@given(rows_of_a_log)
def test_hand_overs_and_resources_equal_a_naive_count(rows: list[Row]) -> None:
    found = observed(rows)
    passed, turns, kept = Counter[tuple[str, str]](), Counter[tuple[str, str]](), 0
    for inner in cases_in(rows).values():
        named = [(before[4], after[4]) for before, after in pairwise(inner) if before[4] and after[4]]
        passed.update(pair for pair in named if pair[0] != pair[1])
        kept += sum(a == b for a, b in named)
        stays = [who for who, _ in groupby(each[4] for each in inner)]
        turns.update((a, b) for a, b, c in zip(stays, stays[1:], stays[2:], strict=False) if a == c and a and b)
    told = found.hand_overs
    assert {(each.source, each.target): each.count for each in told.pairs} == dict(passed)
    assert (told.passed, told.kept) == (passed.total(), kept)
    assert {(each.first, each.second): each.count for each in told.ping_pong} == dict(turns)
    done = Counter(each[4] for each in rows if each[4])
    assert {each.name: each.instances for each in found.resources.kept} == dict(done)
    assert found.resources.unnamed == sum(not each[4] for each in rows)
    for each in found.resources.kept:
        assert {one.activity: one.visits for one in each.done} == Counter(r[1] for r in rows if r[4] == each.name)


@given(rows_of_a_log)
def test_waiting_handling_and_durations_equal_a_naive_count(rows: list[Row]) -> None:
    found = observed(rows)
    waits: dict[str, list[float]] = defaultdict(list)
    lasted, worked = 0.0, 0
    for inner in cases_in(rows).values():
        lasted += duration_of(inner)
        worked += len({minute for each in inner for minute in range(begin_of(each), each[3])})
        for _, after, hours in waits_of(inner):
            waits[after[1]].append(hours)
    total = sum(map(sum, waits.values()))
    assert found.bottlenecks.total_hours == pytest.approx(total, abs=1e-4)
    for each in found.bottlenecks.activities:
        waited = waits[each.activity]
        assert (each.waits, each.total_hours) == (len(waited), pytest.approx(sum(waited), abs=1e-4))
        assert each.share_of_duration * lasted == pytest.approx(sum(waited), abs=1e-4)
    assert sum(each.total_hours for each in found.bottlenecks.flows) == pytest.approx(total, abs=1e-4)
    assert found.durations.total_hours == pytest.approx(lasted, abs=1e-4)
    if lasted and found.durations.working_share is not None:
        assert found.durations.working_share * lasted == pytest.approx(worked / 60, abs=1e-4)
    assert sum(bar.cases for bar in found.durations.bars) == found.cases
    work = defaultdict(list)
    for case_row in rows:
        if case_row[2] != UNSTARTED:
            work[case_row[1]].append((case_row[3] - case_row[2]) / 60)
    told = {each.activity: each.median_hours for each in found.bottlenecks.handling if each.measured}
    assert told == {name: pytest.approx(statistics.median(hours), abs=1e-5) for name, hours in work.items()}


@given(rows_of_a_log)
def test_queues_and_work_in_progress_equal_a_naive_count(rows: list[Row]) -> None:
    found = observed(rows).over_time
    cases = cases_in(rows)
    spans = [(min(map(begin_of, inner)), max(each[3] for each in inner)) for inner in cases.values()]
    assert sum(each.arrived for each in found.periods) == sum(each.completed for each in found.periods) == len(cases)
    assert found.periods[-1].under_way == 0
    day_ends = [1440 * (n + 1) + 1440 * (min(begin for begin, _ in spans) // 1440) for n in range(len(found.periods))]
    for period, end in list(zip(found.periods, day_ends, strict=True))[:-1]:
        assert period.under_way == sum(begin <= end < last for begin, last in spans)
    for queue in found.queues:
        steps = [step for inner in cases.values() for step in waits_of(inner) if step[1][1] == queue.activity]
        moments = [before[3] for before, _, _ in steps]
        lengths = [sum(a[3] <= moment < begin_of(b) for a, b, _ in steps) for moment in moments]
        assert queue.most == max(lengths, default=0)


@given(rows_of_a_log)
def test_what_is_stored_is_what_was_found(rows: list[Row]) -> None:
    found = observed(rows)
    assert observed_from(json.loads(json.dumps(found.as_json()))) == found
    json.dumps(found.summary(), allow_nan=False)


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(-1e6, 1e6)), max_size=30), st.floats(0, 1))
def test_quantiles_of_groups_are_numpys(values: list[tuple[int, float]], share: float) -> None:
    group = np.array([each[0] for each in values], dtype=np.int64)
    numbers = np.array([each[1] for each in values], dtype=np.float64)
    found = group_quantiles(group, numbers, 4, (share,))[0]
    for place in range(4):
        inner = numbers[group == place]
        expected = np.quantile(inner, share) if len(inner) else np.nan
        assert found[place] == pytest.approx(expected, nan_ok=True, abs=1e-6)


def test_self_loops_are_told_from_returns_and_priced_at_their_own_handling() -> None:
    found = observed(
        [
            *[("1", "A", 0, 60, "u"), ("1", "A", 60, 180, "u"), ("1", "B", 200, 210, "v"), ("1", "A", 220, 250, "u")],
            *[("2", "A", 0, 60, "u"), ("2", "B", 70, 80, "v")],
        ]
    ).rework
    only = found.activities[0]
    assert (only.activity, only.visits, only.self_loops, only.returns) == ("A", 4, 1, 1)
    assert (only.cases, only.cases_repeating, only.most_in_a_case) == (2, 1, 3)
    assert only.handling_hours == pytest.approx(2.5), "the second and the third visit, not the first"
    assert [(each.first, each.second) for each in found.ping_pong] == [("A", "B")]


def test_rework_without_a_start_counts_at_the_mean_of_the_activity_and_is_unknown_without_any() -> None:
    rows: list[Row] = [
        ("1", "A", 0, 60, ""),
        ("1", "A", UNSTARTED, 90, ""),
        ("2", "A", 0, 120, ""),
        ("2", "B", 130, 140, ""),
    ]
    assert observed(rows).rework.handling_hours == pytest.approx(1.5)
    bare: list[Row] = [(case, name, UNSTARTED, end, who) for case, name, _, end, who in rows]
    found = observed(bare)
    assert found.rework.handling_hours is None
    assert found.durations.working_share is None
    assert all(each.has_handling == 1 for each in found.bottlenecks.activities)


def test_pace_compares_like_with_like() -> None:
    """u does only the long activity and v only the short one: neither is slow. w takes twice as long at both."""
    rows = [
        *[(f"{n}", "Long", 0, 100, "u") for n in range(5)],
        *[(f"{n}", "Short", 200, 210, "v") for n in range(5)],
        *[("9", "Long", 0, 200, "w"), ("9", "Short", 300, 320, "w")],
    ]
    pace = {each.name: each.pace for each in observed(rows).resources.kept}
    assert pace == {"u": 1.0, "v": 1.0, "w": 2.0}


def test_cases_cut_off_by_the_end_of_the_log_are_told() -> None:
    """Every case goes A, B; the last one has only A, shortly before the log ends."""
    rows = [
        row
        for n in range(50)
        for row in ((f"{n}", "A", 300 * n, 300 * n + 5, ""), (f"{n}", "B", 300 * n + 60, 300 * n + 65, ""))
    ]
    assert observed(rows).over_time.open_cases == 0
    last = 300 * 49 + 60
    assert observed([*rows, ("late", "A", last, last + 4, "")]).over_time.open_cases == 1
    assert observed([*rows, ("silent", "A", 0, 4, "")]).over_time.open_cases == 0


def test_rare_variants_are_summed_up_beyond_the_limit() -> None:
    rows = [(f"{n}", name, 10 * k, 10 * k + 5, "") for n in range(10) for k, name in enumerate("A" * (1 + n // 2))]
    found = variants(traces_of(log_of(rows).frame), most=2)
    assert [each.cases for each in found.kept] == [2, 2]
    assert (found.total, found.rest_variants, found.rest_cases, found.for_most_cases) == (5, 3, 6, 4)


class OfficeHours:
    """Half of all time is working time."""

    def working_seconds(self, start: Micros, end: Micros) -> Hours:
        return np.asarray((end - start) / 2_000_000)


def test_every_duration_follows_the_calendar() -> None:
    rows = [("1", "A", 0, 60, "u"), ("1", "B", 180, 240, "v"), ("1", "A", 300, 360, "u"), ("2", "A", 0, 60, "u")]
    plain, working = observed(rows), observe(log_of(rows), OfficeHours())
    assert working.on_calendar
    assert working.bottlenecks.total_hours == pytest.approx(plain.bottlenecks.total_hours / 2)
    assert working.durations.total_hours == pytest.approx(plain.durations.total_hours / 2)
    assert working.rework.handling_hours == pytest.approx(0.5)
    assert working.durations.idle_share == plain.durations.idle_share
    assert working.hand_overs.waiting_passed_median_hours == pytest.approx(0.75)


@pytest.mark.parametrize(("days", "unit"), [(3, "day"), (40, "week"), (2000, "month"), (30_000, "year")])
def test_periods_grow_with_the_log(days: int, unit: str) -> None:
    low, high = 1_700_000_000_000_000, 1_700_000_000_000_000 + days * 86_400_000_000
    found, edges = periods(low, high)
    assert found.value == unit
    assert edges[0] <= low
    assert edges[-2] <= high < edges[-1]
    assert len(edges) < 210
