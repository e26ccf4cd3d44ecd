"""Make `.venv` and install the pinned packages: `python scripts/bootstrap.py [--dev]`.

Needs Python's standard library only. Everything is installed by uv, which is taken from the first of: the environment
itself, the PATH, pip, a pip that ensurepip makes, the package index. Nothing is done when the lock has not changed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import package_index

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
TOOLS = ROOT / ".tools"
STAMP = ENVIRONMENT / "taskworth.json"
PREPARE_COMMAND = ROOT / "pipelines/management/commands/prepare_environments.py"
PROJECT_LOCKS = ROOT / "pipelines/environments"
PROJECTS_STAMP = ENVIRONMENT / "taskworth-projects.json"
OLDEST_UV = (0, 5)
LOCKS = {"run": ROOT / "requirements.txt", "dev": ROOT / "requirements-dev.txt"}


class SetupError(Exception):
    """Setting up failed. The text says what is wrong and what to do."""


def main(arguments: list[str]) -> str | None:
    """Install for running, or with `--dev` for testing too. Returns a sentence on failure, None when all is well."""
    try:
        with _alone():
            set_up("dev" if "--dev" in arguments else "run")
            prepare_projects()
    except (SetupError, package_index.IndexRefusedError) as fault:
        return f"Taskworth could not be set up: {fault}"
    except OSError as fault:
        return f"Taskworth could not be set up: {fault.strerror}: {fault.filename}. It writes to {ROOT} only."
    return None


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Two `make` at once wait for each other instead of writing over each other."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up(profile: str) -> None:
    """Bring `.venv` to the lock of `profile`. An environment that has the tools for testing keeps them."""
    stamp = _content(STAMP)
    wanted = "dev" if "dev" in (profile, stamp.get("profile")) else "run"
    expected = {"profile": wanted, "lock": _digest(LOCKS[wanted])}
    if stamp == expected and (ENVIRONMENT / "bin/python").exists():
        return
    print(f"Installing packages into {ENVIRONMENT.name} ...", flush=True)
    uv = find_uv()
    _make_environment(uv)
    STAMP.unlink(missing_ok=True)
    _uv(uv, "pip", "sync", "--require-hashes", "--python", str(ENVIRONMENT / "bin/python"), str(LOCKS[wanted]))
    STAMP.write_text(json.dumps(expected))


def prepare_projects() -> None:
    """Prepare what generated projects run in, so that the first run does not wait."""
    if not PREPARE_COMMAND.exists():
        return
    files = sorted(path for path in PROJECT_LOCKS.rglob("*") if path.is_file())
    expected = {"projects": " ".join(_digest(path) for path in files)}
    if _content(PROJECTS_STAMP) == expected:
        return
    _run([str(ENVIRONMENT / "bin/python"), str(ROOT / "manage.py"), "prepare_environments"], dict(os.environ))
    PROJECTS_STAMP.write_text(json.dumps(expected))


def _content(stamp: Path) -> dict[str, str]:
    try:
        content = json.loads(stamp.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _make_environment(uv: str) -> None:
    """A fresh environment where there is none, or where its Python is gone."""
    if _works(str(ENVIRONMENT / "bin/python")):
        return
    if ENVIRONMENT.exists():
        shutil.rmtree(ENVIRONMENT)
    _uv(uv, "venv", "--no-project", "--python", sys.executable, str(ENVIRONMENT))


def find_uv() -> str:
    """Path of a uv that works here, installed under `.tools` if there is none."""
    version, _ = package_index.pinned(LOCKS["run"], "uv")
    own = TOOLS / f"uv-{version}"
    for candidate in (str(own / "bin/uv"), shutil.which("uv")):
        if candidate and ENVIRONMENT not in Path(candidate).parents and _new_enough(candidate):
            return candidate
    for install in (_uv_by_pip, _uv_by_ensurepip, _uv_by_download):
        if install(own) and _works(str(own / "bin/uv")):
            return str(own / "bin/uv")
    raise SetupError(
        "uv, the installer, does not start on this machine. Install it (https://docs.astral.sh/uv) and try again."
    )


def _new_enough(uv: str) -> bool:
    words = _answer(uv).split()
    numbers = re.findall(r"\d+", words[1]) if len(words) > 1 else []
    return tuple(int(each) for each in numbers[:2]) >= OLDEST_UV


def _works(program: str) -> bool:
    return bool(_answer(program))


def _answer(program: str) -> str:
    """What `program --version` prints; empty when it does not start (a shim of a version manager, another libc)."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def _uv_by_pip(own: Path) -> bool:
    return _pip_install([sys.executable, "-m", "pip"], own)


def _uv_by_ensurepip(own: Path) -> bool:
    scratch = own.with_name("pip")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(scratch)], capture_output=True, check=False)
    try:
        return made.returncode == 0 and _pip_install([str(scratch / "bin/python"), "-m", "pip"], own)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _pip_install(pip: list[str], own: Path) -> bool:
    version, digests = package_index.pinned(LOCKS["run"], "uv")
    TOOLS.mkdir(exist_ok=True)
    pin = TOOLS / "uv.txt"
    pin.write_text(f"uv=={version} " + " ".join(f"--hash=sha256:{each}" for each in sorted(digests)) + "\n")
    options = ["install", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes", "--target", str(own)]
    return subprocess.run([*pip, *options, "-r", str(pin)], capture_output=True, check=False).returncode == 0


def _uv_by_download(own: Path) -> bool:
    wheel = package_index.fetch_wheel(package="uv", lock=LOCKS["run"])
    (own / "bin").mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        member = next(each for each in archive.namelist() if each.endswith(".data/scripts/uv"))
        partial = own / "bin/uv.part"
        partial.write_bytes(archive.read(member))
    partial.chmod(0o755)
    partial.rename(own / "bin/uv")
    return True


def _uv(uv: str, *arguments: str) -> None:
    _run([uv, "--quiet", *arguments], uv_environment())


def uv_environment() -> dict[str, str]:
    """The variables uv runs with: ours, and what pip was told of index and certificates, which uv does not read."""
    variables = dict(os.environ, UV_NO_CONFIG="1", VIRTUAL_ENV="")
    variables.setdefault("UV_DEFAULT_INDEX", package_index.index_url())
    extra = package_index.extra_index_urls()
    if extra:
        variables.setdefault("UV_INDEX", " ".join(extra))
        # Each file's digest is pinned, so it does not matter which index answers for a name.
        variables.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    authorities = package_index.certificate_file()
    if authorities is not None:
        variables.setdefault("SSL_CERT_FILE", str(authorities))
    return variables


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, env=environment, cwd=ROOT, check=False)
    if done.returncode != 0:
        raise SetupError(
            f"`{' '.join(command)}` failed; its own words stand above. Mend that and run the same command again."
        )
