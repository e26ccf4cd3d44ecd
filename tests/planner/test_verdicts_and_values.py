"""What a check of the log found speaks before the value it makes moot, on the page and in the ranking."""

import datetime as dt
from typing import Any

import pytest

from jobs.services import blob_store
from planner.domain.foresight.targets import TargetSpec
from planner.models import DecisionTarget, EventLog, Task
from planner.selectors.value_tasks import valued_task
from planner.selectors.value_words import target_words, value_headline, value_lede
from planner.services import GivenAnswer, ranking_of, suitabilities_update
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db
START = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def task(cast: Cast) -> Task:
    return task_of(claims_process(cast.workspace), "Triage")


def checked(task: Task, verdict: str, reason: str = "Seen in the log.", **evidence: Any) -> None:
    blob = blob_store(workspace=task.workspace, source=b"rows", media_type="application/octet-stream")
    log = EventLog.objects.create(
        workspace=task.workspace,
        process=task.process,
        events=blob,
        name="log",
        statistics={"attributes": ["case:amount", "case:region"]},
        first_start=START,
        last_start=START,
    )
    target = TargetSpec.next_activity(task=task.name, positive="Request documents")
    DecisionTarget.objects.create(
        workspace=task.workspace,
        task=task,
        log=log,
        text=target.text,
        spec=target.as_json(),
        role="next",
        verdict=verdict,
        reason=reason,
        evidence={"label_kind": "imitation", "labelled": 8000, **evidence},
        chosen=True,
    )


@pytest.mark.parametrize(
    ("verdict", "says"),
    [
        ("write_a_rule", "Write a rule instead: no model is needed here"),
        ("trivial", "Nothing left to predict: what already happened decides it"),
        ("not_predictable", "No model here: the decision cannot be foreseen from this log"),
        ("gather_data_first", "No model yet: the log does not record what to learn from"),
    ],
)
def test_a_verdict_against_a_model_is_the_headline_and_sets_the_task_aside(task: Task, verdict: str, says: str) -> None:
    checked(task, verdict, "A rule over amount decides 99 % of later cases.")
    found = valued_task(task)
    assert value_headline(found) == says
    assert value_lede(found, ()).startswith("If a model could do it all the same: worth about ")
    assert found.finding is not None
    assert found.finding.reason == "A rule over amount decides 99 % of later cases."
    assert [each.task.pk for each in ranking_of(task.process).aside] == [task.pk]


def test_a_foreseeable_task_that_pays_can_be_predicted(task: Task) -> None:
    checked(task, "predict", "It can be foreseen: AUC 0.86.", beats_baseline=True)
    found = valued_task(task)
    assert found.finding is not None
    assert found.finding.verdict.label == "predict"
    assert found.finding.reason.startswith("It can be foreseen: AUC 0.86. ")
    assert found.is_candidate


def test_a_foreseeable_task_that_does_not_pay_is_not_worth_it(task: Task) -> None:
    small = task_of(task.process, "Estimate damage")
    checked(small, "predict", "It can be foreseen.", beats_baseline=True)
    found = valued_task(small)
    assert found.finding is not None
    assert found.finding.verdict.label == "not worth it"
    assert found.finding.reason.startswith("Predictable, but the mean value is below zero")
    assert found.is_candidate


def test_the_check_answers_questions_and_says_what_the_label_is(task: Task) -> None:
    checked(task, "predict", beats_baseline=True)
    found = valued_task(task)
    answers = {answer.question: answer for answer in found.answers}
    assert (answers["outcomes"].score, answers["inputs"].score) == (5, 3)
    assert "amount, region" in answers["inputs"].evidence
    assert "the person's own decision (imitation)" in target_words(found)


def test_people_may_keep_a_task_for_themselves(cast: Cast, task: Task) -> None:
    checked(task, "predict", beats_baseline=True)
    given = [GivenAnswer(task=task.pk, question=question, score=0) for question in ("prediction", "error")]
    suitabilities_update(access=cast.access(cast.editor), process=task.process, answers=given)
    found = valued_task(task)
    assert found.finding is not None
    assert found.finding.verdict.label == "keep human"
    assert not found.is_candidate
