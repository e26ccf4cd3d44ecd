"""Answers to several tasks at once: all or none, nothing of others overwritten unseen, and what they bring about."""

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from common.errors import InvalidInput, NotAllowed, StaleEdit
from planner.models import Process, SuitabilityAnswer, Task
from planner.selectors.value_tasks import valued_task
from planner.services import GivenAnswer, suitabilities_update, suitability_answer
from tests.conftest import Cast
from tests.planner.test_verdicts_and_values import checked
from tests.planner.worth import claims_process, task_of

pytestmark = [pytest.mark.django_db, pytest.mark.second_leg]
OPEN = (None, "")


@pytest.fixture
def process(cast: Cast) -> Process:
    return claims_process(cast.workspace)


@pytest.fixture
def triage(process: Process) -> Task:
    return task_of(process, "Triage")


def said() -> set[tuple[str, str, int, str]]:
    return set(SuitabilityAnswer.objects.values_list("task__name", "question", "score", "evidence"))


def test_answers_to_several_tasks_are_saved_together_with_one_entry_a_task(cast: Cast, triage: Task) -> None:
    pay = task_of(triage.process, "Pay")
    given = [
        GivenAnswer(task=triage.pk, question="error", score=2, reason=" a wrong one\n is paid "),
        GivenAnswer(task=triage.pk, question="stable", score=4),
        GivenAnswer(task=pay.pk, question="rule", score=1),
        GivenAnswer(task=pay.pk, question="volume", score=None),
    ]
    changed = suitabilities_update(access=cast.access(cast.editor), process=triage.process, answers=given)
    assert changed == [triage.pk, pay.pk]
    assert said() == {
        ("Triage", "error", 2, "a wrong one is paid"),
        ("Triage", "stable", 4, ""),
        ("Pay", "rule", 1, ""),
    }
    entries = AuditEntry.objects.filter(verb="suitability.answered").order_by("pk")
    assert [entry.detail["task"] for entry in entries] == ["Triage", "Pay"]
    assert entries[0].detail["Is the pattern stable?"] == {"from": None, "to": 4}


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"score": 6}, "answers.1.score"),
        ({"score": -1}, "answers.1.score"),
        ({"question": "mood"}, "answers.1.question"),
        ({"question": "stable"}, "answers.1.question"),
        ({"reason": "x" * 401}, "answers.1.evidence"),
        ({"reason": "a\x00b"}, "answers.1.evidence"),
        ({"score": None, "reason": "why"}, "answers.1.evidence"),
        ({"task": 2**70}, "answers.1.task"),
        ({"task": 0}, "answers.1.task"),
    ],
)
def test_one_answer_that_cannot_be_kept_keeps_all_from_being_saved(
    cast: Cast, triage: Task, wrong: dict[str, object], path: str
) -> None:
    good = GivenAnswer(task=triage.pk, question="stable", score=4)
    other = GivenAnswer(**{"task": triage.pk, "question": "error", "score": 3, **wrong})
    with pytest.raises(InvalidInput) as refused:
        suitabilities_update(access=cast.access(cast.editor), process=triage.process, answers=[good, other])
    assert [error.path for error in refused.value.errors] == [path]
    assert not said()


def test_tasks_of_another_process_or_workspace_are_none_of_this_one(cast: Cast, triage: Task) -> None:
    other = task_of(claims_process(cast.workspace), "Pay")
    far = task_of(claims_process(cast.elsewhere), "Pay")
    for task in (other, far):
        given = [GivenAnswer(task=task.pk, question="error", score=3)]
        with pytest.raises(InvalidInput, match="Not saved"):
            suitabilities_update(access=cast.access(cast.editor), process=triage.process, answers=given)
    with pytest.raises(Http404):
        suitabilities_update(access=cast.access(cast.editor), process=far.process, answers=[])
    with pytest.raises(NotAllowed):
        suitabilities_update(access=cast.access(cast.viewer), process=triage.process, answers=[])


