"""A full disk: every write is refused whole, in words that say what to do; jobs wait and go on by themselves."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from pytest_django.fixtures import Settings

from accounts.models import Workspace
from common.disk import STAGE_REASON, is_disk_full, says_disk_full
from jobs.models import Blob, StageState
from jobs.services import StageSpec, run_submit
from planner.models import LogUpload, Process
from tests.conftest import Cast
from tests.jobs.stages import publishing_stage_run, stage_run

ROOT = Path(__file__).resolve().parents[2]
FULL = "The disk is full: this could not be saved."


class FullStorage(FileSystemStorage):
    """A store on a device that has no space left."""

    def _save(self, name: str, content: File[Any]) -> str:
        with Path("/dev/full").open("wb") as device:
            shutil.copyfileobj(content, device)
        return name


@pytest.fixture
def full_store(settings: Settings) -> None:
    backend = {"BACKEND": f"{__name__}.FullStorage"}
    settings.STORAGES = {**settings.STORAGES, "blobs": backend}


@pytest.fixture
def full_database(cast: Cast) -> Iterator[None]:
    """SQLite that may not grow by a page."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite can be told how large it may grow")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # pages that earlier tests left free would take what is written here
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1073741823")


def upload() -> SimpleUploadedFile:
    rows = "".join(f"{case},{step},2026-01-{case % 28 + 1:02d} 0{step}:00\n" for case in range(40) for step in (1, 2))
    return SimpleUploadedFile("log.csv", f"case,activity,time\n{rows}".encode(), "text/csv")


@pytest.mark.django_db
@pytest.mark.usefixtures("full_store")
def test_an_upload_leaves_nothing_and_gets_a_page(cast: Cast) -> None:
    answer = cast.browser(cast.editor).post("/w/acme/import/", {"file": upload()})
    assert answer.status_code == 507
    text = answer.content.decode()
    assert FULL in text
    assert "nothing saved before is lost" in text
    assert "DATA_DIR" in text
    assert not LogUpload.objects.exists()
    assert not Blob.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("full_database")
def test_a_form_is_rolled_back_and_gets_a_page(cast: Cast) -> None:
    client = cast.browser(cast.editor)
    answer = client.post("/w/acme/processes/new/", {"name": "Claims", "description": "x" * 10_000})
    assert answer.status_code == 507
    assert FULL in answer.content.decode()
    assert not Process.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("full_database")
def test_the_api_answers_with_a_problem(cast: Cast) -> None:
    client = cast.browser(cast.editor)
    client.force_login(cast.editor, backend="django.contrib.auth.backends.ModelBackend")
    sent = {"name": "Claims", "description": "x" * 10_000}
    answer = client.post("/api/v1/processes/", sent, content_type="application/json", headers={"X-Workspace": "acme"})
    assert answer.status_code == 507, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:taskworth:problem:disk-full"
    assert answer.json()["title"] == FULL
    assert not Process.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("full_store")
def test_a_stage_whose_output_cannot_be_kept_waits(cast: Cast, settings: Settings, tmp_path: Path) -> None:
    stage = submitted(cast.workspace, cast, publishing_stage_run.name)
    publishing_stage_run(stage_id=stage.pk, attempt=0)
    stage.refresh_from_db()
    assert (stage.state_of, stage.errors, stage.lost) == (StageState.READY, 0, 0)
    assert stage.reason == STAGE_REASON
    roomy = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "blobs": roomy}
    type(stage).objects.update(not_before=None)
    publishing_stage_run(stage_id=stage.pk, attempt=1)
    stage.refresh_from_db()
    assert (stage.state_of, stage.reason) == (StageState.SUCCEEDED, "")


@pytest.mark.django_db(transaction=True)
def test_a_program_of_a_stage_that_meets_a_full_disk_makes_it_wait(cast: Cast) -> None:
    stage = submitted(
        cast.workspace, cast, stage_run.name, command=["/bin/sh", "-c", "head -c 10 /dev/zero > /dev/full"]
    )
    stage_run(stage_id=stage.pk, attempt=0)
    stage.refresh_from_db()
    assert (stage.state_of, stage.errors, stage.reason) == (StageState.READY, 0, STAGE_REASON)


def submitted(workspace: Workspace, cast: Cast, task: str, **params: object) -> Any:
    access = cast.access(cast.editor)
    spec = StageSpec("only", task, params=params)
    return run_submit(access=access, kind="test", title="Test", stages=[spec]).stages.get()


def test_each_way_of_saying_it_is_understood() -> None:
    full = psycopg.errors.DiskFull("could not extend file")
    wrapped = RuntimeError("could not save")
    wrapped.__cause__ = OSError(28, "No space left on device")
    assert is_disk_full(full)
    assert is_disk_full(wrapped)
    assert says_disk_full("OSError: [Errno 28] No space left on device")
    assert not is_disk_full(OSError(2, "No such file"))
    assert not is_disk_full(psycopg.errors.UniqueViolation("twice"))
    assert not is_disk_full(None)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MB; skipped where mounting is not allowed."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if mount is None or umount is None:
        pytest.skip("there is no mount program here")
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=12m", "tmpfs", place], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"mounting a small file system is not allowed here: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run([umount, "--lazy", place], check=True)


PROGRAM = ROOT / "tests/house/full_disk_program.py"


def test_on_a_disk_that_is_really_full(small_disk: Path) -> None:
    """Uploads and forms answer 507 while it is full, pages can be read, and after space is freed all goes on."""
    given = {"PATH": "/usr/bin:/bin", "DATA_DIR": str(small_disk), "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, str(PROGRAM)], cwd=ROOT, capture_output=True, text=True, check=False,
        env=given | {"PYTHONPATH": str(ROOT), "LOG_LEVEL": "CRITICAL"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.split() == ["507", "507", "200", "201", "302"]
