"""A log read into plain arrays: without the libraries of frames, in any pieces, and the same rows as in a frame."""

import gzip
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.event_log.eventlog import LogError, log_statistics
from planner.domain.event_log.frames import framed
from planner.domain.event_log.iso_times import iso_moments
from planner.domain.event_log.mapping import LogMapping
from planner.domain.event_log.streams import LogLimits
from planner.domain.event_log.times import parse_times
from planner.domain.event_log.xes_events import read_xes_events
from planner.domain.event_log.xes_parser import Attributes, XesParser
from tests.planner.logs import at, naive_counts, stream, xes_event, xes_log

ROOT = Path(__file__).resolve().parents[2]
LEAN = """
import sys
from planner.domain.event_log.xes_events import read_xes_events
log = read_xes_events(sys.stdin.buffer)
print(log.statistics(log.counts()).events, sorted({"pandas", "pyarrow", "scipy", "django"} & set(sys.modules)))
"""


def test_reading_and_counting_xes_loads_neither_pandas_nor_arrow() -> None:
    zoneless = (
        "<event><string key='concept:name' value='B'/><date key='time:timestamp' value='2024-03-02T08:00'/></event>"
    )
    data = xes_log([("1", [xes_event("A", at(0)), zoneless])])
    for packed in (data, gzip.compress(data)):
        done = subprocess.run([sys.executable, "-c", LEAN], cwd=ROOT, input=packed, capture_output=True, check=True)
        assert done.stdout.decode().strip() == "2 []"


# Every event has some of these, in some order; a None is written with its attributes the other way round.
EVENT = st.fixed_dictionaries(
    {
        "concept:name": st.sampled_from(["A", "B", "C", ""]),
        "time:timestamp": st.integers(0, 2_000).map(at)
        | st.sampled_from(["", "soon", "2024-03-01 08:00", "1.3.2024 9:00"]),
    },
    optional={
        "org:resource": st.sampled_from(["u", "v", "ü & <w>"]),
        "cost": st.sampled_from(["1", "2", "7.5"]),
        "lifecycle:transition": st.sampled_from(["start", "complete"]),
        "start_timestamp": st.integers(0, 2_000).map(at),
    },
).flatmap(lambda event: st.permutations(list(event.items())))
LOG = st.lists(st.tuples(st.text("xyz", min_size=1, max_size=2), st.lists(EVENT, max_size=6)), min_size=1, max_size=6)


def written(event: list[tuple[str, str]], place: int) -> str:
    """The event, every third with key and value the other way round, every fourth with an attribute that holds one."""
    parts = []
    for key, text in event:
        pair = [f"key={quoteattr(key)}", f"value={quoteattr(text)}"]
        parts.append(f"<string {' '.join(pair[::-1] if place % 3 == 2 else pair)}/>")
    if place % 4 == 3:
        parts.insert(1, '<list key="more"><values><string key="concept:name" value="inner"/></values></list>')
        parts.append('<x:int xmlns:x="u" key="cost" value="9"><string key="cost" value="inner"/></x:int>')
    return f"<event>{''.join(parts)}</event>"


def told(column: "pd.Series[Any]") -> list[object]:
    """What stands in a column, None where it is missing."""
    return [None if pd.isna(value) else value for value in column.tolist()]


@given(LOG)
def test_the_frame_of_a_log_holds_what_stands_in_the_file(log: list[tuple[str, list[list[tuple[str, str]]]]]) -> None:
    names = {"concept:name": "activity", "time:timestamp": "end", "start_timestamp": "start", "cost": "event:cost"}
    names |= {"org:resource": "resource", "lifecycle:transition": "lifecycle"}
    rows: list[dict[str, str | int]] = []
    traces: list[tuple[str, list[str]]] = []
    for case, events in log:
        for place, event in enumerate(events):
            values = {names[key]: text for key, text in event} | ({"event:cost": "9"} if place % 4 == 3 else {})
            rows.append({"case": case, "row": len(rows) + 1} | values)
        traces.append((case, [written(event, place) for place, event in enumerate(events)]))
    texts = pd.DataFrame(
        rows, columns=["case", "row", "activity", "end", "start", "resource", "lifecycle", "event:cost"]
    )
    for name in ("end", "start"):
        texts[name] = parse_times(texts[name].astype("str").fillna("")).times
    kept = texts[(texts["activity"] != "") & texts["end"].notna()]
    if kept.empty:
        with pytest.raises(LogError):
            read_xes_events(stream(xes_log(traces)))
        return
    raw = framed(read_xes_events(stream(xes_log(traces))))
    for name in map(str, kept.columns):
        found = raw.frame[name] if name in raw.frame else pd.Series(pd.NaT, index=raw.frame.index)
        assert repr(told(found)) == repr(told(kept[name])), name
    assert sorted(raw.rejected["row"]) == sorted(set(texts["row"]) - set(kept["row"]))
    for name in ("activity", "resource"):
        seen = raw.frame[name].dropna() if name in raw.frame else pd.Series(dtype="str")
        used = [text for text in (raw.frame[name].cat.categories if len(seen) else []) if text in set(seen)]
        places = {text: list(texts[name]).index(text) for text in used}
        assert used == sorted(used, key=places.__getitem__), "numbered as they first stand in the file"


ROWS = st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("ABC"), st.integers(0, 300)), min_size=1, max_size=30)


