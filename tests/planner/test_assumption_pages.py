"""Assumptions on pages: source and note beside a text, what it stands in place of, and defaults set for many tasks."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from planner.models import AssumptionDefault, Estimate, Process, Task
from planner.selectors.assumption_defaults import DefaultsScope, defaults_of, defaults_version
from planner.selectors.defaults_page import defaults_page
from planner.services import assumption_defaults_update, estimate_update
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(cast: Cast) -> Process:
    process = claims_process(cast.workspace)
    Task.objects.filter(process=process, name__in=["Triage", "Pay"]).update(lane="Back office")
    return process


@pytest.fixture
def task(process: Process) -> Task:
    return task_of(process, "Triage")


def value_of(task: Task) -> str:
    return f"/w/acme/tasks/{task.pk}/value/"


def of_the_process(process: Process) -> str:
    return f"/w/acme/processes/{process.pk}/assumptions/"


def text_of(client: Client, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200
    return answer.content.decode()


def row(text: str, key: str) -> str:
    found = re.search(
        rf'<div class="assume[^>]*>(?:(?!<div class="assume[ "]).)*?id="a-{key}".*?</details>', text, re.S
    )
    assert found
    return found[0]


def test_each_row_says_unit_sign_and_source(cast: Cast, task: Task) -> None:
    text = text_of(cast.browser(cast.viewer), value_of(task))
    assert "− lowers the value" in row(text, "hosting")
    assert "+ raises the value" in row(text, "minutes_before")
    assert "± depends on the others" in row(text, "coverage")
    assert "minutes a visit" in row(text, "minutes_before")


def test_source_and_note_are_kept_with_the_text(cast: Cast, task: Task) -> None:
    client = cast.browser(cast.editor)
    given = {"a-hosting": "900", "src-hosting": "offer of May", "note-hosting": "ask again"}
    assert client.post(value_of(task), {"version": "0", **given}).status_code == 302
    assert Estimate.objects.get().assumptions["hosting"] == {
        "text": "900", "source": "offer of May", "note": "ask again",
    }  # fmt: skip
    text = row(text_of(client, value_of(task)), "hosting")
    assert 'value="offer of May"' in text
    assert 'value="ask again"' in text
    client.post(value_of(task), {"version": "1", **given, "note-hosting": ""})
    assert "note" not in Estimate.objects.get().assumptions["hosting"]


def test_a_source_alone_makes_what_stands_there_ones_own(cast: Cast, task: Task) -> None:
    client = cast.browser(cast.editor)
    client.post(value_of(task), {"version": "0", "a-coverage": "50 % to 80 %", "src-coverage": "two handlers asked"})
    kept = Estimate.objects.get().assumptions["coverage"]
    assert kept == {"text": "50 % to 80 %", "source": "two handlers asked"}


def test_a_form_sent_unchanged_sets_nothing(cast: Cast, task: Task) -> None:
    text = text_of(cast.browser(cast.editor), value_of(task))
    fields = dict(re.findall(r'<input[^>]*name="((?:a|src|note)-\w+)" value="([^"]*)"', text))
    assert len(fields) > 60
    cast.browser(cast.editor).post(value_of(task), {"version": "0", **fields})
    assert not Estimate.objects.filter(version__gt=0).exists()


def test_what_a_text_stands_in_place_of_is_shown_with_where_it_is_set(cast: Cast, task: Task) -> None:
    scope = DefaultsScope(cast.workspace, task.process, "Back office")
    change = {"coverage": {"text": "60 % to 70 %"}}
    assumption_defaults_update(access=cast.access(cast.editor), scope=scope, changes=change)
    client = cast.browser(cast.editor)
    link = f'href="{of_the_process(task.process)}?lane=Back%20office#a-coverage"'
    assert link in row(text_of(client, value_of(task)), "coverage")
    estimate_update(access=cast.access(cast.editor), task=task, changes={"coverage": {"text": "90 %"}}, version=None)
    text = row(text_of(client, value_of(task)), "coverage")
    assert "instead of 60 % to 70 %, set for the lane Back office" in text
    assert link in text


def test_what_is_set_on_a_task_becomes_a_default_of_its_lane(cast: Cast, task: Task) -> None:
    client = cast.browser(cast.editor)
    change = {"coverage": {"text": "90 %", "note": "pilot"}}
    estimate_update(access=cast.access(cast.editor), task=task, changes=change, version=None)
    text = row(text_of(client, value_of(task)), "coverage")
    assert 'value="lane/coverage"' in text
    assert 'value="workspace/coverage"' not in text
    assert client.post(f"{value_of(task)}default/", {"what": "lane/coverage", "version": "1"}).status_code == 302
    kept = AssumptionDefault.objects.get()
    assert (kept.lane, kept.text, kept.source, kept.note) == (
        "Back office", "90 %", "from the estimate of Triage", "pilot",
    )  # fmt: skip


@pytest.mark.parametrize(
    "sent", [{"what": "lane/coverage", "version": "0"}, {"what": "workspace/coverage", "version": "1"},
             {"what": "process/wage", "version": "1"}, {"what": "nonsense", "version": "1"}, {}]
)  # fmt: skip
def test_a_default_is_not_set_from_an_old_page_nor_by_who_may_not(cast: Cast, task: Task, sent: dict[str, str]) -> None:
    estimate_update(access=cast.access(cast.editor), task=task, changes={"coverage": {"text": "90 %"}}, version=None)
    cast.browser(cast.editor).post(f"{value_of(task)}default/", sent)
    assert not AssumptionDefault.objects.exists()


def test_defaults_of_a_process_are_edited_on_their_page(cast: Cast, process: Process) -> None:
    client, where = cast.browser(cast.editor), of_the_process(process)
    text = text_of(client, where)
    assert "Nothing is set for the process yet" in text
    version = re.search(r'name="version" value="(\d+)"', text)
    assert version
    given = {"version": version[1], "a-hosting": "900", "src-hosting": "offer", "note-hosting": "ask again"}
    assert client.post(where, given).status_code == 302
    text = text_of(client, where)
    assert "1 assumption set for the process" in text
    assert ">4<small>use it" in text.replace("\n", "")
    assert client.post(where, {**given, "a-hosting": "950"}).status_code == 412
    assert AssumptionDefault.objects.get().text == "900"


def test_a_text_that_cannot_be_read_stands_beside_its_field(cast: Cast, process: Process) -> None:
    client, where = cast.browser(cast.editor), of_the_process(process)
    version = str(defaults_version({}))
    given = {"version": version, "a-coverage": "150 %", "a-hosting": "900", "note-hosting": "keep me"}
    answer = client.post(where, given)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert 'id="e-coverage"' in text
    assert 'value="150 %"' in text
    assert 'value="keep me"' in text
    assert not AssumptionDefault.objects.exists()


def test_a_lane_has_a_tab_and_shows_what_holds_without_it(cast: Cast, process: Process) -> None:
    scope = DefaultsScope(cast.workspace, process)
    change = {"coverage": {"text": "30 % to 40 %"}}
    assumption_defaults_update(access=cast.access(cast.editor), scope=scope, changes=change)
    text = text_of(cast.browser(cast.viewer), f"{of_the_process(process)}?lane=Back office")
    assert '<a href="?lane=Back%20office" aria-current="page">Back office</a>' in text
    assert "30 % to 40 %" in text
    assert "set for the process" in text
    assert '<form method="post" novalidate>' not in text


def test_defaults_of_the_workspace_are_the_owners_to_edit(cast: Cast, process: Process) -> None:
    where, given = "/w/acme/assumptions/", {"version": str(defaults_version({})), "a-hosting": "900"}
    assert cast.browser(cast.editor).post(where, given).status_code == 403
    assert 'name="a-hosting"' not in text_of(cast.browser(cast.editor), where)
    assert cast.browser(cast.owner).post(where, given).status_code == 302
    assert defaults_of(DefaultsScope(cast.workspace))["hosting"].text == "900"
    assert 'name="a-wage"' not in text_of(cast.browser(cast.owner), where)


def test_the_pages_ask_the_same_few_questions_however_many_tasks_there_are(cast: Cast) -> None:
    client, counts = cast.browser(cast.owner), []
    for figures in ({"One": (10.0, 5.0)}, {f"Task {number}": (10.0, 5.0) for number in range(12)}):
        process = claims_process(cast.workspace, figures)
        for where in (of_the_process(process), "/w/acme/assumptions/"):
            client.get(where)
            with CaptureQueriesContext(connection) as found:
                client.get(where)
            counts.append(len(found))
    assert counts[:2] == counts[2:]


def test_what_holds_without_a_default_and_how_many_use_it_are_counted_over_all_tasks(cast: Cast) -> None:
    figures = {f"Task {number}": (10.0, 5.0 + (number > 6)) for number in range(12)}
    process = claims_process(cast.workspace, figures)
    scope = DefaultsScope(cast.workspace, process)
    assumption_defaults_update(access=cast.access(cast.editor), scope=scope, changes={"hosting": {"text": "900"}})
    own = {"hosting": {"text": "700"}}
    estimate_update(access=cast.access(cast.editor), task=task_of(process, "Task 3"), changes=own, version=None)
    rows = {row.key: row for section in defaults_page(scope).sections for row in section.rows}
    assert (rows["hosting"].used, rows["coverage"].used, rows["volume"].used) == (11, 12, 0)
    assert rows["minutes_review"].without.source == "differs from task to task; this one for 7 of 12"
    assert rows["coverage"].without.text == "50 % to 80 %"
    assert rows["volume"].without.source == "nothing: the log or the task says it"
