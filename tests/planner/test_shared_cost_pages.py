"""Shared costs on pages: listed with their tasks, entered and changed beside their fields, shown with each value."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from planner.models import Process, SharedCost
from planner.services import SharedCostEntry, shared_cost_create
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db
WHERE = "/w/acme/shared-costs/"


@pytest.fixture
def process(cast: Cast) -> Process:
    return claims_process(cast.workspace)


def given(process: Process, *names: str) -> dict[str, object]:
    tasks = [str(task_of(process, name).pk) for name in names]
    return {"label": "One data set", "text": "20 k to 30 k", "source": "offer", "note": "ask", "tasks": tasks}


def test_a_cost_is_entered_for_tasks_of_several_processes_and_shown_on_each(cast: Cast, process: Process) -> None:
    client, other = cast.browser(cast.editor), claims_process(cast.workspace)
    assert "No cost is shared yet" in client.get(WHERE).content.decode()
    sent = given(process, "Triage")
    sent["tasks"] = [*sent["tasks"], str(task_of(other, "Pay").pk)]
    assert client.post(f"{WHERE}new/", sent).status_code == 302
    text = client.get(WHERE).content.decode()
    assert "1 cost that several tasks share" in text
    assert "20 k to 30 k" in text
    for task in (task_of(process, "Triage"), task_of(other, "Pay")):
        value = client.get(f"/w/acme/tasks/{task.pk}/value/").content.decode()
        assert "Borne whole here; a portfolio pays it once" in value
        assert "mean 25\u202f000 EUR" in value
    untouched = client.get(f"/w/acme/tasks/{task_of(process, 'Pay').pk}/value/").content.decode()
    assert "this task shares no cost with another" in untouched


def test_what_cannot_be_stands_beside_its_field_and_keeps_what_was_typed(cast: Cast, process: Process) -> None:
    client = cast.browser(cast.editor)
    for sent, field in (
        ({"text": "30 to 20"}, "text"),
        ({"text": "-5"}, "text"),
        ({"label": " "}, "label"),
        ({"tasks": []}, "tasks"),
        ({"tasks": ["x"]}, "tasks"),
        ({"tasks": [str(task_of(claims_process(cast.elsewhere), "Pay").pk)]}, "tasks"),
        ({"note": "x" * 401}, "note"),
    ):
        answer = client.post(f"{WHERE}new/", {**given(process, "Triage"), **sent})
        text = answer.content.decode()
        assert answer.status_code == 400
        assert f'id="{field}-e"' in text
        assert 'value="offer"' in text
    assert not SharedCost.objects.exists()


def test_a_change_on_an_old_version_is_refused_with_what_holds(cast: Cast, process: Process) -> None:
    client = cast.browser(cast.editor)
    client.post(f"{WHERE}new/", given(process, "Triage"))
    cost = SharedCost.objects.get()
    text = client.get(f"{WHERE}{cost.pk}/").content.decode()
    assert re.search(rf'value="{task_of(process, "Triage").pk}" checked', text)
    sent = {**given(process, "Triage", "Pay"), "text": "40 k", "version": "1"}
    assert client.post(f"{WHERE}{cost.pk}/", sent).status_code == 302
    assert set(cost.tasks.values_list("name", flat=True)) == {"Triage", "Pay"}
    stale = client.post(f"{WHERE}{cost.pk}/", {**sent, "text": "50 k"})
    assert stale.status_code == 412
    assert "One data set: now 40 k, for 2 tasks" in stale.content.decode()
    late = client.post(f"{WHERE}{cost.pk}/delete/", {"version": "1"}, follow=True)
    assert "One data set: now 40 k, for 2 tasks" in late.content.decode()
    assert client.post(f"{WHERE}{cost.pk}/delete/", {"version": "2"}).status_code == 302
    assert not SharedCost.objects.exists()


def test_a_viewer_reads_and_changes_nothing(cast: Cast, process: Process) -> None:
    entry = SharedCostEntry("One data set", "20 k", [task_of(process, "Triage").pk])
    cost = shared_cost_create(access=cast.access(cast.editor), entry=entry)
    client = cast.browser(cast.viewer)
    text = client.get(WHERE).content.decode()
    assert "One data set" in text
    assert "<form" not in text.split("<main")[1].split("</main>")[0]
    for where in (f"{WHERE}new/", f"{WHERE}{cost.pk}/"):
        assert client.get(where).status_code == 403
        assert client.post(where, given(process, "Triage")).status_code == 403
    assert client.post(f"{WHERE}{cost.pk}/delete/").status_code == 403
    stranger = cast.browser(cast.stranger)
    assert stranger.get(f"/w/other/shared-costs/{cost.pk}/").status_code == 404


def test_the_list_asks_as_many_questions_for_one_cost_as_for_many(cast: Cast, process: Process) -> None:
    client, counts = cast.browser(cast.editor), []
    tasks = [task.pk for task in process.tasks.all()]
    for many in (1, 9):
        for number in range(many):
            entry = SharedCostEntry(f"Cost {many} {number}", "20 k", tasks)
            shared_cost_create(access=cast.access(cast.editor), entry=entry)
        client.get(WHERE)
        with CaptureQueriesContext(connection) as found:
            client.get(WHERE)
        counts.append(len(found))
    assert counts[0] == counts[1]
