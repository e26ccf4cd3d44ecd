"""The file store: same bytes one file within a workspace, never shared across workspaces, streamed."""

from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from accounts.models import Workspace
from jobs.models import Blob
from jobs.services import blob_delete, blob_open, blob_path, blob_store
from jobs.services.blobs import blob_storage

pytestmark = pytest.mark.second_leg
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, appendix B.1


def test_a_file_is_known_by_its_sha_256(workspace: Workspace) -> None:
    blob = blob_store(workspace=workspace, source=b"abc", media_type="text/plain")
    assert (blob.digest, blob.size) == (ABC, 3)
    with blob_open(blob) as stream:
        assert stream.read() == b"abc"


def test_the_same_bytes_are_kept_once(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    first = blob_store(workspace=workspace, source=b"abc", media_type="text/plain")
    for source in (BytesIO(b"abc"), path):
        assert blob_store(workspace=workspace, source=source, media_type="text/csv") == first
    assert path.exists()
    with blob_path(first) as kept:
        assert [file.name for file in kept.parent.iterdir()] == [ABC]


def test_workspaces_share_nothing(workspace: Workspace) -> None:
    other = Workspace.objects.create(name="Other", slug="other")
    ours = blob_store(workspace=workspace, source=b"abc", media_type="text/plain")
    theirs = blob_store(workspace=other, source=b"abc", media_type="text/plain")
    assert ours.key != theirs.key
    blob_delete(ours)
    with blob_open(theirs) as stream:
        assert stream.read() == b"abc"


def test_a_deleted_file_is_gone_from_the_store(workspace: Workspace) -> None:
    blob = blob_store(workspace=workspace, source=b"abc", media_type="text/plain")
    key = blob.key
    blob_delete(blob)
    assert not blob_storage().exists(key)
    assert not Blob.objects.exists()


def test_bytes_lost_from_the_store_are_mended_by_storing_them_again(workspace: Workspace) -> None:
    blob = blob_store(workspace=workspace, source=b"abc", media_type="text/plain")
    blob_storage().delete(blob.key)
    assert blob_store(workspace=workspace, source=b"abc", media_type="text/plain") == blob
    assert blob_storage().exists(blob.key)


def test_nothing_is_left_in_the_spool(workspace: Workspace) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("the upload was cut off")

    with pytest.raises(OSError, match="cut off"):
        blob_store(workspace=workspace, source=Broken(), media_type="text/plain")
    blob_store(workspace=workspace, source=b"abc", media_type="text/plain")
    assert list((Path(settings.DATA_DIR) / "spool").iterdir()) == []


@trials(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_what_is_stored_is_what_is_read(workspace: Workspace, content: bytes) -> None:
    blob = blob_store(workspace=workspace, source=content, media_type="application/octet-stream")
    with blob_path(blob) as path:
        assert path.read_bytes() == content
