"""The template chosen for an estimate stays chosen on the page, also when it changes nothing."""

import re

import pytest

from planner.models import Task
from planner.services import estimate_update
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(cast: Cast) -> Task:
    return task_of(claims_process(cast.workspace), "Triage")


def chosen(text: str) -> list[str]:
    shown = text[text.index('id="template"') :]
    return re.findall(r'<option value="([a-z-]+)" selected>', shown[: shown.index("</select>")])


def apply(cast: Cast, task: Task, name: str) -> str:
    browser = cast.browser(cast.editor)
    version = "-1" if not hasattr(task, "estimate") else str(task.estimate.version)
    given = {"template": name, "version": version}
    answer = browser.post(f"/w/acme/tasks/{task.pk}/value/template/", given, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_applied_template_is_the_chosen_one(cast: Cast, task: Task) -> None:
    page = f"/w/acme/tasks/{task.pk}/value/"
    assert chosen(cast.browser(cast.editor).get(page).content.decode()) == []
    estimate_update(access=cast.access(cast.editor), task=task, changes={"wage": {"text": "50"}}, version=0)
    task.refresh_from_db()
    assert chosen(apply(cast, task, "forecast")) == ["forecast"]
    assert chosen(cast.browser(cast.editor).get(page).content.decode()) == ["forecast"]
    task.refresh_from_db()
    assert chosen(apply(cast, task, "forecast")) == ["forecast"]


def test_a_choice_that_was_refused_stays(cast: Cast, task: Task) -> None:
    text = cast.browser(cast.editor).get(f"/w/acme/tasks/{task.pk}/value/?template=approval").content.decode()
    assert chosen(text) == ["approval"]
