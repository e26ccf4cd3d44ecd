"""Bytes of an uploaded log: what kind they are, unpacked and counted while they are read."""

import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from planner.domain.event_log.signatures import GZIP, FileKind, file_kind
from planner.domain.event_log.terms import LogError
from planner.domain.event_log.text_encodings import encoding_of

CHUNK = 1 << 18
_FED = 1 << 12

Progress = Callable[[int], None]
"""Called with the number of bytes of the file (packed, if it is) that have been read so far."""


@dataclass(frozen=True)
class LogLimits:
    """Where reading stops with a sentence instead of filling the machine."""

    inflated_bytes: int = 2 * 1024**3
    events: int = 20_000_000
    columns: int = 2_000
    depth: int = 100
    value_bytes: int = 16 * 1024**2
    members: int = 100_000


def no_progress(_: int) -> None:
    """Progress that goes nowhere."""


class Unpacked(io.RawIOBase):
    """A readable stream over a plain or gzip file that refuses to inflate past a cap.

    Several gzip members in a row are read as one. A truncated or damaged gzip raises LogError.
    """

    def __init__(self, source: BinaryIO, *, limits: LogLimits, progress: Progress = no_progress) -> None:
        super().__init__()
        self._source, self._limits, self._progress = source, limits, progress
        self._packed_read = self.inflated = 0
        self._members = 1
        head = self._take(2)
        self.gzipped = head == GZIP
        self._inflate = zlib.decompressobj(31) if self.gzipped else None
        self._pending: bytes | memoryview = head
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def read(self, size: int = -1) -> bytes:
        """Exactly `size` bytes where the file has them, everything when negative; empty only at the end."""
        parts, missing = [], size if size >= 0 else self._limits.inflated_bytes + 1
        while missing > 0 and (self._ready or self._fill()):
            part, self._ready = self._ready[:missing], self._ready[missing:]
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def _fill(self) -> bool:
        """Inflate the next piece into `_ready`; False at the end of the file."""
        while not self._ready:
            data = self._pending or self._take(CHUNK)
            self._pending = b""
            if not data:
                self._check_whole()
                return False
            self._ready = self._inflated(data) if self._inflate else bytes(data)
        self.inflated += len(self._ready)
        if self.inflated > self._limits.inflated_bytes:
            cap = self._limits.inflated_bytes / 1024**3
            raise LogError(
                f"Unpacked, this file is larger than {cap:.3g} GB, the most that is read.",
                advice="Export fewer cases or a shorter period and try again.",
            )
        return True

    def _inflated(self, data: bytes | memoryview) -> bytes:
        if self._inflate is None:
            return bytes(data)
        if self._inflate.eof:
            data = data if len(data) > 1 else bytes(data) + self._take(CHUNK)
            if bytes(data[:2]) != GZIP:
                return b""
            self._inflate = self._next_member()
        rest = memoryview(data)
        try:
            out = self._inflate.decompress(rest[:_FED], 1 << 20)
        except zlib.error as problem:
            raise _damaged(self._packed_read) from problem
        left = len(self._inflate.unconsumed_tail or self._inflate.unused_data)
        self._pending = rest[len(rest[:_FED]) - left :]
        return out

    def _next_member(self) -> "zlib._Decompress":
        self._members += 1
        if self._members > self._limits.members:
            raise LogError(
                f"This gzip file is made of more than {self._limits.members:,} parts.".replace(",", "\u202f"),
                advice="Unpack it, pack it again as one and upload that.",
            )
        return zlib.decompressobj(31)

    def _check_whole(self) -> None:
        if self._inflate is not None and not self._inflate.eof:
            raise _damaged(self._packed_read)

    def _take(self, size: int) -> bytes:
        data = self._source.read(size)
        self._packed_read += len(data)
        self._progress(self._packed_read)
        return data


def _damaged(position: int) -> LogError:
    return LogError(
        f"The gzip file is damaged or ends too early: it could be read up to byte {position}.",
        where=f"byte {position}",
        advice="Upload it again, or export it again.",
    )


_EXPORT, _UNPACK = "Export the events as CSV or XES.", "Unpack it once and upload that."
_PACK = "Unpack it, or pack it with gzip."
_ADVICE = {
    FileKind.ZIP: _UNPACK,
    FileKind.GZIP: _UNPACK,
    FileKind.BZIP2: _PACK,
    FileKind.XZ: _PACK,
    FileKind.DATABASE: "Export the table of events as CSV.",
    FileKind.OLD_SHEET: "Save it as XLSX without a password, or as CSV.",
}
_INSIDE = {FileKind.ZIP: "an archive inside an archive", FileKind.GZIP: "a gzip inside a gzip"}
"""An archive is unpacked before this looks at it: what it finds then was packed twice."""


def log_format(head: bytes) -> str:
    """`csv` or `xes`, from the first unpacked bytes; LogError for everything else.

    >>> log_format(b"case,activity,time")
    'csv'
    >>> log_format(b"<?xml version='1.0'?><log>")
    'xes'
    """
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        raise LogError("The file is empty.", advice="Export the log again and check that it holds events.")
    kind = file_kind(head)
    if kind is not None:
        raise LogError(f"This is {_INSIDE.get(kind, kind.value)}, not an event log.", advice=_ADVICE.get(kind, _EXPORT))
    if text.startswith(b"<") or _wide(head[:128]).lstrip("\ufeff \r\n\t").startswith("<"):
        return _xml_format(text)
    if text[:1] in b"{[" and b'"' in text[:200]:
        raise LogError("This is JSON, not an event log.", advice=_EXPORT)
    if b"\x00" in head and not encoding_of(head[:128], whole=False).startswith("utf-16"):
        raise LogError(
            "This is a binary file, not text.",
            where=f"byte {head.index(bytes(1))}",
            advice=_EXPORT,
        )
    return "csv"


def _wide(head: bytes) -> str:
    encoding = encoding_of(head, whole=False)
    return head[: len(head) // 2 * 2].decode(encoding, "replace") if encoding.startswith("utf-16") else ""


def _xml_format(text: bytes) -> str:
    if b"<html" in text[:500].lower():
        raise LogError("This is a web page, not an event log.", advice="Download the file itself and upload that.")
    if b"omg.org/spec/BPMN" in text:
        raise LogError(
            "This is a BPMN model: it has tasks and flows, but no events.",
            advice="Import an event log here; a model is drawn or imported under New process.",
        )
    return "xes"
