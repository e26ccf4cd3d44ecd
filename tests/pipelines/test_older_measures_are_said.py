"""Where checks were made on an older log, every page whose figures follow from them says so, and Home asks for more."""

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from canvas.services import canvas_draft
from jobs.models import Run
from jobs.services import run_drain
from pipelines.models import Pipeline
from planner.models import DecisionTarget, Process, Task
from planner.services import log_apply
from tests.conftest import Cast
from tests.planner.measuring import PATHS, measured_process, newer_log

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.second_leg]
SAID = "rests in part on older measurements"


@pytest.fixture
def process(cast: Cast) -> Process:
    """A process whose newer log was applied while its targets were checked on the older one."""
    access = cast.access(cast.editor)
    found = measured_process(access)
    run_drain(run_ids=list(Run.objects.under_way().values_list("pk", flat=True)))
    log_apply(access=access, log=newer_log(access, found, PATHS[1:]))
    return found


@pytest.fixture
def pipeline(cast: Cast, process: Process) -> Pipeline:
    task = Task.objects.get(pk=DecisionTarget.objects.values_list("task", flat=True)[0])
    canvas = canvas_draft(access=cast.access(cast.editor), task=task)
    return Pipeline.objects.create(workspace=cast.workspace, canvas=canvas, task=task)


def cancelled() -> None:
    """The check on the newer log is stopped, so that nothing makes the older measures anew."""
    Run.objects.under_way().filter(kind="planner.screen").update(state="cancelled")


def pages_of(pipeline: Pipeline) -> dict[str, str]:
    process = pipeline.task.process_id
    return {
        "home": reverse("planner:home", args=["acme"]),
        "canvases": reverse("canvas:index", args=["acme", process]),
        "pipelines": reverse("pipelines:index", args=["acme", process]),
        "pipeline": reverse("pipelines:pipeline", args=["acme", pipeline.pk]),
        "life": reverse("pipelines:life", args=["acme", pipeline.pk]),
    }


def saying(cast: Cast, pipeline: Pipeline) -> set[str]:
    browser = cast.browser(cast.editor)
    return {name for name, url in pages_of(pipeline).items() if SAID in browser.get(url).content.decode().lower()}


def test_every_page_says_it_once_nothing_will_mend_it(cast: Cast, pipeline: Pipeline) -> None:
    assert saying(cast, pipeline) == set(), "a check on the newer log is under way"
    cancelled()
    assert saying(cast, pipeline) == set(pages_of(pipeline))


def test_the_list_of_lives_says_it(cast: Cast, pipeline: Pipeline) -> None:
    cancelled()
    other = Task.objects.of(cast.workspace).work().exclude(pk=pipeline.task_id)[0]
    canvas = canvas_draft(access=cast.access(cast.editor), task=other)
    Pipeline.objects.create(workspace=cast.workspace, canvas=canvas, task=other)
    url = reverse("pipelines:lives", args=["acme", pipeline.task.process_id])
    assert SAID in cast.browser(cast.viewer).get(url).content.decode()


def test_a_pipeline_whose_task_was_checked_anew_says_nothing(cast: Cast, pipeline: Pipeline) -> None:
    cancelled()
    now = pipeline.task.process.logs.in_use().first()
    DecisionTarget.objects.filter(task=pipeline.task).update(log=now)
    assert saying(cast, pipeline).isdisjoint({"pipeline", "life"})


def test_home_asks_as_often_for_many_processes_as_for_one(
    cast: Cast, pipeline: Pipeline, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    cancelled()
    browser, home = cast.browser(cast.viewer), pages_of(pipeline)["home"]
    with django_assert_max_num_queries(20) as one:
        browser.get(home)
    access = cast.access(cast.editor)
    second = measured_process(access)
    run_drain(run_ids=list(Run.objects.under_way().values_list("pk", flat=True)))
    log_apply(access=access, log=newer_log(access, second, PATHS[1:]))
    cancelled()
    with django_assert_max_num_queries(len(one)):
        text = browser.get(home).content.decode()
    assert text.lower().count(SAID) == 2
