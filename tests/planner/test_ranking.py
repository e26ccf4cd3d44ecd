"""The ranked list: every order, who is set aside and why, chances, few queries however long the process is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import Access
from planner.domain.valuation.measured import ConfusionMatrix
from planner.domain.valuation.ranking import RankBy
from planner.models import Process, Task
from planner.selectors.value_results import forget_values
from planner.services import measured_value_record, ranking_of
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db


def queries(process: Process) -> int:
    forget_values()
    with CaptureQueriesContext(connection) as caught:
        ranking_of(process)
    return len(caught)


def test_tasks_are_ranked_by_return_with_their_gaps_named(cast: Cast) -> None:
    ranking = ranking_of(claims_process(cast.workspace))
    assert [row.valued.task.name for row in ranking.rows] == ["Triage", "Request documents", "Estimate damage"]
    assert [row.rank for row in ranking.rows] == [1, 2, 3]
    assert [found.task.name for found in ranking.gaps] == ["Pay"]
    assert sum(row.first for row in ranking.rows) == pytest.approx(1.0)
    assert ranking.on_defaults == 3


@pytest.mark.parametrize("by", list(RankBy))
def test_every_order_ranks_every_valued_task(cast: Cast, by: RankBy) -> None:
    ranking = ranking_of(claims_process(cast.workspace), by.value)
    assert len(ranking.rows) == 3
    assert all(0 <= row.first <= row.first_k <= 1 for row in ranking.rows)


def test_an_unknown_order_is_refused(cast: Cast) -> None:
    with pytest.raises(ValueError, match="colour"):
        ranking_of(claims_process(cast.workspace), "colour")


def test_an_automatic_task_is_set_aside(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    Task.objects.filter(name="Triage").update(automatic_proposed=True)
    ranking = ranking_of(process)
    (aside,) = ranking.aside
    assert aside.task.name == "Triage"
    assert aside.finding is not None
    assert aside.finding.verdict.label == "already automatic"


def test_an_empty_process_has_an_empty_ranking(cast: Cast) -> None:
    ranking = ranking_of(claims_process(cast.workspace, {"Pay": (None, None)}))
    assert ranking.rows == ()
    assert ranking.gaps[0].gap == "visits a year and handling minutes missing"


def test_queries_do_not_grow_with_the_tasks(cast: Cast) -> None:
    short = claims_process(cast.workspace)
    long = claims_process(cast.workspace, {f"Step {n}": (1000.0 + n, 5.0) for n in range(20)})
    assert queries(long) == queries(short) <= 10


def test_a_good_measured_model_can_predict_and_stands_beside_the_plan(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    good = ConfusionMatrix(tp=980, fp=10, fn=20, tn=1990)
    found = measured_value_record(
        access=Access.system(cast.workspace),
        task=task_of(process, "Triage"),
        confusion=good,
        threshold=0.4,
        source="run 3",
        beats_baseline=True,
    )
    assert found.verdict == "predict"
    assert found.planned is not None
    assert found.measured is not None
    assert found.measured.npv_mean > found.planned.npv_mean
    row = ranking_of(process).rows[0]
    assert row.figures.npv == pytest.approx(found.measured.npv_mean)


def test_a_bad_measured_model_is_not_worth_it_in_words(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    bad = ConfusionMatrix(tp=300, fp=700, fn=700, tn=1300)
    found = measured_value_record(
        access=Access.system(cast.workspace),
        task=task_of(process, "Request documents"),
        confusion=bad,
        threshold=0.5,
        source="run 4",
        beats_baseline=True,
    )
    assert found.verdict == "not_worth_it"
    assert found.reason == "Predictable, but the mean value is below zero and 100 in 100 futures lose money."


def test_a_model_no_better_than_the_rule_cannot_predict(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    found = measured_value_record(
        access=Access.system(cast.workspace),
        task=task_of(process, "Triage"),
        confusion=ConfusionMatrix(tp=980, fp=10, fn=20, tn=1990),
        threshold=None,
        source="run 5",
        beats_baseline=False,
    )
    assert found.verdict == "not_predictable"
    assert [each.task.name for each in ranking_of(process).aside] == ["Triage"]


def test_a_measured_task_without_minutes_says_what_is_missing(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    found = measured_value_record(
        access=Access.system(cast.workspace),
        task=task_of(process, "Pay"),
        confusion=ConfusionMatrix(1, 1, 1, 1),
        threshold=None,
        source="run 6",
    )
    assert found.measured is None
    assert found.reason == "The model is measured, but the task is not valued: handling minutes missing."
