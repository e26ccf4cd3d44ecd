"""The columns of a table are guessed by name and content, and a choice that cannot work is refused."""

import pytest

from planner.domain.event_log.column_guess import MappingGuess, guess_mapping
from planner.domain.event_log.csv_shape import sample_csv
from planner.domain.event_log.eventlog import LogError
from planner.domain.event_log.mapping import LogMapping, Role
from tests.planner.logs import at, csv_log

ROWS = [(f"{n // 3}", ("Register", "Check", "Pay")[n % 3], at(9 * n), at(9 * n + 4), f"U{n % 4}") for n in range(30)]


def guess(header: str, rows: list[tuple[str, ...]] | None = None) -> MappingGuess:
    return guess_mapping(sample_csv(csv_log(rows or ROWS, header), whole=True).rows)


@pytest.mark.parametrize(
    "header",
    [
        "case_id,activity,start_timestamp,time:timestamp,org:resource",
        "Case ID,Activity,Start Date,Complete Timestamp,Agent",
        "case:concept:name,concept:name,start_time,end_time,Resource",
        "Service ID,Operation,start_timestamp,end_time,Resource",
    ],
)
def test_usual_names_are_recognised(header: str) -> None:
    found = guess(header)
    names = header.split(",")
    wanted = (Role.CASE, Role.ACTIVITY, Role.START, Role.END, Role.RESOURCE)
    assert [found.column_for(role) for role in wanted] == names
    assert all(column.certainty > 0.4 for column in found.columns)


def test_a_date_of_the_case_is_not_taken_for_a_start() -> None:
    rows = [(case, name, "2024-01-01", end, who) for case, name, _, end, who in ROWS]
    found = guess("case_id,activity,case start date,timestamp,user", rows)
    assert found.column_for(Role.START) == ""
    assert found.column_for(Role.END) == "timestamp"


def test_a_lone_start_column_is_the_time() -> None:
    assert guess("case,activity,start", [row[:3] for row in ROWS]).column_for(Role.END) == "start"


def test_a_lifecycle_column_needs_the_words_of_one() -> None:
    rows = [(*row[:3], ("start", "complete")[n % 2]) for n, row in enumerate(ROWS)]
    assert guess("case,activity,time,lifecycle:transition", rows).column_for(Role.LIFECYCLE) == "lifecycle:transition"
    other = [(*row[:3], "x") for row in ROWS]
    assert guess("case,activity,time,transition", other).column_for(Role.LIFECYCLE) == ""


def test_a_wide_table_is_recognised() -> None:
    rows = [(f"{n}", at(n), at(n + 5), at(n + 9)) for n in range(20)]
    assert guess("order id,registered,approved,paid", rows).wide
    assert not guess("case,activity,start,end,user").wide


def test_what_is_missing_is_said_in_words() -> None:
    found = guess("case,activity,remark", [(case, name, "x") for case, name, *_ in ROWS])
    assert found.missing == ("the time",)
    with pytest.raises(LogError, match="No column is chosen for the time"):
        found.mapping()


def test_a_choice_that_is_not_in_the_file_or_made_twice_is_refused() -> None:
    with pytest.raises(LogError, match="no column “when”.*") as missing:
        LogMapping(case="case", activity="activity", end="when").check(["case", "activity", "time"])
    assert "“time”" in missing.value.advice
    with pytest.raises(LogError, match="chosen twice"):
        LogMapping(case="case", activity="case", end="time").check(["case", "activity", "time"])


def test_a_choice_survives_being_stored() -> None:
    mapping = LogMapping(case="a", activity="b", end="c", day_first=True, ignored=("x",))
    assert LogMapping.from_dict(mapping.as_dict()) == mapping
