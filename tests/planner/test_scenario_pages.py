"""Scenarios side by side on a page, made and changed with a form, and beside the value of one task."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from planner.models import Process, ProcessScenario
from planner.services import ScenarioEntry, scenario_create
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(cast: Cast) -> Process:
    return claims_process(cast.workspace)


@pytest.fixture
def own(cast: Cast, process: Process) -> ProcessScenario:
    entry = ScenarioEntry("Wages rise", "agreement of July", {"wage": "45"})
    return scenario_create(access=cast.access(cast.editor), process=process, entry=entry)


def there(process: Process) -> str:
    return f"/w/acme/processes/{process.pk}/scenarios/"


def text_of(client: Client, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_every_task_stands_in_every_scenario_and_low_is_said_to_be_no_forecast(
    cast: Cast, process: Process, own: ProcessScenario
) -> None:
    text = text_of(cast.browser(cast.viewer), there(process))
    assert "All three are worth" in text
    assert "“Low” is no forecast." in text
    for column in ("Base", "Low", "High", "Wages rise"):
        assert text.count(f'data-label="{column}"') == 4 * 5
    assert "All together" in text
    assert "Not compared, and why" in text
    assert "handling minutes missing" in text


def test_what_differs_is_told_with_sign_and_unit(cast: Cast, process: Process, own: ProcessScenario) -> None:
    text = text_of(cast.browser(cast.viewer), there(process))
    part = text[text.index("What differs in Wages rise") :]
    assert "+7: 38 becomes 45" in part
    assert "EUR an hour" in part
    assert "all tasks" in part


def test_a_task_without_a_rate_or_payback_says_none_and_never(cast: Cast, process: Process) -> None:
    text = text_of(cast.browser(cast.viewer), there(process))
    assert ">none</td>" in text
    assert ">never</td>" in text


def test_the_form_puts_first_what_moves_the_value_most(cast: Cast, process: Process) -> None:
    text = text_of(cast.browser(cast.editor), f"{there(process)}new/")
    first = text[: text.index('<details class="more">')]
    assert 'id="a-coverage"' in first
    assert 'id="a-margin"' not in first
    assert "base: 50 % to 80 %" in first


def test_a_scenario_is_made_changed_for_one_task_and_deleted(cast: Cast, process: Process) -> None:
    client = cast.browser(cast.editor)
    made = client.post(f"{there(process)}new/", {"name": "Dear", "a-wage": "45", "a-volume": ""})
    assert (made.status_code, made["Location"]) == (302, there(process))
    own = ProcessScenario.objects.get()
    assert (own.name, own.amounts) == ("Dear", {"wage": "45"})
    where, triage = f"/w/acme/scenarios/{own.pk}/", task_of(process, "Triage")
    text = text_of(client, f"{where}?task={triage.pk}")
    assert "Only for Triage" in text
    assert "for all tasks here: 45" in text
    changed = client.post(f"{where}?task={triage.pk}", {"name": "Dear", "version": "1", "a-wage": "60"})
    assert changed.status_code == 302
    own.refresh_from_db()
    assert (own.amounts, own.task_amounts) == ({"wage": "45"}, {str(triage.pk): {"wage": "60"}})
    late = client.post(f"{where}delete/", {"version": "1"}, follow=True)
    assert "Cost of an hour of work: now 45" in late.content.decode()
    assert client.post(f"{where}delete/", {"version": "2"}).status_code == 302
    assert not ProcessScenario.objects.exists()


def test_a_wrong_text_stands_beside_its_field_and_keeps_what_was_typed(cast: Cast, process: Process) -> None:
    answer = cast.browser(cast.editor).post(f"{there(process)}new/", {"name": "Low", "a-coverage": "150 %"})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="150 %"' in text
    assert re.search(r'id="s-coverage"><span class="field-error">', text)
    assert "“Low” is one of the three" in text
    assert not ProcessScenario.objects.exists()


def test_what_stands_beside_no_field_is_told_above(cast: Cast, process: Process, own: ProcessScenario) -> None:
    posted = {"name": "Wages rise", "version": "1", "a-wage": "60"}
    answer = cast.browser(cast.editor).post(f"/w/acme/scenarios/{own.pk}/?task=999999", posted)
    assert answer.status_code == 400
    assert "<li>This process has no such task.</li>" in answer.content.decode()
    assert ProcessScenario.objects.get().version == 1


def test_a_stale_form_is_told_what_changed_and_shows_what_holds(
    cast: Cast, process: Process, own: ProcessScenario
) -> None:
    where = f"/w/acme/scenarios/{own.pk}/"
    cast.browser(cast.owner).post(where, {"name": "Wages rise", "version": "1", "a-wage": "50"})
    answer = cast.browser(cast.editor).post(where, {"name": "Wages rise", "version": "1", "a-wage": "60"})
    text = answer.content.decode()
    assert answer.status_code == 412
    assert "Cost of an hour of work: now 50" in text
    assert 'value="50"' in text


def test_the_value_of_a_task_shows_it_in_all_scenarios(cast: Cast, process: Process, own: ProcessScenario) -> None:
    text = text_of(cast.browser(cast.viewer), f"/w/acme/tasks/{task_of(process, 'Triage').pk}/value/")
    assert "In other scenarios" in text
    assert "What differs in Wages rise: 1 assumption" in text
    assert there(process) in text


def test_a_process_without_values_teaches(cast: Cast) -> None:
    empty = claims_process(cast.workspace, {"Pay": (100, None)})
    assert "It needs a task that is valued." in text_of(cast.browser(cast.viewer), there(empty))


def test_strangers_see_nothing_and_viewers_no_form(cast: Cast, process: Process, own: ProcessScenario) -> None:
    for where in (there(process), f"/w/acme/scenarios/{own.pk}/", f"{there(process)}new/"):
        assert cast.browser(cast.stranger).get(where).status_code == 404
    viewer = cast.browser(cast.viewer)
    assert viewer.get(f"/w/acme/scenarios/{own.pk}/").status_code == 403
    assert viewer.post(f"/w/acme/scenarios/{own.pk}/delete/", {"version": "1"}).status_code == 403
    assert "scenario_new" not in viewer.get(there(process)).content.decode()


def test_queries_do_not_grow_with_tasks(cast: Cast) -> None:
    small = claims_process(cast.workspace, {f"T{number}": (1000 * number + 10, 5.0) for number in range(2)})
    large = claims_process(cast.workspace, {f"T{number}": (1000 * number + 10, 5.0) for number in range(12)})
    client = cast.browser(cast.viewer)
    counts = []
    for found in (small, large):
        client.get(there(found))  # what is kept is asked for once, on the first look at each
        with CaptureQueriesContext(connection) as queries:
            client.get(there(found))
        counts.append(len(queries))
    assert counts[0] == counts[1]
