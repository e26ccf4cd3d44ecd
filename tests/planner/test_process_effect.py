"""Automating tasks moves a whole case: nothing chosen changes nothing, less rework lessens the loop, tokens agree."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from planner.domain.process_graph.case_flow import case_flow, visits_of
from planner.domain.process_graph.node import NodeKind, TaskFlow, TaskNode
from planner.domain.process_graph.process_effect import Automation, Worked, process_effect
from planner.domain.process_graph.ways_back import repeated_tasks, ways_back, with_fewer_repeats
from planner.domain.valuation.assumptions import INPUTS, Case, Setting
from planner.domain.valuation.automation import modelled_work, repeats_removed
from planner.domain.valuation.valuation import value_case
from tests.planner.structured import structured_graphs
from tests.planner.test_flow_against_tokens import WIDE, off, simulated

SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
WORKED = {"triage": Worked(6.0, 2.0, 40.0), "ask": Worked(9.0, 48.0, 30.0), "pay": Worked(2.0, None, 30.0)}


def asking(back: float = 0.25) -> tuple[tuple[TaskNode, ...], tuple[TaskFlow, ...]]:
    """Triage; a share asks for documents and comes back; then pay."""
    names = {"triage": "Triage", "ask": "Ask", "pay": "Pay"}
    nodes = (TaskNode("s", "", NodeKind.START), *(TaskNode(key, name) for key, name in names.items()))
    flows = [("s", "triage", None), ("triage", "ask", back), ("triage", "pay", None), ("ask", "triage", None)]
    return nodes, tuple(TaskFlow(a, b, probability=share) for a, b, share in flows)


def tasks_of(nodes: tuple[TaskNode, ...]) -> list[str]:
    return [node.key for node in nodes if node.kind is NodeKind.TASK]


def test_a_model_that_asks_less_often_by_hand() -> None:
    """60 % of the repeats go: 0.1 of triages ask, 1 ÷ 0.9 visits; minutes 0.5 · 6 + 0.5 · 2 = 4."""
    nodes, flows = asking()
    found = process_effect(nodes, flows, WORKED, {"triage": Automation(2.0, 1.0, 0.5, 0.6)}, 900.0)
    triage, ask, pay = found.tasks
    assert (triage.visits_before, triage.visits_after) == pytest.approx((4 / 3, 1 / 0.9))
    assert (ask.visits_before, ask.visits_after) == pytest.approx((1 / 3, 0.1 / 0.9))
    assert (pay.visits_before, pay.visits_after) == pytest.approx((1.0, 1.0))
    assert (ask.volume_before, ask.volume_after) == pytest.approx((300.0, 100.0))
    assert triage.minutes_after == 4.0
    assert found.before.minutes == pytest.approx(4 / 3 * 6 + 9 / 3 + 2)
    assert found.after.minutes == pytest.approx((4 + 0.9 + 1.8) / 0.9)
    assert found.after.cost == pytest.approx((4 / 60 * 40 + 0.9 / 60 * 30 + 1.8 / 60 * 30) / 0.9)
    assert found.after.cost_a_year == pytest.approx(900 * found.after.cost)
    assert found.before.elapsed == pytest.approx(4 / 3 * 2.1 + 48.15 / 3 + 2 / 60)
    assert found.after.elapsed == pytest.approx((1.5 + 4 / 60 + 4.815) / 0.9 + 2 / 60)


def test_a_measured_volume_is_moved_by_the_ratio_of_the_equations() -> None:
    nodes, flows = asking()
    worked = {**WORKED, "ask": Worked(9.0, 48.0, 30.0, volume=600.0)}
    ask = process_effect(nodes, flows, worked, {"triage": Automation(6.0, 0.0, 1.0, 0.6)}, 900.0).tasks[1]
    assert (ask.volume_before, ask.volume_after, ask.visits_before) == pytest.approx((600.0, 200.0, 2 / 3))


def test_minutes_saved_are_the_labour_of_the_estimate() -> None:
    """At the last year's adoption, before the share of freed minutes that is used."""
    texts = {"volume": "900 to 1100", "minutes_before": "8 to 12", "minutes_exception": "0.5", "minutes_review": "11"}
    texts |= {"coverage": "50 % to 80 %", "wage": "38", "recapture": "60 %"}
    case = Case.of(Setting(3, (0.5, 0.9)), {key: INPUTS[key].read(text) for key, text in texts.items()})
    means = case.means
    worked = {"a": Worked(means["minutes_before"], None, means["wage"], means["volume"])}
    left = modelled_work(case)
    model = Automation(left.minutes, left.waiting, left.adoption)
    found = process_effect([TaskNode("a", "A")], [], worked, {"a": model}, 1000.0)
    labour = float(value_case(case, means).amount("labour"))
    assert found.before.cost_a_year - found.after.cost_a_year == pytest.approx(0.9 * labour / 0.6)


def test_the_share_of_repeats_follows_the_errors() -> None:
    texts = {"coverage": "50 %", "error_today": "4 %", "error_model": "1 %"}
    case = Case.of(Setting(1, (0.8,)), {key: INPUTS[key].read(text) for key, text in texts.items()})
    assert repeats_removed(case) == pytest.approx(0.8 * 0.5 * 0.75)
    worse = Case.of(Setting(1), {key: INPUTS[key].read(text) for key, text in (texts | {"error_model": "9 %"}).items()})
    assert repeats_removed(worse) == 0.0
    assert repeats_removed(Case.of(Setting(1), {"coverage": INPUTS["coverage"].read("50 %")})) is None


