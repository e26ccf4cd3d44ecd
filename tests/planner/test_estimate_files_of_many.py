"""The estimates of many tasks are written as a file by a job: the same file, for whoever may look, once at a time."""

from typing import Any

import pytest

from common.errors import Conflict
from jobs.domain.states import RunState
from jobs.models import Blob, Run
from jobs.services import run_cancel, run_drain
from planner.domain.valuation.estimate_table import write_csv, write_workbook
from planner.models import Process
from planner.selectors.estimate_files import AT_ONCE, file_download
from planner.selectors.estimate_table import estimate_lines
from planner.services import estimate_file_write, estimate_update, process_delete
from planner.services.estimate_file_job import estimate_file_compute
from tests.conftest import Cast
from tests.planner.worth import claims_process, task_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.second_leg]
MANY = AT_ONCE + 2
WRITERS = {"csv": write_csv, "xlsx": write_workbook}


@pytest.fixture
def process(cast: Cast) -> Process:
    return claims_process(cast.workspace, {f"Task {number}": (10.0, 5.0) for number in range(MANY)})


def started(cast: Cast, process: Process | None, ending: str = "csv") -> Run:
    found = estimate_file_write(access=cast.access(cast.viewer), process=process, ending=ending)
    assert isinstance(found, Run)
    return found


def written(cast: Cast, process: Process | None, ending: str = "csv") -> Run:
    run = started(cast, process, ending)
    run_drain(run_ids=[run.pk])
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED
    return run


def content(cast: Cast, run: Run) -> bytes:
    return b"".join(file_download(cast.workspace, run.pk).streaming_content)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("whole", [False, True])
def test_the_job_writes_what_would_have_been_written_at_once(
    cast: Cast, process: Process, ending: str, whole: bool
) -> None:
    scope = None if whole else process
    run = written(cast, scope, ending)
    assert content(cast, run) == WRITERS[ending](estimate_lines(cast.workspace, scope))


def test_the_page_leads_to_the_file(cast: Cast, process: Process) -> None:
    client, where = cast.browser(cast.viewer), f"/w/acme/processes/{process.pk}/estimates"
    answer = client.get(f"{where}.xlsx", follow=True)
    run = Run.objects.get()
    assert answer.redirect_chain == [(f"{where}/", 302)]
    assert f'id="job-{run.pk}"' in answer.content.decode(), "its progress is shown"
    assert client.get(f"/w/acme/estimates/files/{run.pk}/").status_code == 409
    run_drain(run_ids=[run.pk])
    text = client.get(f"{where}/").content.decode()
    assert f'id="job-{run.pk}"' not in text
    assert f"XLSX of {MANY} tasks" in text
    file = client.get(f"/w/acme/estimates/files/{run.pk}/")
    assert f"estimates-{process.pk}.xlsx" in file["Content-Disposition"]
    assert f"{MANY} tasks" not in client.get("/w/acme/estimates/").content.decode(), "that is another file"


def test_asking_ten_times_writes_once_and_afterwards_anew(cast: Cast, process: Process) -> None:
    client, where = cast.browser(cast.viewer), f"/w/acme/processes/{process.pk}/estimates.csv"
    for _ in range(10):
        assert client.get(where).status_code == 302
    first = Run.objects.get()
    run_drain(run_ids=[first.pk])
    change = {"hosting": {"text": "900"}}
    estimate_update(access=cast.access(cast.editor), task=task_of(process, "Task 3"), changes=change, version=None)
    later = written(cast, process)
    assert later.pk != first.pk
    assert b",900," in content(cast, later)
    with pytest.raises(Conflict, match="put away"):
        file_download(cast.workspace, first.pk)


def test_equal_files_are_put_away_only_when_nobody_needs_them(cast: Cast, process: Process) -> None:
    whole, one = written(cast, None), written(cast, process)
    assert Blob.objects.count() == 1, "a workspace of one process has the same file"
    change = {"hosting": {"text": "900"}}
    estimate_update(access=cast.access(cast.editor), task=task_of(process, "Task 3"), changes=change, version=None)
    written(cast, process)
    assert b",900," not in content(cast, whole)
    assert content(cast, one) == content(cast, whole), "the workspace still needs it"
    written(cast, None)
    with pytest.raises(Conflict, match="put away"):
        file_download(cast.workspace, one.pk)


def test_a_process_that_is_deleted_takes_its_files_along(cast: Cast, process: Process) -> None:
    runs = [written(cast, process), written(cast, None, "xlsx")]
    process_delete(access=cast.access(cast.editor), process=process)
    assert not Blob.objects.exists()
    for run in runs:
        with pytest.raises(Conflict, match="deleted"):
            file_download(cast.workspace, run.pk)
    assert estimate_file_compute(params={**runs[0].stages.get().params}, progress=lambda *_: None) == {}


def test_a_job_that_was_cancelled_leaves_no_file_and_can_be_asked_again(cast: Cast, process: Process) -> None:
    run = started(cast, process)
    run_cancel(access=cast.access(cast.editor), run=run)
    run_drain(run_ids=[run.pk])
    text = cast.browser(cast.editor).get(f"/w/acme/processes/{process.pk}/estimates/").content.decode()
    assert "Cancelled" in text
    assert not Blob.objects.exists()
    with pytest.raises(Conflict, match="cancelled"):
        file_download(cast.workspace, run.pk)
    assert content(cast, written(cast, process))
    text = cast.browser(cast.editor).get(f"/w/acme/processes/{process.pk}/estimates/").content.decode()
    assert "Cancelled" not in text


def test_it_says_how_far_it_is(cast: Cast, process: Process) -> None:
    said: list[tuple[float, str]] = []
    params: dict[str, Any] = {"workspace": cast.workspace.pk, "process": process.pk, "ending": "xlsx"}
    found = estimate_file_compute(params=params, progress=lambda share, words: said.append((share, words)))
    assert found["tasks"] == MANY
    assert [share for share, _ in said] == sorted(share for share, _ in said)
    assert said[-1][1] == f"50 of {MANY} tasks written"


def test_strangers_find_neither_page_nor_file(cast: Cast, process: Process) -> None:
    run = written(cast, process)
    stranger = cast.browser(cast.stranger)
    assert stranger.get(f"/w/acme/estimates/files/{run.pk}/").status_code == 404
    assert stranger.get(f"/w/other/estimates/files/{run.pk}/").status_code == 404
    assert stranger.get(f"/w/other/processes/{process.pk}/estimates.csv").status_code == 404
    other = Run.objects.create(workspace=cast.workspace, kind="planner.report", title="Report")
    assert cast.browser(cast.viewer).get(f"/w/acme/estimates/files/{other.pk}/").status_code == 404
