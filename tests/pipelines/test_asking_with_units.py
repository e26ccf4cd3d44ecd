"""The form that asks a model about a case: numbers with their unit, lists where an input is one of few values."""

from typing import Any

import pytest
from django.http import QueryDict

from pipelines.forms import AskForm

INPUTS = [
    {"name": "amount", "kind": "number", "title": "Claimed", "unit": "EUR", "choices": []},
    {"name": "age", "kind": "number", "title": "Age", "unit": "hours", "choices": []},
    {"name": "branch", "kind": "category", "title": "Branch", "unit": "", "choices": ["north", "south"]},
    {"name": "fast", "kind": "flag", "title": "Fast"},
    {"name": "note", "kind": "category", "title": "Note"},
]


def asked(**values: str) -> AskForm:
    given = QueryDict(mutable=True)
    for place, one in enumerate(INPUTS):
        given[f"input-{place}"] = values.get(str(one["name"]), "")
    return AskForm(given, signature={"inputs": INPUTS, "example": {}})


def test_units_stand_beside_numbers_and_may_be_written() -> None:
    form = asked(amount="1 250.5 EUR", age="90 min", branch="south", fast="false", note=" x ")
    assert form.is_valid(), form.errors
    assert form.row() == {"amount": 1250.5, "age": 1.5, "branch": "south", "fast": False, "note": " x "}
    units = {field.label: unit for field, unit in form.units()}
    assert (units["Claimed"], units["Age"], units["Branch"]) == ("EUR", "hours", "")
    assert "<select" in str(form["input-2"])


def test_what_is_left_empty_is_not_known() -> None:
    form = asked()
    assert form.is_valid(), form.errors
    assert form.row() == dict.fromkeys(["amount", "age", "branch", "fast", "note"])


@pytest.mark.parametrize(
    ("wrong", "place"),
    [({"amount": "12 USD"}, 0), ({"amount": "1 to 2"}, 0), ({"age": "soon"}, 1), ({"branch": "west"}, 2)],
)
def test_what_is_no_such_value_is_refused_beside_its_field(wrong: dict[str, Any], place: int) -> None:
    assert list(asked(**wrong).errors) == [f"input-{place}"]
