"""A log written in any way is read back as it was; any bytes at all end in a log or in a sentence, never in a crash."""

import csv
import gzip
import io
from contextlib import suppress
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.event_log.csv_log import read_csv
from planner.domain.event_log.eventlog import LogError, log_statistics, pair_instances
from planner.domain.event_log.intake import preview_log, read_log
from planner.domain.event_log.mapping import LogMapping
from planner.domain.event_log.streams import LogLimits
from planner.domain.event_log.xes import read_xes
from tests.planner.logs import at, csv_log, stream, xes_event, xes_log
from tests.planner.workbooks import sheet_xml, workbook, zipped

QUOTINGS = [csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]
ENCODINGS = [
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"),
    *("cp1252", "latin-1", "iso8859-15", "cp1250", "mac_roman"),
]
LETTERS = "abcÄÖüéß NAnul0123456789,;|\t\"'\n"
names = st.text(LETTERS, min_size=1, max_size=12).filter(lambda text: text.strip())
events = st.lists(st.tuples(st.sampled_from(["NA", "null", "nan", "None", "7", "=x"]), names), min_size=1, max_size=12)


writings = st.tuples(
    st.sampled_from(",;\t|"),
    st.sampled_from(QUOTINGS),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(ENCODINGS),
)


@given(events, writings, st.booleans())
def test_a_table_written_in_any_way_is_read_back(
    rows: list[tuple[str, str]], writing: tuple[str, Literal[0, 1, 2], str, str], packed: bool
) -> None:
    separator, quoting, ends, encoding = writing
    if ends == "\r":
        quoting = csv.QUOTE_ALL  # the writer leaves a line feed bare where lines end otherwise
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, quoting=quoting, lineterminator=ends)
    writer.writerow(["case", "activity", "time"])
    twice = [row for row in rows for _ in range(2)]
    writer.writerows((case, name, at(minute)) for minute, (case, name) in enumerate(twice))
    data = text.getvalue().encode(encoding)
    chosen = "utf-8" if encoding == "utf-8-sig" else encoding
    mapping = LogMapping(case="case", activity="activity", end="time", encoding=chosen, separator=separator)
    raw = read_csv(stream(data, packed=packed), mapping)
    assert list(zip(raw.frame["case"], raw.frame["activity"], strict=True)) == [(c, n.strip()) for c, n in twice]
    assert [time.minute for time in raw.frame["end"]] == [minute % 60 for minute in range(len(twice))]
    assert raw.rejected.empty


xml_names = st.text("abcÄü <>&'\"NA0", min_size=1, max_size=12).filter(lambda text: text.strip())


@given(
    st.lists(st.lists(xml_names, min_size=1, max_size=5), min_size=1, max_size=5),
    st.sampled_from(["utf-8", "utf-16", "iso-8859-1"]),
    st.booleans(),
)
def test_xes_written_in_any_way_is_read_back(traces: list[list[str]], encoding: str, packed: bool) -> None:
    escaped = [
        (str(number), [xes_event(attribute(name), at(minute)) for minute, name in enumerate(trace)])
        for number, trace in enumerate(traces)
    ]
    data = xes_log(escaped).decode().replace("'UTF-8'", f"'{encoding}'").encode(encoding)
    raw = read_xes(stream(data, packed=packed))
    assert list(raw.frame["activity"]) == [name for trace in traces for name in trace]
    assert log_statistics(raw).cases == len(traces)


def attribute(text: str) -> str:
    for mark, name in (("&", "&amp;"), ("<", "&lt;"), ('"', "&quot;")):
        text = text.replace(mark, name)
    return text


PREFIXES = [
    *(
        b"",
        b"case,activity,time\n",
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"<log>",
        b"a;b\n1;\x00",
    ),
]


@given(st.sampled_from(PREFIXES), st.binary(max_size=600))
def test_any_bytes_end_in_a_log_or_a_sentence(prefix: bytes, junk: bytes) -> None:
    with suppress(LogError):
        preview_log(stream(prefix + junk))
        pair_instances(read_log(stream(prefix + junk), None))


WHOLE = [
    csv_log([("1", "A", at(0)), ("1", "B", at(1)), ("2", "A", at(2))]),
    gzip.compress(csv_log([("1", "A", "9.3.10 8:05"), ("1", "B", "23.3.10 8:05")])),
    zipped({"log.csv": csv_log([("1", "A", at(0)), ("1", "B", at(1))])}),
    workbook({"L": sheet_xml({1: ["case", "activity", "time"], 2: ["1", "A", 45352.5], 3: ["1", "B", 45353.0]}, (2,))}),
]


@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=5),
    st.floats(0, 1),
)
@settings(max_examples=150)
def test_damaged_files_end_in_a_log_or_a_sentence(whole: bytes, flips: list[tuple[float, int]], cut: float) -> None:
    data = bytearray(whole[: len(whole) - int(cut * cut * 20)])
    for place, value in flips:
        data[int(place * len(data))] = value
    with suppress(LogError):
        read_log(stream(bytes(data)), None)


HEADER = "case,activity,time,amount"
DIGITS = "7" * 5_000


def test_numbers_of_5000_digits_and_huge_attributes_are_texts_that_stop_nothing() -> None:
    rows = [(str(n // 2), "AB"[n % 2], at(n), DIGITS) for n in range(8)]
    raw = read_log(stream(csv_log(rows, HEADER)), None)
    assert set(raw.frame["case:amount"]) == {DIGITS}
    as_time = csv_log([(case, name, DIGITS) for case, name, *_ in rows])
    with pytest.raises(LogError):
        read_log(stream(as_time), LogMapping(case="case", activity="activity", end="time"))
    as_case = read_log(stream(csv_log([(DIGITS, name, time) for _, name, time, _ in rows])), None)
    assert log_statistics(as_case).cases == 1


def test_utf7_is_text_of_plain_letters_and_stays_as_it_stands() -> None:
    data = csv_log([("1", "Pr+APw-fen", at(0)), ("1", "Ablegen", at(1))])
    assert "Pr+APw-fen" in list(read_log(stream(data), None).frame["activity"])


@pytest.mark.parametrize("letters", ["NA", "null", "None", "nan", "NULL", "N/A"])
def test_a_case_called_like_a_missing_value_is_a_case_in_every_format(letters: str) -> None:
    rows = [(letters, "A", at(0)), (letters, "B", at(1)), ("", "A", at(2))]
    table = read_log(stream(csv_log(rows)), None)
    sheet = {1: ["case", "activity", "time"], 2: [letters, "A", 45352.0], 3: [letters, "B", 45353.0]}
    xes = xes_log([(letters, [xes_event("A", at(0)), xes_event("B", at(1))])])
    logs = [table, read_log(stream(workbook({"L": sheet_xml(sheet, (2,))})), None), read_log(stream(xes), None)]
    assert [set(raw.frame["case"]) for raw in logs] == [{letters}] * 3
    assert table.rejected["row"].tolist() == [4], "an empty one is none"


def test_a_small_gzip_that_inflates_to_2_gigabytes_is_refused_by_its_cap() -> None:
    target = io.BytesIO()
    with gzip.GzipFile(fileobj=target, mode="wb", compresslevel=1) as packed:
        packed.write(csv_log([("1", "A", at(0)), ("1", "B", at(1))]))
        line = b"1,A,2024-01-01 10:00:00\n" * 40_000
        for _ in range(40):
            packed.write(line)
    with pytest.raises(LogError, match="larger than"):
        read_log(stream(target.getvalue()), None, limits=LogLimits(inflated_bytes=8 << 20))
    assert LogLimits().inflated_bytes == 2 << 30
