"""A PostgreSQL and a Redis of our own for the second leg of the tests, on spare loopback ports, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import debian

PATIENCE_SECONDS = 30


class ServerError(Exception):
    """A server did not start. The text holds what it said."""


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for the servers' files which the database's own user may enter."""
    with tempfile.TemporaryDirectory(prefix="taskworth-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


@contextlib.contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Start a fresh PostgreSQL with its files below `folder`; yields its DATABASE_URL."""
    home, password, port = folder / "postgresql", secrets.token_hex(16), spare_port()
    home.mkdir(mode=0o700)
    (home / "password").write_text(password)
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(home, "postgres")
        shutil.chown(home / "password", "postgres")
    data, log = str(home / "data"), home / "log"
    create = [_program("initdb"), "-D", data, "-U", "taskworth", "-E", "UTF8", "--no-sync"]
    _as_postgres([*create, "-A", "scram-sha-256", f"--pwfile={home / 'password'}"], log)
    # Nothing here outlives the tests, so nothing is flushed to the disk for safety.
    settings = f"-p {port} -c listen_addresses=127.0.0.1 -k {home} -c fsync=off -c full_page_writes=off"
    control = [_program("pg_ctl"), "-D", data, "-w", "-t", str(PATIENCE_SECONDS)]
    _as_postgres([*control, "-o", settings, "-l", str(home / "server.log"), "start"], log)
    try:
        yield f"postgres://taskworth:{password}@127.0.0.1:{port}/postgres"
    finally:
        _as_postgres([*control, "-m", "immediate", "stop"], log)


def postgresql_restart(data: Path) -> None:
    """Kill the server that `postgresql` started, with all its connections, and start it again with the same options.

    `data`: what it calls its data directory. Raises ServerError when it does not come back.
    """
    control = [_program("pg_ctl"), "-D", str(data), "-w", "-t", str(PATIENCE_SECONDS), "-m", "immediate"]
    _as_postgres([*control, "-l", str(data.parent / "server.log"), "restart"], data.parent / "log")


def _program(name: str) -> str:
    found = debian.find(name)
    if found is None:
        raise ServerError(f"{name} is not installed")
    return found


def _as_postgres(command: list[str], log: Path) -> None:
    """Run as the database's user where we are root. Output goes to a file: the server would hold a pipe open."""
    become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    with log.open("a") as output:
        done = subprocess.run(
            [*become, *command], stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", check=False
        )
    if done.returncode != 0:
        raise ServerError(f"{' '.join(command)} failed:\n{log.read_text()[-2000:]}")


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Start a fresh redis-server that keeps nothing; yields its REDIS_URL."""
    port, password, log = spare_port(), secrets.token_hex(16), folder / "redis.log"
    settings = f"port {port}\nbind 127.0.0.1\nrequirepass {password}\nsave ''\nappendonly no\ndir {folder}\n"
    with log.open("w") as output:
        server = subprocess.Popen(
            [_program("redis-server"), "-"], stdin=subprocess.PIPE, stdout=output, stderr=output, text=True
        )
    try:
        assert server.stdin is not None
        server.stdin.write(settings)
        server.stdin.close()
        _wait_for(port, server, log)
        yield f"redis://:{password}@127.0.0.1:{port}/0"
    finally:
        server.kill()
        server.wait()


def spare_port() -> int:
    """A loopback port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, server: subprocess.Popen[str], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise ServerError(f"redis-server did not start:\n{log.read_text()[-2000:]}")
