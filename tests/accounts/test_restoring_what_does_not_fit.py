"""`manage.py restore` on archives that are strange in every way: one sentence, exit code 1, all as it was before."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.services import backup_write
from accounts.services.archive import FILES
from jobs.services import blob_store
from tests.conftest import Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.second_leg]
STORE = "django.core.files.storage.FileSystemStorage"
USERS = "rows/accounts.user.jsonl"
Change = Callable[[dict[str, bytes]], None]


@pytest.fixture
def archive(cast: Cast, tmp_path: Path, settings: Settings) -> Path:
    options = {"location": str(tmp_path / "blobs")}
    settings.STORAGES = {**settings.STORAGES, "blobs": {"BACKEND": STORE, "OPTIONS": options}}
    blob_store(workspace=cast.workspace, source=b"case,activity\n", media_type="text/csv")
    path = tmp_path / "taskworth.zip"
    backup_write(path=path, now=timezone.now())
    return path


def repacked(archive: Path, change: Change, manifest: Callable[[Any], Any] = lambda content: content) -> Path:
    """The archive with its members changed, sound by its checksums, then its manifest changed."""
    with zipfile.ZipFile(archive) as source:
        members = {name: source.read(name) for name in source.namelist()}
    content = json.loads(members.pop("manifest.json"))
    change(members)
    content["members"] = [
        {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in members.items()
    ]
    path = archive.with_name("strange.zip")
    with zipfile.ZipFile(path, "w") as target:
        for name, data in members.items():
            target.writestr(name, data)
        target.writestr("manifest.json", json.dumps(manifest(content)))
    return path


def same(members: dict[str, bytes]) -> None:
    """Nothing is changed."""


def first_row(**values: Any) -> Change:
    def change(members: dict[str, bytes]) -> None:
        first, *others = members[USERS].splitlines(keepends=True)
        row = json.loads(first)
        row["fields"] |= values.get("fields", {})
        row |= {key: value for key, value in values.items() if key != "fields"}
        members[USERS] = json.dumps(row).encode() + b"\n" + b"".join(others)

    return change


def lines(text: bytes) -> Change:
    return lambda members: members.update({USERS: text})


ROWS = {
    "an unknown field": first_row(fields={"shoe_size": 44}),
    "an unknown model": first_row(model="accounts.shoe"),
    "a number that is none": first_row(pk="many"),
    "a time that is none": first_row(fields={"created_at": "yesterday"}),
    "a number too large": first_row(pk=10**40),
    "no object": lines(b"[1, 2]\n"),
    "a row without a model": lines(b"{}\n"),
    "no JSON": lines(b"{never closed\n"),
    "no UTF-8": lines(b'{"model": "\xff"}\n'),
    "too deep": lines(b"[" * 100_000 + b"\n"),
}


def refused(path: Path) -> str:
    with pytest.raises(CommandError) as problem:
        call_command("restore", str(path), "--force")
    assert problem.value.returncode != 0
    assert "\n" not in str(problem.value)
    return str(problem.value)


@pytest.mark.parametrize("name", ROWS)
def test_a_row_that_does_not_fit_is_named_and_nothing_is_restored(cast: Cast, archive: Path, name: str) -> None:
    User.objects.filter(pk=cast.owner.pk).update(name="Changed since")
    sentence = refused(repacked(archive, ROWS[name]))
    assert "row 1 of accounts.user does not fit this release" in sentence or "refused the backup" in sentence
    assert "Nothing was restored" in sentence
    assert User.objects.get(pk=cast.owner.pk).name == "Changed since"
    assert User.objects.count() == 4


def test_an_unknown_field_is_named(archive: Path) -> None:
    assert "shoe_size" in refused(repacked(archive, ROWS["an unknown field"]))


MANIFESTS: dict[str, Callable[[Any], Any]] = {
    "no object": lambda content: "text",
    "a list": lambda content: [content],
    "no members": lambda content: {**content, "members": None},
    "members of another shape": lambda content: {**content, "members": [{"name": 1, "size": "x", "sha256": None}]},
    "migrations of another shape": lambda content: {**content, "migrations": [1, None]},
    "more than it should have": lambda content: {**content, "colour": "red"},
    "nothing": lambda content: {},
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_that_is_none_is_refused(archive: Path, name: str) -> None:
    sentence = refused(repacked(archive, same, MANIFESTS[name]))
    assert "is no backup of Taskworth" in sentence or "made by another release" in sentence
    assert User.objects.count() == 4


def test_a_newer_format_is_said_whatever_else_it_holds(archive: Path) -> None:
    newer = repacked(archive, same, lambda content: {**content, "format": 2, "members": {"by": "name"}, "more": 1})
    assert "This backup has format 2; this release reads format 1." in refused(newer)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a zip at all" * 100, b"\x1f\x8b" + bytes(100)])
def test_a_file_that_is_no_archive_is_refused(archive: Path, content: bytes) -> None:
    archive.write_bytes(content)
    assert "is damaged, or no backup of Taskworth" in refused(archive)


def test_every_byte_that_is_lost_is_found(archive: Path) -> None:
    whole = archive.read_bytes()
    for place in range(0, len(whole), max(len(whole) // 60, 1)):
        archive.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
        with suppress(CommandError):  # a byte of no meaning, as in a time stamp of the zip, may be another
            call_command("restore", str(archive), "--force")
        assert User.objects.count() == 4


def test_a_store_that_takes_nothing_is_said_and_leaves_the_rows_alone(
    cast: Cast, archive: Path, tmp_path: Path, settings: Settings
) -> None:
    full = tmp_path / "full"
    full.write_text("a file where a folder should be", encoding="utf-8")
    settings.STORAGES = {**settings.STORAGES, "blobs": {"BACKEND": STORE, "OPTIONS": {"location": str(full)}}}
    User.objects.filter(pk=cast.owner.pk).update(name="Changed since")
    assert "The backup could not be written" in refused(archive)
    assert User.objects.get(pk=cast.owner.pk).name == "Changed since"
    with zipfile.ZipFile(archive) as whole:
        assert any(name.startswith(FILES) for name in whole.namelist())
