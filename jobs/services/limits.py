"""What a process may use. Applied in the process itself, after the fork."""

import os
import resource
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1024 * 1024
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "STAGE_MARK")


def memory_default_mb() -> int:
    """Four fifths of the machine's memory: a stage that wants more gets a MemoryError, and the machine stays up."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(1024, int(0.8 * pages / MEGABYTE))


@dataclass(frozen=True)
class Limits:
    """Bounds of one process: CPU seconds (None: no bound), data in memory, size of a file it writes. No core files."""

    cpu_s: int | None = None
    memory_mb: int | None = None
    file_mb: int = 8192

    def apply(self) -> None:
        """Set the limits on this process. None for memory means the default."""
        memory = (self.memory_mb or memory_default_mb()) * MEGABYTE
        _lower(resource.RLIMIT_DATA, memory)
        _lower(resource.RLIMIT_FSIZE, self.file_mb * MEGABYTE)
        _lower(resource.RLIMIT_CORE, 0)
        if self.cpu_s is not None:
            _lower(resource.RLIMIT_CPU, self.cpu_s)


def _lower(kind: int, wanted: int) -> None:
    _, hard = resource.getrlimit(kind)
    bound = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(kind, (bound, bound))


def scrubbed_environment(*, home: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """An environment without secrets, database or broker: paths, language, its own home, and what is asked for."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return kept | {"HOME": str(home), "TMPDIR": str(home), "PYTHONUNBUFFERED": "1"} | dict(extra)
