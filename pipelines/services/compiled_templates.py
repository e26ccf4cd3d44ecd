"""Compiled templates on disk, those of one folder in one file: a new process reads at once what it renders with."""

import hashlib
import marshal
import sys
import tempfile
import zlib
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import __version__ as jinja

from pipelines.domain import archive, rendering
from pipelines.domain.archive import Constant, Packed
from pipelines.domain.rendering import Compiled, Pieces

WRITTEN_BY = (rendering.__file__, archive.__file__, __file__)
FOR = hashlib.sha256(
    MAGIC_NUMBER
    + f"{sys.version} {jinja} {zlib.ZLIB_RUNTIME_VERSION}".encode()
    + b"".join(Path(module).read_bytes() for module in WRITTEN_BY)
).hexdigest()[:12]
"""Code is that of one Python and one Jinja; how a text is packed, of one zlib; how both are kept, of ours."""


@dataclass(frozen=True)
class CompiledTemplates:
    """Files of `folder`, each with the digest of what it holds before it: one that was cut off is made anew."""

    folder: Path

    def load(self, key: str) -> dict[str, Compiled] | None:
        """What was stored under the key; None where nothing was, or it is damaged."""
        try:
            digest, _, body = self._place(key).read_bytes().partition(b"\n")
        except OSError:
            return None
        if hashlib.sha256(body).hexdigest().encode() != digest:
            return None
        return {name: _read(plain) for name, plain in marshal.loads(body).items()}  # noqa: S302

    def store(self, key: str, compiled: Mapping[str, Compiled]) -> None:
        """Written beside its place and renamed into it; where nothing can be written, nothing is kept."""
        body = marshal.dumps({name: _plain(found) for name, found in compiled.items()})
        try:
            with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as stream:
                stream.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
            Path(stream.name).replace(self._place(key))
        except OSError:
            return

    def _place(self, key: str) -> Path:
        return self.folder / f"{key}-{FOR}.templates"


def _plain(found: Compiled) -> object:
    return [bytes(found), *astuple(found.packed)] if isinstance(found, Constant) else found


def _read(plain: list[Any] | CodeType | Pieces) -> Compiled:
    if isinstance(plain, list):
        content, *found = plain
        return Constant.known(content, Packed(*found))
    return plain