def test_what_somebody_else_answered_meanwhile_is_told_and_kept(cast: Cast, triage: Task) -> None:
    suitability_answer(
        access=cast.access(cast.owner), task=triage, question="error", score=1, evidence="we paid dearly"
    )
    given = [
        GivenAnswer(task=triage.pk, question="stable", score=4, seen=[OPEN]),
        GivenAnswer(task=triage.pk, question="error", score=5, seen=[OPEN]),
    ]
    with pytest.raises(StaleEdit) as refused:
        suitabilities_update(access=cast.access(cast.editor), process=triage.process, answers=given)
    assert refused.value.changed == ("Triage, Error: now 1, “we paid dearly”, by Olga",)
    assert [error.path for error in refused.value.errors] == ["answers.1.score"]
    assert said() == {("Triage", "error", 1, "we paid dearly")}


def test_of_two_quick_answers_the_second_stands_in_whichever_order_they_arrive(cast: Cast, triage: Task) -> None:
    """A page sends the second before the first was answered: it has seen what stood, and what it sent itself."""
    first = GivenAnswer(task=triage.pk, question="error", score=5, seen=[OPEN])
    second = GivenAnswer(task=triage.pk, question="error", score=4, seen=[OPEN, (5, "")])
    access = cast.access(cast.editor)
    suitabilities_update(access=access, process=triage.process, answers=[first])
    suitabilities_update(access=access, process=triage.process, answers=[second])
    assert said() == {("Triage", "error", 4, "")}
    suitability_answer(access=access, task=triage, question="error", score=None)
    suitabilities_update(access=access, process=triage.process, answers=[second])
    with pytest.raises(StaleEdit):
        suitabilities_update(access=access, process=triage.process, answers=[first])
    assert said() == {("Triage", "error", 4, "")}


def test_the_same_answer_twice_is_no_change(cast: Cast, triage: Task) -> None:
    again = GivenAnswer(task=triage.pk, question="error", score=3, reason="seen", seen=[OPEN])
    access = cast.access(cast.editor)
    assert suitabilities_update(access=access, process=triage.process, answers=[again]) == [triage.pk]
    assert suitabilities_update(access=access, process=triage.process, answers=[again]) == []


@pytest.mark.parametrize(
    ("question", "label", "says"),
    [("rule", "write a rule", "written down already"), ("outcomes", "gather data first", "at least 200 past cases")],
)
def test_a_person_who_says_there_is_a_rule_or_no_outcome_is_told_what_to_do(
    cast: Cast, triage: Task, question: str, label: str, says: str
) -> None:
    suitability_answer(access=cast.access(cast.editor), task=triage, question=question, score=0)
    found = valued_task(triage).finding
    assert found is not None
    assert (found.verdict.label, says in found.reason) == (label, True)


def test_a_written_rule_counts_more_than_a_check_that_says_predict(cast: Cast, triage: Task) -> None:
    checked(triage, "predict", beats_baseline=True)
    suitability_answer(access=cast.access(cast.editor), task=triage, question="rule", score=0)
    assert valued_task(triage).is_aside
    suitability_answer(access=cast.access(cast.editor), task=triage, question="outcomes", score=0)
    suitability_answer(access=cast.access(cast.editor), task=triage, question="rule", score=None)
    assert not valued_task(triage).is_aside, "the log has the outcomes"


def test_many_answers_take_as_many_queries_as_few(cast: Cast, triage: Task) -> None:
    access, process = cast.access(cast.editor), triage.process
    assert process.workspace == access.workspace

    def queries(questions: list[str], score: int) -> int:
        given = [GivenAnswer(task=triage.pk, question=each, score=score, seen=None) for each in questions]
        with CaptureQueriesContext(connection) as caught:
            suitabilities_update(access=access, process=process, answers=given)
        return len(caught)

    few, many = queries(["error"], 1), queries(["stable", "feedback", "rule", "inputs"], 1)
    assert few == many
