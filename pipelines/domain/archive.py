"""Files to one zip that is the same to the byte for the same files, and back."""

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any, BinaryIO, Self

CODE_FOLDERS = ("src/", "config/")
DATE = (1980, 1, 1, 0, 0, 0)
MODE = 0o100644
LEVEL = 1
"""Of compression: a tenth more bytes than at the usual level, in a third of the time."""


MOST_FILES, MOST_BYTES = 60_000, 1_000_000_000
"""Beyond these a zip needs fields that are written by the standard library."""
LOCAL, CENTRAL, END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s4B4H3I5H2I"), struct.Struct("<4s4H2IH")
VERSION, UNIX, UTF_8 = 20, 3, 0x800
FIRST_DAY = 1 << 5 | 1
"""1980-01-01 as a zip writes it."""


@dataclass(frozen=True)
class Packed:
    """A content as it stands in a zip, and its digest."""

    crc: int
    size: int
    deflated: bytes
    sha256: str


def packed(content: bytes) -> Packed:
    """The same bytes as the standard library writes at that level."""
    squeeze = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated = squeeze.compress(content) + squeeze.flush()
    return Packed(zlib.crc32(content), len(content), deflated, hashlib.sha256(content).hexdigest())


class Constant(bytes):
    """A content that many projects share: packed once."""

    @cached_property
    def packed(self) -> Packed:
        return packed(self)

    @classmethod
    def known(cls, content: bytes, found: Packed) -> Self:
        """One of which it is known how it is packed."""
        made = cls(content)
        made.__dict__["packed"] = found
        return made


def _digest(content: bytes) -> str:
    return content.packed.sha256 if isinstance(content, Constant) else hashlib.sha256(content).hexdigest()


def files_digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the sorted paths and the digests of their contents, as hexadecimal text.

    >>> files_digest({"a": b"1", "b": b"2"}) == files_digest({"b": b"2", "a": b"1"})
    True
    """
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(f"{path}\0{_digest(files[path])}\n".encode())
    return total.hexdigest()


def code_digest(tree: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over a project's modules and configuration, from its {path, digest}: what its runs elsewhere tell.

    >>> modules = [{"path": "src/a/b.py", "digest": "1"}]
    >>> code_digest(modules) == code_digest([*modules, {"path": "README.md", "digest": "2"}])
    True
    """
    total = hashlib.sha256()
    for path, digest in sorted((str(entry["path"]), str(entry["digest"])) for entry in tree):
        if path.startswith(CODE_FOLDERS) and path.endswith((".py", ".json")):
            total.update(f"{path}\0{digest}\n".encode())
    return total.hexdigest()


def archive_write(files: Mapping[str, bytes], *, folder: str = "") -> bytes:
    """A zip of the files below `folder`: sorted, dated 1980-01-01, the same permissions for all."""
    if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_BYTES:
        return _written_by_library(files, folder)
    body, index = bytearray(), bytearray()
    for path in sorted(files):
        content = files[path]
        name = (f"{folder}/{path}" if folder else path).encode("utf-8")
        found = content.packed if isinstance(content, Constant) else packed(content)
        flags = 0 if name.isascii() else UTF_8
        common = (flags, zipfile.ZIP_DEFLATED, 0, FIRST_DAY, found.crc, len(found.deflated), found.size, len(name))
        place = (UNIX, VERSION, 0)
        index += CENTRAL.pack(b"PK\1\2", VERSION, *place, *common, 0, 0, 0, 0, MODE << 16, len(body)) + name
        body += LOCAL.pack(b"PK\3\4", VERSION, *common, 0) + name + found.deflated
    end = END.pack(b"PK\5\6", 0, 0, len(files), len(files), len(index), len(body), 0)
    return bytes(body + index + end)


def _written_by_library(files: Mapping[str, bytes], folder: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            archive.writestr(_member(f"{folder}/{path}" if folder else path), files[path], compresslevel=LEVEL)
    return stream.getvalue()


def archives_join(projects: Iterable[tuple[str, Mapping[str, bytes]]]) -> Iterator[bytes]:
    """One zip of several projects, in pieces as they are packed; each (folder, path to content) in a folder of its own.

    A folder that is taken gets a number. The same projects in the same order are the same bytes.
    """
    stream, taken = _Pieces(), set[str]()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder, files in projects:
            name = next(name for name in _numbered(folder) if name not in taken)
            taken.add(name)
            for path in sorted(files):
                archive.writestr(_member(f"{name}/{path}"), files[path], compresslevel=LEVEL)
            yield stream.taken()
    yield stream.taken()


def _numbered(name: str) -> Iterator[str]:
    yield name
    for number in count(2):
        yield f"{name}-{number}"


class _Pieces(io.RawIOBase):
    """What was written since it was last taken; cannot be sought in, so that a zip is written straight on."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._written += data
        return len(data)

    def taken(self) -> bytes:
        """Everything since the last call."""
        found = bytes(self._written)
        self._written.clear()
        return found


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, DATE)
    member.external_attr = MODE << 16
    member.create_system = 3
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


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


def archive_member(stream: BinaryIO, path: str) -> bytes:
    """One file of a zip of ours, by its name there; KeyError when there is none of that name."""
    with zipfile.ZipFile(stream) as archive:
        return archive.read(path)
