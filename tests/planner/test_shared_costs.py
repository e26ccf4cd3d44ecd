"""A cost that several tasks share is borne whole by each alone, and charged once when they are chosen together."""

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.domain.valuation.assumptions import Case, Setting
from planner.domain.valuation.distributions import Constant, Distribution, Normal, Uniform
from planner.domain.valuation.explanation import explain_npv
from planner.domain.valuation.outcome import valued_case
from planner.domain.valuation.portfolio import Bounds, Portfolio, portfolio_choose
from planner.domain.valuation.portfolio_candidates import Choices, choices_of
from planner.domain.valuation.shared_costs import SharedLine
from planner.domain.valuation.uncertainty import Simulation, simulate, tornado
from tests.planner.cases import COMMON

LABELS = SharedLine("labels", "One labelled data set", Uniform(60, 140), frozenset("ab"))


def simulated(key: str, margin: Distribution, shared: tuple[SharedLine, ...]) -> Simulation:
    inputs = {"margin": margin, "discovery": Constant(10.0), "person_days": Constant(3.0), "production": Constant(0.8)}
    return simulate(Case.of(Setting(1), inputs, shared), COMMON.of(key))


def two(margin: float = 90.0) -> Choices:
    unsure = Normal.interval(0.8 * margin, 1.2 * margin)
    return choices_of({key: simulated(key, unsure, (LABELS,)) for key in "ab"})


def test_alone_a_task_bears_it_whole_and_says_so() -> None:
    found = valued_case(simulated("a", Constant(90.0), (LABELS,)).case, COMMON.of("a"))
    without = valued_case(simulated("a", Constant(90.0), ()).case, COMMON.of("a"))
    assert found.summary.mean == pytest.approx(without.summary.mean - 100.0)
    assert found.summary.mean_once == pytest.approx(110.0)
    assert (found.borne_whole, without.borne_whole) == (("One labelled data set",), ())


def test_together_it_is_charged_once() -> None:
    best = portfolio_choose(two().candidates, Bounds(must=frozenset("ab")), two().shared)
    assert isinstance(best, Portfolio)
    assert best.shared == ("labels",)
    assert best.npv == pytest.approx(2 * (0.8 * 90.0 - 10.0) - 100.0)
    assert (best.once, best.person_days) == (pytest.approx(120.0), 6.0)


def test_two_tasks_neither_of_which_pays_alone_pay_together() -> None:
    choices = two()
    for key in "ab":
        alone = portfolio_choose(choices.candidates, Bounds(must_not=frozenset("ab") - {key}), choices.shared)
        assert isinstance(alone, Portfolio)
        assert alone.chosen == ()
    both = portfolio_choose(choices.candidates, Bounds(), choices.shared)
    assert isinstance(both, Portfolio)
    assert both.chosen == ("a", "b")


def test_the_chance_of_a_loss_counts_it_once() -> None:
    choices, both = two(), Portfolio(("a", "b"), 0.0, 0.0, 0.0, ("labels",))
    whole = {key: simulated(key, Normal.interval(72, 108), (LABELS,)).npv for key in "ab"}
    once = whole["a"] + whole["b"] + choices.shared_draws["labels"]
    assert choices.chance_of_loss(both) == float((once < 0).mean())
    assert choices.chance_of_loss(both) < float((whole["a"] + whole["b"] < 0).mean())


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(20, 200), st.frozensets(st.sampled_from("xyz"), max_size=2)), max_size=6))
def test_however_it_is_shared_no_set_of_tasks_is_worth_more(tasks: list[tuple[int, frozenset[str]]]) -> None:
    """Against every set of tasks, each cost counted once for it by hand."""
    keys = "abcdef"[: len(tasks)]
    owners = {name: frozenset(k for k, (_, n) in zip(keys, tasks, strict=True) if name in n) for name in "xyz"}
    lines = {name: SharedLine(name, name, Uniform(50, 70 + 20 * at), owners[name]) for at, name in enumerate("xyz")}
    found = {
        key: simulated(key, Constant(float(margin)), tuple(lines[name] for name in sorted(names)))
        for key, (margin, names) in zip(keys, tasks, strict=True)
    }
    choices = choices_of(found)
    best = portfolio_choose(choices.candidates, Bounds(), choices.shared)
    assert isinstance(best, Portfolio)
    assert best.npv == pytest.approx(max(by_hand(tasks, keys, lines, size) for size in range(len(keys) + 1)), abs=1e-6)


def by_hand(tasks: list[tuple[int, frozenset[str]]], keys: str, lines: dict[str, SharedLine], size: int) -> float:
    worths = dict(zip(keys, tasks, strict=True))
    values = []
    for chosen in itertools.combinations(keys, size):
        paid = {name for key in chosen for name in worths[key][1]}
        gained = sum(0.8 * worths[key][0] - 10.0 for key in chosen)
        values.append(gained - sum(lines[name].amount.mean for name in paid))
    return max(values)


def test_what_it_turns_out_to_be_it_is_for_all_its_tasks() -> None:
    one, other = (simulated(key, Constant(90.0), (LABELS,)) for key in "ab")
    assert np.array_equal(one.inputs[LABELS.name], other.inputs[LABELS.name])
    assert not np.array_equal(one.inputs["production"], other.inputs["production"])


def test_the_risk_of_a_task_leaves_it_as_it_is() -> None:
    sure = SharedLine("integration", "One integration", Constant(100.0), frozenset("ab"))
    case = Case.of(Setting(1), {"discovery": Constant(50.0), "risk_costs": Constant(0.2)}, [sure])
    assert valued_case(case, COMMON.of("a")).summary.mean_once == pytest.approx(60.0 + 100.0)


def test_it_stands_in_the_tornado_and_in_the_formula() -> None:
    case = simulated("a", Constant(90.0), (LABELS,)).case
    (swing,) = tornado(case)
    assert (swing.label, swing.npv_high < swing.npv_low) == ("One labelled data set", True)
    rows = {row.label: row for _, row in explain_npv(case).rows()}
    assert rows["One labelled data set"].value == pytest.approx(100.0)
    assert rows["One labelled data set"].source == "shared, borne whole here"
    assert rows["paid once"].value == pytest.approx(110.0)
