"""A figure taken back is the log's again, and the page says whose it is."""

import pytest
from django.urls import reverse

from planner.models import Source, Task
from planner.services import task_update
from tests.conftest import Cast
from tests.planner.measuring import measured_process

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("field", "set_to", "row"), [("waiting_hours", 99.0, "Waiting before"), ("handling_minutes", 55.0, "Handling")]
)
def test_an_emptied_time_is_the_logs_again(cast: Cast, field: str, set_to: float, row: str) -> None:
    access = cast.access(cast.editor)
    task = Task.objects.get(process=measured_process(access), name="Check")
    address = reverse("planner:task", args=["acme", task.pk])

    def said() -> str:
        text: str = cast.browser(cast.viewer).get(address).content.decode()
        return text.partition(f"<dt>{row}")[2].partition("</dd>")[0]

    measured = getattr(task, field)
    assert measured is not None
    assert "from the log" in said()
    assert getattr(task_update(access=access, task=task, changes={field: set_to}), field) == set_to
    assert "set by hand" in said()
    assert getattr(task_update(access=access, task=task, changes={field: None}), field) == measured
    assert "from the log" in said()


def test_a_time_the_log_does_not_know_stays_empty(cast: Cast) -> None:
    access = cast.access(cast.editor)
    task = Task.objects.get(process=measured_process(access), name="Check")
    task.figures = {}
    task.save(update_fields=["figures"])
    task_update(access=access, task=task, changes={"waiting_hours": 3.0, "handling_minutes": 3.0})
    task = task_update(access=access, task=task, changes={"waiting_hours": None, "handling_minutes": None})
    assert (task.waiting_hours, task.handling_minutes, task.handling_source) == (None, None, Source.NONE)
