"""Install the Debian packages the tests need, when one of their programs is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

# What must be there, and the package it comes from.
PROGRAMS = {"chromium": "chromium", "initdb": "postgresql", "redis-server": "redis-server"}
POSTGRESQL = Path("/usr/lib/postgresql")


class MissingPackagesError(Exception):
    """Programs are missing and cannot be installed from here. The text says what to type."""


def find(program: str) -> str | None:
    """Full path of a program; PostgreSQL's own live outside the PATH on Debian, the newest version wins."""
    installed = sorted(POSTGRESQL.glob(f"*/bin/{program}"), key=lambda path: float(path.parts[4]))
    return str(installed[-1]) if installed else shutil.which(program)


def ensure_installed() -> None:
    """Install what is missing through apt-get, as root or by a sudo that asks for no password."""
    packages = [package for program, package in PROGRAMS.items() if find(program) is None]
    if not packages:
        return
    command = [*_become_root(packages), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    print(f"Installing Debian packages: {' '.join(packages)}", flush=True)
    subprocess.run([*command, "update", "-qq"], check=False)
    options = ["install", "-y", "-qq", "--no-install-recommends"]
    if subprocess.run([*command, *options, *packages], check=False).returncode != 0:
        raise MissingPackagesError(_advice(packages))


def _become_root(packages: list[str]) -> list[str]:
    if shutil.which("apt-get") is None:
        raise MissingPackagesError(_advice(packages))
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    raise MissingPackagesError(_advice(packages))


def _advice(packages: list[str]) -> str:
    return f"The tests need {', '.join(packages)}. Install them as root: apt-get install {' '.join(packages)}"
