"""CSV logs as real systems write them are read; what cannot be read is refused with what, where and what to do."""

import pytest

from planner.domain.event_log.csv_log import read_csv
from planner.domain.event_log.csv_shape import sample_csv
from planner.domain.event_log.eventlog import AmbiguousDates, LogError, RawLog, log_statistics, pair_instances
from planner.domain.event_log.mapping import LogMapping
from planner.domain.event_log.streams import LogLimits
from tests.planner.logs import at, csv_log, stream

MAPPING = LogMapping(case="case", activity="activity", end="time")
EVENTS = [("1", "Register", at(0)), ("1", "Check", at(5)), ("2", "Register", at(7)), ("2", "Reject", at(9))]


def read(
    data: bytes, mapping: LogMapping = MAPPING, *, limits: LogLimits | None = None, packed: bool = False
) -> RawLog:
    return read_csv(stream(data, packed=packed), mapping, limits=limits)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_are_found(separator: str, ends: str) -> None:
    data = csv_log(EVENTS, separator=separator).decode().replace("\n", ends).encode()
    assert log_statistics(read(data)).directly_follows_pairs == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_found(encoding: str) -> None:
    data = csv_log([("1", "Prüfen", at(0)), ("1", "Zurückweisen", at(1))]).decode().encode(encoding)
    assert list(read(data).frame["activity"]) == ["Prüfen", "Zurückweisen"]


def test_a_packed_file_reads_like_a_plain_one() -> None:
    assert read(csv_log(EVENTS), packed=True).frame.equals(read(csv_log(EVENTS)).frame)


def test_a_case_called_na_is_a_case() -> None:
    raw = read(csv_log([("NA", "Register", at(0)), ("NA", "null", at(1)), ("None", "nan", at(2))]))
    assert list(raw.frame["case"]) == ["NA", "NA", "None"]
    assert list(raw.frame["activity"]) == ["Register", "null", "nan"]


def test_padded_names_an_unnamed_index_and_quoted_line_breaks() -> None:
    data = f' ,Case  ID , Activity,"Time"\n0,1, Register ,{at(0)}\n1,1,"Check\nagain, twice",{at(1)}\n'.encode()
    sample = sample_csv(data, whole=True)
    assert sample.shape.columns == ("column 1", "Case ID", "Activity", "Time")
    raw = read(data, LogMapping(case="Case ID", activity="Activity", end="Time", ignored=("column 1",)))
    assert list(raw.frame["activity"]) == ["Register", "Check\nagain, twice"]


def test_equal_times_keep_the_order_of_the_file() -> None:
    raw = read(csv_log([("1", name, at(0)) for name in ("C", "A", "B")]))
    assert list(pair_instances(raw).frame["activity"]) == ["C", "A", "B"]


def test_rows_that_cannot_be_used_are_counted_with_their_row_numbers() -> None:
    rows = [*EVENTS, ("", "Check", at(1)), ("3", "", at(1)), ("3", "Check", "soon"), ("3", "Check", ""), ("3",)]
    raw = read(csv_log(rows))
    assert {(item.reason, item.count, item.rows) for item in raw.dropped} == {
        ("More or fewer cells than the header", 1, (10,)),
        ("No case", 1, (6,)),
        ("No activity", 1, (7,)),
        ("No time, or one that cannot be read", 2, (8, 9)),
    }
    assert len(raw.frame) == len(EVENTS)


def test_attributes_are_told_apart_by_whether_they_change_within_a_case() -> None:
    header = "case,activity,time,amount,note"
    data = csv_log([("1", "A", at(0), "5", "x"), ("1", "B", at(1), "5", "y"), ("2", "A", at(0), "9", "x")], header)
    assert {"case:amount", "event:note"} <= set(read(data).frame.columns)


