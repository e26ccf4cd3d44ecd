"""An import is killed or cancelled while it reads: nothing of it stays, and tried again it is there once."""

import gzip
import io
from collections.abc import Iterator

import pytest
from django.test import override_settings

from accounts.access import Access
from jobs.models import LogEvent, Run, RunState, StageState
from jobs.services import run_cancel
from planner.models import EventLog, LogUpload, Process
from planner.services import log_import_start, log_upload_create
from tests.faults.house import House, kill, over, wait_for

CASES = 150_000
_EVENT = (
    '<event><string key="concept:name" value="{name}"/><string key="lifecycle:transition" value="complete"/>'
    '<date key="time:timestamp" value="2024-03-{day:02}T08:{minute:02}:00Z"/></event>'
)


def long_log() -> bytes:
    """An XES.gz log that takes seconds to read: three steps a case."""
    traces = (
        f'<trace><string key="concept:name" value="c{case}"/>'
        + "".join(
            _EVENT.format(name=name, day=1 + case % 28, minute=5 * step) for step, name in enumerate(("A", "B", "C"))
        )
        + "</trace>"
        for case in range(CASES)
    )
    return gzip.compress(("<log>" + "".join(traces) + "</log>").encode(), 1)


@pytest.fixture
def upload(quiet_house: House) -> Iterator[LogUpload]:
    """A long log brought to the house's workspace, with its broker, one worker and one dispatcher at work."""
    place = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    stores = {"blobs": {**place, "OPTIONS": {"location": str(quiet_house.folder / "blobs")}}}
    with override_settings(STORAGES=stores, DATA_DIR=quiet_house.folder):
        access = Access.system(quiet_house.workspace)
        yield log_upload_create(access=access, file=io.BytesIO(long_log()), filename="long.xes.gz")


def started(house: House, upload: LogUpload) -> Run:
    run = log_import_start(access=Access.system(house.workspace), upload=upload)
    house.start_broker()
    house.start_dispatcher()
    return run


def reading(run: Run) -> bool:
    """Whether the stage is in the middle of the file."""
    stage = run.stages.get()
    return stage.state == StageState.RUNNING.value and stage.progress_note == "reading" and 0 < stage.progress < 0.6


def imported_once(upload: LogUpload) -> None:
    upload.refresh_from_db()
    assert upload.state == LogUpload.State.IMPORTED
    log = EventLog.objects.get()
    assert Process.objects.get() == log.process == upload.process
    assert (log.statistics["events"], log.statistics["cases"]) == (3 * CASES, CASES)


@pytest.mark.second_leg
def test_an_import_whose_worker_is_killed_is_read_again_and_imported_once(
    quiet_house: House, upload: LogUpload
) -> None:
    worker = quiet_house.start_worker()
    run = started(quiet_house, upload)
    wait_for(lambda: reading(run))
    kill(worker)
    assert not Process.objects.exists()
    quiet_house.start_worker()
    wait_for(lambda: over(run))
    run.refresh_from_db()
    stage = run.stages.get()
    assert run.state_of is RunState.SUCCEEDED, quiet_house.log()
    assert (stage.attempt, stage.lost, stage.errors) == (2, 1, 0)
    imported_once(upload)


@pytest.mark.second_leg
def test_an_import_cancelled_while_it_reads_leaves_nothing_and_can_be_started_again(
    quiet_house: House, upload: LogUpload
) -> None:
    quiet_house.start_worker()
    run = started(quiet_house, upload)
    wait_for(lambda: reading(run))
    run_cancel(access=Access.system(quiet_house.workspace), run=run)
    wait_for(lambda: over(run))
    run.refresh_from_db()
    assert run.state_of is RunState.CANCELLED, quiet_house.log()
    assert run.log.filter(event=LogEvent.CANCELLED, stage=run.stages.get()).count() == 1
    assert not Process.objects.exists()
    assert not EventLog.objects.exists()
    wait_for(lambda: not list((quiet_house.folder / "scratch").glob("*/*")))
    upload.refresh_from_db()
    again = log_import_start(access=Access.system(quiet_house.workspace), upload=upload)
    wait_for(lambda: over(again))
    imported_once(upload)
