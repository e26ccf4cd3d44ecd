"""The first tasks of a ranking are generated at once where they are few, else by a job that drafts them first."""

import pytest

from canvas.models import Canvas
from canvas.services.drafting_job import AT_ONCE
from jobs.models import Run
from jobs.services import run_drain
from pipelines.models import Pipeline
from planner.models import Process, Task
from planner.selectors.value_results import forget_values
from tests.conftest import Cast
from tests.planner.worth import claims_process

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.second_leg]
MANY = AT_ONCE + 2
GENERATE_FIRST, GENERATE = "pipelines.generate_first", "pipelines.generate"


@pytest.fixture
def process(cast: Cast) -> Process:
    forget_values()
    return claims_process(cast.workspace, {f"Step {n}": (40_000.0 + 900 * n, 9.0 + n) for n in range(MANY)})


def asked(cast: Cast, process: Process, k: int) -> str:
    where = f"/w/acme/processes/{process.pk}/pipelines/generate/"
    answer = cast.browser(cast.editor).post(where, {"k": k, "include_rows": "on"}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_many_are_drafted_and_begun_by_one_job(cast: Cast, process: Process) -> None:
    text = asked(cast, process, MANY)
    run = Run.objects.get()
    assert run.kind == GENERATE_FIRST
    assert run.title == "Generate the first 7 pipelines of Claims"
    assert f'id="job-{run.pk}"' in text, "its progress is shown"
    assert not Canvas.objects.exists()
    asked(cast, process, MANY)
    assert Run.objects.count() == 1, "one press is one job"
    run_drain(run_ids=[run.pk])
    assert Canvas.objects.count() == Pipeline.objects.count() == MANY
    begun = Run.objects.filter(kind=GENERATE)
    assert begun.count() == MANY
    assert {each.created_by for each in begun} == {cast.editor}
    assert begun.filter(stages__params__include_rows=True).count() == MANY


def test_they_are_the_first_of_the_ranking_in_the_order_asked_for(cast: Cast, process: Process) -> None:
    k = AT_ONCE + 1
    asked(cast, process, k)
    run_drain(run_ids=[Run.objects.get().pk])
    left = Task.objects.get(process=process, pipelines=None)
    assert left.name == "Step 0"
    assert set(Canvas.objects.values_list("task_id", flat=True)) == set(
        Pipeline.objects.values_list("task_id", flat=True)
    )


def test_few_begin_at_once(cast: Cast, process: Process) -> None:
    asked(cast, process, AT_ONCE)
    assert not Run.objects.filter(kind=GENERATE_FIRST).exists()
    assert Pipeline.objects.count() == AT_ONCE


def test_a_viewer_begins_none_and_a_stranger_finds_nothing(cast: Cast, process: Process) -> None:
    where = f"/w/acme/processes/{process.pk}/pipelines/generate/"
    assert cast.browser(cast.viewer).post(where, {"k": MANY}).status_code == 403
    assert cast.browser(cast.stranger).post(where, {"k": MANY}).status_code == 404
    assert not Run.objects.exists()
