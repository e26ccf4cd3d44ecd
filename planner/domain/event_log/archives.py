"""Zip files: looked into by their directory before anything is unpacked, and read with a cap on what comes out."""

import io
import struct
import zipfile
import zlib
from typing import BinaryIO

from planner.domain.event_log.signatures import ZIP
from planner.domain.event_log.streams import LogLimits
from planner.domain.event_log.terms import LogError

_EMPTY_ZIP = b"PK\x05\x06"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, NotImplementedError, RuntimeError)
_MOST_DIRECTORY_BYTES = 4 * 1024**2
_MOST_ENTRIES = 10_000
_END_RECORD, _LONGEST_COMMENT = 22, 65_535
WORKBOOK = "xl/workbook.xml"


def is_zip(head: bytes) -> bool:
    """Whether a file with these first bytes is a zip archive, or a spreadsheet, which is one."""
    return head.startswith((ZIP, _EMPTY_ZIP))


def archive_open(source: BinaryIO, limits: LogLimits) -> zipfile.ZipFile:
    """The archive, its directory checked: entries, sizes, no password. LogError for what is not read."""
    try:
        if _directory_bytes(source) > _MOST_DIRECTORY_BYTES:
            raise _too_many()
        archive = zipfile.ZipFile(source)
    except _BROKEN as problem:
        raise damaged_archive() from problem
    entries = archive.infolist()
    if len(entries) > _MOST_ENTRIES:
        raise _too_many()
    if any(entry.flag_bits & 1 for entry in entries):
        raise LogError("The file is locked with a password.", advice="Save it without one and upload it again.")
    if sum(entry.file_size for entry in entries) > limits.inflated_bytes:
        cap = limits.inflated_bytes / 1024**3
        raise LogError(
            f"Unpacked, this file is larger than {cap:.3g} GB, the most that is read.",
            advice="Export fewer cases or a shorter period and try again.",
        )
    return archive


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether the archive is an XLSX spreadsheet."""
    return any(name.lower() == WORKBOOK for name in archive.namelist())


def only_log(archive: zipfile.ZipFile) -> "Entry":
    """The one file of an archive, to be read; LogError when there is none or a choice. Hidden files do not count."""
    names = [
        entry.filename for entry in archive.infolist() if not _folder(entry.filename) and not _hidden(entry.filename)
    ]
    if not names:
        raise LogError("The archive is empty.", advice="Pack the log into it, or upload the log as it is.")
    if len(names) > 1:
        raise LogError(
            f"The archive holds {len(names)} files: {', '.join(name[:60] for name in names[:5])}.",
            advice="Pack one log alone, or upload the one you mean as it is.",
        )
    return Entry(archive, names[0])


class Entry(io.RawIOBase):
    """The bytes of one file in an archive; LogError where they are damaged. Never more than the directory says."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        super().__init__()
        self.name = name
        try:
            self._bytes = archive.open(name)
        except (*_BROKEN, KeyError) as problem:
            raise damaged_archive() from problem

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        try:
            return self._bytes.read(size)
        except _BROKEN as problem:
            raise damaged_archive() from problem


def damaged_archive() -> LogError:
    """The sentence for an archive that cannot be read."""
    return LogError(
        "The file is a damaged archive, or packed in a way that is not read.",
        advice="Pack it again, or upload the log unpacked or as CSV.",
    )


def _folder(name: str) -> bool:
    return not name or name.endswith("/")


def _hidden(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1].startswith(".")


def _too_many() -> LogError:
    return LogError(
        f"The archive has more than {_MOST_ENTRIES:,} entries.".replace(",", "\u202f"),
        advice="Pack one log alone, or upload it as it is.",
    )


def _directory_bytes(source: BinaryIO) -> int:
    """The size of the directory, from the record at the end of the file: it is read whole, so it is looked at first."""
    size = source.seek(0, io.SEEK_END)
    source.seek(max(0, size - _END_RECORD - _LONGEST_COMMENT - 20))
    tail = source.read()
    source.seek(0)
    place = tail.rfind(_EMPTY_ZIP)
    if place < 0:
        raise zipfile.BadZipFile
    (found,) = struct.unpack_from("<L", tail, place + 12)
    if found != 0xFFFFFFFF:
        return int(found)
    # The directory is described once more, in wider numbers; without that record the file is broken.
    (where,) = struct.unpack_from("<Q", tail, tail.rindex(b"PK\x06\x07") + 8)
    source.seek(where)
    (found,) = struct.unpack_from("<Q", source.read(56), 40)
    source.seek(0)
    return int(found)