@given(ROWS)
def test_the_counts_of_plain_arrays_are_a_naive_count_and_those_of_the_frame(rows: list[tuple[str, str, int]]) -> None:
    events: dict[str, list[str]] = {}
    for case, name, minute in rows:
        events.setdefault(case, []).append(xes_event(name, at(minute)))
    data = xes_log(events.items())
    log = read_xes_events(stream(data))
    counts, activity = log.counts(), log.texts("activity")
    assert activity is not None
    names = activity.texts
    pairs, variants = naive_counts(rows)
    flows = zip(counts.source.tolist(), counts.target.tolist(), counts.count.tolist(), strict=True)
    assert {(names[a], names[b]): count for a, b, count in flows} == dict(pairs)
    told = {tuple(names[code] for code in np.frombuffer(one, np.int32)): n for one, n in counts.variants.items()}
    assert told == dict(variants)
    for found, place in ((counts.starts, 0), (counts.ends, -1)):
        expected = [sum(n for one, n in variants.items() if one[place] == name) for name in names]
        assert found.tolist() == expected
    assert log.statistics(counts) == log_statistics(framed(read_xes_events(stream(data))))


class Seen:
    """What a parser told of."""

    def __init__(self) -> None:
        self.told: list[tuple[str, list[Attributes]]] = []

    def add_event(self, values: list[Attributes]) -> None:
        self.told.append(("event", values))

    def add_case(self, values: list[Attributes]) -> None:
        self.told.append(("case", values))


@given(LOG, st.lists(st.integers(0, 3_000), max_size=12))
def test_where_a_file_is_cut_into_pieces_makes_no_difference(
    log: list[tuple[str, list[list[tuple[str, str]]]]], cuts: list[int]
) -> None:
    data = xes_log([(case, [written(event, place) for place, event in enumerate(events)]) for case, events in log])
    whole, pieces = Seen(), Seen()
    for seen, edges in (
        (whole, [0, len(data)]),
        (pieces, [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]),
    ):
        parser = XesParser(seen, LogLimits())
        for low, high in pairwise(edges):
            parser.feed(data[low:high])
        parser.close()
    assert pieces.told == whole.told


ODD = {
    "an event in an event": ("<event><event/>{a}</event>{e}", 2),
    "an event in an attribute": ("<container>{e}</container>{e}", 2),
    "an event in no trace": ("</trace>{e}<trace>{e}", 1),
    "a trace in a trace": ("<trace>{e}</trace>{e}", 2),
    "an empty event": ("<event/>{e}<event></event>", 3),
}


@pytest.mark.parametrize("name", ODD)
def test_elements_in_odd_places_neither_lose_nor_double_an_event(name: str) -> None:
    body, events = ODD[name]
    attributes = xes_event("A", at(0)).removeprefix("<event>").removesuffix("</event>")
    text = body.format(a=attributes, e=f"<event>{attributes}</event>")
    seen = Seen()
    parser = XesParser(seen, LogLimits())
    parser.feed(f"<log><trace>{text}</trace></log>".encode())
    parser.close()
    assert [kind for kind, _ in seen.told].count("event") == events
    assert all(len(values) in {0, 2} for kind, values in seen.told if kind == "event")


STAMP = st.builds(
    "{}{}{}{}".format,
    st.dates(pd.Timestamp("1700-01-01").date(), pd.Timestamp("2250-01-01").date()).map(str) | st.just("2024-02-30"),
    st.sampled_from("T "),
    st.times().map(lambda time: time.isoformat()) | st.sampled_from(["08:00", "24:00:00", "08:00:61", "08:00:00.5"]),
    st.sampled_from(["", "Z", "+02:00", "-0530", "+02", "+14:00", "+24:00", "z"]),
)


@given(st.lists(STAMP | st.dates().map(str) | st.text("0123456789-:T .+Z", max_size=27), max_size=9))
def test_times_read_in_arrays_are_those_that_are_read_one_by_one(texts: list[str]) -> None:
    found = iso_moments(texts)
    for place, text in enumerate(texts):
        parsed = parse_times(pd.Series([text], dtype="str"))
        if (
            found.read[place]
            and not np.isnat(found.moments[place])
            and 1700 < found.moments[place].astype("M8[Y]").astype(int) + 1970 < 2250
        ):
            assert found.moments[place] == parsed.times.dt.tz_localize(None).to_numpy()[0], text
            assert found.zoneless[place] == parsed.zone_missing, text
        elif not found.read[place]:
            assert text.strip(), "blank ones are read as missing"


def test_times_that_are_not_iso_are_read_as_in_a_table_and_agree_on_the_order_of_a_date() -> None:
    """However many others lie between them; times without an offset are of the clocks of the zone."""
    events = [xes_event("A", "1.3.2024 09:00"), *[xes_event("B", at(n)) for n in range(8_200)]]
    events += [xes_event("C", text) for text in ("13.3.2024 09:00", "2024-07-01T12:00:00", "soon", "")]
    log = read_xes_events(stream(xes_log([("1", events)])), LogMapping(zone="Europe/Amsterdam"))
    end = log.numbers("end")
    assert end is not None
    assert end[[0, -2, -1]].astype("datetime64[m]").astype(str).tolist() == [
        "2024-03-01T08:00",
        "2024-03-13T08:00",
        "2024-07-01T10:00",
    ]
    assert [(one.reason, one.count, one.rows) for one in log.dropped] == [
        ("No time, or one that cannot be read", 2, (8_204, 8_205))
    ]
    assert [cell for one in log.left_out for cell in one.cells] == ["soon", ""]
    assert log.notes == ("1 different times could not be read.", "Times without a zone are taken as Europe/Amsterdam.")
