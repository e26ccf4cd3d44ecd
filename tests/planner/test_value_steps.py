"""The bar of steps says how far suitability, value and ranking are."""

from collections.abc import Sequence

import pytest

from planner.domain.suitability.suitability import QUESTIONS
from planner.selectors import value_steps
from planner.services.suitability import GivenAnswer, suitabilities_update
from tests.conftest import Cast
from tests.planner.test_verdicts_and_values import checked
from tests.planner.under_check import under_check
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db


def test_steps_before_and_after_a_check(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    words = {step.key: step.words for step in value_steps(process)}
    assert words == {"suitability": "not checked yet", "value": "3 of 4 valued", "ranking": "3 tasks ranked"}
    checked(task_of(process, "Triage"), "trivial")
    steps = {step.key: step for step in value_steps(process)}
    assert steps["suitability"].words == "1 of 4 tasks checked"
    assert steps["ranking"].words == "2 tasks ranked"
    assert steps["value"].words == "3 of 4 valued"
    assert (steps["suitability"].sign, steps["ranking"].sign) == ("part", "done")


def test_a_check_under_way_says_so(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    under_check(process)
    steps = {step.key: step for step in value_steps(process)}
    assert (steps["suitability"].words, steps["suitability"].sign) == ("being checked", "run")
    assert (steps["ranking"].words, steps["ranking"].sign) == ("being checked", "run")


def test_suitability_is_done_only_when_no_answer_is_open(cast: Cast) -> None:
    process = claims_process(cast.workspace)
    tasks = list(process.tasks.work())

    def answer(questions: Sequence[str], score: int = 3) -> tuple[str, str]:
        given = [GivenAnswer(task=task.pk, question=each, score=score) for task in tasks for each in questions]
        suitabilities_update(access=cast.access(cast.editor), process=process, answers=given)
        step = next(step for step in value_steps(process) if step.key == "suitability")
        return step.sign, step.words

    keys = [question.key for question in QUESTIONS]
    assert answer(["rule"]) == ("part", "4 of 4 tasks checked, answers open")
    assert answer([key for key in keys if key != "feedback"]) == ("part", "4 of 4 tasks checked, 4 answers open")
    assert answer(["feedback"]) == ("done", "4 of 4 tasks checked")
