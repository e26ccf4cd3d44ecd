"""Attributes of a log are told by kind, how full, their values, whether they change and since when they are known."""

from typing import Any

import pytest

from planner.domain.event_log.attribute_profile import AttributeKind, AttributeProfile, attribute_profiles
from planner.domain.event_log.csv_log import read_csv
from planner.domain.event_log.eventlog import pair_instances
from planner.domain.event_log.mapping import LogMapping
from tests.planner.logs import at, csv_log, stream

HEADER = "case,activity,time,amount,urgent,due,channel,number,remark,late,digits"
CASES, STEPS = 40, 3


def row(case: int, step: int) -> tuple[str, ...]:
    return (
        f"c{case}",
        "ABC"[step],
        at(10 * case + step),
        f"{case}.5",
        ("yes", "no")[case % 2],
        f"2024-05-{case % 28 + 1:02d}",
        ("web", "phone", "web")[(case + step) % 3],
        f"{100000 + case}",
        f"customer {case} said so",
        "" if step < 1 else f"{case % 4}",
        "9" * 5_000,
    )


def profiles() -> dict[str, AttributeProfile]:
    data = csv_log([row(case, step) for case in range(CASES) for step in range(STEPS)], HEADER)
    raw = read_csv(stream(data), LogMapping(case="case", activity="activity", end="time"))
    return {one.name: one for one in attribute_profiles(pair_instances(raw).frame)}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("amount", AttributeKind.NUMBER),
        ("urgent", AttributeKind.YES_NO),
        ("due", AttributeKind.DATE),
        ("channel", AttributeKind.CATEGORY),
        ("number", AttributeKind.IDENTIFIER),
        ("remark", AttributeKind.TEXT),
        ("late", AttributeKind.NUMBER),
        ("digits", AttributeKind.TEXT),
    ],
)
def test_kinds_are_told(name: str, kind: AttributeKind) -> None:
    assert profiles()[name].kind is kind


def test_numbers_dates_and_categories_have_their_measures() -> None:
    found = profiles()
    amount, due, channel = found["amount"], found["due"], found["channel"]
    assert (amount.low, amount.high, amount.mean) == (0.5, 39.5, 20)
    assert (due.earliest, due.latest) == ("2024-05-01", "2024-05-28")
    assert channel.top == (("web", 80), ("phone", 40))
    assert (channel.of_case, channel.changes, amount.of_case, amount.changes) == (False, True, True, False)


def test_how_full_and_since_which_step_is_told() -> None:
    late = profiles()["late"]
    assert (late.filled, late.known_from, late.distinct) == (round(2 / 3, 4), 2, 4)
    assert profiles()["amount"].known_from == 1


def test_a_column_that_is_empty_is_told_as_such() -> None:
    data = csv_log([("1", "A", at(0), ""), ("1", "B", at(1), "")], "case,activity,time,nothing")
    raw = read_csv(stream(data), LogMapping(case="case", activity="activity", end="time"))
    found: Any = attribute_profiles(pair_instances(raw).frame)[0]
    assert (found.filled, found.distinct, found.known_from, found.changes) == (0, 0, None, False)
