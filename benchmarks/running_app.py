"""A running app during an import: how long another writer waits, how long a page takes, how late a heartbeat comes.

Starts `scripts/run.py` on a port and a data folder of its own, with SQLite, whose one write lock everybody shares.
"""

import contextlib
import http.cookiejar
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

_QUIET_SECONDS = 10.0
_PATIENCE_SECONDS = 600.0
_PAUSE_SECONDS = 0.05
_RUNNING = "SELECT id, attempt, beat FROM jobs_stage WHERE state = 'running'"


def import_while_watched(log: Path, data_dir: Path) -> None:
    """Print what was waited for, quiet first, then from the upload until the process is there."""
    with _started(data_dir) as address:
        site = _Site(address)
        _until(lambda: not site.busy())
        database = data_dir / "taskworth.sqlite3"
        with _watched(site, database) as quiet:
            time.sleep(_QUIET_SECONDS)
        print(f"  quiet   {quiet}")
        begun = time.monotonic()
        with _watched(site, database) as held:
            job = site.bring(log)
            uploaded = time.monotonic()
            _until(lambda: site.over(job))
        print(f"  import  {held}")
        print(f"  upload {uploaded - begun:.1f} s, import {time.monotonic() - uploaded:.1f} s")


class _Waits:
    """Seconds waited by a writer and for a page, and the longest time between two beats of one stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = {"another writer": [], "a page": []}
        self.beats: dict[tuple[int, int], list[tuple[int, float]]] = {}

    def beat(self, stage: int, attempt: int, beat: int) -> None:
        seen = self.beats.setdefault((stage, attempt), [])
        if not seen or seen[-1][0] != beat:
            seen.append((beat, time.monotonic()))

    def __str__(self) -> str:
        said = [f"{what} waits {_spread(waits)}" for what, waits in self.seconds.items()]
        gaps = [later[1] - earlier[1] for seen in self.beats.values() for earlier, later in pairwise(seen)]
        return "; ".join([*said, f"beats at most {max(gaps):.1f} s apart" if gaps else "no stage runs"])


def _spread(waits: list[float]) -> str:
    ordered = sorted(waits)
    middle, most = ordered[len(ordered) // 2], ordered[-1]
    return f"{1000 * middle:.0f} ms in the middle, {1000 * most:.0f} ms at most ({len(ordered)} times)"


@contextlib.contextmanager
def _watched(site: "_Site", database: Path) -> Iterator[_Waits]:
    waits, ended = _Waits(), threading.Event()

    def writer() -> float:
        with contextlib.closing(sqlite3.connect(database, timeout=60, isolation_level=None)) as connection:
            begun = time.monotonic()
            connection.execute("BEGIN IMMEDIATE")
            waited = time.monotonic() - begun
            connection.execute("ROLLBACK")
            for row in connection.execute(_RUNNING):
                waits.beat(*row)
            return waited

    def repeat(what: str, measure: Callable[[], float]) -> None:
        while not ended.wait(_PAUSE_SECONDS):
            waits.seconds[what].append(measure())

    watchers = [
        threading.Thread(target=repeat, args=("another writer", writer)),
        threading.Thread(target=repeat, args=("a page", site.page)),
    ]
    for watcher in watchers:
        watcher.start()
    try:
        yield waits
    finally:
        ended.set()
        for watcher in watchers:
            watcher.join()


class _Site:
    """The app as the demo's person sees it: pages by a session, calls by the same."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self._read("/")
        self._post("/demo/", b"", "application/x-www-form-urlencoded")

    def page(self) -> float:
        begun = time.monotonic()
        self._read("/w/demo/processes/")
        return time.monotonic() - begun

    def busy(self) -> bool:
        return any(job["state"] not in _OVER for job in self._json("/api/v1/jobs/")["results"])

    def bring(self, log: Path) -> int:
        """Upload a CSV log of the benchmark and start its import; the number of the job."""
        mark = uuid.uuid4().hex
        mapping = {"case": "case", "activity": "activity", "start": "start", "end": "end", "resource": "who"}
        parts = [_part(mark, 'name="mapping"', json.dumps(mapping).encode())]
        parts.append(_part(mark, f'name="file"; filename="{log.name}"', log.read_bytes()))
        body = b"".join([*parts, f"--{mark}--\r\n".encode()])
        answer = self._post("/api/v1/processes/import/", body, f"multipart/form-data; boundary={mark}")
        return int(json.loads(answer)["job"])

    def over(self, job: int) -> bool:
        found = self._json(f"/api/v1/jobs/{job}/")
        if found["state"] in _OVER - {"succeeded"}:
            raise SystemExit(f"The import ended as {found['state']}: {found['stages']}")
        return bool(found["state"] == "succeeded")

    def _json(self, path: str) -> Any:
        return json.loads(self._read(path))

    def _read(self, path: str) -> bytes:
        with self.opener.open(self.address + path, timeout=120) as answer:
            return bytes(answer.read())

    def _post(self, path: str, body: bytes, media_type: str) -> bytes:
        token = next(cookie.value or "" for cookie in self.cookies if "csrf" in cookie.name)
        headers = {"Content-Type": media_type, "X-CSRFToken": token, "Referer": self.address}
        request = urllib.request.Request(self.address + path, data=body, headers=headers)
        with self.opener.open(request, timeout=_PATIENCE_SECONDS) as answer:
            return bytes(answer.read())


_OVER = {"succeeded", "failed", "cancelled"}


def _part(mark: str, name: str, data: bytes) -> bytes:
    return f"--{mark}\r\nContent-Disposition: form-data; {name}\r\n\r\n".encode() + data + b"\r\n"


@contextlib.contextmanager
def _started(data_dir: Path) -> Iterator[str]:
    """The address of an app that answers; it is asked to end afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data_dir.mkdir()
    unwanted = ("DATABASE_URL", "REDIS_URL")
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    environment |= {"PORT": str(port), "DATA_DIR": str(data_dir)}
    with (data_dir.parent / "app.log").open("w") as said:
        app = subprocess.Popen([sys.executable, "scripts/run.py"], env=environment, stdout=said, stderr=said)
    try:
        address = f"http://127.0.0.1:{port}"
        _until(lambda: app.poll() is not None or _answers(address))
        if app.poll() is not None:
            raise SystemExit((data_dir.parent / "app.log").read_text())
        yield address
    finally:
        app.send_signal(signal.SIGINT)
        app.wait(60)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address + "/health/", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _until(what: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while not what():
        if time.monotonic() > until:
            raise SystemExit("The app took too long.")
        time.sleep(0.25)
