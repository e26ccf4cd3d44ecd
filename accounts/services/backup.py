"""Everything Taskworth knows, saved into one file that SQLite and PostgreSQL both restore from."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from django.apps import apps
from django.core import serializers
from django.core.files.storage import Storage, storages
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.migrations.loader import MigrationLoader

from accounts.services.archive import CHUNK, FILES, ROWS, ArchiveWriter
from common.errors import Conflict, InvalidInput

# Made by migrations on every installation, or short-lived: people sign in again after a restore.
LEFT_OUT = frozenset({"contenttypes", "auth", "sessions"})
ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class BackupReport:
    """What was saved or restored."""

    path: Path
    rows: int
    files: int
    bytes: int


class ExactEncoder(DjangoJSONEncoder):
    """Django's encoder cuts times to milliseconds; a backup keeps them as they are."""

    def default(self, o: object) -> object:
        return o.isoformat() if isinstance(o, datetime | time) else super().default(o)


def backup_models() -> list[type[models.Model]]:
    """The models whose rows a backup holds."""
    return [
        model
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in LEFT_OUT
    ]


def known_migrations() -> tuple[str, ...]:
    """Every migration of this release, as `app.name`: rows fit only the tables they were read from."""
    known = MigrationLoader(None).disk_migrations or {}
    return tuple(sorted(f"{app}.{name}" for app, name in known))


def backup_write(*, path: Path, now: datetime, overwrite: bool = False) -> BackupReport:
    """Save all rows, read from one moment, and all stored files into `path`, while Taskworth runs.

    Files are copied before the rows are read and those that came meanwhile afterwards, so a row's file is there even
    if somebody adds or deletes during the backup. Refuses with Conflict when `path` exists and `overwrite` is not set.
    """
    if path.exists() and not overwrite:
        raise Conflict(f"{path} exists already.", detail="Choose another name, or add --force to replace it.")
    try:
        with ArchiveWriter(path) as archive:
            saved = _add_files(archive, without=set())
            rows = _add_rows(archive)
            saved |= _add_files(archive, without=saved)
            archive.finish(made_at=now.isoformat(), migrations=known_migrations())
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written: {error.strerror}.") from error
    return BackupReport(path=path, rows=rows, files=len(saved), bytes=path.stat().st_size)


def stored_files(storage: Storage, folder: str = "") -> Iterator[str]:
    """Keys of all files in a storage, folder by folder."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    yield from (prefix + name for name in sorted(files))
    for name in sorted(folders):
        yield from stored_files(storage, prefix + name)


def _add_files(archive: ArchiveWriter, *, without: set[str]) -> set[str]:
    storage, added = storages["blobs"], set()
    for key in stored_files(storage):
        if key in without:
            continue
        try:
            file = storage.open(key, "rb")
        except FileNotFoundError:  # deleted since it was listed
            continue
        with file:
            archive.add(FILES + key, file.chunks(CHUNK), compress=False)
        added.add(key)
    return added


def _add_rows(archive: ArchiveWriter) -> int:
    total = 0
    with _one_moment():
        for model in backup_models():
            counted = _Counted(model)
            archive.add(f"{ROWS}{model._meta.label_lower}.jsonl", iter(counted), compress=True)
            total += counted.rows
    return total


class _Counted:
    """The rows of a model as lines of JSON, counted as they pass."""

    def __init__(self, model: type[models.Model]) -> None:
        self.rows = 0
        self._model = model

    def __iter__(self) -> Iterator[bytes]:
        for row in self._model._base_manager.order_by("pk").iterator(chunk_size=ROWS_AT_ONCE):
            self.rows += 1
            [content] = serializers.serialize("python", [row])
            yield json.dumps(content, cls=ExactEncoder, ensure_ascii=False).encode() + b"\n"


@contextmanager
def _one_moment() -> Iterator[None]:
    """See the database as it is now, whatever others write, and hold up nobody."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Not `atomic`: ours takes the write lock at once. A deferred transaction reads one state of the log.
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
