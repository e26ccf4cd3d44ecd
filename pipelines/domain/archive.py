"""Files to one zip that is the same to the byte for the same files, and back."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from typing import BinaryIO

DATE = (1980, 1, 1, 0, 0, 0)
MODE = 0o100644


def files_digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the sorted paths and the digests of their contents, as hexadecimal text.

    >>> files_digest({"a": b"1", "b": b"2"}) == files_digest({"b": b"2", "a": b"1"})
    True
    """
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(f"{path}\0{hashlib.sha256(files[path]).hexdigest()}\n".encode())
    return total.hexdigest()


def archive_write(files: Mapping[str, bytes], *, folder: str = "") -> bytes:
    """A zip of the files below `folder`: sorted, dated 1980-01-01, the same permissions for all."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(files):
            member = zipfile.ZipInfo(f"{folder}/{path}" if folder else path, DATE)
            member.external_attr = MODE << 16
            member.create_system = 3
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, files[path])
    return stream.getvalue()


def archive_read(stream: BinaryIO, *, largest: int = 2_000_000_000) -> dict[str, bytes]:
    """The files of a zip of ours; refuses with ValueError names that leave the folder and more than `largest` bytes."""
    files: dict[str, bytes] = {}
    total = 0
    with zipfile.ZipFile(stream) as archive:
        for member in archive.infolist():
            total += member.file_size
            parts = member.filename.split("/")
            if total > largest or ".." in parts or parts[0] == "" or "\\" in member.filename:
                raise ValueError(f"refused: {member.filename}")
            files[member.filename] = archive.read(member)
    return files
