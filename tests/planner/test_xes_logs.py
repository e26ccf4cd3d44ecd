"""XES as a stream: lifecycles paired, odd events counted, hostile files refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.event_log.eventlog import LogError, RawLog, log_statistics, pair_instances
from planner.domain.event_log.mapping import LogMapping
from planner.domain.event_log.streams import LogLimits
from planner.domain.event_log.xes import read_xes
from tests.planner.logs import at, stream, xes_event, xes_log

STANDARD = "http://www.xes-standard.org/"


def read(data: bytes, *, limits: LogLimits | None = None, packed: bool = False) -> RawLog:
    return read_xes(stream(data, packed=packed), limits=limits)


@pytest.mark.parametrize("namespace", ["", STANDARD, "http://code.deckfour.org/xes"])
@pytest.mark.parametrize("packed", [False, True])
def test_namespaces_and_packing_make_no_difference(namespace: str, packed: bool) -> None:
    events = [xes_event("A", at(0)), xes_event("B", at(1))]
    statistics = log_statistics(read(xes_log([("1", events), ("2", events)], namespace), packed=packed))
    assert (statistics.events, statistics.cases, statistics.directly_follows_pairs, statistics.variants) == (4, 2, 1, 1)


@pytest.mark.parametrize(("start", "complete"), [("start", "complete"), ("START", "COMPLETE"), ("Start", "Complete")])
def test_a_start_is_paired_with_the_kth_completion_of_its_activity(start: str, complete: str) -> None:
    events = [
        xes_event("A", at(0), "SCHEDULE"),
        xes_event("A", at(10), start),
        xes_event("A", at(20), start),
        xes_event("A", at(30), complete),
        xes_event("B", at(31), complete),
        xes_event("A", at(50), complete),
        xes_event("B", at(60), start),
    ]
    raw = read(xes_log([("1", events)]))
    assert log_statistics(raw).events == 7
    instances = pair_instances(raw)
    spans = instances.frame.loc[instances.frame["activity"] == "A", ["start", "end"]]
    assert [(row.end - row.start).total_seconds() / 60 for row in spans.itertuples()] == [20, 30]
    assert instances.frame.loc[instances.frame["activity"] == "B", "start"].isna().all()
    assert {(item.reason.split(":")[0].split(",")[0], item.count) for item in instances.dropped} == {
        ("Scheduled or set aside", 1),
        ("Started but never completed", 1),
    }


def test_another_vocabulary_is_plain_events() -> None:
    raw = read(xes_log([("1", [xes_event("A", at(0), "Accepted"), xes_event("A", at(1), "In Progress")])]))
    instances = pair_instances(raw)
    assert len(instances.frame) == 2
    assert instances.frame["start"].isna().all()


def test_events_without_a_time_or_a_name_are_dropped_and_counted() -> None:
    events = [xes_event("A", at(0)), xes_event(None, at(1)), xes_event("B", None), xes_event("C", "soon")]
    raw = read(xes_log([("1", events)]))
    assert [(item.reason, item.count, item.rows) for item in raw.dropped] == [
        ("No name", 1, (2,)),
        ("No time, or one that cannot be read", 2, (3, 4)),
    ]
    assert list(raw.frame["activity"]) == ["A"]


def test_attributes_of_cases_and_events_are_kept_and_nested_ones_passed_over() -> None:
    event = (
        '<event><string key="concept:name" value="A"/><date key="time:timestamp" value="2024-01-01T00:00:00Z"/>'
        '<int key="cost" value="5"><string key="concept:name" value="inner"/></int></event>'
    )
    data = f'<log><trace><float key="amount" value="7.5"/><string key="concept:name" value="x"/>{event}</trace></log>'
    frame = read(data.encode()).frame
    assert (frame["case"][0], frame["activity"][0]) == ("x", "A")
    assert (frame["event:cost"][0], frame["case:amount"][0]) == ("5", "7.5")


def test_a_file_that_says_utf8_and_is_not_is_read_and_it_is_said() -> None:
    data = xes_log([("1", [xes_event("Prüfen", at(0)), xes_event("Ablegen", at(1))])]).decode().encode("cp1252")
    raw = read(data)
    assert list(raw.frame["activity"]) == ["Prüfen", "Ablegen"]
    assert raw.notes[0] == "The file says that it is UTF-8 and is not: it is read as Windows-1252, Western Europe."
    other = read_xes(stream(data), LogMapping(encoding="cp1250"))
    assert list(other.frame["activity"]) == ["Prüfen", "Ablegen"], "ü is the same letter in both"


def test_times_without_an_offset_are_those_of_the_zone_chosen() -> None:
    data = xes_log([("1", [xes_event("A", "2024-07-01T12:00:00"), xes_event("B", "2024-07-01T12:00:00Z")])])
    raw = read_xes(stream(data), LogMapping(zone="Europe/Amsterdam"))
    assert [time.hour for time in raw.frame["end"]] == [10, 12]
    assert "Times without a zone are taken as Europe/Amsterdam." in raw.notes


DEEP = b"<log><trace>" + b"<list>" * 200_000
ENTITIES = b'<!DOCTYPE log [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]><log><trace>&b;</trace></log>'
EXTERNAL = b'<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]><log><trace>&x;</trace></log>'
BAD = {
    "empty log": (b"<log/>", "holds no events"),
    "empty trace": (xes_log([("1", [])]), "holds no events"),
    "other xml": (b"<invoice/>", "not with <log>"),
    "doctype": (b"<!DOCTYPE log><log/>", "DOCTYPE"),
    "billion laughs": (ENTITIES, "DOCTYPE"),
    "external entity": (EXTERNAL, "DOCTYPE"),
    "deep": (DEEP, "nested deeper than 100"),
    "cut off": (xes_log([("1", [xes_event("A", at(0))])])[:-20], "broken in line 1"),
    "no names": (xes_log([("1", [xes_event(None, at(0))])]), "No event has a name"),
    "no times": (xes_log([("1", [xes_event("A", None)])]), "No event has a time"),
    "UTF-7": (b'<?xml version="1.0" encoding="UTF-7"?><log/>', "encoding"),
    "huge value": (b'<log><trace><string key="a" value="' + b"x" * 3_000_000, "longer than"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_a_sentence_and_advice(name: str) -> None:
    data, words = BAD[name]
    with pytest.raises(LogError, match=words) as refused:
        read(data, limits=LogLimits(value_bytes=1_000_000))
    assert refused.value.advice.endswith(".")


def test_limits_on_events_attributes_and_inflated_bytes_hold() -> None:
    events = [xes_event("A", at(minute)) for minute in range(5)]
    with pytest.raises(LogError, match="more than 3 events"):
        read(xes_log([("1", events)]), limits=LogLimits(events=3))
    many = "".join(f'<string key="k{n}" value="v"/>' for n in range(1_500))
    with pytest.raises(LogError, match="different attributes"):
        read(f"<log><trace>{events[0].replace('</event>', many + '</event>')}</trace></log>".encode())
    with pytest.raises(LogError, match="larger than"):
        read(xes_log([("1", events * 5_000)]), packed=True, limits=LogLimits(inflated_bytes=100_000))


@given(st.binary(max_size=300), st.integers(0, 400), st.integers(0, 40))
def test_damaged_files_end_in_a_sentence_never_in_a_crash(junk: bytes, place: int, removed: int) -> None:
    whole = xes_log([("1", [xes_event("A", at(0), "start"), xes_event("A", at(3), "complete")])])
    data = whole[:place] + junk + whole[place + removed :]
    with suppress(LogError):
        assert log_statistics(read(data)).events > 0


def test_times_written_in_two_ways_are_all_read_however_many_there_are() -> None:
    iso = [xes_event("A", f"2024-03-01T{n // 60 % 24:02}:{n % 60:02}:00+02:00") for n in range(9_000)]
    words = [xes_event("B", "31.12.2024 10:00"), xes_event("B", "1.2.2025 10:00"), xes_event("B", "never")]
    raw = read_xes(stream(xes_log([("c1", iso), ("c2", words)])))
    assert len(raw.frame) == 9_002
    assert raw.frame["end"].iloc[0].isoformat() == "2024-02-29T22:00:00+00:00"
    assert [time.isoformat() for time in raw.frame["end"].tail(2)] == [
        "2024-12-31T10:00:00+00:00",
        "2025-02-01T10:00:00+00:00",
    ]
    assert [(item.count, item.rows) for item in raw.dropped] == [(1, (9_003,))]
