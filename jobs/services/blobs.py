"""Files known by their content, behind Django's storage API (`STORAGES["blobs"]`), streamed, never held in memory."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.db import transaction

from accounts.models import Workspace
from jobs.models import Blob

CHUNK = 1024 * 1024


class _Adoptable(File[bytes]):
    """A finished temporary file that a local store takes by renaming it."""

    def temporary_file_path(self) -> str:
        return str(self.name)


def blob_storage() -> Storage:
    """Where the bytes are."""
    return storages["blobs"]


def blob_store(*, workspace: Workspace, source: BinaryIO | bytes | Path, media_type: str) -> Blob:
    """Keep the bytes of `source`; the same bytes twice are one file and one row. On disk before the row exists."""
    with _spooled(source) as (path, digest):
        known = Blob.objects.of(workspace).filter(digest=digest).first()
        blob = known or Blob(workspace=workspace, digest=digest, size=path.stat().st_size, media_type=media_type)
        _keep(blob, path)
    if known is not None:
        return known
    values = {"size": blob.size, "media_type": media_type}
    return Blob.objects.get_or_create(workspace=workspace, digest=digest, defaults=values)[0]


def blob_open(blob: Blob) -> BinaryIO:
    """The bytes, to be read and closed."""
    return cast(BinaryIO, blob_storage().open(blob.key, "rb"))


@contextmanager
def blob_path(blob: Blob) -> Iterator[Path]:
    """A path that holds the bytes: the store's own file when it is local (never write to it), else a copy for now."""
    try:
        yield Path(blob_storage().path(blob.key))
    except NotImplementedError:
        with tempfile.TemporaryDirectory(dir=_spool_folder()) as folder:
            copy = Path(folder) / blob.digest
            with blob_open(blob) as remote, copy.open("wb") as local:
                shutil.copyfileobj(remote, local, CHUNK)
            yield copy


def blob_delete(blob: Blob) -> None:
    """Remove the row, and the bytes once that is committed."""
    key = blob.key
    blob.delete()
    transaction.on_commit(lambda: blob_storage().delete(key))


def _keep(blob: Blob, path: Path) -> None:
    storage = blob_storage()
    if storage.exists(blob.key):
        return
    with path.open("rb") as spooled:
        kept = storage.save(blob.key, _Adoptable(spooled, name=str(path)))
    if kept != blob.key:  # another process kept the same bytes in this moment
        storage.delete(kept)
    _sync_folder(storage, blob.key)


def _sync_folder(storage: Storage, key: str) -> None:
    try:
        folder = os.open(Path(storage.path(key)).parent, os.O_RDONLY)
    except NotImplementedError:
        return
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _spooled(source: BinaryIO | bytes | Path) -> Iterator[tuple[Path, str]]:
    """A temporary copy of `source`, flushed to disk, with its SHA-256."""
    handle, name = tempfile.mkstemp(dir=_spool_folder())
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as spool, _opened(source) as stream:
            digest = hashlib.sha256()
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                spool.write(chunk)
            spool.flush()
            os.fsync(spool.fileno())
        yield path, digest.hexdigest()
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _opened(source: BinaryIO | bytes | Path) -> Iterator[BinaryIO]:
    if isinstance(source, bytes):
        yield BytesIO(source)
    elif isinstance(source, Path):
        with source.open("rb") as stream:
            yield stream
    else:
        yield source


def _spool_folder() -> Path:
    folder = Path(settings.DATA_DIR) / "spool"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
