"""A process a job works on is not deleted under it; once the job is over, it is."""

from collections.abc import Callable

import pytest

from accounts.access import Access
from canvas.services import canvas_draft
from jobs.models import Run, RunState
from jobs.services import StageSpec, run_cancel, run_drain, run_submit
from pipelines.models import Pipeline
from planner.models import LogUpload, Process, Task
from planner.services import process_create, task_screen
from tests.api.conftest import Calling, calling, unthrottled  # noqa: F401  fixtures
from tests.conftest import Cast
from tests.planner.measuring import measured_process
from tests.planner.under_check import under_check

pytestmark = pytest.mark.django_db
parts = pytest.mark.django_db(transaction=True)


def test_the_page_says_which_job_and_keeps_the_process(cast: Cast) -> None:
    process = process_create(access=cast.access(cast.editor), name="Claims")
    run = under_check(process)
    browser, where = cast.browser(cast.editor), f"/w/{cast.workspace.slug}/processes/{process.pk}/delete/"
    told = browser.post(where, follow=True).content.decode()
    assert "What can be foretold in Claims" in told
    assert Process.objects.filter(pk=process.pk).exists()
    run.state = RunState.CANCELLED.value
    run.save()
    browser.post(where)
    assert not Process.objects.filter(pk=process.pk).exists()


def test_the_api_answers_with_a_conflict(cast: Cast, calling: Calling) -> None:  # noqa: F811
    process = process_create(access=cast.access(cast.editor), name="Claims")
    under_check(process, RunState.QUEUED)
    answer = calling(cast.editor).delete(f"/api/v1/processes/{process.pk}/", HTTP_IF_MATCH="*")
    assert (answer.status_code, Process.objects.filter(pk=process.pk).exists()) == (409, True)
    assert "Cancel that job" in answer.json()["detail"]


def quiet(access: Access) -> Process:
    """A measured process no job works on any more."""
    process = measured_process(access)
    run_drain(run_ids=list(Run.objects.under_way().values_list("pk", flat=True)))
    return process


def about(access: Access, subject: str) -> Run:
    stages = [StageSpec(name="one", task_name="planner.import_log", params={})]
    return run_submit(access=access, kind="test", title=f"Work on {subject}", stages=stages, subject=subject)


def a_check_of_a_task(access: Access, process: Process) -> Run:
    return task_screen(access=access, task=Task.objects.filter(process=process, kind="task")[0])


def a_newer_file(access: Access, process: Process) -> Run:
    upload = LogUpload.objects.get(process=process)
    return about(access, f"upload:{upload.pk}")


def a_pipeline(access: Access, process: Process) -> Run:
    task = Task.objects.filter(process=process, kind="task")[0]
    canvas = canvas_draft(access=access, task=task)
    made = Pipeline.objects.create(workspace=access.workspace, canvas=canvas, task=task)
    return about(access, made.subject)


WORK: list[Callable[[Access, Process], Run]] = [a_check_of_a_task, a_newer_file, a_pipeline]


@parts
@pytest.mark.parametrize("work", WORK, ids=lambda work: work.__name__)
def test_a_process_is_kept_while_a_job_works_on_a_part_of_it(
    cast: Cast, work: Callable[[Access, Process], Run]
) -> None:
    access, browser = cast.access(cast.editor), cast.browser(cast.editor)
    process = quiet(access)
    run = work(access, process)
    answer = browser.delete(f"/api/v1/processes/{process.pk}/?workspace=acme")
    assert answer.status_code == 409
    assert run.title in answer.json()["title"]
    assert [error["path"] for error in answer.json()["errors"]] == [f"jobs.{run.pk}"]
    assert Process.objects.filter(pk=process.pk).exists()
    run_cancel(access=access, run=run)
    assert browser.delete(f"/api/v1/processes/{process.pk}/?workspace=acme").status_code == 204
    assert not Process.objects.filter(pk=process.pk).exists()


def test_a_job_on_another_process_holds_nothing_up(cast: Cast) -> None:
    process, other = (process_create(access=cast.access(cast.editor), name=name) for name in ("Claims", "Orders"))
    under_check(other)
    where = f"/w/{cast.workspace.slug}/processes/{process.pk}/delete/"
    assert "“Claims” deleted." in cast.browser(cast.editor).post(where, follow=True).content.decode()
    assert list(Process.objects.all()) == [other]
