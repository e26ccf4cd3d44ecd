"""Headlines and open answers say only what is known."""

import pytest
from django.urls import reverse

from planner.domain.suitability.suitability import TaskFacts, propose
from planner.models import Task
from planner.selectors.ranking_page import ranking_page
from planner.selectors.suitability_standing import standings_of, suitability_headline, suitability_lede
from planner.selectors.value_ranking import ranking_of
from planner.selectors.value_tasks import valued_task
from tests.conftest import Cast
from tests.planner.test_verdicts_and_values import checked
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db


def test_open_answers_claim_nothing_of_what_was_looked_for() -> None:
    assert not [answer.evidence for answer in propose(TaskFacts()) if "looked for" in answer.evidence]


def test_how_late_an_outcome_shows_is_what_the_check_measured(cast: Cast) -> None:
    task = task_of(claims_process(cast.workspace), "Triage")
    checked(task, "predict", beats_baseline=True, wait_hours=48.0)
    evidence = {answer.question: answer.evidence for answer in valued_task(task).answers}
    assert evidence["feedback"] == "the outcome shows after 2 days, half of the time"


def test_a_task_with_more_points_that_is_set_aside_is_named_with_the_same_figure(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    first = max(standings_of(process), key=lambda each: each.standing.share or 0)
    checked(Task.objects.get(pk=first.task.pk), "write_a_rule", rule_share=0.9)
    lines = standings_of(process)
    aside = next(line for line in lines if line.is_aside)
    best = max((line for line in lines if not line.is_aside), key=lambda line: line.standing.share or 0)
    assert (aside.standing.share or 0) > (best.standing.share or 0)
    assert f"Of the tasks not set aside, {best.task.name} suits a model best, at {best.percent}" in (
        suitability_headline(lines)
    )
    assert f"{aside.task.name} has {aside.percent}, and is set aside: write a rule." in suitability_lede(lines)


@pytest.mark.parametrize("minutes", [None, 10.0])
def test_a_task_is_called_dearest_only_where_costs_are_known(cast: Cast, minutes: float | None) -> None:
    process = claims_process(cast.workspace)
    for task in Task.objects.filter(process=process).work():
        checked(task, "not_predictable", beats_baseline=False)
    Task.objects.filter(process=process).update(handling_minutes=minutes, volume_a_year=1000)
    words = " ".join(step.words for step in ranking_page(ranking_of(process)).onward)
    assert "Other things may be foretold" in words
    assert ("costs most today" in words) == (minutes is not None)


def test_the_doors_name_every_kind_of_file(cast: Cast) -> None:
    text = cast.browser(cast.editor).get(reverse("planner:home", args=["acme"])).content.decode()
    assert "CSV, XES or XLSX, packed with gzip or zip" in text
