"""Tables that are broken, far too long or cunningly named: refused with the line and what to do, or read unmixed."""

import gzip
import random

import pytest

from planner.domain.event_log.csv_log import read_csv
from planner.domain.event_log.csv_shape import sample_csv
from planner.domain.event_log.eventlog import LogError, RawLog
from planner.domain.event_log.intake import preview_log
from planner.domain.event_log.mapping import LogMapping
from planner.domain.event_log.streams import LogLimits, Unpacked
from tests.planner.logs import at, csv_log, stream

MAPPING = LogMapping(case="case", activity="activity", end="time")
MANY = [(str(n // 3), ("Register", "Check", "Ship")[n % 3], at(n)) for n in range(12_000)]
LONG = csv_log(MANY).decode()


def read(data: bytes) -> RawLog:
    return read_csv(stream(data), MAPPING)


def test_a_name_made_unique_never_meets_a_name_that_is_there() -> None:
    data = csv_log([("1", "A", at(0), "x", "y", "z")] * 2, "case,activity,time,a,a (6),a")
    columns = sample_csv(data, whole=True).shape.columns
    assert columns[3:] == ("a", "a (6)", "a (7)")
    assert len(preview_log(stream(data)).columns) == 6


@pytest.mark.parametrize("cell", ["x" * 140_000, '"' + "never closed\n" * 12_000])
def test_a_cell_without_an_end_is_refused_with_its_line(cell: str) -> None:
    data = csv_log([("1", "A", at(0)), ("1", cell, at(1))])
    with pytest.raises(LogError, match="at line 3 is too long") as refused:
        preview_log(stream(data))
    assert "quotation mark" in refused.value.sentence


def test_a_quotation_mark_never_closed_far_down_is_refused_near_its_row() -> None:
    data = (LONG + '1,"Check,' + "no end, \n" * 1_000_000).encode()
    with pytest.raises(LogError, match="or below is too long") as refused:
        read(data)
    assert "straddling" not in refused.value.sentence


BROKEN = {
    "windows": LONG.replace("Register", "Prüfen").encode("cp1252") + b"1,Ch\x81eck,x\n",
    "utf-8": LONG.encode() + "1,Prüfen,x\n".encode("cp1252"),
    "utf-16": LONG.encode("utf-16") + "1,Ch\ud800eck,x\n".encode("utf-16-le", "surrogatepass"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_letter_that_cannot_be_read_is_refused_with_its_line(name: str) -> None:
    with pytest.raises(LogError, match="Line 12002 cannot be read as text") as refused:
        read(BROKEN[name])
    assert refused.value.where == "line 12002"
    assert "UTF-8" in refused.value.advice


def test_half_a_character_is_refused_at_the_first_look() -> None:
    data = csv_log(MANY[:9]).decode().encode("utf-16") + "1,\ud800,x\n".encode("utf-16-le", "surrogatepass")
    with pytest.raises(LogError, match="Line 11 cannot be read"):
        preview_log(stream(data))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_zero_character_is_refused_with_its_line(encoding: str) -> None:
    with pytest.raises(LogError, match="Line 12002 holds a zero character"):
        read((LONG + "1,Ch\x00eck,x\n").encode(encoding))
    if encoding == "utf-16":
        with pytest.raises(LogError, match="Line 3 holds a zero character"):
            preview_log(stream(f"case,activity,time\n1,A,{at(0)}\n1,\x00,{at(1)}\n".encode(encoding)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_characters_cut_by_the_pieces_of_a_file_are_read_whole(encoding: str) -> None:
    rows = [(case, "ü" * random.Random(place).randint(1, 60), time) for place, (case, _, time) in enumerate(MANY)]
    assert list(read(csv_log(rows).decode().encode(encoding)).frame["activity"]) == [name for _, name, _ in rows]


def test_two_columns_of_one_name_after_their_prefix_are_both_kept_and_it_is_said() -> None:
    rows = [(str(n // 2), "A", at(n), "red", "blue") for n in range(8)]
    raw = read(csv_log(rows, "case,activity,time,case:x,x"))
    assert set(raw.frame["case:x"]) == {"red"}
    assert set(raw.frame["case:x (2)"]) == {"blue"}
    assert "“x” is read as “x (2)”" in " ".join(raw.notes)


def test_a_gzip_file_of_very_many_parts_is_refused() -> None:
    packed = gzip.compress(b"") * 50 + gzip.compress(csv_log(MANY[:9]))
    assert Unpacked(stream(packed), limits=LogLimits()).read() == csv_log(MANY[:9])
    with pytest.raises(LogError, match="more than 50 parts"):
        Unpacked(stream(packed), limits=LogLimits(members=50)).read()


def test_parts_of_a_gzip_file_are_joined_wherever_they_end() -> None:
    for size in range(262_100, 262_160):
        noise = random.Random(size).randbytes(size)
        packed = gzip.compress(noise, 0) + gzip.compress(b"the end")
        assert Unpacked(stream(packed), limits=LogLimits()).read() == noise + b"the end"
