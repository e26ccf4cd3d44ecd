"""Scenarios and effect of a process of many tasks over the API: worked out by a job, then the same as at once."""

import pytest

from jobs.models import Run
from jobs.services import run_drain
from planner.models import Process, Task
from planner.selectors import kept_page
from planner.selectors.value_results import forget_values
from tests.api.conftest import Calling
from tests.conftest import Cast
from tests.planner.test_large_processes import large, named

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.second_leg]
MANY = 12
ASKED = ("scenarios/", "effect/", "effect/?tasks={first}&repeats={first}:0.5")


@pytest.fixture
def process(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Process:
    monkeypatch.setattr(kept_page, "MOST_AT_ONCE", MANY - 1)
    forget_values()
    return large(cast, MANY)


@pytest.mark.parametrize("name", ASKED)
def test_the_answer_is_the_job_until_it_has_ended_then_what_is_told_at_once(
    calling: Calling, cast: Cast, process: Process, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, client = f"/api/v1/processes/{process.pk}/{name.format(first=named(process, 0).pk)}", calling(cast.viewer)
    first = client.get(where)
    run = Run.objects.get()
    assert (first.status_code, first.json()) == (202, {"job": run.pk})
    assert first["Location"].endswith(f"/jobs/{run.pk}/")
    assert client.get(where).json() == {"job": run.pk}, "one job for all who ask"
    run_drain(run_ids=[run.pk])
    kept = client.get(where)
    assert (kept.status_code, kept["Content-Type"]) == (200, "application/json")
    assert calling(cast.stranger, workspace=cast.elsewhere).get(where).status_code == 404
    monkeypatch.setattr(kept_page, "MOST_AT_ONCE", MANY)
    assert kept.json() == client.get(where).json()


def test_what_cannot_be_worked_out_is_refused_as_ever(calling: Calling, cast: Cast, process: Process) -> None:
    client, first = calling(cast.viewer), named(process, 0).pk
    assert client.get(f"/api/v1/processes/{process.pk}/effect/?tasks=999999").status_code == 400
    Task.objects.filter(pk=first).update(handling_minutes=None)
    where = f"/api/v1/processes/{process.pk}/effect/?tasks={first}"
    run_drain(run_ids=[client.get(where).json()["job"]])
    refused = client.get(where)
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, "tasks")
