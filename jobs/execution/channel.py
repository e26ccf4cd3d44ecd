"""What the process of a stage tells the one that holds its lease: one JSON object a line, over a pipe."""

import json
import os
from collections.abc import Iterator, Mapping
from threading import Lock

LONGEST_LINE = 16_384
READ_SIZE = 65_536


class MessageWriter:
    """The stage's end. NaN and infinity are refused with ValueError: no database keeps them in JSON."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = Lock()

    def send(self, kind: str, **values: object) -> None:
        """Write one message; blocks while the pipe is full."""
        text = json.dumps({"kind": kind, **values}, allow_nan=False, default=_plain).replace("\\u0000", "")
        data = text.encode("ascii") + b"\n"
        with self._lock:
            while data:
                data = data[os.write(self._descriptor, data) :]


def _plain(value: object) -> object:
    """A number of numpy's as a plain one; anything else that is not JSON as text."""
    item = getattr(value, "item", None)
    return item() if callable(item) else str(value)


class LineReader:
    """The holder's end of a pipe: whole lines out of whatever has arrived. With `longest`, longer lines are cut up.

    `ended`: nobody holds its other end any more.
    """

    def __init__(self, descriptor: int, *, longest: int | None = None) -> None:
        os.set_blocking(descriptor, False)
        self.descriptor = descriptor
        self.longest = longest
        self.ended = False
        self._rest = b""

    def lines(self) -> list[str]:
        """The lines that have arrived since."""
        return self._take(self._read() or b"")

    def rest(self) -> Iterator[str]:
        """Everything that is still in the pipe, once its writer is gone."""
        while data := self._read():
            yield from self._take(data)
        if self._rest:
            yield self._rest.decode("utf-8", "replace")
            self._rest = b""

    def _read(self) -> bytes | None:
        try:
            data = os.read(self.descriptor, READ_SIZE)
        except BlockingIOError:
            return None
        self.ended = not data
        return data

    def _take(self, data: bytes) -> list[str]:
        parts = (self._rest + data).split(b"\n")
        self._rest = parts.pop()
        if self.longest and len(self._rest) > self.longest:
            parts.append(self._rest)
            self._rest = b""
        return [part.decode("utf-8", "replace").rstrip("\r") for part in parts if part]


def message_read(line: str) -> Mapping[str, object]:
    """The message of a line; one that cannot be read (the writer died while writing) is empty."""
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