def test_start_and_end_times_are_kept_apart_and_an_empty_start_is_said() -> None:
    header = "case,activity,begun,time"
    mapping = LogMapping(case="case", activity="activity", start="begun", end="time")
    timed = read(csv_log([("1", "A", at(0), at(9)), ("1", "B", at(10), at(12))], header), mapping)
    assert log_statistics(timed).has_start_times
    empty = read(csv_log([("1", "A", "", at(9)), ("1", "B", "", at(12))], header), mapping)
    assert not log_statistics(empty).has_start_times
    assert any("start column “begun” is empty" in note for note in empty.notes)


def test_ambiguous_dates_are_asked_and_the_answer_is_used() -> None:
    data = csv_log([("1", "A", "9.3.10 8:05"), ("1", "B", "10.3.10 8:05")])
    with pytest.raises(AmbiguousDates, match="day first or month first") as asked:
        read(data)
    assert asked.value.where == "time"
    for day_first, month in ((True, 3), (False, 9)):
        mapping = LogMapping(case="case", activity="activity", end="time", day_first=day_first)
        assert read(data, mapping).frame["end"][0].month == month


def test_a_column_that_decides_the_order_of_day_and_month_is_not_asked() -> None:
    raw = read(csv_log([("1", "A", "9.3.10 8:05"), ("1", "B", "23.3.10 8:05")]))
    assert [(time.day, time.month) for time in raw.frame["end"]] == [(9, 3), (23, 3)]


BAD = {
    "empty": (b"", "empty"),
    "blank": (b"\n\n  \n", "empty"),
    "only separators": (b",,\n,,\n", "no rows"),
    "header only": (b"case,activity,time\n", "no rows below"),
    "one column": (b"hello\nworld\n", "No separator"),
    "no header": (f"1,Register,{at(0)}\n1,Check,{at(1)}\n".encode(), "first line seems to hold data"),
    "no times": (csv_log([("1", "A", "x"), ("1", "B", "y")]), "No row has a time"),
    "no cases": (csv_log([("", "A", at(0)), ("", "B", at(1))]), "No row has a case"),
    "one row a case": (csv_log([("1", "A", at(0)), ("2", "A", at(1))]), "one row a case"),
    "wider rows": (b"case,activity,time\n1,A,2024-01-01,x\n1,B,2024-01-02,y\n", "rows have 4"),
    "missing column": (csv_log(EVENTS, "case,step,time"), "no column “activity”"),
    "too many columns": (b",".join(b"c%d" % n for n in range(100_000)) + b"\n", "columns or more; at most 2000"),
    "later encoding": (csv_log([("1", "A", at(0))] * 12_000) + b"1,\xff\xfe\xe9,2024-01-01\n", "does not stay so"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_a_sentence_and_advice(name: str) -> None:
    data, words = BAD[name]
    with pytest.raises(LogError, match=words) as refused:
        read(data)
    assert refused.value.advice.endswith((".", "?"))
    assert refused.value.sentence.endswith(refused.value.advice)


def test_a_gzip_bomb_stops_at_the_cap() -> None:
    bomb = csv_log(EVENTS) + b"1,A,2024-01-01 10:00:00\n" * 2_000_000
    with pytest.raises(LogError, match="larger than"):
        read(bomb, packed=True, limits=LogLimits(inflated_bytes=8_000_000))


def test_a_truncated_gzip_says_after_which_byte() -> None:
    whole = stream(csv_log(EVENTS * 5_000), packed=True).getvalue()
    with pytest.raises(LogError, match="damaged or ends too early: it could be read up to byte"):
        read_csv(stream(whole[: len(whole) // 2]), MAPPING)


def test_more_rows_than_allowed_are_refused() -> None:
    with pytest.raises(LogError, match="more than 3 rows, the most that is read"):
        read(csv_log(EVENTS), limits=LogLimits(events=3))


def test_a_row_that_ends_before_it_starts_loses_its_start_and_is_named() -> None:
    header = "case,activity,begun,time"
    mapping = LogMapping(case="case", activity="activity", start="begun", end="time")
    raw = read(csv_log([("1", "A", at(9), at(0)), ("1", "B", at(10), at(12))], header), mapping)
    assert raw.frame["start"].isna().tolist() == [True, False]
    assert "1 rows end before they start (rows 2): their start is left out." in raw.notes
