"""The file a backup is: a zip of tables as JSON lines, stored files as they are, and a manifest of checksums."""

import hashlib
import json
import lzma
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Self

from common.errors import InvalidInput

FORMAT = 1
MANIFEST = "manifest.json"
ROWS = "rows/"
FILES = "files/"
CHUNK = 1024 * 1024
LARGEST_MANIFEST = 512 * 1024 * 1024


@dataclass(frozen=True)
class Member:
    """One entry of the archive: its name, its length in bytes and the SHA-256 of its content."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What an archive holds. `migrations` are those of the release that made it, as `app.name`."""

    format: int
    made_at: str
    migrations: tuple[str, ...]
    members: tuple[Member, ...]


class ArchiveWriter:
    """Writes an archive beside `path` and puts it in its place only when it is whole. Readable by its owner alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._partial = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._members: list[Member] = []

    def __enter__(self) -> Self:
        handle = os.open(self._partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(handle, "w+b")
        self._zip = zipfile.ZipFile(self._file, "w", allowZip64=True)
        return self

    def add(self, name: str, chunks: Iterator[bytes], *, compress: bool) -> None:
        """Stream one member into the archive. Stored files are mostly compressed already; tables are not."""
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as entry:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                entry.write(chunk)
        self._members.append(Member(name, size, digest.hexdigest()))

    def finish(self, *, made_at: str, migrations: tuple[str, ...]) -> Manifest:
        """Write the manifest, flush everything to the disk and give the archive its name."""
        manifest = Manifest(FORMAT, made_at, migrations, tuple(self._members))
        self._zip.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._partial.replace(self._path)
        return manifest

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._partial.unlink(missing_ok=True)


class ArchiveReader:
    """Reads an archive whose every byte has been compared with its manifest. Refuses with InvalidInput otherwise."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._zip = archive
        self.manifest = manifest

    def names(self, prefix: str) -> list[str]:
        """Members below `prefix`, in the order they were written."""
        return [member.name for member in self.manifest.members if member.name.startswith(prefix)]

    def open(self, name: str) -> IO[bytes]:
        """The content of one member, streamed."""
        return self._zip.open(name)


@contextmanager
def verified(path: Path) -> Iterator[ArchiveReader]:
    """Open `path` and check all of it before anything is used."""
    with ExitStack() as opened:
        with _told(path):
            archive = opened.enter_context(zipfile.ZipFile(path))
            reader = ArchiveReader(archive, _manifest(archive))
            _check_members(archive, reader.manifest)
        yield reader


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What is wrong with the file, in a sentence; a RuntimeError is how a zip says that it is encrypted."""
    try:
        yield
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror or error}.") from error
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError) as error:
        reason = str(error).rstrip(".") or "it cannot be unpacked"
        raise InvalidInput(f"{path} is damaged, or no backup of Taskworth: {reason}.") from error


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
            raise ValueError("manifest too large")
        content = json.loads(archive.read(MANIFEST))
        _require_format(content["format"])
        members = tuple(_member(**each) for each in content.pop("members"))
        migrations = tuple(str(name) for name in content["migrations"])
        return Manifest(**{**content, "migrations": migrations, "members": members})
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise InvalidInput("This file is no backup of Taskworth: its manifest is missing or unreadable.") from error


def _require_format(found: object) -> None:
    if found != FORMAT:
        raise InvalidInput(
            f"This backup has format {found!s:.20}; this release reads format {FORMAT}.",
            detail="Restore it with the release that made it.",
        )


def _member(name: object, size: object, sha256: object) -> Member:
    if not isinstance(name, str) or not isinstance(size, int) or not isinstance(sha256, str):
        raise TypeError("a member has a name, a size and a digest")
    return Member(name, size, sha256)


def _check_members(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    names = [member.name for member in manifest.members]
    if sorted([*names, MANIFEST]) != sorted(archive.namelist()):
        raise InvalidInput("This backup is damaged: it does not hold exactly the files its manifest names.")
    for member in manifest.members:
        if not _harmless(member.name):
            raise InvalidInput(f"This backup names a file outside its folders: {member.name!r}. It was not restored.")
        if _measured(archive, member) != member:
            raise InvalidInput(
                f"This backup is damaged: {member.name} is not what was saved.",
                detail="Nothing was restored. Use another backup.",
            )


def _harmless(name: str) -> bool:
    path = PurePosixPath(name)
    return name.startswith((ROWS, FILES)) and "\\" not in name and ".." not in path.parts and str(path) == name


def _measured(archive: zipfile.ZipFile, member: Member) -> Member:
    """What is really there, reading no further than one byte past the length the manifest gives."""
    digest, size = hashlib.sha256(), 0
    with archive.open(member.name) as entry:
        while size <= member.size and (chunk := entry.read(min(CHUNK, member.size + 1 - size))):
            digest.update(chunk)
            size += len(chunk)
    return Member(member.name, size, digest.hexdigest())
