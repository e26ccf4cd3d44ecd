"""All tasks on one page: answered as a plain form, refused beside the cell, a page at a time."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from planner.models import Process, SuitabilityAnswer, Task
from planner.selectors.suitability_page import TASKS_A_PAGE
from planner.services import suitability_answer
from tests.conftest import Cast
from tests.planner.test_verdicts_and_values import checked
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def process(cast: Cast) -> Process:
    return claims_process(cast.workspace)


def page_of(process: Process) -> str:
    return f"/w/acme/processes/{process.pk}/suitability/"


def text_of(answer: object) -> str:
    return html.unescape(answer.content.decode())  # type: ignore[attr-defined]


def the_form(text: str) -> dict[str, list[str]]:
    """What a browser without scripts would send of the answers."""
    form = text[text.index("data-answers>") : text.index("</form>", text.index("data-answers>"))]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if said.get("type") != "radio" or " checked" in tag:
            found.setdefault(said["name"], []).append(said.get("value", ""))
    return found


def said(task: Task) -> set[tuple[str, int, str]]:
    return set(task.answers.values_list("question", "score", "evidence"))


def test_every_task_and_question_is_there_with_what_the_log_says_of_it(cast: Cast, process: Process) -> None:
    text = text_of(cast.browser(cast.editor).get(page_of(process)))
    triage = task_of(process, "Triage")
    field = re.search(rf'<input [^>]*name="q-{triage.pk}-volume"[^>]*>', text)
    assert field is not None
    assert 'placeholder="4"' in field[0]
    assert "The log says 4: 42\u202f000 a year." in field[0]
    assert 'aria-label="Is the volume high? Triage"' in field[0]
    assert len(re.findall(r'name="q-\d+-\w+"', text)) == 4 * 8
    assert "0 a few a year" in text
    assert "5 tens of thousands a year" in text


def test_the_plain_form_saves_what_was_written_and_nothing_else(cast: Cast, process: Process) -> None:
    browser = cast.browser(cast.editor)
    triage, pay = task_of(process, "Triage"), task_of(process, "Pay")
    sent = the_form(text_of(browser.get(page_of(process), {"q": "a"})))
    sent |= {f"q-{triage.pk}-error": ["4"], f"q-{pay.pk}-rule": ["0"]}
    answer = browser.post(f"{page_of(process)}answers/", sent)
    assert answer.headers["Location"] == f"{page_of(process)}?q=a"
    assert (said(triage), said(pay)) == ({("error", 4, "")}, {("rule", 0, "")})
    assert "today's rule is written down already" in text_of(browser.get(page_of(process)))
    sent = the_form(text_of(browser.get(page_of(process)))) | {f"q-{triage.pk}-error": [""]}
    browser.post(f"{page_of(process)}answers/", sent)
    assert (said(triage), said(pay)) == (set(), {("rule", 0, "")})


def test_the_reason_is_written_on_the_page_of_the_task_and_survives_another_score(cast: Cast, process: Process) -> None:
    browser, triage = cast.browser(cast.editor), task_of(process, "Triage")
    where = f"{page_of(process)}?task={triage.pk}"
    key = f"{triage.pk}-error"
    sent = the_form(text_of(browser.get(where))) | {f"q-{key}": ["2"], f"r-{key}": [" nobody\n looks "]}
    assert browser.post(f"{page_of(process)}answers/", sent).headers["Location"] == where
    assert said(triage) == {("error", 2, "nobody looks")}
    browser.post(f"{page_of(process)}answers/", {f"q-{key}": "3", f"w-{key}": "2|nobody looks"})
    assert said(triage) == {("error", 3, "nobody looks")}
    sent = the_form(text_of(browser.get(where))) | {f"q-{key}": [""]}
    assert browser.post(f"{page_of(process)}answers/", sent).status_code == 302
    assert said(triage) == set()


@pytest.mark.parametrize("wrong", ["9", "x", "-1", "1e0", "٣"])
def test_what_is_no_answer_is_refused_beside_its_cell_and_nothing_is_saved(
    cast: Cast, process: Process, wrong: str
) -> None:
    browser, triage = cast.browser(cast.editor), task_of(process, "Triage")
    sent = the_form(text_of(browser.get(page_of(process))))
    sent |= {f"q-{triage.pk}-error": [wrong], f"q-{triage.pk}-rule": ["1"]}
    answer = browser.post(f"{page_of(process)}answers/", sent)
    text = text_of(answer)
    assert (answer.status_code, said(triage)) == (400, set())
    state = text[text.index(f'id="state-{triage.pk}-error"') :].split("</td>")[0]
    assert "A score is a whole number from 0 to 5." in state
    assert re.search(rf'name="q-{triage.pk}-error" value="{wrong}"[^>]*aria-invalid="true"', text)
    assert f'name="q-{triage.pk}-rule" value="1"' in text


def test_an_answer_somebody_else_gave_meanwhile_is_told_and_kept(cast: Cast, process: Process) -> None:
    browser, triage = cast.browser(cast.editor), task_of(process, "Triage")
    sent = the_form(text_of(browser.get(page_of(process)))) | {f"q-{triage.pk}-error": ["5"]}
    suitability_answer(access=cast.access(cast.owner), task=triage, question="error", score=1, evidence="it cost us")
    answer = browser.post(f"{page_of(process)}answers/", sent)
    text = text_of(answer)
    assert (answer.status_code, said(triage)) == (412, {("error", 1, "it cost us")})
    assert "Triage, Error: now 1, “it cost us”, by Olga." in text
    sent = the_form(text) | {f"q-{triage.pk}-error": ["5"]}
    assert browser.post(f"{page_of(process)}answers/", sent).status_code == 302
    assert said(triage) == {("error", 5, "it cost us")}


def test_the_page_in_use_gets_back_what_changed(cast: Cast, process: Process) -> None:
    browser, triage = cast.browser(cast.editor), task_of(process, "Triage")
    checked(triage, "predict", beats_baseline=True)
    key = f"{triage.pk}-rule"
    where = f"{page_of(process)}answers/"
    text = text_of(browser.post(where, {f"q-{key}": "0", f"r-{key}": "in the manual", f"w-{key}": "|"}, headers=HTMX))
    for part in ("suitability-head", f"points-{triage.pk}", f"verdict-{triage.pk}", f"state-{key}"):
        assert f'id="{part}"' in text
    assert f'name="w-{key}" value="0|in the manual"' in text
    assert "Write a rule" in text
    late = browser.post(where, {f"q-{key}": "3", f"w-{key}": "|"}, headers=HTMX)
    assert (late.status_code, f'id="wrong-{key}"' in text_of(late)) == (412, True)


def test_many_tasks_come_a_page_at_a_time_with_as_many_queries_as_few(cast: Cast, process: Process) -> None:
    browser = cast.browser(cast.editor)

    def queries(query: dict[str, str]) -> int:
        browser.get(page_of(process), query)
        with CaptureQueriesContext(connection) as caught:
            browser.get(page_of(process), query)
        return len(caught)

    few = queries({})
    more = [
        Task(workspace=cast.workspace, process=process, name=f"Step {n}", volume_a_year=900.0, position=10 + n)
        for n in range(300)
    ]
    Task.objects.bulk_create(more)
    first = text_of(browser.get(page_of(process)))
    assert len(re.findall(r"<tr data-task=", first)) == TASKS_A_PAGE
    assert "1–25 of 304" in first
    last = text_of(browser.get(page_of(process), {"page": "13"}))
    assert len(re.findall(r"<tr data-task=", last)) == 4
    found = text_of(browser.get(page_of(process), {"q": "step 299"}))
    assert len(re.findall(r"<tr data-task=", found)) == 1
    assert queries({}) == queries({"page": "13"}) == few


def test_a_viewer_reads_everything_and_finds_no_form(cast: Cast, process: Process) -> None:
    triage = task_of(process, "Triage")
    for where in (page_of(process), f"{page_of(process)}?task={triage.pk}"):
        text = text_of(cast.browser(cast.viewer).get(where))
        assert "42\u202f000 a year" in text
        assert "data-answers" not in text
        assert 'name="q-' not in text
    sent = {f"q-{triage.pk}-error": "1"}
    assert cast.browser(cast.viewer).post(f"{page_of(process)}answers/", sent).status_code == 403
    assert cast.browser(cast.stranger).post(f"{page_of(process)}answers/", sent).status_code == 404


def test_a_task_of_another_workspace_is_refused(cast: Cast, process: Process) -> None:
    far = task_of(claims_process(cast.elsewhere), "Pay")
    answer = cast.browser(cast.editor).post(f"{page_of(process)}answers/", {f"q-{far.pk}-error": "1"})
    assert (answer.status_code, SuitabilityAnswer.objects.count()) == (400, 0)
    assert "There is no such task in this process." in text_of(answer)
