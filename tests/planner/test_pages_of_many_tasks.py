"""Scenarios and effect of a process of many tasks: worked out by a job, the same as at once, and never an older one."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Workspace
from jobs.domain.states import RunState
from jobs.models import Blob, Run
from jobs.services import run_drain
from planner.models import Process, StoredRanking
from planner.selectors import kept_page
from planner.selectors.value_results import forget_values
from planner.services import estimate_update, flow_update
from planner.services.page_job import MOST_KEPT, TASK, page_compute
from tests.conftest import Cast
from tests.planner.test_large_processes import large, named

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.second_leg]
MANY = 12
PAGES = ("scenarios/", "scenarios/?q=task+0003", "effect/", "effect/?chosen=1&tasks={first}&repeats-{first}=20+%25")


@pytest.fixture
def process(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Process:
    monkeypatch.setattr(kept_page, "MOST_AT_ONCE", MANY - 1)
    forget_values()
    return large(cast, MANY)


def page(cast: Cast, process: Process, name: str, status: int = 200) -> str:
    where = name.format(first=named(process, 0).pk)
    answer = cast.browser(cast.editor).get(f"/w/acme/processes/{process.pk}/{where}")
    assert answer.status_code == status
    return answer.content.decode()


def waits(text: str) -> bool:
    return "The scenarios are being compared" in text or "The effect is being computed" in text


def drained() -> None:
    run_drain(run_ids=list(Run.objects.under_way().filter(kind=TASK).values_list("pk", flat=True)))


def body(text: str) -> str:
    """What is on it, without what differs each time it is sent."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"', "", text).partition("<main")[2]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_of_a_job_is_the_page_at_once(
    cast: Cast, process: Process, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = page(cast, process, name)
    assert waits(first)
    run = Run.objects.get(kind=TASK)
    assert f'id="job-{run.pk}"' in first, "its progress is shown"
    page(cast, process, name)
    assert Run.objects.filter(kind=TASK).count() == 1, "one job for all who look"
    drained()
    kept = page(cast, process, name)
    assert not waits(kept)
    monkeypatch.setattr(kept_page, "MOST_AT_ONCE", MANY)
    assert "Task 0003" in body(kept)
    assert body(kept) == body(page(cast, process, name))
    assert not Blob.objects.filter(media_type="application/json").exists(), "what was passed on is not kept"


OTHERS = ("ranking/", "ranking/?by=npv&chance=50&first=2", "scenarios/new/", "canvases/")


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_chosen_from_the_ranking_is_the_same_of_a_job(
    cast: Cast, process: Process, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = page(cast, process, name)
    run = Run.objects.get(kind=TASK)
    assert f'id="job-{run.pk}"' in first
    assert "Task 0003" not in body(first)
    assert 'name="a-wage"' not in first, "nothing can be saved before the fields are there"
    drained()
    kept = page(cast, process, name)
    assert not Run.objects.under_way().exists()
    monkeypatch.setattr(kept_page, "MOST_AT_ONCE", MANY)
    assert body(kept) == body(page(cast, process, name))


def test_the_file_of_a_ranking_is_the_same_of_a_job(
    cast: Cast, process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    page(cast, process, "ranking.csv", status=409)
    drained()
    kept = page(cast, process, "ranking.csv")
    assert len(kept.splitlines()) == MANY + 1
    monkeypatch.setattr(kept_page, "MOST_AT_ONCE", MANY)
    assert kept == page(cast, process, "ranking.csv")


def test_a_scenario_refused_keeps_what_was_typed_before_its_fields_are_kept(cast: Cast, process: Process) -> None:
    where = f"/w/acme/processes/{process.pk}/scenarios/new/"
    answer = cast.browser(cast.editor).post(where, {"name": "Wages rise", "a-wage": "many"})
    assert answer.status_code == 400
    text = answer.content.decode()
    assert 'value="many"' in text
    assert 'value="Wages rise"' in text


@pytest.mark.parametrize("name", ["scenarios/", "effect/"])
def test_after_a_change_the_older_page_is_not_shown(cast: Cast, process: Process, name: str) -> None:
    page(cast, process, name)
    drained()
    access, task = cast.access(cast.editor), named(process, 5)
    estimate_update(access=access, task=task, changes={"volume": {"text": "9 k"}}, version=0)
    assert waits(page(cast, process, name))
    drained()
    assert not waits(page(cast, process, name))
    Workspace.objects.filter(pk=cast.workspace.pk).update(hourly_wage=99)
    assert waits(page(cast, process, name))


def test_a_changed_flow_changes_the_effect(cast: Cast, process: Process) -> None:
    page(cast, process, "effect/")
    drained()
    flow = process.flows.order_by("pk")[2]
    flow_update(access=cast.access(cast.editor), flow=flow, probability=0.5)
    assert waits(page(cast, process, "effect/"))


def test_what_changes_while_it_is_worked_out_is_worked_out_again(cast: Cast, process: Process) -> None:
    page(cast, process, "scenarios/")
    params = Run.objects.get(kind=TASK).stages.get().params

    def edited(share: float, words: str) -> None:
        if words == f"{MANY} tasks valued":
            change = {"volume": {"text": "9 k"}}
            estimate_update(access=cast.access(cast.editor), task=named(process, 5), changes=change, version=0)

    assert page_compute(params=params, progress=edited) == {}
    assert page_compute(params=params, progress=lambda share, words: None)["content"]


def test_only_the_latest_pages_are_kept(cast: Cast, process: Process) -> None:
    for number in range(MOST_KEPT + 2):
        page(cast, process, f"effect/?chosen=1&tasks={named(process, number).pk}")
        drained()
    assert StoredRanking.objects.count() == MOST_KEPT


def test_a_task_that_is_none_of_it_is_refused_at_once(cast: Cast, process: Process) -> None:
    page(cast, process, "effect/?tasks=999999", status=400)
    assert not Run.objects.filter(kind=TASK).exists()


def test_a_failed_job_says_why_and_is_not_begun_again_by_a_look(cast: Cast, process: Process) -> None:
    page(cast, process, "scenarios/")
    Run.objects.filter(kind=TASK).update(state=RunState.FAILED)
    assert "Try again" in page(cast, process, "scenarios/")
    assert Run.objects.filter(kind=TASK).count() == 1


def test_queries_do_not_grow_with_the_tasks(cast: Cast, process: Process) -> None:
    counts = []
    for each in (process, large(cast, 5 * MANY)):
        for name in ("scenarios/", "effect/"):
            page(cast, each, name)
            drained()
            with CaptureQueriesContext(connection) as seen:
                page(cast, each, name)
            counts.append(len(seen))
    assert counts[:2] == counts[2:]


def test_values_of_many_are_those_of_the_page(cast: Cast, process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(text: str) -> list[str]:
        return re.findall(r"<tr.*?</tr>", text, re.DOTALL)

    many = page(cast, process, "values/?q=task+0003")
    assert f"{MANY} tasks and what each is worth" in many or "Twelve tasks and what each is worth" in many
    monkeypatch.setattr(kept_page, "MOST_AT_ONCE", MANY)
    few = page(cast, process, "values/?q=task+0003")
    assert f"{MANY} of twelve tasks valued" in few or f"{MANY} of 12 tasks valued" in few
    assert told(many) == told(few) != []