def test_where_the_decision_to_send_back_falls() -> None:
    """An answer that hardly ever ends the case: asking is lessened, not coming back. A genuine check is lessened."""
    nodes, flows = asking()
    left = (*flows[:3], TaskFlow("ask", "triage", probability=0.95))
    assert ways_back(nodes, left, ["triage"])["triage"] == {("triage", "ask")}
    checked = (TaskFlow("triage", "ask"), TaskFlow("ask", "triage", probability=0.3), TaskFlow("ask", "pay"))
    assert ways_back(nodes, checked, ["triage", "pay"]) == {"triage": {("ask", "triage")}, "pay": frozenset()}


def test_a_loop_around_a_sub_process_repeats_what_is_inside() -> None:
    nodes = (TaskNode("a", "A"), TaskNode("p", "P", NodeKind.SUBPROCESS), TaskNode("in", "In", parent="p"))
    flows = (TaskFlow("a", "p"), TaskFlow("p", "a", probability=0.2))
    assert ways_back(nodes, flows, ["in"])["in"] == {("p", "a")}
    changed, _ = with_fewer_repeats(nodes, flows, {"in": 1.0})
    assert visits_of(nodes, changed)["in"] == pytest.approx(1.0)


def test_a_task_that_repeats_itself_and_a_branch_of_a_parallel_block() -> None:
    nodes = (TaskNode("a", "A"), TaskNode("b", "B"), TaskNode("+", "", NodeKind.PARALLEL))
    flows = (TaskFlow("a", "a", probability=0.5), TaskFlow("a", "+"), TaskFlow("+", "b"), TaskFlow("+", "a"))
    assert ways_back(nodes[:2], flows[:1], ["a"])["a"] == {("a", "a")}
    assert ("+", "a") not in ways_back(nodes, flows, ["a"])["a"]


def test_two_tasks_in_either_order_are_no_rework_where_the_log_says_so() -> None:
    """Half begin with one, half with the other; nobody does one twice, and automating both sends nobody past either."""
    names = ("policy", "damage")
    nodes = (
        TaskNode("s", "", NodeKind.START),
        *(TaskNode(key, key, rework_share=0.0) for key in names),
        TaskNode("e", "E"),
    )
    flows = [("s", "policy", 0.5), ("s", "damage", 0.5), ("policy", "damage", 0.5), ("policy", "e", 0.5)]
    flows += [("damage", "policy", 0.5), ("damage", "e", 0.5)]
    drawn = [TaskFlow(a, b, probability=share) for a, b, share in flows]
    model = Automation(1.0, 0.0, 1.0, 1.0)
    found = process_effect(nodes, drawn, {}, dict.fromkeys(names, model))
    assert found.changes == () or all(each.before == each.after for each in found.changes)
    assert [each.visits_after for each in found.tasks] == pytest.approx([each.visits_before for each in found.tasks])


def test_no_more_repeats_disappear_than_the_log_has_measured() -> None:
    """A tenth of visits to triage repeat it in the log, a quarter in the graph: two fifths of the flow back can go."""
    nodes, flows = asking()
    measured = tuple(replace(node, rework_share=0.1) if node.key == "triage" else node for node in nodes)
    found = process_effect(measured, flows, WORKED, {"triage": Automation(2.0, 0.0, 1.0, 1.0)})
    assert found.changes[0].after == pytest.approx(0.25 * 0.6)


@SLOW
@given(structured_graphs())
def test_nothing_chosen_changes_nothing(graph) -> None:
    nodes, flows = graph
    worked = {key: Worked(5.0, 1.0, 30.0) for key in tasks_of(nodes)}
    found = process_effect(nodes, flows, worked, {})
    assert found.flows == tuple(flows)
    assert found.before == found.after
    assert not any(each.changes for each in found.tasks)


@SLOW
@given(structured_graphs(), st.data())
def test_less_rework_never_means_more_visits_and_none_without_repeats(graph, data) -> None:
    nodes, flows = graph
    key = data.draw(st.sampled_from(tasks_of(nodes)))
    shares = sorted(data.draw(st.tuples(st.floats(0, 1), st.floats(0, 1))))
    before, less, least = (
        visits_of(nodes, with_fewer_repeats(nodes, flows, {key: share})[0]) for share in (0.0, *shares)
    )
    for each in before:
        assert least[each] <= less[each] + 1e-9
        assert less[each] <= before[each] + 1e-9
    if not ways_back(nodes, flows, [key])[key]:
        assert least == pytest.approx(before)


@SLOW
@given(structured_graphs())
def test_a_task_with_rework_is_one_that_a_flow_leads_back_over(graph) -> None:
    nodes, flows = graph
    found, repeated = case_flow(nodes, flows), repeated_tasks(nodes, flows)
    for key in tasks_of(nodes):
        assert (key in repeated) == ((found.rework(key) or 0.0) > 1e-9), key
    assert {key for key, ways in ways_back(nodes, flows, tasks_of(nodes)).items() if ways} <= repeated


@SLOW
@given(structured_graphs(), st.data(), st.integers(0, 2**32 - 1))
def test_simulated_tokens_of_the_changed_graph_make_as_many_visits(graph, data, seed: int) -> None:
    nodes, flows = graph
    keys = tasks_of(nodes)
    chosen = data.draw(st.lists(st.sampled_from(keys), min_size=1, max_size=3, unique=True))
    automations = {key: Automation(1.0, 0.5, 1.0, data.draw(st.sampled_from([0.25, 0.5, 1.0]))) for key in chosen}
    found = process_effect(nodes, flows, {key: Worked(5.0, 1.0, 30.0) for key in keys}, automations)
    assume(found.changes)
    counted = simulated(nodes, found.flows, seed)
    for each in found.tasks:
        assert off(counted[each.key], each.visits_after) < WIDE, each.key
    minutes = sum(counted[key] * (1.0 if key in automations else 5.0) for key in keys)
    assert off(np.asarray(minutes), found.after.minutes) < WIDE
