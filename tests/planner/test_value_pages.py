"""The value page: figures, edits in place, refusals beside their field, who may look and who may write."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from planner.domain.valuation.measured import ConfusionMatrix
from planner.domain.valuation.valuation import FORMULA_VERSION
from planner.models import Estimate, Task
from planner.services import measured_value_record
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def task(cast: Cast) -> Task:
    return task_of(claims_process(cast.workspace), "Triage")


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def value_of(task: Task) -> str:
    return f"/w/acme/tasks/{task.pk}/value/"


def heading(text: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", text, re.DOTALL)
    assert found
    return found[1]


def test_the_headline_answers_with_a_number_and_its_doubt(cast: Cast, task: Task) -> None:
    text = page(cast.browser(cast.viewer), value_of(task))
    assert re.fullmatch(r"Worth about \d+ k EUR over 5 years, (and|but) \d+ in 100 that it loses money", heading(text))
    assert "assumptions are defaults nobody has checked" in text
    assert f"Formula version {FORMULA_VERSION}" in text


def test_a_task_without_minutes_asks_for_them_and_shows_no_figure(cast: Cast, task: Task) -> None:
    pay = task_of(task.process, "Pay")
    text = page(cast.browser(cast.viewer), value_of(pay))
    assert heading(text) == "Not valued yet: handling minutes missing"
    assert 'id="a-minutes_before"' in text
    assert "Net present value, 90 % interval" not in text


@pytest.mark.parametrize("name", ["value", "values", "ranking", "suitability"])
def test_strangers_see_nothing_and_members_all(cast: Cast, task: Task, name: str) -> None:
    where = {
        "value": value_of(task),
        "values": f"/w/acme/processes/{task.process_id}/values/",
        "ranking": f"/w/acme/processes/{task.process_id}/ranking/",
        "suitability": f"/w/acme/processes/{task.process_id}/suitability/",
    }[name]
    assert [cast.browser(user).get(where).status_code for user in (cast.owner, cast.editor, cast.viewer)] == [200] * 3
    assert cast.browser(cast.stranger).get(where).status_code == 404
    assert cast.browser(cast.stranger).get(where.replace("acme", "other")).status_code == 404
    assert cast.browser().get(where).status_code == 302


def test_a_viewer_may_not_write(cast: Cast, task: Task) -> None:
    client = cast.browser(cast.viewer)
    assert client.post(value_of(task), {"version": "0", "a-wage": "50"}).status_code == 403
    assert client.post(f"{value_of(task)}undo/", {"version": "0"}).status_code == 403
    assert (
        client.post(
            f"/w/acme/processes/{task.process_id}/suitability/answers/", {f"q-{task.pk}-volume": "1"}
        ).status_code
        == 403
    )
    assert not Estimate.objects.exists()


def test_without_javascript_a_save_redirects_and_holds(cast: Cast, task: Task) -> None:
    client = cast.browser(cast.editor)
    answer = client.post(value_of(task), {"version": "0", "a-wage": "50", "a-recapture": "50 % to 80 %"})
    assert answer.status_code == 302
    assert Estimate.objects.get().assumptions == {"wage": {"text": "50", "source": ""}}
    text = page(client, value_of(task))
    assert re.search(r"was 38: mean moved by \+\d+ k", text)
    assert "before your last change" in text


def test_typing_saves_and_answers_with_the_moved_figures(cast: Cast, task: Task) -> None:
    client = cast.browser(cast.editor)
    answer = client.post(value_of(task), {"version": "0", "a-wage": "50"}, **HTMX)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="version" value="1" hx-swap-oob="true"' in text
    assert 'id="value-figures"' in text


def test_a_wrong_text_stands_beside_its_field_and_keeps_what_was_typed(cast: Cast, task: Task) -> None:
    client = cast.browser(cast.editor)
    answer = client.post(value_of(task), {"version": "0", "a-coverage": "90 to 80 %", "a-wage": "50"})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="90 to 80 %"' in text
    assert "The low end 90 % is above the high end 80 %: write 80 % to 90 %." in text
    assert not Estimate.objects.filter(version__gt=0).exists()
    live = client.post(value_of(task), {"version": "0", "a-coverage": "90 to 80 %"}, **HTMX)
    assert live.status_code == 422
    assert 'id="s-coverage" hx-swap-oob="true"' in live.content.decode()


def test_a_stale_form_is_told_what_changed(cast: Cast, task: Task) -> None:
    cast.browser(cast.owner).post(value_of(task), {"version": "0", "a-wage": "50"})
    answer = cast.browser(cast.editor).post(value_of(task), {"version": "0", "a-recapture": "90 %"})
    text = answer.content.decode()
    assert answer.status_code == 412
    assert "Cost of an hour of work: 38 became 50, by Olga" in text
    assert "recapture" not in Estimate.objects.get().assumptions


def test_undo_brings_back_what_stood_there(cast: Cast, task: Task) -> None:
    client = cast.browser(cast.editor)
    client.post(value_of(task), {"version": "0", "a-wage": "50"})
    assert client.post(f"{value_of(task)}undo/", {"version": "1"}).status_code == 302
    assert Estimate.objects.get().assumptions == {}


def test_counting_errors_another_way_shows_its_inputs(cast: Cast, task: Task) -> None:
    client = cast.browser(cast.editor)
    answer = client.post(value_of(task), {"version": "0", "a-error_form": "imitation"}, **HTMX)
    assert answer["HX-Refresh"] == "true"
    text = page(client, value_of(task))
    assert 'id="a-value_fn"' in text
    assert 'id="a-error_today"' not in text


def test_names_and_sources_from_people_are_only_text(cast: Cast, task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(name="<script>alert(1)</script>")
    for where in (value_of(task), f"/w/acme/processes/{task.process_id}/ranking/"):
        assert "<script>alert(1)" not in page(cast.browser(cast.viewer), where)


def test_planned_and_measured_stand_side_by_side(cast: Cast, task: Task) -> None:
    measured_value_record(
        access=cast.access(cast.owner),
        task=task,
        confusion=ConfusionMatrix(tp=300, fp=700, fn=700, tn=1300),
        threshold=0.5,
        source="run 4",
        beats_baseline=True,
    )
    text = page(cast.browser(cast.viewer), value_of(task))
    assert "Planned against measured" in text
    assert "run 4: 1400 of 3000 test cases decided wrongly (700 false alarms, 700 missed)" in text
    assert "Wrong decisions of the model" in text
    assert "Not worth it." in text


def test_the_ranking_page_says_what_first_and_who_is_not_ranked(cast: Cast, task: Task) -> None:
    text = page(cast.browser(cast.viewer), f"/w/acme/processes/{task.process_id}/ranking/?by=npv&first=2")
    assert heading(text).startswith("Triage first: worth about ")
    assert "This ranking rests on defaults." in text
    assert "Not valued: handling minutes missing" in text
    assert 'aria-sort="descending"><a class="term" href="/glossary/#npv">NPV' in text


def test_pages_ask_few_questions_of_the_database(cast: Cast, task: Task) -> None:
    client = cast.browser(cast.viewer)
    for where in (value_of(task), f"/w/acme/processes/{task.process_id}/ranking/"):
        client.get(where)
        with CaptureQueriesContext(connection) as caught:
            client.get(where)
        assert len(caught) <= 32, [query["sql"][:90] for query in caught]


def drawn(text: str) -> dict[str, str]:
    """Every field of the form of assumptions, as the page was drawn."""
    return {**dict(re.findall(r'name="((?:a|was)-\w+)" value="([^"]*)"', text)), "a-error_form": "rates"}


def test_an_edit_sets_what_was_typed_and_nothing_that_follows_from_it(cast: Cast, task: Task) -> None:
    editor = cast.browser(cast.editor)
    form = drawn(page(editor, value_of(task)))
    assert {"a-wage", "was-wage", "a-day_rate", "was-day_rate"} <= form.keys()
    for version, wage in enumerate(("84", "42")):
        answer = editor.post(value_of(task), {**form, "a-wage": wage, "version": str(version)}, **HTMX)
        assert answer.status_code == 200
    assert set(Estimate.objects.get(task=task).assumptions) == {"wage"}, "the page still shows the day rate of before"
    again = drawn(page(editor, value_of(task)))
    assert again["a-day_rate"] == again["was-day_rate"] == f"{2 * 42 * 8}"


def test_what_follows_comes_anew_with_the_answer(cast: Cast, task: Task) -> None:
    editor = cast.browser(cast.editor)
    form = drawn(page(editor, value_of(task)))
    answer = editor.post(value_of(task), {**form, "a-wage": "84", "version": "0"}, **HTMX).content.decode()
    assert 'name="was-day_rate" value="1340"' in answer
