"""Environments in which generated projects run: one for each lock, Python and platform, built by uv, never changed.

An environment is built beside its place and renamed into it, under a lock on a file, so that a half-built one is
never used and two workers that need the same one build it once.
"""

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from uv import find_uv_bin

READY = ".ready"


class EnvironmentFailed(Exception):
    """uv could not build an environment; the message holds its last lines."""


def environment_key(lock_digest: str) -> str:
    """Digest of lock (its SHA-256), Python and platform: what decides the files of an environment."""
    facts = f"{platform.python_implementation()} {platform.python_version()} {sys.platform} {platform.machine()}"
    return hashlib.sha256(f"{lock_digest} {facts}".encode()).hexdigest()[:16]


def environment_python(lock: bytes) -> Path:
    """The Python of the environment of a lock, built first where there is none yet. Raises EnvironmentFailed."""
    key = environment_key(hashlib.sha256(lock).hexdigest())
    for root in environment_roots():
        if (root / key / READY).exists():
            return root / key / "bin" / "python"
    return _build(writable_root(), key, lock)


def environment_roots() -> list[Path]:
    """Beside the product's own packages, shared by every DATA_DIR of this machine; else below DATA_DIR."""
    return [Path(sys.prefix) / "environments", Path(settings.DATA_DIR) / "environments"]


def writable_root() -> Path:
    """The first of the roots that can be written. Raises EnvironmentFailed where none can."""
    for root in environment_roots():
        try:
            root.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=root):
                return root
        except OSError:
            continue
    raise EnvironmentFailed(f"No folder for environments can be written: {environment_roots()[-1]}.")


def _build(root: Path, key: str, lock: bytes) -> Path:
    place = root / key
    with _held(root / f"{key}.lock"):
        if not (place / READY).exists():
            fresh = Path(tempfile.mkdtemp(prefix=f"{key}-", dir=root))
            try:
                _install(fresh, lock)
                shutil.rmtree(place, ignore_errors=True)
                fresh.replace(place)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
    return place / "bin" / "python"


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Only one process at a time; let go of when the process dies."""
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _install(place: Path, lock: bytes) -> None:
    pinned = place / "requirements.lock"
    pinned.write_bytes(lock)
    _uv("venv", "--relocatable", "--allow-existing", "--python", sys.executable, str(place))
    python = str(place / "bin" / "python")
    _uv("pip", "sync", "--require-hashes", "--compile-bytecode", "--python", python, str(pinned))
    (place / READY).touch()


def _uv(*arguments: str) -> None:
    command = [find_uv_bin(), "--no-progress", "--quiet", *arguments]
    kept = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    done = subprocess.run(command, env=kept, capture_output=True, text=True, check=False)
    if done.returncode:
        last = " ".join(done.stderr.split()[-80:])
        raise EnvironmentFailed(f"The environment of generated projects could not be built: {last}")
