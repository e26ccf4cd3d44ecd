"""The headline of the tasks names what is really missing for costs to be told."""

import pytest

from planner.models import Process, Task
from tests.conftest import Cast
from tests.planner.worth import claims_process

pytestmark = pytest.mark.django_db


def page(cast: Cast, process: Process) -> str:
    answer = cast.browser(cast.editor).get(f"/w/acme/processes/{process.pk}/tasks/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("volume", "minutes", "cases", "words"),
    [
        (None, 9.0, None, "the cases a year"),
        (None, None, None, "the cases a year and their handling times"),
        (10.0, None, 10.0, "their handling times"),
        (None, 9.0, 10.0, "their volumes"),
    ],
)
def test_the_headline_names_what_is_missing(
    cast: Cast, volume: float | None, minutes: float | None, cases: float | None, words: str
) -> None:
    process = claims_process(cast.workspace, {"Triage": (volume, minutes), "Pay": (volume, minutes)})
    Process.objects.filter(pk=process.pk).update(cases_a_year=cases)
    text = page(cast, process)
    assert f"<h1>2 tasks, and no cost can be told before {words} are known</h1>" in text
    if cases is None:
        assert f"Costs follow once {words} are known." in text


def test_tasks_that_cost_nothing_are_not_called_unknown(cast: Cast) -> None:
    process = claims_process(cast.workspace, {"Triage": (10.0, 9.0)})
    Task.objects.filter(process=process).update(handling_minutes=0.0)
    assert "the work on them costs nothing" in page(cast, process)


def test_a_task_without_a_volume_is_not_said_to_have_one(cast: Cast) -> None:
    process = claims_process(cast.workspace, {"Triage": (10.0, 9.0), "Pay": (None, 9.0)})
    text = page(cast, process)
    assert "Every task has volume and handling time." not in text
    assert "Pay has no volume." in text
