"""One piece of work in processes of its own, several times: what it takes in the middle, and what it answers.

The peak is VmHWM of Linux: `ru_maxrss` of a child begins with what its parent took before it, and says too much.
"""

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_HARNESS = """
import hashlib, json, sys, time

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))

path = sys.argv[1]
{imports}
bare = peak()
begun = time.perf_counter()
{work}
used = dict(cpu=time.process_time(), wall=time.perf_counter() - begun, mib=peak(), beyond=peak() - bare)
{answer}
canonical = json.dumps(found, sort_keys=True, ensure_ascii=False).encode()
counts = {{name: len(part) for name, part in found.items()}}
print(json.dumps(dict(used, counts=counts, digest=hashlib.sha256(canonical).hexdigest())))
"""


@dataclass(frozen=True)
class Work:
    """Python text in three parts: what is imported, what is measured, and what then fills the dictionary `found`."""

    imports: str
    work: str
    answer: str

    @property
    def program(self) -> str:
        return _HARNESS.format(imports=self.imports, work=self.work, answer=self.answer)


@dataclass(frozen=True)
class Taken:
    """Medians of some runs: CPU seconds of the whole process, seconds at work, peak MiB, MiB beyond the imports."""

    cpu: float
    wall: float
    mib: float
    beyond: float
    counts: dict[str, int]
    digest: str

    def __str__(self) -> str:
        counts = ", ".join(f"{count} {name}" for name, count in self.counts.items())
        return (
            f"{self.cpu:6.2f} s of CPU, {self.wall:6.2f} s at work, peak {self.mib:5.0f} MiB "
            f"({self.beyond:4.0f} beyond the imports); {counts}"
        )


def measured(python: str, work: Work, path: str, runs: int) -> Taken:
    """The medians of `runs` runs; refuses answers that differ from run to run."""
    return _middle([_once(python, work, path) for _ in range(runs)])


def measured_in_turn(pythons: Sequence[tuple[str, Work]], path: str, runs: int) -> list[Taken]:
    """The medians of several pieces of work that take turns, so that a busy moment of the machine meets them all."""
    rounds = [[_once(python, work, path) for python, work in pythons] for _ in range(runs)]
    return [_middle(list(column)) for column in zip(*rounds, strict=True)]


def _once(python: str, work: Work, path: str) -> Taken:
    # Arrow allocates as the app's settings say, on both sides.
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd()), "PYTHONWARNINGS": "ignore"}
    environment.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    answer = subprocess.run(
        [python, "-c", work.program, path], capture_output=True, text=True, check=False, env=environment
    )
    if answer.returncode:
        raise SystemExit(f"The measured process failed:\n{answer.stderr[-2000:]}")
    return Taken(**json.loads(answer.stdout.splitlines()[-1]))


def _middle(runs: Sequence[Taken]) -> Taken:
    if len({run.digest for run in runs}) != 1:
        raise SystemExit("The same work gave different answers from run to run.")
    figures = {name: median(getattr(run, name) for run in runs) for name in ("cpu", "wall", "mib", "beyond")}
    return Taken(**figures, counts=runs[0].counts, digest=runs[0].digest)
