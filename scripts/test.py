"""Run the checks and the tests: `test.py [lint|faults|generated]`, everything of `make test` without a word.

Exit code 0 when every step passed. Each step prints its name, its own output and how long it took.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import debian
import servers

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / ".venv/bin"
WORKERS = os.environ.get("TEST_WORKERS", "2")
NEVER_IN_TESTS = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "DEBUG",
    "PUBLIC_URL",
    "EMAIL_HOST",
    "BLOB_STORAGE",
    "BLOB_ENDPOINT",
    "PYTHONDONTWRITEBYTECODE",
)
USUAL = "not faults and not generated"
SECOND_LEG = "tests on PostgreSQL and Redis"


@dataclass(frozen=True)
class Step:
    """One check: a name for the report, the command, and variables that command alone gets."""

    name: str
    command: list[str]
    variables: dict[str, str] = field(default_factory=dict)


LINT = [
    Step("style", ["ruff", "check", "--quiet", "."]),
    Step("format", ["ruff", "format", "--check", "--quiet", "."]),
    Step("import contracts", ["lint-imports", "--no-cache"]),
    Step("templates", ["djlint", "templates", "--lint", "--quiet"]),
    Step("migrations", ["python", "manage.py", "makemigrations", "--check", "--dry-run"]),
    Step("types", ["mypy"]),
]


def suite(marker: str, *, name: str = "tests", workers: str = WORKERS, **variables: str) -> Step:
    """The step that runs the tests carrying `marker` (an expression of pytest's -m)."""
    return Step(name, ["pytest", "-n", workers, "--dist", "loadfile", "-m", marker], variables)


def run(step: Step, environment: dict[str, str]) -> bool:
    """Run one step, its output going straight to the terminal; True when it passed."""
    print(f"\n== {step.name}", flush=True)
    began = time.monotonic()
    program, *rest = step.command
    done = subprocess.run(
        [str(PROGRAMS / program), *rest], cwd=ROOT, env={**environment, **step.variables}, check=False
    )
    passed = done.returncode == 0
    print(f"-- {step.name}: {'passed' if passed else 'FAILED'} in {time.monotonic() - began:.1f} s", flush=True)
    return passed


def second_leg(environment: dict[str, str], *, marker: str = USUAL, workers: str = WORKERS) -> bool:
    """What touches data or the broker, again on a PostgreSQL and a Redis of our own."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(servers.scratch_folder())
        database = stack.enter_context(servers.postgresql(folder))
        broker = stack.enter_context(servers.redis(folder))
        addresses = {"DATABASE_URL": database, "REDIS_URL": broker}
        return run(suite(f"second_leg and {marker}", name=SECOND_LEG, workers=workers, **addresses), environment)


def faults(environment: dict[str, str]) -> list[str]:
    """Every fault on SQLite and then on PostgreSQL; at the end a table of the rounds, for docs/faults.md."""
    told = os.environ.get("FAULT_REPORT") or str(Path(environment["DATA_DIR"]) / "rounds")
    within = {**environment, "FAULT_REPORT": told}
    passed = {
        "tests: faults": run(suite("faults", name="tests: faults", workers="0"), within),
        SECOND_LEG: second_leg(within, marker="faults", workers="0"),
    }
    run(Step("the rounds", ["python", "-m", "tests.faults.report", told]), within)
    return [name for name, good in passed.items() if not good]


@contextlib.contextmanager
def clean_environment() -> Iterator[dict[str, str]]:
    """The environment of the tests: nothing of the developer's settings, a data folder of their own."""
    with tempfile.TemporaryDirectory(prefix="taskworth-test-") as folder:
        kept = {name: value for name, value in os.environ.items() if name not in NEVER_IN_TESTS}
        yield {**kept, "DATA_DIR": folder, "PATH": f"{PROGRAMS}:{kept.get('PATH', os.defpath)}"}


def check(what: str, environment: dict[str, str]) -> list[str]:
    """Run the steps of `what`; the names of those that failed."""
    if what == "faults":
        return faults(environment)
    if what == "generated":
        steps = [suite(what, name=f"tests: {what}", workers="0")]
    else:
        steps = LINT if what == "lint" else [*LINT, suite(USUAL)]
    failed = [step.name for step in steps if not run(step, environment)]
    if what == "all" and not second_leg(environment):
        failed.append(SECOND_LEG)
    return failed


def main(arguments: list[str]) -> str | None:
    """What `make test` and its sisters call; a sentence when something failed, else None."""
    what = arguments[0] if arguments else "all"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    try:
        if what != "lint":
            debian.ensure_installed()
        with clean_environment() as environment:
            failed = check(what, environment)
    except (debian.MissingPackagesError, servers.ServerError) as fault:
        return str(fault)
    except KeyboardInterrupt:
        return "Stopped."
    return f"\nFailed: {', '.join(failed)}." if failed else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
