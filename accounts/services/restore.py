"""A backup put back: checked whole before anything is written, all of it or nothing."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

from django.apps import apps
from django.core import serializers
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.core.management import call_command
from django.core.management.color import no_style
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError, connection, models, transaction

from accounts.services.archive import FILES, ROWS, ArchiveReader, verified
from accounts.services.backup import BackupReport, backup_models, known_migrations, stored_files
from common.errors import Conflict, InvalidInput

NOTHING = "Nothing was restored; all is as it was before."
UNFIT = (
    *(AttributeError, DeserializationError, FieldDoesNotExist, KeyError, LookupError, RecursionError, TypeError),
    *(ValidationError, ValueError, OverflowError),
)
"""What a row raises that is no row of a table of this release."""


def backup_restore(*, path: Path, replace: bool = False) -> BackupReport:
    """Put every row and file of the archive at `path` back.

    The database is migrated first if it is new. Refuses with Conflict when it already holds rows, unless `replace`:
    then they and their files are deleted. Refuses with InvalidInput, nothing written, when the archive is damaged or
    was made by another release. When writing fails half-way, rows and files are as they were before.
    """
    with verified(path) as archive:
        _require_same_release(archive)
        with _written():
            call_command("migrate", verbosity=0, interactive=False)
        if not replace:
            _require_empty()
        storage = storages["blobs"]
        with _written(), _files_put_back(archive, storage):
            rows = _restore_rows(archive)
        kept = {name.removeprefix(FILES) for name in archive.names(FILES)}
        for key in set(stored_files(storage)) - kept if replace else ():
            storage.delete(key)
    return BackupReport(path=path, rows=rows, files=len(kept), bytes=path.stat().st_size)


@contextmanager
def _written() -> Iterator[None]:
    """What kept the store or the database from taking the backup, in a sentence."""
    try:
        yield
    except (OSError, DatabaseError) as error:
        raise InvalidInput(f"The backup could not be written: {error}.", detail=NOTHING) from error


def _require_same_release(archive: ArchiveReader) -> None:
    here, there = set(known_migrations()), set(archive.manifest.migrations)
    if here != there:
        raise InvalidInput(
            f"This backup was made by another release (it differs in {', '.join(sorted(here ^ there)[:3])}).",
            detail="Restore it with the release that made it, then upgrade. Nothing was restored.",
        )


def _require_empty() -> None:
    filled = [model._meta.verbose_name_plural for model in backup_models() if model._base_manager.exists()]
    if filled:
        raise Conflict(
            f"The database is not empty: it holds {', '.join(str(name) for name in filled[:3])}.",
            detail="Restore into a new DATA_DIR or database, or add --force to replace what is there.",
        )


@contextmanager
def _files_put_back(archive: ArchiveReader, storage: Storage) -> Iterator[None]:
    """Write the files that are missing; take them away again if what follows fails."""
    written: list[str] = []
    try:
        for name in archive.names(FILES):
            key = name.removeprefix(FILES)
            if not storage.exists(key):
                written.append(key)
                with archive.open(name) as content:
                    storage.save(key, File(content, name=key))
        yield
    except BaseException:
        for key in written:
            storage.delete(key)
        raise


def _restore_rows(archive: ArchiveReader) -> int:
    try:
        with transaction.atomic():
            _delete_everything()
            rows = sum(_load_table(archive, name) for name in archive.names(ROWS))
            connection.check_constraints()
            _advance_sequences()
    except DatabaseError as error:
        raise InvalidInput(f"The database refused the backup: {error}", detail=NOTHING) from error
    return rows


def _delete_everything() -> None:
    """Constraints are checked at the end of the transaction, so tables can be emptied in any order."""
    labels = {model._meta.app_label for model in backup_models()}
    tables = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in labels and model._meta.managed and not model._meta.proxy
    ]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608 (a table of our own models)


def _load_table(archive: ArchiveReader, name: str) -> int:
    """Rows of a table, how many. A row that does not fit is refused with its table and line."""
    rows = 0
    with archive.open(name) as content, TextIOWrapper(content, encoding="utf-8") as lines:
        try:
            for row in serializers.deserialize("python", (json.loads(line) for line in lines)):
                row.save(force_insert=True)
                rows += 1
        except UNFIT as error:
            table, reason = name.removeprefix(ROWS).removesuffix(".jsonl"), str(error) or type(error).__name__
            raise InvalidInput(
                f"This backup cannot be read: row {rows + 1} of {table} does not fit this release ({reason}).",
                detail=NOTHING,
            ) from error
    return rows


def _advance_sequences() -> None:
    """The next row of each table gets a number of its own, where the database counts in sequences."""
    every: list[type[models.Model]] = backup_models()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), every):
            cursor.execute(statement)
