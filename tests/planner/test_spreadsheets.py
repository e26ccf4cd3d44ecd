"""Logs in spreadsheets are read by the rows the sheet shows; what would fill the machine is refused unopened."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain.event_log.eventlog import LogError, RawLog
from planner.domain.event_log.intake import preview_log, read_log
from planner.domain.event_log.mapping import LogMapping
from tests.planner.logs import stream
from tests.planner.workbooks import Cell, sheet_xml, workbook, zipped

HEADER: list[Cell] = ["case", "activity", "time"]
DAY = 45352.0
"""1 March 2024 as a spreadsheet counts it."""
ROWS: list[list[Cell]] = [["1", "Register", DAY + 0.25], ["1", "Check", DAY + 0.5], ["NA", "Register", DAY + 0.75]]
EVENTS = dict(enumerate([HEADER, *ROWS], start=1))
MAPPING = LogMapping(case="case", activity="activity", end="time")


def read(data: bytes, mapping: LogMapping | None = MAPPING) -> RawLog:
    return read_log(stream(data), mapping)


@pytest.mark.parametrize("dates", [(2,), ()], ids=["formatted as dates", "bare numbers"])
@pytest.mark.parametrize(("year", "shift"), [(1900, 0), (1904, 1462)])
def test_dates_are_read_however_the_workbook_counts_its_days(dates: tuple[int, ...], year: int, shift: int) -> None:
    rows = {
        number: [*cells[:2], cells[2] if isinstance(cells[2], str) else (cells[2] or 0) - shift]
        for number, cells in EVENTS.items()
    }
    raw = read(workbook({"Log": sheet_xml(rows, dates)}, year=year))
    assert [time.isoformat() for time in raw.frame["end"]] == [
        "2024-03-01T06:00:00+00:00",
        "2024-03-01T12:00:00+00:00",
        "2024-03-01T18:00:00+00:00",
    ]
    assert list(raw.frame["case"]) == ["1", "1", "NA"]


def test_a_table_below_a_title_keeps_the_numbers_of_the_sheet() -> None:
    rows: dict[int, list[Cell]] = {2: ["Export of March"], 5: HEADER, 6: ROWS[0], 7: ["1", "", DAY], 8: ["", "", None]}
    rows |= {9: ROWS[1], 11: ["2", "Check", "soon"], 12: ROWS[2]}
    raw = read(workbook({"Log": sheet_xml(rows, (2,), left=1)}))
    assert list(raw.frame["row"]) == [6, 9, 12]
    assert raw.rejected[["row", "reason", "cell"]].values.tolist() == [
        [7, "No activity", ""],
        [11, "No time, or one that cannot be read", "soon"],
    ]


def test_of_several_sheets_the_first_with_a_table_is_taken_and_another_can_be_chosen() -> None:
    other = {1: HEADER, 2: ["9", "Ship", DAY], 3: ["9", "Pay", DAY + 1]}
    data = workbook(
        {"Cover": sheet_xml({3: ["Hello"]}), "March": sheet_xml(EVENTS, (2,)), "April": sheet_xml(other, (2,))}
    )
    preview = preview_log(stream(data))
    assert (preview.format, preview.sheet, preview.sheets) == ("xlsx", "March", ("Cover", "March", "April"))
    assert preview.zoneless
    assert preview.rows[0] == {"case": "1", "activity": "Register", "end": "2024-03-01 06:00:00 UTC"}
    assert set(read(data, LogMapping(case="case", activity="activity", end="time", sheet="April")).frame["case"]) == {
        "9"
    }
    with pytest.raises(LogError, match="no sheet “May”"):
        preview_log(stream(data), reading=LogMapping(sheet="May"))


def far(place: str) -> str:
    return sheet_xml(EVENTS).replace(
        "</sheetData>", f'<row r="1048576"><c r="{place}1048576"><v>1</v></c></row></sheetData>'
    )


LONG = "x" * 32_000
STRINGS = f"<sst><si><t>{LONG}</t></si></sst>".encode()
NAMED_OFTEN = "<worksheet><sheetData>" + '<row><c t="s"><v>0</v></c></row>' * 100_000 + "</sheetData></worksheet>"
BAD = {
    "a cell far out": (workbook({"Log": far("XFD")}), "more than 20\u202f000\u202f000 cells"),
    "a column of no sheet": (workbook({"Log": far("XXXXX")}), "names a column"),
    "one text named often": (
        workbook({"Log": NAMED_OFTEN}, more={"xl/sharedStrings.xml": STRINGS}),
        "texts take more than 2 GB",
    ),
    "a DOCTYPE nothing needs": (
        workbook({"Log": "<!DOCTYPE worksheet []>" + sheet_xml(EVENTS)}),
        "holds a DOCTYPE or entities",
    ),
    "no table": (workbook({"Log": sheet_xml({1: ["Hello"]})}), "No sheet of this file holds a table"),
    "header only": (workbook({"Log": sheet_xml({1: HEADER})}), "no rows below"),
    "not a workbook inside": (zipped({"xl/workbook.xml": b"rubbish"}), "damaged archive"),
    "a DOCTYPE in the relations": (
        workbook({"Log": sheet_xml(EVENTS)}, more={"xl/worksheets/_rels/sheet1.xml.rels": b"<!DOCTYPE x []><x/>"}),
        "holds a DOCTYPE or entities",
    ),
    "wide letters": (workbook({"Log": sheet_xml(EVENTS).encode("utf-16").decode("latin-1")}), "."),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_workbook_is_refused_with_a_sentence(name: str) -> None:
    data, words = BAD[name]
    with pytest.raises(LogError, match=words) as refused:
        read(data)
    assert refused.value.advice


@given(st.data())
@settings(max_examples=60)
def test_damaged_workbooks_end_in_a_sentence_never_in_a_crash(data: st.DataObject) -> None:
    sheet = bytearray(sheet_xml(EVENTS, (2,)).encode())
    for _ in range(data.draw(st.integers(1, 6))):
        sheet[data.draw(st.integers(0, len(sheet) - 1))] = data.draw(st.integers(0, 255))
    whole = bytearray(workbook({"Log": ""}, more={"xl/worksheets/sheet1.xml": bytes(sheet)}))
    for _ in range(data.draw(st.integers(0, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(LogError):
        assert len(read(bytes(whole)).frame)
