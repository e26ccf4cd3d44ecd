"""The lock of one project: the part of one resolution that its parts need, so that every lock fits every other."""

import re
from collections.abc import Iterable, Mapping, Sequence

HEADER = (
    "# Every package this project installs, pinned by hash. Versions were resolved together; install with\n"
    "# `uv pip sync --require-hashes` or `pip install --require-hashes -r`.\n"
)
_BLOCK = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==", re.MULTILINE)


def lock_of(blocks: Sequence[tuple[str, str]], names: Iterable[str]) -> bytes:
    """The lines of `blocks_of` a hash-pinned requirements file that pin `names`, in their order there.

    Refuses with ValueError a name that is not pinned.

    >>> lock_of(blocks_of("a==1\\\\n    --hash=x\\nb==2\\\\n    --hash=y\\n"), ["b"]).decode().splitlines()[-1]
    'b==2\\\\n    --hash=y'
    """
    wanted = set(names)
    missing = wanted - {name for name, _ in blocks}
    if missing:
        raise ValueError(f"not pinned: {', '.join(sorted(missing))}")
    return (HEADER + "".join(text for name, text in blocks if name in wanted)).encode("utf-8")


def blocks_of(packages: str) -> list[tuple[str, str]]:
    """(name, its lines); a package may have several blocks, for different Pythons."""
    found = list(_BLOCK.finditer(packages))
    ends = [match.start() for match in found[1:]] + [len(packages)]
    return [(match[1], packages[match.start() : end]) for match, end in zip(found, ends, strict=True)]


def names_of(closures: Mapping[str, Iterable[str]], parts: Iterable[str]) -> set[str]:
    """The packages of several parts, each with what it needs itself."""
    return {name for part in parts for name in closures[part]}


def requirements_of(table: Mapping[str, Mapping[str, str]], parts: Iterable[str]) -> tuple[str, ...]:
    """What the parts ask for by name, sorted, each once."""
    return tuple(sorted({requirement for part in parts for requirement in table[part].values()}))
