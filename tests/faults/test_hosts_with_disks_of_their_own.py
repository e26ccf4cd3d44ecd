"""Two workers with disks of their own share a run through a bucket; one is killed, the other brings it to its end."""

import hashlib
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from pytest_django.fixtures import Settings

from accounts.access import Access
from accounts.services.backup import stored_files
from jobs.models import Blob, RunState
from jobs.services import blob_delete, blob_open, blob_path, blob_store, stage_approve
from jobs.services.object_store import StoreFault
from tests.faults.bucket import Bucket, bucket_served
from tests.faults.house import House, books_balance, kill, over, wait_for
from tests.jobs.conftest import spec
from tests.jobs.stages import file_stage_run

pytestmark = pytest.mark.second_leg
FILES = file_stage_run.name
TIMES = 200_000


@pytest.fixture
def bucket(quiet_house: House, settings: Settings) -> Bucket:
    """This process uses the bucket too, as a web server does."""
    with bucket_served(quiet_house) as bucket:
        backend = {"BACKEND": "jobs.services.object_store.ObjectStorage", "OPTIONS": bucket.options}
        settings.STORAGES = {**settings.STORAGES, "blobs": backend}
        quiet_house.further = bucket.variables
        return bucket


def test_a_run_ends_right_when_one_of_two_hosts_dies_in_the_middle(quiet_house: House, bucket: Bucket) -> None:
    house, mark = quiet_house, quiet_house.folder / "mark"
    one, other = house.folder / "one", house.folder / "other"
    house.start_broker()
    dying = house.start_worker(1, disk=one)
    house.start_dispatcher()
    run = house.submit(
        spec("read", task_name=FILES, times=TIMES),
        spec("train", "read", task_name=FILES, times=TIMES, mark=str(mark), hang_attempts=1),
        spec("test", "read", task_name=FILES, times=TIMES, needs_approval=True),
        spec("package", "train", "test", task_name=FILES),
    )
    wait_for(mark.exists)  # its file is in the bucket, and no row of a stage says so yet
    staying = house.start_worker(1, disk=other)
    wait_for(lambda: (house.folder / "log").read_text(errors="replace").count("[queues]") == 2)
    stage_approve(access=Access.system(house.workspace), stage=run.stages.get(name="test"))
    wait_for(lambda: run.stages.get(name="test").output != {})
    kill(dying)
    wait_for(lambda: over(run))
    run.refresh_from_db()
    assert run.state_of is RunState.SUCCEEDED, house.log()
    stages = {stage.name: stage for stage in run.stages.all()}
    assert {name: Path(str(stage.output["disk"])) for name, stage in stages.items()} == {
        "read": one,
        "train": other,
        "test": other,
        "package": other,
    }
    assert (stages["train"].attempt, stages["train"].lost) == (2, 1)
    books_balance()
    _every_file_is_whole(bucket)
    read, train, test = (word * TIMES for word in (b"read", b"train", b"test"))
    with blob_open(Blob.objects.get(pk=stages["package"].output["blob"])) as source:
        assert source.read() == read + test + read + train + b"package"
    assert not (one / "blobs").exists()
    assert not (other / "blobs").exists()
    assert list((other / "spool").iterdir()) == []
    assert staying.poll() is None


def _every_file_is_whole(bucket: Bucket) -> None:
    """The bucket holds exactly the files of the rows, each with the bytes its name promises."""
    rows = {blob.key: blob.size for blob in Blob.objects.all()}
    assert set(stored_files(bucket.storage)) == set(rows)
    for key, size in rows.items():
        content = bucket.client.get_object(Bucket="files", Key=f"of/tests/{key}")["Body"].read()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (size, key.rsplit("/", 1)[-1])


def test_a_bucket_keeps_files_as_a_folder_does(quiet_house: House, bucket: Bucket) -> None:
    workspace = quiet_house.workspace
    first = blob_store(workspace=workspace, source=b"abc" * 1000, media_type="text/plain")
    assert blob_store(workspace=workspace, source=b"abc" * 1000, media_type="text/plain") == first
    with blob_open(first) as stream, blob_path(first) as path:
        stream.seek(2997)
        assert (stream.read(), path.read_bytes()) == (b"abc", b"abc" * 1000)
    assert (bucket.storage.size(first.key), list(stored_files(bucket.storage))) == (3000, [first.key])
    _damaged_bytes_are_refused(bucket, first)
    blob_delete(first)
    assert not bucket.storage.exists(first.key)
    with pytest.raises(FileNotFoundError):
        bucket.storage.open(first.key)


def _damaged_bytes_are_refused(bucket: Bucket, blob: Blob) -> None:
    bucket.client.put_object(Bucket="files", Key=f"of/tests/{blob.key}", Body=b"abd" * 1000)
    with pytest.raises(StoreFault, match="other bytes"):
        blob_open(blob)


def test_a_store_that_does_not_answer_is_said(quiet_house: House, bucket: Bucket) -> None:
    digest = hashlib.sha256(b"abc").hexdigest()
    gone = type(bucket.storage)(**{**bucket.options, "bucket": "another"})
    with pytest.raises(StoreFault, match="BLOB_STORAGE"):
        gone.save(f"1/ba/{digest}", ContentFile(b"abc"))
