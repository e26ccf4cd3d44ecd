"""The bar of steps says how far suitability, value and ranking are."""

import pytest

from planner.selectors import value_steps
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
