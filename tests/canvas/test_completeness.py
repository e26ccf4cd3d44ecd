"""Full, to sharpen, gap: a field that steers code is full only once it holds a value."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canvas.domain.blocks import BLOCKS, DORARD, ML_OPS, field_of
from canvas.domain.completeness import State, completeness, field_state, is_adjective
from canvas.domain.fields import Kind
from canvas.domain.values import UnusableValue, text_of, value_of

PATHS = [(block.key, field.key) for block in BLOCKS.values() for field in block.fields]


def filled(**fields: Any) -> dict[str, dict[str, dict[str, Any]]]:
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for path, value in fields.items():
        block, key = path.split("__")
        found.setdefault(block, {})[key] = {"value": value, "source": "test"}
    return found


@pytest.mark.parametrize(
    ("path", "adjective", "value"),
    [
        ("impact_simulation.test_set", "recent claims", "October to December 2025, 9 200 claims"),
        ("making_predictions.latency_budget_ms", "fast", "200"),
        ("making_predictions.schedule", "regularly", "every night at two"),
        ("monitoring.alert_thresholds", "when quality drops", "recall < 0.55, data team"),
        ("impact_simulation.minimum_acceptable", "good enough", "recall ≥ 62 % at 5 % false alarms"),
        ("prediction_task.wait_time", "soon", "62 days"),
        ("building_models.retrain_trigger", "when it gets worse", "every quarter"),
        ("data_collection.holdout_share", "a few", "2 %"),
        ("value_proposition.benefit", "saves a lot of time", "8 minutes a case"),
        ("decisions.action", "tbd", "the claim is held"),
    ],
)
def test_an_adjective_is_kept_and_named_until_a_value_stands_there(path: str, adjective: str, value: str) -> None:
    field = field_of(*path.split("."))
    assert is_adjective(field, value_of(field, adjective))
    assert not is_adjective(field, value_of(field, value))


def test_an_empty_canvas_has_ten_blocks_of_gaps() -> None:
    found = completeness({})
    assert (found.full_blocks, len(found.blocks), found.filled) == (0, 10, 0)
    assert len(found.gaps) == len(found.fields)


def test_a_block_says_what_it_lacks() -> None:
    found = completeness(filled(making_predictions__mode="real_time", making_predictions__latency_budget_ms="fast"))
    assert found.of("making_predictions").words == "1 gap, 1 to sharpen"
    assert found.of("data_sources").words == "1 gap"


def test_a_schedule_is_asked_of_batches_and_a_latency_of_real_time() -> None:
    batch, live = (filled(making_predictions__mode=mode) for mode in ("batch", "real_time"))
    schedule, latency = (field_of("making_predictions", key) for key in ("schedule", "latency_budget_ms"))
    assert field_state("making_predictions", schedule, live).state is State.UNUSED
    assert field_state("making_predictions", latency, batch).state is State.UNUSED
    assert field_state("making_predictions", schedule, batch).state is State.GAP


def test_the_two_orders_of_filling_begin_with_value_and_end_with_monitoring() -> None:
    for order in (DORARD, ML_OPS):
        assert (order[0].key, order[-1].key) == ("value_proposition", "monitoring")
        assert {block.key for block in order} == set(BLOCKS)
    assert completeness(filled()).next_in(ML_OPS) == completeness({}).next_in(DORARD)


@given(st.sampled_from(PATHS), st.text(max_size=60))
def test_filling_a_field_never_makes_the_canvas_less_full(path: tuple[str, str], text: str) -> None:
    try:
        value = value_of(field_of(*path), text)
    except UnusableValue:
        return
    if path in {("prediction_task", "task_type"), ("making_predictions", "mode")}:
        return
    before, after = completeness({}), completeness({path[0]: {path[1]: {"value": value, "source": "test"}}})
    assert len(after.fields) == len(before.fields)
    assert after.filled >= before.filled
    assert after.filled + len(after.gaps) == len(after.fields)


@given(st.sampled_from(PATHS), st.text(max_size=80))
def test_any_text_is_kept_or_refused_with_a_sentence(path: tuple[str, str], text: str) -> None:
    field = field_of(*path)
    try:
        value = value_of(field, text)
    except UnusableValue as refused:
        value, sentence = None, str(refused)
        said = (sentence[-1], refused.where)
        assert said == (".", field.key)
    assert value_of(field, text_of(field, value)) == value


NUMBERS = st.floats(min_value=-1e9, max_value=1e9).map(lambda number: round(number, 4))


@given(NUMBERS)
def test_amounts_are_read_back_as_they_are_written(number: float) -> None:
    field = field_of("impact_simulation", "value_tp")
    assert value_of(field, text_of(field, value_of(field, number))) == pytest.approx(number, abs=1e-6)


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("decisions.threshold", "1.7"),
        ("decisions.threshold", 2),
        ("making_predictions.latency_budget_ms", "-5"),
        ("making_predictions.latency_budget_ms", "1,200"),
        ("making_predictions.mode", "sometimes"),
        ("data_collection.holdout_share", "150 %"),
        ("building_models.model_count", "2.5"),
        ("building_models.model_count", True),
        ("prediction_task.wait_time", "-3 days"),
        ("features.features", "a | b | c | d | e"),
        ("features.features", " | number"),
        ("features.features", "\n".join(f"f{n}" for n in range(301))),
        ("value_proposition.end_user", "x" * 301),
        ("value_proposition.end_user", {"a": 1}),
        ("monitoring.alert_thresholds", [{"metric": "recall"}]),
    ],
    ids=str,
)
def test_a_value_that_cannot_be_is_refused(path: str, given: Any) -> None:
    with pytest.raises(UnusableValue):
        value_of(field_of(*path.split(".")), given)


def test_typed_values_are_the_same_typed_and_sent() -> None:
    rows = field_of("data_sources", "sources")
    assert value_of(rows, "Log | event log | s3") == value_of(
        rows, [{"name": "Log", "type": "event log", "location": "s3"}]
    )
    limits = field_of("impact_simulation", "minimum_acceptable")
    sent = [{"metric": "recall", "comparison": ">=", "value": 0.62}]
    assert value_of(limits, "recall at least 62 %") == value_of(limits, sent)
    duration = field_of("prediction_task", "wait_time")
    assert value_of(duration, "62 days") == value_of(duration, {"amount": 62, "unit": "days"})


def test_every_kind_of_field_is_on_the_sheet() -> None:
    assert {field.kind for block in BLOCKS.values() for field in block.fields} == set(Kind)
