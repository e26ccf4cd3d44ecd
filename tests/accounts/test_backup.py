"""A backup holds every row and file, restores all or nothing, and refuses what is damaged or in the way."""

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import AuditEntry, User, Workspace
from accounts.services import backup_restore, backup_write
from accounts.services.archive import ArchiveWriter, verified
from common.errors import Conflict, InvalidInput
from jobs.models import Blob
from jobs.services import blob_open, blob_store
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.second_leg]
MOMENT = datetime(2026, 3, 29, 1, 59, 59, 123456, tzinfo=UTC)
AWKWARD = "“ü” \u2028 \\n"
STORE = "django.core.files.storage.FileSystemStorage"


@pytest.fixture
def open_store(tmp_path: Path, settings: Settings) -> Callable[[str], Path]:
    """Use a fresh folder as the file store, as another machine would have."""

    def use(name: str) -> Path:
        folder = tmp_path / name
        settings.STORAGES = {**settings.STORAGES, "blobs": {"BACKEND": STORE, "OPTIONS": {"location": str(folder)}}}
        return folder

    use("blobs")
    return use


@pytest.fixture
def archive(cast: Cast, open_store: Callable[[str], Path], tmp_path: Path) -> Path:
    """A backup of the cast, an audit entry with awkward text and exact time, and one stored file."""
    blob_store(workspace=cast.workspace, source=b"case,activity\n", media_type="text/csv")
    AuditEntry.objects.create(
        workspace=cast.workspace,
        actor=cast.owner,
        verb="named",
        subject="“ü” \u2028 \\n",
        at=MOMENT,
        detail={"x": [1.5]},
    )
    path = tmp_path / "taskworth.zip"
    backup_write(path=path, now=timezone.now())
    return path


def empty_the_database() -> None:
    Workspace.objects.all().delete()
    User.objects.all().delete()


def rewritten(archive: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """A copy of the archive with `change(name, content)` in place of each member."""
    copy = archive.with_name("changed.zip")
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(copy, "w") as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
    return copy


def test_rows_and_files_come_back_as_they_were(cast: Cast, archive: Path, open_store: Callable[[str], Path]) -> None:
    before = User.objects.get(pk=cast.owner.pk)
    empty_the_database()
    open_store("new machine")

    report = backup_restore(path=archive)

    entry = AuditEntry.objects.get()
    assert (entry.at, entry.subject, entry.detail) == (MOMENT, AWKWARD, {"x": [1.5]})
    owner = User.objects.get(pk=cast.owner.pk)
    assert owner.check_password(cast.password)
    assert owner.created_at == before.created_at
    with blob_open(Blob.objects.get()) as file:
        assert file.read() == b"case,activity\n"
    assert report.files == 1


def test_a_file_that_arrives_during_the_backup_is_saved_with_its_row(
    cast: Cast, archive: Path, open_store: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows are read after the files are listed, so a row may name a file the first listing did not see."""
    listdir, arrivals = FileSystemStorage.listdir, [b"meanwhile"]

    def list_then_grow(self: FileSystemStorage, path: str) -> tuple[list[str], list[str]]:
        listing = listdir(self, path)
        if arrivals and not path:
            blob_store(workspace=cast.workspace, source=arrivals.pop(), media_type="text/plain")
        return listing

    monkeypatch.setattr(FileSystemStorage, "listdir", list_then_grow)
    backup_write(path=archive, now=timezone.now(), overwrite=True)
    empty_the_database()
    open_store("new machine")

    backup_restore(path=archive)

    with blob_open(Blob.objects.get(media_type="text/plain")) as file:
        assert file.read() == b"meanwhile"


def test_new_rows_after_a_restore_get_numbers_of_their_own(archive: Path) -> None:
    backup_restore(path=archive, replace=True)
    User.objects.create(email="new@example.org")
    assert User.objects.count() == 5


def test_a_backup_is_readable_by_its_owner_alone(archive: Path) -> None:
    assert archive.stat().st_mode & 0o077 == 0


def test_a_backup_does_not_replace_a_file_unless_told(archive: Path) -> None:
    with pytest.raises(Conflict, match="exists already"):
        backup_write(path=archive, now=timezone.now())
    assert backup_write(path=archive, now=timezone.now(), overwrite=True).files == 1


def test_a_database_with_rows_is_not_replaced_unless_told(cast: Cast, archive: Path) -> None:
    User.objects.filter(pk=cast.owner.pk).update(name="Changed")
    with pytest.raises(Conflict, match="not empty"):
        backup_restore(path=archive)
    assert User.objects.get(pk=cast.owner.pk).name == "Changed"


def test_replacing_takes_away_rows_and_files_that_came_later(
    cast: Cast, archive: Path, open_store: Callable[[str], Path]
) -> None:
    later = blob_store(workspace=cast.workspace, source=b"later", media_type="text/plain")
    store = open_store("blobs")
    assert (store / later.key).exists()

    backup_restore(path=archive, replace=True)

    assert not (store / later.key).exists()
    assert Blob.objects.count() == 1


def test_a_changed_byte_is_found_before_anything_is_written(cast: Cast, archive: Path) -> None:
    damaged = rewritten(archive, lambda name, content: content.replace(b"Olga", b"Oleg"))
    with pytest.raises(InvalidInput, match="accounts.user.jsonl is not what was saved"):
        backup_restore(path=damaged, replace=True)
    assert User.objects.get(pk=cast.owner.pk).name == "Olga"


def test_an_archive_cut_short_is_refused(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-100])
    with pytest.raises(InvalidInput, match="damaged, or no backup"):
        backup_restore(path=archive, replace=True)


def test_a_backup_of_another_release_is_refused(archive: Path) -> None:
    def from_the_future(name: str, content: bytes) -> bytes:
        if name != "manifest.json":
            return content
        manifest = json.loads(content)
        manifest["migrations"].append("accounts.0099_later")
        return json.dumps(manifest).encode()

    with pytest.raises(InvalidInput, match="another release.*accounts.0099_later"):
        backup_restore(path=rewritten(archive, from_the_future), replace=True)


def test_rows_the_database_refuses_leave_everything_as_it_was(
    cast: Cast, archive: Path, open_store: Callable[[str], Path], tmp_path: Path
) -> None:
    """Members without their workspace: sound by its checksums, refused by the foreign keys."""
    broken = with_rows_missing(archive, "rows/accounts.workspace.jsonl", tmp_path)
    store = open_store("new machine")

    with pytest.raises(InvalidInput, match="refused the backup"):
        backup_restore(path=broken, replace=True)

    assert Workspace.objects.count() == 2
    assert [path for path in store.rglob("*") if path.is_file()] == []


def with_rows_missing(archive: Path, table: str, folder: Path) -> Path:
    """An archive that is sound by its checksums and lacks the rows of one table."""
    path = folder / "broken.zip"
    with verified(archive) as source, ArchiveWriter(path) as target:
        for member in source.manifest.members:
            content = b"" if member.name == table else source.open(member.name).read()
            target.add(member.name, iter([content]), compress=True)
        target.finish(made_at="", migrations=source.manifest.migrations)
    return path


def test_the_commands_say_what_they_did_and_refuse_in_a_sentence(archive: Path, tmp_path: Path) -> None:
    said = StringIO()
    call_command("backup", str(tmp_path / "again.zip"), stdout=said)
    call_command("restore", str(tmp_path / "again.zip"), "--force", stdout=said)
    assert "and 1 files into" in said.getvalue()
    assert "Restored" in said.getvalue()
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("restore", str(tmp_path / "missing.zip"))
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("backup", str(tmp_path / "no folder" / "b.zip"))
