"""Tasks of one shape are valued together: each is worth to the last digit what it is worth alone."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs.models import Run
from jobs.services import run_drain
from planner.domain.valuation.alike import TOGETHER, Alike, alike
from planner.domain.valuation.assumptions import INPUTS, Case, Setting
from planner.domain.valuation.distributions import Constant, Distribution, Normal, Uniform
from planner.domain.valuation.outcome import Outcome, brief_of_draws, outcome_of_draws, valued_case
from planner.domain.valuation.ranking import RankBy, scores_of_each
from planner.domain.valuation.results import figures_plain
from planner.domain.valuation.scenarios import (
    Scenario,
    ScenarioValue,
    changes_of_each,
    differences,
    scenarios_compared,
    usual_of_each,
    usual_scenarios,
    values_of_each,
)
from planner.domain.valuation.simulation import simulate, simulations
from planner.models import EstimateResult, Task
from planner.selectors.value_outcome import fingerprint, forget_outcomes, outcome_of, outcomes_ahead, scores_together
from planner.services.ranking import ranking_of
from tests.conftest import Cast
from tests.planner.called import called
from tests.planner.cases import COMMON, cases
from tests.planner.worth import claims_process

SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MARGINS: list[Distribution] = [Constant(100.0), Constant(90.0), Uniform(50, 150), Uniform(60, 90), Normal(90, 30)]
RATES: list[Distribution] = [Constant(0.08), Constant(0.1), Uniform(0.02, 0.2)]
CHANCES: list[Distribution] = [Constant(1.0), Constant(0.9), Uniform(0.5, 0.9), Uniform(0.6, 0.7)]


@st.composite
def relatives(draw: st.DrawFn) -> Case:
    """A small case of few shapes, so that many of a list are alike."""
    found = {"margin": draw(st.sampled_from(MARGINS)), "discovery": Constant(draw(st.sampled_from([0.0, 80.0, 200.0])))}
    found |= {"hosting": draw(st.sampled_from(MARGINS)), "discount_rate": draw(st.sampled_from(RATES))}
    return Case.of(Setting(3, (0.5, 1.0)), found | {"production": draw(st.sampled_from(CHANCES))})


def told(outcome: Outcome) -> tuple[object, ...]:
    medians = [(line.key, line.amount) for line in outcome.at_medians.lines]
    return figures_plain(outcome), outcome.summary, outcome.tornado, outcome.information, medians


def told_scenario(usual: Sequence[Scenario]) -> list[tuple[str, tuple[tuple[str, float], ...]]]:
    return [(each.name, each.amounts) for each in usual]


def told_value(value: ScenarioValue) -> tuple[object, ...]:
    figures = (value.npv, value.pv_costs, value.roi, value.flows, value.irr, value.payback_years)
    return *figures, value.payback_discounted, value.shared


@SLOW
@given(st.lists(cases(), min_size=1, max_size=4), st.lists(relatives(), max_size=12))
def test_a_task_is_worth_the_same_alone_and_among_others(different: list[Case], near: list[Case]) -> None:
    wanted = [(case, COMMON.of(f"task {number}")) for number, case in enumerate([*different, *near, *different])]
    places = []
    for place, simulation in simulations(wanted):
        places.append(place)
        alone = simulate(*wanted[place])
        assert told(outcome_of_draws(simulation)) == told(valued_case(*wanted[place]))
        assert brief_of_draws(simulation).figures == brief_of_draws(alone).figures
        for by in RankBy:
            assert np.array_equal(scores_of_each(simulation, by), scores_of_each(alone, by))
        assert np.array_equal(simulation.flows, alone.flows)
    assert sorted(places) == list(range(len(wanted)))


@SLOW
@given(st.lists(cases(), min_size=1, max_size=4), st.lists(relatives(), max_size=12), st.data())
def test_a_task_is_worth_the_same_in_a_scenario_alone_and_among_others(
    different: list[Case], near: list[Case], data: st.DataObject
) -> None:
    every = [*different, *near, *different]
    rates = st.sampled_from([(), (("margin", 70.0),), (("discount_rate", 0.05),), (("discount_rate", 0.11),)])
    for places in alike(every):
        together = Alike(tuple(every[place] for place in places))
        usual = usual_of_each(together)
        assert [told_scenario(each) for each in usual] == [
            told_scenario(usual_scenarios(one)) for one in together.cases
        ]
        asked = [data.draw(rates) for _ in places]
        setting = data.draw(st.sampled_from([None, replace(together.shape.setting, horizon=2)]))
        mine = [
            Scenario("mine", tuple(each for each in amounts if each[0] in case.amounts), setting)
            for case, amounts in zip(together.cases, asked, strict=True)
        ]
        for scenarios in (*zip(*usual, strict=True), mine):
            alone = [
                (scenarios_compared(*each)[0], differences(each[0], each[1][0]))
                for each in ((case, [scenario]) for case, scenario in zip(together.cases, scenarios, strict=True))
            ]
            found = values_of_each(together, scenarios)
            assert [told_value(each) for each in found] == [told_value(each) for each, _ in alone]
            changed = [
                (row, changes.of(at))
                for changes, rows in changes_of_each(together, scenarios)
                for at, row in enumerate(rows)
            ]
            assert [each for _, each in sorted(changed)] == [each for _, each in alone]


def test_more_of_one_shape_than_are_valued_at_once_keep_their_own_figures() -> None:
    margins = [INPUTS["margin"].read(f"{20 + number} to {90 + number}") for number in range(2 * TOGETHER + 3)]
    wanted = [(Case.of(Setting(2), {"margin": margin}), "one") for margin in margins]
    forget_outcomes()
    outcomes_ahead(wanted, RankBy.NPV)
    means = [outcome_of(*each).summary.mean for each in wanted]
    assert means == sorted(set(means))
    scores = scores_together(wanted, RankBy.NPV)
    forget_outcomes()
    assert [outcome_of(*each).summary.mean for each in wanted] == means
    assert np.array_equal(scores, scores_together(wanted, RankBy.NPV))
    assert [each.mean() for each in scores] == pytest.approx(means, rel=1e-4)


@pytest.mark.django_db(transaction=True)
def test_what_a_job_keeps_of_many_tasks_is_what_each_is_worth_alone(cast: Cast) -> None:
    figures: dict[str, tuple[float | None, float | None]] = {
        f"Step {number}": (9_000.0 + 97 * number, 4.0 + number % 9) for number in range(130)
    }
    process = claims_process(cast.workspace, figures)
    called(cast, cast.viewer).get(f"/api/v1/processes/{process.pk}/ranking/")
    run_drain(run_ids=[run.pk for run in Run.objects.of(cast.workspace).filter(kind="planner.value")])
    kept = {result.task_id: result for result in EstimateResult.objects.of(cast.workspace)}
    assert len(kept) == Task.objects.of(cast.workspace).work().count() == 130
    for row in ranking_of(process, RankBy.NPV).rows[:10]:
        forget_outcomes()
        valued = row.valued
        assert valued.case is not None
        alone = outcome_of(valued.case, valued.identity)
        assert kept[valued.task.pk].figures == figures_plain(alone)
        assert kept[valued.task.pk].fingerprint == fingerprint(valued.case, valued.identity)
